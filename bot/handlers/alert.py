"""Taps on an alert card."""

from __future__ import annotations

from bot.handlers.registry import COLLECTORS, CREDIT, EVERYONE, on_tap
from bot.handlers.request import Answer, Bind, Request
from bot.screens import alert as screens
from bot.screens.alert import ShowAlert, TakeCharge
from bot.use_cases import accounts, alert_answers, discretion
from bot.use_cases.refusals import Outdated
from storage import alerts, people
from storage.alerts import Known


@on_tap(TakeCharge, roles=COLLECTORS, customer=lambda _work, tap: tap.customer)
def take_charge(request: Request, tap: TakeCharge) -> Answer:
    """Note who takes care of the account, on every card that shows it."""
    known = alert_answers.take_charge(request.work, request.origin, request.person, tap.customer)
    return shown(request, known, toast=screens.taken(request.speaker))


@on_tap(ShowAlert, roles=EVERYONE, customer=lambda _work, tap: tap.customer)
def show(request: Request, tap: ShowAlert) -> Answer:
    """Show the card as it stands now."""
    known = alerts.of(request.work, tap.customer)
    if known is None:
        raise Outdated
    return shown(request, known)


def shown(request: Request, known: Known, *, toast: str = "") -> Answer:
    """Put the card of an account in the place of the tapped message."""
    account = accounts.standing(request.work, known.customer_id, request.now, request.rules)
    seen = discretion.seen_by(request.person, known, request.rules.policy)
    decides = request.person.role in CREDIT
    who = _holder(request, known)
    screen = screens.card(request.speaker, account, seen, who=who, decides=decides)
    bind = Bind("card", known.customer_id, request.person.id, known.version)
    return Answer(screen, toast=toast, bind=(bind,))


def _holder(request: Request, known: Known) -> str:
    """Name who answered the alert: most often who reads it now."""
    if known.answered_by == request.person.id:
        return request.person.name
    holder = people.by_id(request.work, known.answered_by) if known.answered_by else None
    return holder.name if holder else ""
