"""Early warning as of a past day: the rules run on the book as it stood, nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from bot.alerts.evaluation import Assessment, evaluate
from bot.alerts.figures import (
    AccountFigures,
    EventCounts,
    currency_figures,
    exposure_of,
    first_purchase,
)
from bot.use_cases.figures import EXTENSION_REASONS, odd_payments, unanswered_in_a_row
from credit.money import Money
from storage.past import Book, Windows, book

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.policy import SignalPolicy
    from storage.work import Work


def assess_all(work: Work, day: date, rules: Rules) -> list[tuple[str, str, Assessment]]:
    """Assess every customer as of the end of a day: (code, name, assessment), by code."""
    policy = rules.policy.signals
    end = datetime.combine(day, time.max, tzinfo=rules.zone).astimezone(UTC)
    then = book(work, day, end, _windows(day, policy), rules.policy.dispute.rules)
    return [
        (row.code, row.name, evaluate(_figures(row, then, day, end, policy), rules.policy))
        for row in then.customers
    ]


def _windows(day: date, policy: SignalPolicy) -> Windows:
    def since(days: int) -> date:
        return day - timedelta(days=days)

    contacts = max(policy.extension_requests.window_days, policy.silence.window_days)
    trend = policy.growing_delay
    return Windows(
        settlements=since(trend.recent_days + trend.past_days),
        payments=since(policy.odd_payments.window_days),
        contacts=since(contacts),
        promises=since(policy.broken_promise.window_days),
    )


def _figures(
    row: Any,  # noqa: ANN401 - a row of the database
    then: Book,
    day: date,
    end: datetime,
    policy: SignalPolicy,
) -> AccountFigures:
    items = then.items.get(row.id, [])
    currencies = currency_figures(items, then.settlements.get(row.id, []), day, policy)
    limit = None
    if row.credit_limit_minor is not None:
        limit = Money.from_minor(row.credit_limit_minor, row.limit_currency or "EUR")
    first = next((item for item in items if item.id == then.first.get(row.id)), None)
    return AccountFigures(
        customer=row.id,
        rep_code=row.rep_code,
        as_of=day,
        data_as_of=end,
        currencies=currencies,
        events=_events(row.id, then, day, policy),
        limit=limit,
        exposure=exposure_of(currencies, limit),
        first_purchase=first_purchase(first, day),
    )


def _events(customer_id: int, then: Book, day: date, policy: SignalPolicy) -> EventCounts:
    tried = then.contacts.get(customer_id, [])
    silent = unanswered_in_a_row(_since(tried, day, policy.silence.window_days))
    opened = day - timedelta(days=policy.late_dispute.window_days)
    disputes = [one for one in then.disputes.get(customer_id, ()) if one.opened_on > opened]
    asked = day - timedelta(days=policy.extension_requests.window_days)
    return EventCounts(
        broken_promises=then.broken.get(customer_id, 0),
        extension_requests=sum(one.reason in EXTENSION_REASONS and one.on > asked for one in tried),
        odd_payments=odd_payments(
            then.payments.get(customer_id, []),
            then.items.get(customer_id, []),
            then.settlements.get(customer_id, []),
            day,
            policy,
        ),
        late_disputes=sum(bool(one.late) for one in disputes),
        unfounded_disputes=sum(one.state == "unfounded" for one in disputes),
        unanswered_contacts=len(silent),
        unanswered_days=len({one.on for one in silent}),
    )


def _since(tried: Sequence[Any], day: date, days: int) -> list[Any]:
    first = day - timedelta(days=days)
    return [one for one in tried if one.on >= first]
