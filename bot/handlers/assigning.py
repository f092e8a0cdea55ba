"""Giving accounts to reps: customers without one, /affecter, and whom to choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.handlers import searching, wide
from bot.handlers.news import News
from bot.handlers.registry import CREDIT, on_command, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import marks
from bot.screens import uploads as screens
from bot.screens.uploads import AssignTo, ChooseRep, ShowOrphans, ShowReps
from bot.use_cases import handover, portfolios, search
from bot.use_cases.refusals import NotYours
from bot.use_cases.search import Found
from credit.people import may_see
from storage import customers

if TYPE_CHECKING:
    from bot.screens.screen import Screen
    from storage.customers import Customer

REPS, GIVEN, ORPHANS = "reps", "given", "orphans"
NOBODY_S = frozenset({""})


@on_tap(ShowOrphans, roles=CREDIT)
def orphans(request: Request, tap: ShowOrphans) -> Answer:
    """List the customers without a rep."""
    return _orphans(request, tap.page)


def _orphans(request: Request, page: int) -> Answer:
    """Show a page of them: as soon as it is read, when a file came that names no rep at all."""
    facts = {"page": max(0, page)}
    if customers.are_more(request.work, NOBODY_S, wide.FEW):
        return wide.order(request, ORPHANS, **facts)
    return Answer(_listed(request, facts))


@wide.page(ORPHANS)
def _listed(asked: Request | News, facts: Mapping[str, Any]) -> Screen:
    if asked.person.role not in CREDIT:  # it may have changed while the page waited
        raise NotYours
    page = int(facts["page"])
    total, found = customers.orphans(asked.work, page * screens.PAGE, screens.PAGE)
    return screens.orphans(asked.speaker, total, found, page)


@on_command("affecter", "assign", roles=CREDIT, menu="Give an account to a rep")
def give(request: Request, arguments: str) -> Answer:
    """Ask who takes the account that is named; after its code, a rep may be named as well."""
    words = arguments.split()
    if not words:
        return _orphans(request, 0)
    customer, wanted = _coded(request, words)
    if customer is not None:
        return wide.show(request, REPS, customer=customer.id, page=0, wanted=wanted)
    return searching.named(request, " ".join(words), partial(_named, request), GIVEN)


def _coded(request: Request, words: list[str]) -> tuple[Customer | None, str]:
    """Find the account whose code, of a word or more, comes first; return what follows it."""
    for end in range(len(words), 0, -1):
        found = customers.by_code(request.work, " ".join(words[:end]))
        if found is not None and may_see(request.person, found.rep_code):
            return found, " ".join(words[end:])
    return None, ""


def _named(request: Request, found: Found) -> Answer:
    if found.sure:
        return wide.show(request, REPS, customer=found.hits[0].customer, page=0, wanted="")
    return Answer(_accounts(request, found))


def _accounts(asked: Request | News, found: Found) -> Screen:
    hits = [(one.customer, one.code, one.name) for one in found.hits]
    return screens.choose_account(asked.speaker, hits)


@wide.page(GIVEN)
def _read(asked: Request | News, facts: Mapping[str, Any]) -> Screen:
    return _accounts(asked, search.find(asked.work, asked.person, str(facts["text"])))


@on_tap(ChooseRep, roles=CREDIT, customer=lambda _work, tap: tap.customer)
def choose_rep(request: Request, tap: ChooseRep) -> Answer:
    """Ask who takes the customer."""
    return wide.show(request, REPS, customer=tap.customer, page=0, wanted="")


@on_tap(ShowReps, roles=CREDIT, customer=lambda _work, tap: tap.customer)
def show_reps(request: Request, tap: ShowReps) -> Answer:
    """Turn the pages of who may take the customer."""
    return wide.show(request, REPS, customer=tap.customer, page=tap.page, wanted="")


@wide.page(REPS)
def _reps(asked: Request | News, facts: Mapping[str, Any]) -> Screen:
    customer = customers.by_id(asked.work, int(facts["customer"]))
    allowed = asked.person.role in CREDIT  # it may have changed while the page waited
    if customer is None or not allowed or not may_see(asked.person, customer.rep_code):
        raise NotYours
    found = portfolios.offered(asked.work, int(facts["page"]), str(facts["wanted"]))
    return screens.choose_rep(asked.speaker, customer, found)


@on_tap(AssignTo, roles=CREDIT, customer=lambda _work, tap: tap.customer)
def assign(request: Request, tap: AssignTo) -> Answer:
    """Give the customer to a rep code, and go on with the list."""
    code = portfolios.by_mark(request.work, tap.mark, marks.code_in, marks.digest_of)
    handover.assign(request.work, request.origin, request.person, tap.customer, code, request.rules)
    return replace(_orphans(request, 0), toast=screens.assigned(request.speaker, code))
