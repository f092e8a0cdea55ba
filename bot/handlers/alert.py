"""Taps on an alert card."""

from __future__ import annotations

from bot.handlers.registry import COLLECTORS, EVERYONE, on_tap
from bot.handlers.request import Answer, Bind, Request
from bot.screens import alert as screens
from bot.screens.alert import ShowAlert, TakeCharge
from bot.use_cases import accounts, alert_answers, discretion
from bot.use_cases.refusals import Outdated
from storage import alerts, people


@on_tap(TakeCharge, roles=COLLECTORS, customer=lambda _work, tap: tap.customer)
def take_charge(request: Request, tap: TakeCharge) -> Answer:
    """Note who takes care of the account, on every card that shows it."""
    alert_answers.take_charge(request.work, request.origin, request.person, tap.customer)
    return shown(request, tap.customer, toast=screens.taken(request.speaker))


@on_tap(ShowAlert, roles=EVERYONE, customer=lambda _work, tap: tap.customer)
def show(request: Request, tap: ShowAlert) -> Answer:
    """Show the card as it stands now."""
    return shown(request, tap.customer)


def shown(request: Request, customer_id: int, *, toast: str = "") -> Answer:
    """Put the card of an account in the place of the tapped message."""
    known = alerts.of(request.work, customer_id)
    if known is None:
        raise Outdated
    account = accounts.load(request.work, customer_id, request.now, request.rules)
    holder = people.by_id(request.work, known.answered_by) if known.answered_by else None
    seen = discretion.seen_by(request.person, known, request.rules.policy)
    screen = screens.card(request.speaker, account, seen, who=holder.name if holder else "")
    bind = Bind("card", customer_id, request.person.id, known.version)
    return Answer(screen, toast=toast, bind=(bind,))
