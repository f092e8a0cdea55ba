"""Disputes on the phone: the list of those that hold money back, and one with all that was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from bot.screens import conversation, export_tap
from bot.screens import dispute_words as words
from bot.screens.account import OpenAccount, PrepareCall, pager
from bot.screens.dispute import ListDisputes, ShowDispute
from bot.screens.history import reason
from bot.screens.named_rows import Named, laid
from bot.screens.render import N_, Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from bot.screens.worklist import amounts
from credit.dispute import RULINGS, Awaited, DisputeState
from credit.money import Money
from storage.dispute_steps import ANSWER, QUESTION

if TYPE_CHECKING:
    from bot.use_cases.dispute_files import File, Held, Listing

ROOM: Final = 18
COPY: Final = 256
"""Characters that a button can copy."""
FULL, PART, NONE = "full", "part", "none"
"""The decisions as their keys name them."""


@verb("dp")
@dataclass(frozen=True, slots=True)
class ShowEvidence(Tap):
    """Send the pictures of a dispute."""

    dispute: int


@verb("dd")
@dataclass(frozen=True, slots=True)
class DecideDispute(Tap):
    """Begin the decision of a dispute."""

    dispute: int
    ruling: str


@verb("dq")
@dataclass(frozen=True, slots=True)
class AskAboutDispute(Tap):
    """Ask the rep about a dispute."""

    dispute: int


@verb("da")
@dataclass(frozen=True, slots=True)
class AnswerAboutDispute(Tap):
    """Answer the question on a dispute."""

    dispute: int


@verb("dk")
@dataclass(frozen=True, slots=True)
class CloseDispute(Tap):
    """Close an accepted dispute, its credit note being booked: asked first, then sure."""

    dispute: int
    sure: int


@verb("dr")
@dataclass(frozen=True, slots=True)
class ReviseDispute(Tap):
    """Take a decision back, however old, to decide anew: asked first, then sure."""

    dispute: int
    sure: int


@dataclass(frozen=True, slots=True)
class Line:
    """One dispute in the list."""

    rank: int
    name: str
    amount: Money
    reason: str
    number: str
    days: int
    awaited: str


def listing(speaker: Speaker, found: Listing) -> Screen:
    """Show a page of disputes, the oldest first: how much, since when, what is awaited of whom."""
    lines = [_line(speaker, one, n) for n, one in enumerate(found.held, found.first)]
    text = speaker.page(
        "dispute/list.html",
        count=found.count,
        sums=amounts(speaker, found.sums),
        to_decide=found.to_decide,
        to_answer=found.to_answer,
        late=found.late,
        lines=lines,
    )
    keys = [
        Named(f"{line.rank} · ", line.name, ShowDispute(one.row.id))
        for line, one in zip(lines, found.held, strict=True)
    ]
    rows = laid(keys, ROOM)
    rows += pager(found.page, found.pages, ListDisputes)
    if found.count:
        rows.append((export_tap.key(speaker, export_tap.DISPUTES),))
    return Screen(text, tuple(rows))


def _line(speaker: Speaker, one: Held, rank: int) -> Line:
    department = words.owner(speaker, one.row.owner)
    cause = reason(speaker, one.row.reason)
    return Line(
        rank=rank,
        name=one.row.name,
        amount=one.amount,
        reason=f"{cause} ({department})" if department else cause,
        number=one.row.number or "",
        days=one.days,
        awaited=words.awaited(speaker, one),
    )


def file(
    speaker: Speaker,
    theirs: Speaker,
    found: File,
    *,
    deciding: bool,
    new: bool = False,
    whole: bool = False,
) -> Screen:
    """Show a dispute: where it stands, what it is about, what was said, and what to press.

    `theirs` speaks the customers' language; `deciding`: the reader may decide it; `new`: he
    hears of it for the first time; `whole`: the dispute holds all of its invoice back.
    """
    told = words.sentence(theirs, found, whole=whole) if _to_be_told(found) else ""
    text = speaker.page(
        "dispute/file.html",
        customer=found.customer,
        new=new,
        headline=words.headline(speaker, found, whole=whole),
        reason=reason(speaker, found.row.reason),
        department=words.owner(speaker, found.row.owner),
        amount=found.amount,
        number=found.row.number or "",
        still_open=found.still_open,
        opened_on=found.row.opened_on,
        days=found.days,
        author=found.author,
        after_due=bool(found.row.late),
        said=found.row.text or "",
        photos=found.photos,
        steps=[_step(speaker, one) for one in found.steps],
        resumes_on=found.resumes_on if found.returned else None,
        back=found.returned if _in_part(found) else None,
        told=told,
    )
    return Screen(
        text, (*_acting(speaker, found, deciding=deciding), *_around(speaker, found, told))
    )


def _in_part(found: File) -> bool:
    """Tell whether a part was refused and is news: once credited, until dunning resumes."""
    resting = found.state is DisputeState.CLOSED and found.resumes_on is not None
    return resting or found.state is DisputeState.PARTLY_FOUNDED


def _to_be_told(found: File) -> bool:
    """Tell whether the customer is to hear of it: not that he owes what he has paid."""
    return found.state in RULINGS and not (found.settled and not found.granted)


def _step(speaker: Speaker, step: Any) -> tuple[str, date, str, str, str]:  # noqa: ANN401 - a row
    """Return the mark, the day, who, what was decided and the words of a step."""
    mark = {QUESTION: "❓", ANSWER: "💬"}.get(step.kind, "⚖️")
    ruled = speaker.say(words.RULED[step.kind]) if step.kind in words.RULED else ""
    return mark, step.at.astimezone(speaker.zone).date(), step.author, ruled, step.text or ""


def _acting(speaker: Speaker, found: File, *, deciding: bool) -> list[tuple[Button, ...]]:
    key = found.row.id
    rows: list[tuple[Button, ...]] = []
    if found.awaited is Awaited.ANSWER and not deciding:
        answer = Button(speaker.say("✍️ Answer"), AnswerAboutDispute(key), style="primary")
        rows.append((answer,))
    if deciding and found.awaited in {Awaited.DECISION, Awaited.ANSWER}:
        rows += [
            (
                Button(speaker.say("✅ Founded"), DecideDispute(key, FULL), style="success"),
                Button(speaker.say("🟠 In part"), DecideDispute(key, PART)),
                Button(speaker.say("⛔ Unfounded"), DecideDispute(key, NONE), style="danger"),
            ),
            (Button(speaker.say("❓ Ask the rep"), AskAboutDispute(key)),),
        ]
    if not deciding and found.state in RULINGS and found.resumes_on is None:
        call = PrepareCall(found.customer.id)
        rows.append((Button(speaker.say("📞 Call"), call, style="primary"),))
    if deciding and found.awaited is Awaited.CREDIT_NOTE:
        rows.append((Button(words.done(speaker, found), CloseDispute(key, 0)),))
    if deciding and may_be_revised(found):
        rows.append((Button(speaker.say("🔁 Change the decision"), ReviseDispute(key, 0)),))
    return rows


def may_be_revised(found: File) -> bool:
    """Tell whether a decision still matters: neither closed nor of an invoice that is paid."""
    return found.state in RULINGS and not found.settled


def _around(speaker: Speaker, found: File, told: str) -> list[tuple[Button, ...]]:
    rows: list[tuple[Button, ...]] = []
    if told:
        rows.append((Button(speaker.say("📋 Copy the sentence"), copy=told[:COPY]),))
    if found.photos:
        label = speaker.count("📷 {n} picture", "📷 {n} pictures", found.photos)
        rows.append((Button(label, ShowEvidence(found.row.id)),))
    rows.append(
        (
            Button(speaker.say("← Account"), OpenAccount(found.customer.id)),
            Button(speaker.say("‹ Disputes"), ListDisputes(0)),
        )
    )
    return rows


def evidence(speaker: Speaker, found: File, photos: Sequence[str]) -> tuple[Screen, ...]:
    """Show the pictures of a dispute, one message each; the last leads back to it."""
    count = len(photos)
    back = ((Button(speaker.say("‹ The dispute"), ShowDispute(found.row.id)),),)
    return tuple(
        Screen(_caption(speaker, found, n, count), back if n == count else (), photo=one)
        for n, one in enumerate(photos, 1)
    )


def _caption(speaker: Speaker, found: File, n: int, count: int) -> str:
    return speaker.page(
        "dispute/picture.html",
        place=f"{n}/{count}" if count > 1 else "",
        name=found.customer.name,
        reason=reason(speaker, found.row.reason),
        number=found.row.number or "",
    )


def closing(speaker: Speaker, found: File) -> Screen:
    """Ask whether a dispute is to be closed by hand."""
    text = speaker.page(
        "dispute/closing.html",
        customer=found.customer,
        question=words.is_done(speaker, found),
        number=found.row.number or "",
    )
    key = found.row.id
    rows = (
        (Button(speaker.say("✅ Yes, close it"), CloseDispute(key, 1), style="success"),),
        (Button(speaker.say("‹ The dispute"), ShowDispute(key)),),
    )
    return Screen(text, rows)


def revising(speaker: Speaker, found: File) -> Screen:
    """Ask whether a decision is to be taken back; the rep will hear of it."""
    number = found.row.number or ""
    text = speaker.page("dispute/revising.html", customer=found.customer, number=number)
    key = found.row.id
    rows = (
        (Button(speaker.say("✅ Yes, decide anew"), ReviseDispute(key, 1), style="danger"),),
        (Button(speaker.say("‹ The dispute"), ShowDispute(key)),),
    )
    return Screen(text, rows)


def revised(speaker: Speaker) -> str:
    """Confirm that a decision was taken back."""
    return speaker.say("Decision taken back: the rep is told, decide anew.")


def closed(speaker: Speaker) -> str:
    """Confirm that a dispute is closed."""
    return speaker.say("Dispute closed: what is left of it can be claimed again.")


def undone(speaker: Speaker, found: File) -> Screen:
    """Tell the rep that a decision was taken back: it is to be decided again."""
    text = speaker.page("dispute/undone.html", customer=found.customer, number=found.row.number)
    rows = ((Button(speaker.say("✋ The dispute"), ShowDispute(found.row.id)),),)
    return Screen(text, rows)


FORMS: Final = ("dispute_ruling", "dispute_question", "dispute_answer")
conversation.RETURNS.update(dict.fromkeys(FORMS, (N_("‹ The dispute"), ShowDispute)))
