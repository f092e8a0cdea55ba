"""Payment behaviour: how late a customer pays, and whether he pays as he used to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

from credit.policy import TrendRule
from credit.receivable import OpenItem, Settlement

Weighted = tuple[int, int]
"""An amount in minor units and its days of lateness."""


@dataclass(frozen=True, slots=True)
class Delay:
    """An amount-weighted delay in days, and the invoices and minor units on which it rests."""

    days: Decimal
    invoices: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Trend:
    """The delay of the last months against the customer's own past."""

    recent: Delay
    past: Delay

    @property
    def change(self) -> Decimal:
        """Return the days gained (negative) or lost (positive)."""
        return self.recent.days - self.past.days


def weighted_delay(parts: Iterable[Weighted], *, net: bool = False) -> Decimal | None:
    """Return sum(amount x days) / sum(amount); early counts 0, or negative when `net`.

    Handbook 2.4. None when there is no amount to weigh.
    """
    weighed = [(amount, days if net else max(0, days)) for amount, days in parts]
    amounts = sum(amount for amount, _ in weighed)
    if amounts <= 0:
        return None
    return Decimal(sum(amount * days for amount, days in weighed)) / amounts


def paid_delay(settlements: Iterable[Settlement], *, net: bool = False) -> Decimal | None:
    """Return the weighted delay of what was paid, items without a due date left out."""
    return weighted_delay(_paid(settlements), net=net)


def open_delay(items: Iterable[OpenItem], today: date) -> Decimal | None:
    """Return the weighted age of the undisputed overdue amount (âge moyen pondéré de l'échu)."""
    return weighted_delay(_overdue(items, today))


def behaviour_delay(
    settlements: Iterable[Settlement], items: Iterable[OpenItem], today: date
) -> Decimal | None:
    """Return the delay on paid items and on overdue ones at their present lateness.

    Without the open ones, a customer who stops paying would keep a good mark.
    """
    return weighted_delay([*_paid(settlements), *_overdue(items, today)])


def delay_trend(
    settlements: Sequence[Settlement], items: Sequence[OpenItem], today: date, rule: TrendRule
) -> Trend | None:
    """Compare the last days with the time before them; None when either has too few invoices.

    Payments of the recent window and what is overdue now stand against the payments of the
    past window, which ends where the recent one begins (handbook 4.2, C1-02).
    """
    turn = today - timedelta(days=rule.recent_days)
    origin = turn - timedelta(days=rule.past_days)
    late = [item for item in items if item.is_overdue(today) and item.undisputed_minor > 0]
    recent = _delay([s for s in settlements if turn < s.on <= today], late, today)
    past = _delay([s for s in settlements if origin < s.on <= turn], [], today)
    if recent is None or past is None:
        return None
    enough = min(recent.invoices, past.invoices) >= rule.min_invoices
    return Trend(recent, past) if enough else None


def is_odd_payment(amount: int, invoices: Sequence[int], tolerance: int) -> bool:
    """Tell whether a payment matches no invoice and no run of consecutive ones (C1-06).

    `invoices` are the amounts open on that day, oldest due first, in minor units. Money that
    went back (a cheque without funds) matches nothing and is no payment: it is not odd.
    """
    if amount <= 0:
        return False
    sums = [0, *accumulate(invoices)]
    first = 0
    for last in range(1, len(sums)):
        while sums[last] - sums[first] > amount + tolerance:
            first += 1
        if abs(sums[last] - sums[first] - amount) <= tolerance:
            return False
    return True


def _delay(
    settlements: Sequence[Settlement], late: Sequence[OpenItem], today: date
) -> Delay | None:
    parts = [*_paid(settlements), *_overdue(late, today)]
    days = weighted_delay(parts)
    if days is None:
        return None
    invoices = {s.item.id for s in settlements if s.days_late is not None}
    invoices |= {item.id for item in late}
    return Delay(days, len(invoices), sum(amount for amount, _ in parts))


def _paid(settlements: Iterable[Settlement]) -> list[Weighted]:
    return [
        (settlement.amount_minor, settlement.days_late)
        for settlement in settlements
        if settlement.days_late is not None and settlement.amount_minor > 0
    ]


def _overdue(items: Iterable[OpenItem], today: date) -> list[Weighted]:
    return [
        (item.undisputed_minor, item.days_past_due(today))
        for item in items
        if item.is_overdue(today)
    ]
