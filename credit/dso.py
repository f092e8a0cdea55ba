"""How many days of sales are unpaid: DSO, what it is made of, collection effectiveness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class MonthSales:
    """The sales of one month, taxes included, and its days; credit notes make them negative."""

    sales: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class CountBack:
    """Days found by going back through sales; not `complete` when the history ran out."""

    days: Decimal
    complete: bool


@dataclass(frozen=True, slots=True)
class SplitDso:
    """DSO in its two parts, in days: what the terms cost and what lateness adds."""

    terms: Decimal
    late: Decimal

    @property
    def whole(self) -> Decimal:
        """Return the DSO of which these are the parts."""
        return self.terms + self.late


def dso(receivables: Decimal, sales: Decimal, days: int) -> Decimal | None:
    """Return receivables / sales x days, all with taxes (handbook 2.1); None without sales."""
    return None if sales <= 0 else receivables * days / sales


def count_back(receivables: Decimal, months: Sequence[MonthSales]) -> CountBack:
    """Exhaust the receivables by the sales of past months, the latest first (handbook 2.2).

    A month whose credit notes exceed its sales adds its days, and what it lacks is owed too.
    """
    left, days = receivables, NOTHING
    for month in months:
        if left <= 0:
            break
        if month.sales > 0 and left < month.sales:
            return CountBack(days + left * month.days / month.sales, complete=True)
        left -= month.sales
        days += month.days
    return CountBack(days, complete=left <= 0)


def split(not_due: Decimal, overdue: Decimal, sales: Decimal, days: int) -> SplitDso | None:
    """Return the best possible DSO and the average days delinquent (handbook 2.3).

    The two amounts are the parts of one balance, so that the days add up to its DSO.
    """
    terms, late = dso(not_due, sales, days), dso(overdue, sales, days)
    return None if terms is None or late is None else SplitDso(terms, late)


def collection_effectiveness(
    opening: Decimal, sales: Decimal, closing: Decimal, closing_not_due: Decimal
) -> Decimal | None:
    """Return in percent how much of what could be collected was (CEI, handbook 2.5).

    None when nothing could be collected in the period.
    """
    collectable = opening + sales - closing_not_due
    return None if collectable <= 0 else (opening + sales - closing) * 100 / collectable
