"""The register of guarantees: shown, added to by a form, ended, told of before one ends."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.handlers import conversation, later, searching, wide
from bot.handlers.news import News
from bot.handlers.registry import COLLECTORS, CREDIT, on_command, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import guarantee as screens
from bot.screens import guarantee_list
from bot.screens.guarantee import (
    AddGuarantee,
    EndGuarantee,
    GuaranteePhotos,
    ShowGuarantee,
    ShowGuarantees,
)
from bot.screens.guarantee_list import ExportGuarantees
from bot.screens.posting import Body
from bot.use_cases import guarantees, search
from bot.use_cases.conversations import Opening
from bot.use_cases.orders import DECIDERS
from bot.use_cases.refusals import Outdated

if TYPE_CHECKING:
    from bot.screens.screen import Screen
    from bot.use_cases.search import Found
    from storage.work import Work

FORM = "guarantee"
NAMED, LIST = "guaranteed", "guarantees"
REGISTER = "guarantee_register"
"""The kind of news that is the whole register as a workbook."""


def customer_of(work: Work, tap: ShowGuarantee | EndGuarantee | GuaranteePhotos) -> int:
    """Find whose guarantee a tap is about."""
    return guarantees.customer_of(work, tap.guarantee)


@on_tap(ShowGuarantees, roles=COLLECTORS, customer=lambda _work, tap: tap.customer)
def show_all(request: Request, tap: ShowGuarantees) -> Answer:
    """Show what a customer gave."""
    return Answer(_listed(request, tap.customer))


def _listed(request: Request, customer_id: int) -> Screen:
    found = guarantees.register(request.work, customer_id, request.now, request.rules)
    may = request.person.role in DECIDERS
    return screens.listed(request.speaker, found, may_add=may)


@on_tap(ShowGuarantee, roles=COLLECTORS, customer=customer_of)
def show(request: Request, tap: ShowGuarantee) -> Answer:
    """Show one guarantee."""
    found = guarantees.show(request.work, tap.guarantee, request.now.today, request.rules)
    may = request.person.role in DECIDERS
    return Answer(screens.shown(request.speaker, found, may_end=may))


@on_tap(AddGuarantee, roles=CREDIT, customer=lambda _work, tap: tap.customer)
def add(request: Request, tap: AddGuarantee) -> Answer:
    """Ask for a new guarantee."""
    return conversation.begin(request, Opening(FORM, tap.customer))


@on_command("garantie", "guarantee", roles=CREDIT, menu="Enter a guarantee, or see them all")
def enter(request: Request, arguments: str) -> Answer:
    """Begin at the customer that is named; else offer those that match, or the register."""
    if not arguments.strip():
        return wide.show(request, LIST)
    return searching.named(request, arguments, partial(_begun, request), NAMED)


def _begun(request: Request, found: Found) -> Answer:
    if found.sure:
        return conversation.begin(request, Opening(FORM, found.hits[0].customer), below=True)
    return Answer(_offered(request, found))


def _offered(asked: Request | News, found: Found) -> Screen:
    hits = [(one.customer, one.code, one.name) for one in found.hits]
    return guarantee_list.choose(asked.speaker, hits)


@wide.page(NAMED)
def _read(asked: Request | News, facts: Mapping[str, Any]) -> Screen:
    return _offered(asked, search.find(asked.work, asked.person, str(facts["text"])))


@wide.page(LIST)
def _register(asked: Request | News, _facts: Mapping[str, Any]) -> Screen | None:
    if asked.person.role not in DECIDERS:
        return None
    rows = guarantees.everybody(asked.work, asked.person, asked.now.today, asked.rules)
    return guarantee_list.register(asked.speaker, rows)


@on_tap(EndGuarantee, roles=CREDIT, customer=customer_of)
def end(request: Request, tap: EndGuarantee) -> Answer:
    """End a guarantee for the reason that was tapped."""
    why = screens.reason(tap.place)
    if why is None:
        raise Outdated
    customer = guarantees.end(request.work, request.origin, request.person, tap.guarantee, why)
    return Answer(_listed(request, customer), toast=screens.ended(request.speaker))


@on_tap(GuaranteePhotos, roles=COLLECTORS, customer=customer_of)
def photos(request: Request, tap: GuaranteePhotos) -> Answer:
    """Send the pictures of a deed again."""
    found = guarantees.show(request.work, tap.guarantee, request.now.today, request.rules)
    files = [str(one["file_id"]) for one in found.row.files]
    more = tuple(screens.photo(request.speaker, found, one) for one in files)
    return Answer(more=more)


@on_tap(ExportGuarantees, roles=CREDIT, own=True)
def export(request: Request, tap: ExportGuarantees) -> Answer:
    """Order the register as a workbook."""
    del tap
    later.order(request, {}, kind=REGISTER)
    return Answer(toast=guarantee_list.coming(request.speaker))


def written(news: News) -> Body | None:
    """Write the register as it stands when its turn to leave has come."""
    rows = guarantees.everybody(news.work, news.person, news.now.today, news.rules)
    return news.sent(guarantee_list.workbook_of(news.speaker, rows, news.now.today))


def ending(news: News) -> Body | None:
    """Tell of a guarantee that ends; None once it has ended, was renewed, or is not his to see."""
    if news.person.role not in DECIDERS:
        return None
    try:
        found = guarantees.show(news.work, int(news.facts["guarantee"]), news.now.today, news.rules)
    except Outdated:
        return None
    if found.days_left is None or found.days_left < 0:
        return None
    return news.sent(screens.ending(news.speaker, found))
