"""Disputes in hand: /litiges, one dispute, its decision, the question to the rep and his answer."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from bot.handlers import conversation, wide
from bot.handlers.news import News
from bot.handlers.registry import CREDIT, EVERYONE, on_command, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import dispute_file as screens
from bot.screens.dispute import ListDisputes, ShowDispute
from bot.screens.dispute_file import (
    FULL,
    NONE,
    PART,
    AnswerAboutDispute,
    AskAboutDispute,
    CloseDispute,
    DecideDispute,
    ReviseDispute,
    ShowEvidence,
)
from bot.screens.render import speaker
from bot.use_cases import dispute_deciding, dispute_files
from bot.use_cases import dispute_effects as effects
from bot.use_cases.conversations import Opening
from bot.use_cases.dispute_news import DECIDERS
from bot.use_cases.refusals import Outdated
from credit.dispute import Awaited, DisputeState
from storage import disputes as rows

if TYPE_CHECKING:
    from bot.screens.screen import Screen
    from bot.use_cases.dispute_files import File
    from storage.work import Work

RULINGS = {
    FULL: DisputeState.FOUNDED,
    PART: DisputeState.PARTLY_FOUNDED,
    NONE: DisputeState.UNFOUNDED,
}
HELD = "disputes"
UNDECIDED = frozenset({Awaited.DECISION, Awaited.ANSWER})
OfOne = (
    ShowDispute
    | ShowEvidence
    | DecideDispute
    | AskAboutDispute
    | AnswerAboutDispute
    | CloseDispute
    | ReviseDispute
)


@on_command("litiges", "disputes", roles=EVERYONE, menu="Open disputes: what is awaited of whom")
def disputes(request: Request, _arguments: str) -> Answer:
    """List the disputes that hold money back, the oldest first."""
    return wide.show(request, HELD, page=0)


@on_tap(ListDisputes, roles=EVERYONE, own=True)
def listing(request: Request, tap: ListDisputes) -> Answer:
    """Turn the pages of the disputes that the person may see."""
    return wide.show(request, HELD, page=tap.page)


@wide.page(HELD)
def _list(asked: Request | News, facts: Mapping[str, Any]) -> Screen:
    page = int(facts["page"])
    found = dispute_files.listing(asked.work, asked.person, asked.now, page)
    return screens.listing(asked.speaker, found)


def customer_of(work: Work, tap: OfOne) -> int:
    """Find whose dispute the tap names; 0 when it does not exist."""
    return rows.customer_of(work, tap.dispute) or 0


@on_tap(ShowDispute, roles=EVERYONE, customer=customer_of)
def show(request: Request, tap: ShowDispute) -> Answer:
    """Show a dispute as it stands."""
    return Answer(_shown(request, _found(request, tap.dispute)))


def _found(request: Request, dispute_id: int) -> File:
    return dispute_files.show(request.work, request.person, dispute_id, request.now)


def _shown(request: Request, found: File) -> Screen:
    theirs = speaker(request.rules.locale, request.rules.zone)
    deciding = request.person.role in DECIDERS
    whole = dispute_files.holds_whole(found, request.rules)
    return screens.file(request.speaker, theirs, found, deciding=deciding, whole=whole)


@on_tap(ShowEvidence, roles=EVERYONE, customer=customer_of)
def show_evidence(request: Request, tap: ShowEvidence) -> Answer:
    """Send the pictures of a dispute below it."""
    found, photos = _found(request, tap.dispute), rows.photos(request.work, tap.dispute)
    return Answer(more=screens.evidence(request.speaker, found, photos))


def _form(
    request: Request,
    dispute_id: int,
    script: str,
    awaited: AbstractSet[Awaited],
    given: Mapping[str, object] | None = None,
) -> Answer:
    """Begin a form about a dispute that waits for just that; else show where it stands."""
    found = _found(request, dispute_id)
    if found.awaited not in awaited:
        return Answer(_shown(request, found))
    return conversation.begin(request, Opening(script, found.customer.id, dispute_id, given))


@on_tap(DecideDispute, roles=CREDIT, customer=customer_of)
def decide(request: Request, tap: DecideDispute) -> Answer:
    """Begin the decision; a dispute decided meanwhile is shown instead."""
    if tap.ruling not in RULINGS:
        raise Outdated
    given = {"ruling": RULINGS[tap.ruling].value}
    return _form(request, tap.dispute, effects.RULING, UNDECIDED, given)


@on_tap(AskAboutDispute, roles=CREDIT, customer=customer_of)
def ask(request: Request, tap: AskAboutDispute) -> Answer:
    """Ask for the question; a dispute decided meanwhile is shown instead."""
    return _form(request, tap.dispute, effects.QUESTION, UNDECIDED)


@on_tap(AnswerAboutDispute, roles=EVERYONE, customer=customer_of)
def answer(request: Request, tap: AnswerAboutDispute) -> Answer:
    """Ask for the answer; a question answered meanwhile is shown with its answer instead."""
    return _form(request, tap.dispute, effects.ANSWER, {Awaited.ANSWER})


@on_tap(CloseDispute, roles=CREDIT, customer=customer_of)
def close(request: Request, tap: CloseDispute) -> Answer:
    """Ask first, then close an accepted dispute by hand, its credit note being booked."""
    found = _found(request, tap.dispute)
    if found.awaited is not Awaited.CREDIT_NOTE:
        return Answer(_shown(request, found))
    if not tap.sure:
        return Answer(screens.closing(request.speaker, found))
    work, origin, person = request.work, request.origin, request.person
    dispute_deciding.close(work, origin, person, tap.dispute, request.rules)
    return Answer(
        _shown(request, _found(request, tap.dispute)), toast=screens.closed(request.speaker)
    )


@on_tap(ReviseDispute, roles=CREDIT, customer=customer_of)
def revise(request: Request, tap: ReviseDispute) -> Answer:
    """Ask first, then take a decision back so that it can be taken anew."""
    found = _found(request, tap.dispute)
    if not screens.may_be_revised(found):
        return Answer(_shown(request, found))
    if not tap.sure:
        return Answer(screens.revising(request.speaker, found))
    work, origin, person = request.work, request.origin, request.person
    dispute_deciding.revise(work, origin, person, tap.dispute, request.rules)
    return Answer(
        _shown(request, _found(request, tap.dispute)), toast=screens.revised(request.speaker)
    )
