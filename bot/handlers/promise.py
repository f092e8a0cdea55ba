"""Promises without the guided call: entered from the account, withdrawn by their author."""

from __future__ import annotations

from bot.handlers import conversation
from bot.handlers.registry import COLLECTORS, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import promise as screens
from bot.screens.promise import StartPromise, WithdrawPromise
from bot.use_cases import alerts, promises
from bot.use_cases.conversations import Opening
from storage import promises as rows
from storage.work import Work


@on_tap(StartPromise, roles=COLLECTORS, customer=lambda _work, tap: tap.customer)
def start(request: Request, tap: StartPromise) -> Answer:
    """Ask what the customer promises."""
    return conversation.begin(request, Opening("promise", tap.customer))


def customer_of(work: Work, tap: WithdrawPromise) -> int:
    """Find whose promise the tap names; 0 when it does not exist."""
    return rows.customer_of(work, tap.promise) or 0


@on_tap(WithdrawPromise, roles=COLLECTORS, customer=customer_of)
def withdraw(request: Request, tap: WithdrawPromise) -> Answer:
    """Take one's own promise back within ten minutes."""
    customer_id = promises.withdraw(
        request.work, request.origin, request.person, tap.promise, request.rules
    )
    alerts.scan(request.work, request.origin, [customer_id], request.rules)
    return Answer(toast=screens.withdrawn(request.speaker), alert=True)
