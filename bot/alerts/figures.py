"""What the payment rules need to know of one customer, and how it is drawn from his items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from credit.ageing import AgedBalance, age
from credit.behaviour import Trend, delay_trend
from credit.money import Money
from credit.policy import SignalPolicy
from credit.receivable import OpenItem, Settlement


@dataclass(frozen=True, slots=True)
class LateItem:
    """An overdue item with its undisputed amount."""

    number: str
    days: int
    amount: Money


@dataclass(frozen=True, slots=True)
class LeftAside:
    """The largest late invoice, and how many later smaller ones were paid meanwhile."""

    number: str
    days: int
    amount: Money
    paid_later: int


@dataclass(frozen=True, slots=True)
class CurrencyFigures:
    """One currency of an account; `late` starts with the item most days late."""

    aged: AgedBalance
    late: tuple[LateItem, ...]
    trend: Trend | None = None
    left_aside: LeftAside | None = None

    @property
    def currency(self) -> str:
        """Return the currency of all the amounts."""
        return self.aged.currency

    @property
    def claimable(self) -> Money:
        """Return the overdue amount that nobody contests."""
        return sum((item.amount for item in self.late), Money.from_minor(0, self.currency))


@dataclass(frozen=True, slots=True)
class FirstPurchase:
    """The first invoice that the customer ever had, still open after its due date."""

    number: str
    days: int
    amount: Money


@dataclass(frozen=True, slots=True)
class EventCounts:
    """Events within the windows of the policy: `signals.*.window_days`."""

    broken_promises: int = 0
    extension_requests: int = 0
    odd_payments: int = 0
    late_disputes: int = 0
    unfounded_disputes: int = 0
    unanswered_contacts: int = 0
    unanswered_days: int = 0


@dataclass(frozen=True, slots=True)
class AccountFigures:
    """All that family C1 looks at; `exposure` is in the currency of `limit`."""

    customer: int
    rep_code: str | None
    as_of: date
    data_as_of: datetime | None
    currencies: tuple[CurrencyFigures, ...]
    events: EventCounts = EventCounts()
    limit: Money | None = None
    exposure: Money | None = None
    first_purchase: FirstPurchase | None = None


def currency_figures(
    items: Sequence[OpenItem],
    settlements: Sequence[Settlement],
    as_of: date,
    policy: SignalPolicy,
) -> tuple[CurrencyFigures, ...]:
    """Draw one customer's figures per currency, in currency order.

    `settlements` reach back over both windows of `policy.growing_delay`.
    """
    return tuple(
        _currency(aged, currency, items, settlements, as_of, policy)
        for currency, aged in sorted(age(items, as_of).items())
    )


def exposure_of(figures: Iterable[CurrencyFigures], limit: Money | None) -> Money | None:
    """Return the balance in the limit's currency (encours); None without a limit."""
    if limit is None:
        return None
    totals = {one.currency: one.aged.total for one in figures}
    return totals.get(limit.currency, Money.from_minor(0, limit.currency))


def first_purchase(first: OpenItem | None, as_of: date) -> FirstPurchase | None:
    """Keep the first invoice ever when an uncontested part of it is overdue."""
    if first is None or not first.is_overdue(as_of) or not first.undisputed_minor:
        return None
    amount = Money.from_minor(first.undisputed_minor, first.currency)
    return FirstPurchase(first.number, first.days_past_due(as_of), amount)


def _currency(
    aged: AgedBalance,
    currency: str,
    all_items: Sequence[OpenItem],
    all_settlements: Sequence[Settlement],
    as_of: date,
    policy: SignalPolicy,
) -> CurrencyFigures:
    items = [item for item in all_items if item.currency == currency]
    settled = [one for one in all_settlements if one.item.currency == currency]
    late = [item for item in items if item.is_overdue(as_of) and item.undisputed_minor]
    late.sort(key=lambda item: (-item.days_past_due(as_of), item.number))
    return CurrencyFigures(
        aged=aged,
        late=tuple(_late(item, as_of) for item in late),
        trend=delay_trend(settled, items, as_of, policy.growing_delay),
        left_aside=_left_aside(late, settled, as_of),
    )


def _late(item: OpenItem, as_of: date) -> LateItem:
    amount = Money.from_minor(item.undisputed_minor, item.currency)
    return LateItem(item.number, item.days_past_due(as_of), amount)


def _left_aside(
    late: Sequence[OpenItem], settled: Sequence[Settlement], as_of: date
) -> LeftAside | None:
    largest = max(late, key=lambda item: item.undisputed_minor, default=None)
    if largest is None:
        return None
    paid = {one.item.id for one in settled if _passed_over(largest, one)}
    if not paid:
        return None
    one = _late(largest, as_of)
    return LeftAside(one.number, one.days, one.amount, len(paid))


def _passed_over(largest: OpenItem, settlement: Settlement) -> bool:
    """Tell whether a smaller item, due later, was wholly paid while the largest one waited."""
    item = settlement.item
    if item.due_on is None or largest.due_on is None or item.open_minor:
        return False
    later = item.due_on > largest.due_on and settlement.on > largest.due_on
    return later and item.amount_minor < largest.amount_minor
