"""Words about disputes: what is awaited of whom by when, and what to tell the customer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from bot.screens import formats
from bot.screens.render import N_, Speaker
from credit.dispute import Awaited, DisputeState
from credit.money import Money

if TYPE_CHECKING:
    from bot.use_cases.dispute_files import File, Held

NAME: Final = 24
OWNERS: Final = {
    "rep": N_("sales"),
    "logistics": N_("logistics"),
    "quality": N_("quality"),
    "order_desk": N_("order desk"),
    "accounting": N_("accounting"),
    "production": N_("production"),
    "management": N_("management"),
    "credit_manager": N_("credit manager"),
}
STATES: Final = {
    DisputeState.FOUNDED: N_("✅ Founded: credit note of {granted} to come"),
    DisputeState.PARTLY_FOUNDED: N_("🟠 Partly founded: credit note of {granted} to come"),
    DisputeState.UNFOUNDED: N_("⛔ Unfounded: {refused} due again"),
    DisputeState.WITHDRAWN: N_("▫️ Withdrawn"),
}
RULED: Final = {
    DisputeState.FOUNDED.value: N_("founded"),
    DisputeState.PARTLY_FOUNDED.value: N_("partly founded"),
    DisputeState.UNFOUNDED.value: N_("unfounded"),
}
REST: Final = {
    False: N_(
        "On {about} we accept {amount}: a credit note is on its way. The rest, {left}, is to be "
        "paid when due."
    ),
    True: N_(
        "On {about} we accept {amount}: a credit note is on its way. The rest, {left}, is "
        "overdue: on which day do you pay it?"
    ),
}
"""What to say of an invoice that is accepted in part, by whether it is past due."""
RESTING: Final = N_(
    "On {about} we accept {amount}: a credit note is on its way. The rest, {left}, remains due: "
    "can you pay it before {day}?"
)


def owner(speaker: Speaker, code: str | None) -> str:
    """Name the department that resolves a dispute."""
    return speaker.say(OWNERS[code]) if code in OWNERS else ""


def awaited(speaker: Speaker, found: Held | File) -> str:
    """Say in a few words what a dispute waits for, of whom and by when."""
    row, late = found.row, found.late
    until: date | None = row.target_on
    day = formats.short_day(until, speaker.locale) if until else ""
    match found.awaited:
        case Awaited.DECISION if late:
            return speaker.say("⏰ credit: to decide since {day}", day=day)
        case Awaited.DECISION if until:
            return speaker.say("⚖️ credit: to decide by {day}", day=day)
        case Awaited.DECISION:
            return speaker.say("⚖️ credit: to decide")
        case Awaited.ANSWER:
            return f"{'⏰' if late else '❓'} {_answer(speaker, found)}"
        case Awaited.CREDIT_NOTE:
            return speaker.say("📄 accounting: credit note to book")
        case _:
            return ""


def _answer(speaker: Speaker, found: Held | File) -> str:
    if found.own:
        return speaker.say("your answer is awaited")
    return speaker.say("answer of {who} awaited", who=formats.name(found.row.author, NAME))


def headline(speaker: Speaker, found: File) -> str:
    """Say in one line where a dispute stands."""
    if found.state is DisputeState.CLOSED:
        return _closed(speaker, found)
    if found.state not in STATES:
        return awaited(speaker, found)
    granted = found.granted or found.amount
    return speaker.say(
        STATES[found.state],
        granted=formats.money(granted, speaker.locale),
        refused=formats.money(found.refused, speaker.locale),
    )


def _closed(speaker: Speaker, found: File) -> str:
    if found.row.credit_note:
        number = formats.name(found.row.credit_note, NAME)
        return speaker.say("☑️ Closed by credit note {number}", number=number)
    return speaker.say("☑️ Closed")


def sentence(theirs: Speaker, found: File) -> str:
    """Suggest what to tell the customer of a decision, in his language; "" without one."""
    if found.ruling is None:
        return ""
    number = found.row.number
    about = (
        theirs.say("invoice {number}", number=formats.name(number, NAME))
        if number
        else theirs.say("your account")
    )
    granted = formats.money(found.granted or found.amount, theirs.locale)
    if found.ruling.kind == DisputeState.UNFOUNDED.value:
        return _refusal(theirs, found, about)
    left = _left(found)
    if left is None:
        words = N_("Your claim on {about} is accepted: a credit note of {amount} is on its way.")
        return theirs.say(words, about=about, amount=granted)
    rest = formats.money(left, theirs.locale)
    if found.overdue and found.resumes_on is not None:
        day = formats.long_day(found.resumes_on, theirs.locale)
        return theirs.say(RESTING, about=about, amount=granted, left=rest, day=day)
    return theirs.say(REST[found.overdue], about=about, amount=granted, left=rest)


def _refusal(theirs: Speaker, found: File, about: str) -> str:
    """Announce a refusal; the day is asked for once dunning has resumed."""
    amount = formats.money(found.amount, theirs.locale)
    if found.resumes_on is None:
        words = N_("We have looked into {about}: {amount} remain due. On which day do you pay?")
        return theirs.say(words, about=about, amount=amount)
    return theirs.say(
        "We have looked into {about} and cannot accept your claim: {amount} remain due. Can you "
        "pay before {day}?",
        about=about,
        amount=amount,
        day=formats.long_day(found.resumes_on, theirs.locale),
    )


def _left(found: File) -> Money | None:
    """Return what the customer owes once the credit note is there; None when nothing."""
    whole = found.still_open or found.amount
    granted = found.granted or found.amount
    return whole - granted if whole.minor > granted.minor else None
