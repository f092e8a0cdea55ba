"""Words about disputes: what is awaited of whom by when, and what to tell the customer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from bot.screens import formats
from bot.screens.render import N_, Speaker
from credit.dispute import Awaited, DisputeReason, DisputeState, Remedy, remedy
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
    DisputeState.UNFOUNDED: N_("⛔ Unfounded: {refused} remain due"),
    DisputeState.WITHDRAWN: N_("▫️ Withdrawn"),
}
GRANTED: Final = {
    (DisputeState.FOUNDED, Remedy.CREDIT_NOTE): N_("✅ Founded: credit note of {granted} to come"),
    (DisputeState.FOUNDED, Remedy.CORRECTED_INVOICE): N_(
        "✅ Founded: corrected invoice to come, for {granted}"
    ),
    (DisputeState.FOUNDED, Remedy.POSTING): N_("✅ Founded: payment of {granted} to post"),
    (DisputeState.FOUNDED, Remedy.BY_CONTRACT): N_(
        "✅ Founded: {granted} to set apart or deduct as the contract says"
    ),
    (DisputeState.PARTLY_FOUNDED, Remedy.CREDIT_NOTE): N_(
        "🟠 Partly founded: credit note of {granted} to come"
    ),
    (DisputeState.PARTLY_FOUNDED, Remedy.CORRECTED_INVOICE): N_(
        "🟠 Partly founded: corrected invoice to come, for {granted}"
    ),
    (DisputeState.PARTLY_FOUNDED, Remedy.POSTING): N_(
        "🟠 Partly founded: payment of {granted} to post"
    ),
    (DisputeState.PARTLY_FOUNDED, Remedy.BY_CONTRACT): N_(
        "🟠 Partly founded: {granted} to set apart or deduct as the contract says"
    ),
}
TO_DO: Final = {
    Remedy.CREDIT_NOTE: N_("📄 accounting: credit note to book"),
    Remedy.CORRECTED_INVOICE: N_("📄 order desk: invoice to correct"),
    Remedy.POSTING: N_("📄 accounting: payment to post"),
    Remedy.BY_CONTRACT: N_("📄 accounting: to set apart or deduct as the contract says"),
}
DONE: Final = {
    Remedy.CREDIT_NOTE: N_("📄 Credit note booked: close"),
    Remedy.CORRECTED_INVOICE: N_("📄 Corrected invoice sent: close"),
    Remedy.POSTING: N_("📄 Payment posted: close"),
    Remedy.BY_CONTRACT: N_("📄 Set apart or deducted: close"),
}
IS_DONE: Final = {
    Remedy.CREDIT_NOTE: N_("Is the credit note of {amount} booked and set off?"),
    Remedy.CORRECTED_INVOICE: N_("Has the customer got the corrected invoice?"),
    Remedy.POSTING: N_("Is the payment of {amount} posted to the invoice?"),
    Remedy.BY_CONTRACT: N_(
        "Does {amount} stand on a line with its own due date, or is it deducted?"
    ),
}
ON_ACCOUNT: Final = {
    Remedy.CREDIT_NOTE: N_("Dispute founded: credit note of {amount} to come"),
    Remedy.CORRECTED_INVOICE: N_("Dispute founded: corrected invoice to come, for {amount}"),
    Remedy.POSTING: N_("Dispute founded: payment of {amount} to post"),
    Remedy.BY_CONTRACT: N_("Dispute founded: {amount} to set apart or deduct as the contract says"),
}
RULED: Final = {
    DisputeState.FOUNDED.value: N_("founded"),
    DisputeState.PARTLY_FOUNDED.value: N_("partly founded"),
    DisputeState.UNFOUNDED.value: N_("unfounded"),
}
ACCEPTED: Final = {
    Remedy.CREDIT_NOTE: N_(
        "Your claim on {about} is accepted: a credit note of {amount} is on its way."
    ),
    Remedy.CORRECTED_INVOICE: N_(
        "Your claim on {about} is accepted: a corrected invoice is on its way."
    ),
    Remedy.POSTING: N_(
        "Your claim on {about} is accepted: we are posting your payment of {amount}."
    ),
    Remedy.BY_CONTRACT: N_(
        "Your claim on {about} is accepted: we apply the contract for {amount}."
    ),
}
IN_PART: Final = {
    Remedy.CREDIT_NOTE: N_("On {about} we accept {amount}: a credit note is on its way."),
    Remedy.CORRECTED_INVOICE: N_(
        "On {about} we accept {amount}: a corrected invoice is on its way."
    ),
    Remedy.POSTING: N_("On {about} we have found a payment of {amount}: we are posting it."),
    Remedy.BY_CONTRACT: N_("On {about} we accept {amount}: we apply the contract."),
}
REST: Final = {
    False: N_("The rest, {left}, is to be paid when due."),
    True: N_("The rest, {left}, is overdue: on which day do you pay it?"),
}
"""What to say of the rest of an invoice, by whether it is past due."""
RESTING: Final = N_("The rest, {left}, remains due: can you pay it before {day}?")


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
            return speaker.say(TO_DO[found.remedy])
        case _:
            return ""


def _answer(speaker: Speaker, found: Held | File) -> str:
    if found.own:
        return speaker.say("your answer is awaited")
    return speaker.say("answer of {who} awaited", who=formats.name(found.row.author, NAME))


def headline(speaker: Speaker, found: File, *, whole: bool = False) -> str:
    """Say in one line where a dispute stands; refused, a `whole` one frees all of its invoice."""
    if found.state is DisputeState.CLOSED:
        return _closed(speaker, found)
    said = STATES.get(found.state) or GRANTED.get((found.state, found.remedy))
    if said is None:
        return awaited(speaker, found)
    granted = found.granted or found.amount
    unfounded = found.state is DisputeState.UNFOUNDED
    if unfounded and found.settled:
        return speaker.say("⛔ Unfounded · the invoice is settled")
    refused = (found.still_open if whole and unfounded else None) or found.refused
    return speaker.say(
        said,
        granted=formats.money(granted, speaker.locale),
        refused=formats.money(refused, speaker.locale),
    )


def done(speaker: Speaker, found: File) -> str:
    """Name the button that closes an accepted dispute by hand."""
    return speaker.say(DONE[found.remedy])


def is_done(speaker: Speaker, found: File) -> str:
    """Ask whether what puts a dispute right is done."""
    amount = formats.money(found.granted or found.amount, speaker.locale)
    return speaker.say(IS_DONE[found.remedy], amount=amount)


def on_account(speaker: Speaker, reason: str, amount: Money) -> str:
    """Say on the account what an accepted dispute waits for."""
    said = ON_ACCOUNT[remedy(DisputeReason(reason))]
    return speaker.say(said, amount=formats.money(amount, speaker.locale))


def _closed(speaker: Speaker, found: File) -> str:
    if found.row.credit_note:
        number = formats.name(found.row.credit_note, NAME)
        return speaker.say("☑️ Closed by credit note {number}", number=number)
    if found.settled:
        return speaker.say("☑️ Closed: the invoice is settled")
    return speaker.say("☑️ Closed")


def sentence(theirs: Speaker, found: File, *, whole: bool = False) -> str:
    """Suggest what to tell the customer of a decision, in his language; "" without one.

    `whole`: it holds its invoice back as a whole. Accepted in full, nothing is asked for
    meanwhile; refused, all of it is.
    """
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
        return _refusal(theirs, found, about, whole=whole)
    waits = whole and found.state is DisputeState.FOUNDED
    left = None if waits else _left(found)
    if left is None:
        return theirs.say(ACCEPTED[found.remedy], about=about, amount=granted)
    accepted = theirs.say(IN_PART[found.remedy], about=about, amount=granted)
    return f"{accepted} {_rest(theirs, found, left)}"


def _rest(theirs: Speaker, found: File, left: Money) -> str:
    rest = formats.money(left, theirs.locale)
    if found.overdue and found.resumes_on is not None:
        day = formats.long_day(found.resumes_on, theirs.locale)
        return theirs.say(RESTING, left=rest, day=day)
    return theirs.say(REST[found.overdue], left=rest)


def _refusal(theirs: Speaker, found: File, about: str, *, whole: bool) -> str:
    """Announce a refusal; the day is asked for once dunning has resumed."""
    owed = (found.still_open if whole else None) or found.amount
    amount = formats.money(owed, theirs.locale)
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
    held = granted + found.held_elsewhere
    return whole - held if whole.minor > held.minor else None
