"""What the early-warning rules need of one customer, read from the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.alerts.figures import (
    AccountFigures,
    EventCounts,
    currency_figures,
    exposure_of,
    first_purchase,
)
from bot.use_cases.accounts import data_as_of
from credit.behaviour import is_odd_payment
from credit.money import Money
from credit.receivable import ItemKind, OpenItem, Payment, Settlement
from storage import contacts, customers, disputes, items, promises

if TYPE_CHECKING:
    from datetime import date

    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.policy import SignalPolicy
    from storage.work import Work

EXTENSION_REASONS = ("M05",)


def account_figures(
    work: Work, customer_id: int, now: Moment, rules: Rules
) -> AccountFigures | None:
    """Read a customer's figures as of today; None when there is no such customer."""
    customer = customers.by_id(work, customer_id)
    if customer is None:
        return None
    policy = rules.policy.signals
    today = now.today
    trend = policy.growing_delay
    since = today - timedelta(days=trend.recent_days + trend.past_days)
    open_items = items.open_of(work, customer_id, rules.policy.dispute.rules)
    settlements = items.settlements_of(work, customer_id, since)
    currencies = currency_figures(open_items, settlements, today, policy)
    limit = None
    if customer.limit_minor is not None:
        limit = Money.from_minor(customer.limit_minor, customer.limit_currency or "EUR")
    return AccountFigures(
        customer=customer_id,
        rep_code=customer.rep_code,
        as_of=today,
        data_as_of=data_as_of(work),
        currencies=currencies,
        events=_events(work, customer_id, today, policy, open_items, settlements),
        limit=limit,
        exposure=exposure_of(currencies, limit),
        first_purchase=first_purchase(_first(work, customer_id, open_items), today),
    )


def _first(work: Work, customer_id: int, open_items: Sequence[OpenItem]) -> OpenItem | None:
    """Return the first invoice ever, with what is disputed of it when it is still open."""
    first = items.first_invoice(work, customer_id)
    if first is None:
        return None
    return next((item for item in open_items if item.id == first.id), first)


def _events(
    work: Work,
    customer_id: int,
    today: date,
    policy: SignalPolicy,
    open_items: Sequence[OpenItem],
    settlements: Sequence[Settlement],
) -> EventCounts:
    def since(days: int) -> date:
        return today - timedelta(days=days)

    late = since(policy.late_dispute.window_days)
    asked = since(policy.extension_requests.window_days)
    tried = contacts.since(work, customer_id, since(policy.silence.window_days))
    silent = unanswered_in_a_row(tried)
    paid = items.payments_of(work, customer_id, since(policy.odd_payments.window_days))
    return EventCounts(
        broken_promises=promises.broken_since(
            work, customer_id, since(policy.broken_promise.window_days)
        ),
        extension_requests=sum(
            contacts.times_given(work, customer_id, code, asked) for code in EXTENSION_REASONS
        ),
        odd_payments=odd_payments(paid, open_items, settlements, today, policy),
        late_disputes=disputes.late_since(work, customer_id, late),
        unfounded_disputes=disputes.unfounded_since(work, customer_id, late),
        unanswered_contacts=len(silent),
        unanswered_days=len({row.on for row in silent}),
    )


def unanswered_in_a_row(newest_first: Sequence[Any]) -> list[Any]:
    """Keep the tries since somebody last answered: an answer ends the silence."""
    tries = []
    for row in newest_first:
        if row.answered:
            break
        tries.append(row)
    return tries


def odd_payments(
    recent: Sequence[Payment],
    open_items: Sequence[OpenItem],
    settlements: Sequence[Settlement],
    today: date,
    policy: SignalPolicy,
) -> int:
    """Count the recent payments that match no invoice known of the customer (C1-06)."""
    if not recent:
        return 0
    known = {one.item.id: one.item for one in settlements} | {one.id: one for one in open_items}
    invoices = [item for item in known.values() if item.kind is ItemKind.INVOICE]
    invoices.sort(key=lambda item: (item.due_on or today, item.id))
    return sum(_is_odd(payment, invoices, policy) for payment in recent)


def _is_odd(payment: Payment, invoices: Sequence[OpenItem], policy: SignalPolicy) -> bool:
    amounts = [item.amount_minor for item in invoices if item.currency == payment.currency]
    tolerance = replace(
        Money.from_minor(0, payment.currency), amount=policy.odd_payments.tolerance
    ).minor
    return is_odd_payment(payment.amount_minor, amounts, tolerance)
