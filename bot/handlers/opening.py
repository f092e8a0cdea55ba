"""Accounts to be opened: /ouverture, the file, its blocks, its sending and its decision."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.handlers import conversation, later
from bot.handlers.news import News
from bot.handlers.registry import COLLECTORS, CREDIT, EVERYONE, on_command, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import opening as screens
from bot.screens import opening_list
from bot.screens.opening import (
    ACCEPT,
    CODE,
    MORE,
    REFUSE,
    AnswerPoint,
    DecideOpening,
    DropOpening,
    FillOpening,
    ListOpenings,
    NewOpening,
    SendOpening,
    ShowBlock,
    ShowOpening,
    ShowPictures,
)
from bot.screens.opening_list import ExportOpenings
from bot.use_cases import opening_decisions, openings
from bot.use_cases import opening_effects as effects
from bot.use_cases.conversations import Opening as Begin
from bot.use_cases.openings import DECIDERS, Opening
from bot.use_cases.refusals import NotYours, Outdated
from credit.account_opening import FIRST, NAME, SIREN
from credit.people import may_see
from storage import customers
from storage import openings as rows

if TYPE_CHECKING:
    from bot.screens.screen import Button, Screen
    from credit.people import Person
    from storage.customers import Customer
    from storage.work import Work

FORMS = {
    ACCEPT: "opening_accept",
    MORE: "opening_more",
    REFUSE: "opening_refusal",
    CODE: "opening_code",
}
FILES = "opening_files"
"""The kind of the news that is every file as a workbook."""
NUMBER = re.compile(r"[\d .]{9,}\Z")


@on_command("ouverture", "opening", roles=COLLECTORS, menu="Open a customer's account")
def opening(request: Request, arguments: str) -> Answer:
    """List the files; a name or a SIREN typed behind the command begins a file with it."""
    typed = arguments.strip()
    if not typed:
        return Answer(_list(request))
    key = openings.begin(request.work, request.origin, request.person)
    found = _show(request, key)
    code = SIREN if NUMBER.match(typed) else NAME
    openings.aim(request.work, found, FIRST, code)
    openings.answer(request.work, request.origin, request.person, key, request.rules, text=typed)
    return _fill(request, key, FIRST)


@on_tap(ListOpenings, roles=EVERYONE)
def listing(request: Request, _tap: ListOpenings) -> Answer:
    """List the files that the person may see."""
    return Answer(_list(request))


@on_tap(ExportOpenings, roles=EVERYONE)
def export(request: Request, _tap: ExportOpenings) -> Answer:
    """Order the files as a workbook: it is written when its turn to leave has come."""
    later.order(request, {}, kind=FILES)
    return Answer(toast=opening_list.coming(request.speaker))


def _list(request: Request) -> Screen:
    found = openings.listing(request.work, request.person, request.now, request.rules)
    return screens.listing(request.speaker, found, request.person.id)


@on_tap(NewOpening, roles=COLLECTORS, own=True)
def new(request: Request, tap: NewOpening) -> Answer:
    """Begin a file with what comes first; a button of somebody else's list begins nothing."""
    if tap.person != request.person.id:
        raise NotYours
    key = openings.begin(request.work, request.origin, request.person)
    return _fill(request, key, FIRST)


@on_tap(ShowOpening, roles=EVERYONE, own=True)
def show(request: Request, tap: ShowOpening) -> Answer:
    """Show a file as it stands."""
    return Answer(shown(request, _show(request, tap.opening)))


def _show(request: Request, opening_id: int) -> Opening:
    return openings.show(request.work, request.person, opening_id, request.now, request.rules)


def shown(request: Request, found: Opening) -> Screen:
    """Paint a file for who asks."""
    deciding = request.person.role in DECIDERS
    account = seen_account(request.work, request.person, found)
    return screens.file(request.speaker, found, deciding=deciding, account=account)


def seen_account(work: Work, person: Person, found: Opening) -> int | None:
    """Return the customer that a file became, when the person may see it."""
    if found.account is None:
        return None
    _, owner = customers.owner(work, found.account.id)
    return int(found.account.id) if may_see(person, owner) else None


@dataclass(frozen=True, slots=True)
class Beside:
    """What an account's card shows of the file it was opened from: lines and buttons."""

    notes: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()


def beside(request: Request | News, customer: Customer) -> Beside:
    """Say what the file of an account holds back, as long as the account is new."""
    found = openings.of_account(request.work, request.person, customer, request.now, request.rules)
    if found is None:
        return Beside()
    state, _ = opening_decisions.standing_of(request.work, customer, request.rules)
    notes = screens.held_back(request.speaker, found, state)
    return Beside(notes, (screens.button(request.speaker, found),))


@on_tap(ShowBlock, roles=EVERYONE, own=True)
def show_block(request: Request, tap: ShowBlock) -> Answer:
    """Show what a block holds; an unknown block shows the file."""
    found = _show(request, tap.opening)
    named = next((one for one in found.checklist.blocks if one.code == tap.block), None)
    if named is None:
        return Answer(shown(request, found))
    return Answer(screens.block(request.speaker, found, named))


@on_tap(ShowPictures, roles=EVERYONE, own=True)
def show_pictures(request: Request, tap: ShowPictures) -> Answer:
    """Send the pictures of a point below the file."""
    found = _show(request, tap.opening)
    point = found.checklist.point(tap.point)
    if point is None:
        raise Outdated
    return Answer(more=screens.pictures(request.speaker, found, point))


@on_tap(FillOpening, roles=COLLECTORS, own=True)
def fill(request: Request, tap: FillOpening) -> Answer:
    """Ask for what is missing in a block, point after point."""
    return _fill(request, tap.opening, tap.block)


def _fill(request: Request, opening_id: int, scope: str, code: str = "") -> Answer:
    found = _show(request, opening_id)
    try:
        openings.aim(request.work, found, scope, code)
    except Outdated:
        return Answer(shown(request, found))  # nothing is left to ask for
    return conversation.begin(request, Begin(effects.FILL, subject_id=opening_id))


@on_tap(AnswerPoint, roles=COLLECTORS, own=True)
def answer_point(request: Request, tap: AnswerPoint) -> Answer:
    """Ask for one point again, or for the first time."""
    found = _show(request, tap.opening)
    if found.checklist.point(tap.point) is None:
        raise Outdated
    return _fill(request, tap.opening, "", tap.point)


@on_tap(SendOpening, roles=COLLECTORS, own=True)
def send(request: Request, tap: SendOpening) -> Answer:
    """Send the file; those who decide hear of it at once."""
    found = openings.send(request.work, request.origin, request.person, tap.opening, request.rules)
    return Answer(shown(request, found), toast=screens.sent(request.speaker, found))


@on_tap(DropOpening, roles=COLLECTORS, own=True)
def drop(request: Request, tap: DropOpening) -> Answer:
    """Ask first, then give the file up."""
    if not tap.sure:
        return Answer(screens.dropping(request.speaker, _show(request, tap.opening)))
    openings.drop(request.work, request.origin, request.person, tap.opening, request.rules)
    return Answer(_list(request))


@on_tap(DecideOpening, roles=CREDIT, own=True)
def decide(request: Request, tap: DecideOpening) -> Answer:
    """Begin the form of a decision; a file decided meanwhile is shown instead."""
    found = _show(request, tap.opening)
    script = FORMS.get(tap.decision)
    if script is None:
        raise Outdated
    awaited = rows.ACCEPTED if tap.decision == CODE else rows.SENT
    if found.state != awaited:
        return Answer(shown(request, found))
    return conversation.begin(request, Begin(script, subject_id=tap.opening))
