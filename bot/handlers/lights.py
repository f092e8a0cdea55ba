"""Why an account is lit, and the credit manager's word on a freeze."""

from __future__ import annotations

from bot.handlers.registry import CREDIT, EVERYONE, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import lights as screens
from bot.screens.alert import Explain
from bot.screens.lights import Lift
from bot.use_cases import accounts, freezing, lights


@on_tap(Explain, roles=EVERYONE, customer=lambda _work, tap: tap.customer)
def explain(request: Request, tap: Explain) -> Answer:
    """Say the reasons of each family and what would turn it green."""
    account = accounts.load(request.work, tap.customer, request.now, request.rules)
    found = _explained(request, tap.customer)
    may_lift = request.person.role in freezing.LIFTERS
    return Answer(screens.explained(request.speaker, account, found, may_lift=may_lift))


@on_tap(Lift, roles=CREDIT, customer=lambda _work, tap: tap.customer)
def lift(request: Request, tap: Lift) -> Answer:
    """Unfreeze an account for the reason that was tapped."""
    why = screens.reason(tap.place)
    freezing.lift(request.work, request.origin, request.person, tap.customer, why)
    account = accounts.load(request.work, tap.customer, request.now, request.rules)
    found = _explained(request, tap.customer)
    screen = screens.explained(request.speaker, account, found, may_lift=True)
    return Answer(screen, toast=screens.lifted(request.speaker))


def _explained(request: Request, customer_id: int) -> lights.Explained:
    return lights.explain(request.work, request.person, customer_id, request.now, request.rules)
