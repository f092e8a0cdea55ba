"""Visits: begun from an account or by a command, held by the script of that name."""

from __future__ import annotations

from bot.handlers import conversation
from bot.handlers.registry import COLLECTORS, on_command, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import visit as screens
from bot.screens.visit import StartVisit
from bot.use_cases import search
from bot.use_cases.conversations import Opening
from credit.people import may_see
from storage import alerts

SCRIPT = "visit"
SHOWN = 8


@on_tap(StartVisit, roles=COLLECTORS, customer=lambda _work, tap: tap.customer)
def start(request: Request, tap: StartVisit) -> Answer:
    """Ask what was seen at the customer's."""
    return conversation.begin(request, Opening(SCRIPT, tap.customer), below=True)


@on_command("visite", "visit", roles=COLLECTORS, menu="Say what you saw on a visit")
def visit(request: Request, arguments: str) -> Answer:
    """Begin at the customer that is named; else offer those that match, or those in trouble."""
    if not arguments.strip():
        lit = [row for row in alerts.lit(request.work) if may_see(request.person, row.rep_code)]
        hits = [(row.customer_id, row.code, row.name) for row in lit[:SHOWN]]
        return Answer(screens.choose(request.speaker, hits))
    found = search.find(request.work, request.person, arguments)
    if found.sure:
        opening = Opening(SCRIPT, found.hits[0].customer)
        return conversation.begin(request, opening, below=True)
    hits = [(one.customer, one.code, one.name) for one in found.hits]
    return Answer(screens.choose(request.speaker, hits))
