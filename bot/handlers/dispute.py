"""Disputes without the guided call: opened from the account, withdrawn by their author."""

from __future__ import annotations

from bot.handlers import conversation
from bot.handlers.registry import COLLECTORS, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import dispute as screens
from bot.screens.dispute import StartDispute, WithdrawDispute
from bot.use_cases import alerts, disputes
from bot.use_cases.conversations import Opening
from storage import disputes as rows
from storage.work import Work


@on_tap(StartDispute, roles=COLLECTORS, customer=lambda _work, tap: tap.customer)
def start(request: Request, tap: StartDispute) -> Answer:
    """Ask what the customer contests."""
    return conversation.begin(request, Opening("dispute", tap.customer))


def customer_of(work: Work, tap: WithdrawDispute) -> int:
    """Find whose dispute the tap names; 0 when it does not exist."""
    return rows.customer_of(work, tap.dispute) or 0


@on_tap(WithdrawDispute, roles=COLLECTORS, customer=customer_of)
def withdraw(request: Request, tap: WithdrawDispute) -> Answer:
    """Take one's own dispute back within ten minutes."""
    customer_id = disputes.withdraw(request.work, request.origin, request.person, tap.dispute)
    alerts.scan(request.work, request.origin, [customer_id], request.rules)
    return Answer(toast=screens.withdrawn(request.speaker), alert=True)
