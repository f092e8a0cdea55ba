"""Visits: begun from an account or by a command, held by the script of that name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.handlers import conversation, searching, wide
from bot.handlers.news import News
from bot.handlers.registry import COLLECTORS, on_command, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import visit as screens
from bot.screens.visit import StartVisit
from bot.use_cases import search
from bot.use_cases.conversations import Opening
from bot.use_cases.worklist import codes_of
from storage import alerts

if TYPE_CHECKING:
    from bot.screens.screen import Screen
    from bot.use_cases.search import Found

SCRIPT = "visit"
NAMED, LIT = "visited", "lit"
SHOWN = 8


@on_tap(StartVisit, roles=COLLECTORS, customer=lambda _work, tap: tap.customer)
def start(request: Request, tap: StartVisit) -> Answer:
    """Ask what was seen at the customer's."""
    return conversation.begin(request, Opening(SCRIPT, tap.customer), below=True)


@on_command("visite", "visit", roles=COLLECTORS, menu="Say what you saw on a visit")
def visit(request: Request, arguments: str) -> Answer:
    """Begin at the customer that is named; else offer those that match, or those in trouble."""
    if not arguments.strip():
        return wide.show(request, LIT)
    return searching.named(request, arguments, partial(_begun, request), NAMED)


@wide.page(LIT)
def _lit(asked: Request | News, _facts: Mapping[str, Any]) -> Screen:
    rows = alerts.gravest(asked.work, codes_of(asked.person), SHOWN)
    return screens.choose(asked.speaker, [(row.customer_id, row.code, row.name) for row in rows])


def _begun(request: Request, found: Found) -> Answer:
    if found.sure:
        opening = Opening(SCRIPT, found.hits[0].customer)
        return conversation.begin(request, opening, below=True)
    return Answer(_offered(request, found))


def _offered(asked: Request | News, found: Found) -> Screen:
    hits = [(one.customer, one.code, one.name) for one in found.hits]
    return screens.choose(asked.speaker, hits)


@wide.page(NAMED)
def _read(asked: Request | News, facts: Mapping[str, Any]) -> Screen:
    return _offered(asked, search.find(asked.work, asked.person, str(facts["text"])))
