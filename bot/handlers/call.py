"""The gate before a call, the guided call, its quick outcome, and the forms of an alert."""

from __future__ import annotations

from bot.handlers import conversation, letter
from bot.handlers.registry import COLLECTORS, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import gate as screens
from bot.screens.account import PrepareCall
from bot.screens.alert import Dismiss, Snooze
from bot.screens.gate import QuickOutcome, StartCall
from bot.use_cases import accounts, conversations
from bot.use_cases.conversations import Opening
from credit.gate import GateVerdict
from credit.people import Role
from storage.events import record


@on_tap(PrepareCall, roles=COLLECTORS, customer=lambda _work, tap: tap.customer)
def prepare(request: Request, tap: PrepareCall) -> Answer:
    """Say whether to call, and why not."""
    return _gate(request, tap.customer)


def _gate(request: Request, customer_id: int) -> Answer:
    account = accounts.load(request.work, customer_id, request.now, request.rules)
    verdict = accounts.check_gate(request.work, account, request.person, request.now, request.rules)
    waiting = conversations.unfinished_call(request.work, request.person, customer_id)
    screen = screens.gate(
        request.speaker,
        account,
        verdict,
        may_pass=may_pass(request, verdict),
        waiting=waiting.id if waiting else None,
        letters=letter.unpaid(request, account),
    )
    return Answer(screen)


def may_pass(request: Request, verdict: GateVerdict) -> bool:
    """Tell whether the person may call in spite of the reasons: only credit passes a stop."""
    return not verdict.stopped or request.person.role is Role.CREDIT_MANAGER


@on_tap(StartCall, roles=COLLECTORS, customer=lambda _work, tap: tap.customer)
def start(request: Request, tap: StartCall) -> Answer:
    """Begin the guided call, unless a reason not to has come up since the gate was shown."""
    account = accounts.load(request.work, tap.customer, request.now, request.rules)
    verdict = accounts.check_gate(request.work, account, request.person, request.now, request.rules)
    knowing = bool(tap.knowing) and may_pass(request, verdict)
    if not verdict.clear and not knowing:
        return _gate(request, tap.customer)
    if not verdict.clear:
        data = {"reasons": [reason.code.value for reason in verdict.reasons]}
        record(request.work, request.origin, "gate.passed", data, tap.customer)
    return conversation.begin(request, Opening(conversations.CALL, tap.customer))


@on_tap(QuickOutcome, roles=COLLECTORS, customer=lambda _work, tap: tap.customer)
def quick_outcome(request: Request, tap: QuickOutcome) -> Answer:
    """Note what a call came to."""
    return conversation.begin(request, Opening("contact", tap.customer))


@on_tap(Snooze, roles=COLLECTORS, customer=lambda _work, tap: tap.customer)
def snooze(request: Request, tap: Snooze) -> Answer:
    """Ask until when to hide an alert, below its card."""
    return conversation.begin(request, Opening("snooze", tap.customer), below=True)


@on_tap(Dismiss, roles=COLLECTORS, customer=lambda _work, tap: tap.customer)
def dismiss(request: Request, tap: Dismiss) -> Answer:
    """Ask why an alert is not relevant, below its card."""
    return conversation.begin(request, Opening("not_relevant", tap.customer), below=True)
