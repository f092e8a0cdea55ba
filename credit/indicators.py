"""The indicators of customer credit in one currency: pure figures, put together from sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from credit.ageing import AgedBalance
from credit.dso import CountBack, MonthSales, collection_effectiveness, count_back, dso, split
from credit.forecast import Expected, expected_cash
from credit.money import Money, rounded

PERIOD = 4
"""Months of the period: the running one and the three before it."""
TOP = 10
WEEKS = 4
OLDER_THAN: Mapping[int, tuple[str, ...]] = {
    60: ("61-90", "91-120", "121+"),
    90: ("91-120", "121+"),
}
_HUNDRED = Decimal(100)
_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Ledger:
    """One currency of a book: its balance, what was open before the period, its sales by month.

    `months` run back from the present one, without a hole; fewer than `PERIOD` of them
    prove nothing. `opening` is None when nothing was open then.
    """

    balance: AgedBalance
    opening: Money | None
    months: Sequence[MonthSales]

    @property
    def enough(self) -> bool:
        """Tell whether the sales of the whole period are known."""
        return len(self.months) >= PERIOD

    @property
    def sales(self) -> Decimal:
        """Return the sales of the period, taxes included."""
        return sum((one.sales for one in self.months[:PERIOD]), Decimal(0))

    @property
    def days(self) -> int:
        """Return the days of the period."""
        return sum(one.days for one in self.months[:PERIOD])


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast money comes in, in days; None where history is too short.

    `best` and `late` add up to `dso`: all three are of the balance (encours), credits taken off.
    """

    dso: Decimal | None
    best: Decimal | None
    late: Decimal | None
    back: CountBack | None


def speed(ledger: Ledger) -> Speed:
    """Return DSO, best possible DSO, average days delinquent, count-back (handbook 2.1-2.3).

    ADD is DSO less BPDSO (2.3). The DSO is of the balance, from which credits are taken (1, 2.1),
    so its parts are those of the balance: `AgedBalance.late_part` and `early_part`.
    """
    if not ledger.enough:
        return Speed(None, None, None, None)
    balance = ledger.balance
    early, late = balance.early_part.amount, balance.late_part.amount
    parts = split(early, late, ledger.sales, ledger.days)
    return Speed(
        dso=dso(balance.total.amount, ledger.sales, ledger.days),
        best=parts.terms if parts else None,
        late=parts.late if parts else None,
        back=count_back(balance.total.amount, ledger.months),
    )


def effectiveness(ledger: Ledger) -> Decimal | None:
    """Return the CEI of the period in percent (handbook 2.5); None where history is too short.

    What is not due is that of the balance, as in the DSO: the rest could be collected.
    """
    if not ledger.enough or ledger.opening is None:
        return None
    return collection_effectiveness(
        ledger.opening.amount,
        ledger.sales,
        ledger.balance.total.amount,
        ledger.balance.early_part.amount,
    )


def older_percent(balance: AgedBalance, days: int) -> Decimal | None:
    """Return how much of the gross debit is late by more than 60 or 90 days, in percent."""
    older = sum((balance.buckets[name].amount for name in OLDER_THAN[days]), Decimal(0))
    return share(older, balance.gross.amount)


def concentration(debts: Iterable[Money], balance: AgedBalance) -> Decimal | None:
    """Return what the ten largest debtors owe, in percent of all debts (handbook 12.2)."""
    largest = sorted((debt.amount for debt in debts), reverse=True)[:TOP]
    return share(sum(largest, Decimal(0)), balance.gross.amount)


def share(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """Return a part in percent of a whole; None of nothing."""
    return Decimal(part) * _HUNDRED / Decimal(whole) if whole > 0 else None


def monthly_cost(balance: AgedBalance, rate: Decimal) -> Money:
    """Cost a month of what is open, at a yearly rate in percent (handbook 2.7)."""
    yearly = balance.total.amount * rate / _HUNDRED
    return rounded(yearly / _MONTHS_A_YEAR, balance.currency)


def forecast(
    promised: Sequence[Money],
    reliability: Decimal,
    due: Iterable[tuple[Money, Decimal]],
    currency: str,
) -> Money:
    """Weigh promises by their reliability, due amounts by how often they come on time (12.2)."""
    words = (Expected(money.amount, reliability) for money in promised)
    habits = (Expected(money.amount, on_time) for money, on_time in due)
    return rounded(expected_cash(words, habits), currency)
