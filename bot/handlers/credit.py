"""A customer's credit: what was decided, what is proposed, and the reviews that are due."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.handlers import conversation, wide
from bot.handlers.news import News
from bot.handlers.registry import COLLECTORS, CREDIT, on_command, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import credit as screens
from bot.screens.credit_taps import (
    AcceptProposal,
    ChangeProposal,
    CompleteFile,
    ShowCredit,
    ShowDecisions,
    ShowProposal,
    ShowReviews,
)
from bot.use_cases import accounts, credit_reviews, guarantees, notice_standing
from bot.use_cases import credit_effects as _effects  # noqa: F401 - the forms' effects register
from bot.use_cases.conversations import Opening
from bot.use_cases.credit_reviews import Seen
from bot.use_cases.orders import DECIDERS
from bot.use_cases.refusals import Outdated

if TYPE_CHECKING:
    from bot.screens.screen import Screen

DECIDE, COMPLETE = "credit_decision", "credit_known"
REVIEWS = "reviews"


@on_tap(ShowCredit, roles=COLLECTORS, customer=lambda _work, tap: tap.customer)
def show(request: Request, tap: ShowCredit) -> Answer:
    """Show class, limit, guarantees and letters on one screen."""
    found = guarantees.register(request.work, tap.customer, request.now, request.rules)
    notices = notice_standing.standing(request.work, found.account)
    may = request.person.role in DECIDERS
    return Answer(screens.overview(request.speaker, found, notices, may_decide=may))


@on_tap(ShowProposal, roles=CREDIT, customer=lambda _work, tap: tap.customer)
def propose(request: Request, tap: ShowProposal) -> Answer:
    """Show the class and the limit proposed now."""
    return Answer(_proposal(request, tap.customer))


def _proposal(request: Request, customer_id: int) -> Screen:
    found = credit_reviews.proposed(request.work, customer_id, request.now, request.rules)
    return screens.proposal(request.speaker, found, request.rules)


@on_tap(AcceptProposal, roles=CREDIT, customer=lambda _work, tap: tap.customer)
def accept(request: Request, tap: AcceptProposal) -> Answer:
    """Decide as shown; figures that moved since are shown again instead."""
    seen = Seen(tap.risk, tap.amount)
    try:
        credit_reviews.accept(
            request.work, request.origin, request.person, tap.customer, seen, request.rules
        )
    except Outdated:
        toast = screens.moved(request.speaker)
        return Answer(_proposal(request, tap.customer), toast=toast, alert=True)
    shown = show(request, ShowCredit(tap.customer))
    return Answer(shown.screen, toast=screens.accepted(request.speaker))


@on_tap(ChangeProposal, roles=CREDIT, customer=lambda _work, tap: tap.customer)
def change(request: Request, tap: ChangeProposal) -> Answer:
    """Ask for another class, another limit, and why."""
    return conversation.begin(request, Opening(DECIDE, tap.customer))


@on_tap(CompleteFile, roles=CREDIT, customer=lambda _work, tap: tap.customer)
def complete(request: Request, tap: CompleteFile) -> Answer:
    """Ask what no file tells."""
    return conversation.begin(request, Opening(COMPLETE, tap.customer))


@on_tap(ShowDecisions, roles=CREDIT, customer=lambda _work, tap: tap.customer)
def decisions(request: Request, tap: ShowDecisions) -> Answer:
    """Show what was decided, newest first."""
    account = accounts.load(request.work, tap.customer, request.now, request.rules)
    rows = credit_reviews.history(request.work, tap.customer)
    return Answer(screens.decisions(request.speaker, account, rows))


@on_command("revues", "reviews", roles=CREDIT, menu="Credit reviews that are due")
def reviews(request: Request, arguments: str) -> Answer:
    """List the reviews that are due."""
    del arguments
    return wide.show(request, REVIEWS, page=0, never=0)


@on_tap(ShowReviews, roles=CREDIT, own=True)
def turn(request: Request, tap: ShowReviews) -> Answer:
    """Show another page, or the other list."""
    return wide.show(request, REVIEWS, page=tap.page, never=int(bool(tap.never)))


@wide.page(REVIEWS)
def _reviews(asked: Request | News, facts: Mapping[str, Any]) -> Screen | None:
    if asked.person.role not in DECIDERS:
        return None
    page, never = int(facts["page"]), bool(facts["never"])
    found = credit_reviews.due(asked.work, asked.person, asked.now, page, never=never)
    return screens.reviews(asked.speaker, found, asked.now.today)
