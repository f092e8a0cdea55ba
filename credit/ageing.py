"""The aged balance: what is due since when, per currency, credits never hidden in a bucket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType

from credit.money import Money, zero
from credit.receivable import OpenItem, days_past_due

BUCKET_ENDS: Mapping[str, int] = MappingProxyType(
    {"1-30": 30, "31-60": 60, "61-90": 90, "91-120": 120}
)
OLDEST = "121+"
BUCKETS = (*BUCKET_ENDS, OLDEST)
"""The buckets in days past due (handbook 2.6): due today is not due, 1 to 30 comes first."""

NOT_DUE, CREDITS, NO_DUE_DATE = "not_due", "credits", "no_due_date"


@dataclass(frozen=True)
class AgedBalance:
    """One currency of an aged balance; `credits` (notes and unapplied cash) are negative.

    Its sums are made once: a card asks for each of them several times.
    """

    not_due: Money
    buckets: Mapping[str, Money]
    credits: Money
    no_due_date: Money

    @property
    def currency(self) -> str:
        """Return the currency of all the amounts."""
        return self.not_due.currency

    @cached_property
    def overdue(self) -> Money:
        """Return the gross overdue amount: the sum of the buckets, credits not deducted."""
        return sum(self.buckets.values(), zero(self.currency))

    @cached_property
    def gross(self) -> Money:
        """Return all that is owed before credits."""
        return self.not_due + self.overdue + self.no_due_date

    @cached_property
    def total(self) -> Money:
        """Return the balance (encours): buckets, not due, no due date and credits together."""
        return self.gross + self.credits

    @property
    def late_part(self) -> Money:
        """Return how much of the balance is late: credits meet what is overdue first.

        A credit that nobody matched pays the oldest debt (art. 1342-10 C. civ.), so that only
        what passes the overdue amount lessens what is not due yet.
        """
        less = min(self.credits, zero(self.currency))
        return max(self.overdue + less, zero(self.currency))

    @property
    def early_part(self) -> Money:
        """Return the rest of the balance: not due yet, without a due date, less other credits."""
        return self.total - self.late_part

    @property
    def overdue_percent(self) -> Decimal | None:
        """Return the overdue share of the gross debit, 0-100; None when nothing is owed."""
        if not self.gross:
            return None
        return self.overdue.amount * 100 / self.gross.amount


def bucket_of(days: int) -> str:
    """Return the name of the bucket for that many days past due (at least 1)."""
    for name, end in BUCKET_ENDS.items():
        if days <= end:
            return name
    return OLDEST


def place_of(item: OpenItem, as_of: date) -> str:
    """Return where an item stands: a bucket, or `not_due`, `credits`, `no_due_date`."""
    if item.is_credit:
        return CREDITS
    if item.due_on is None:
        return NO_DUE_DATE
    days = days_past_due(item.due_on, as_of)
    return bucket_of(days) if days else NOT_DUE


def age(items: Iterable[OpenItem], as_of: date) -> dict[str, AgedBalance]:
    """Age what was open on that day, per currency; each item lies in exactly one place."""
    places: dict[str, dict[str, int]] = {}
    for item in items:
        sums, place = places.setdefault(item.currency, {}), place_of(item, as_of)
        sums[place] = sums.get(place, 0) + item.open_minor
    return {currency: balance_of(sums, currency) for currency, sums in places.items()}


def balance_of(minor: Mapping[str, int], currency: str) -> AgedBalance:
    """Make the balance of minor units by place; a place without any holds nothing."""

    def money(place: str) -> Money:
        return Money.from_minor(minor.get(place, 0), currency)

    return AgedBalance(
        not_due=money(NOT_DUE),
        buckets={name: money(name) for name in BUCKETS},
        credits=money(CREDITS),
        no_due_date=money(NO_DUE_DATE),
    )
