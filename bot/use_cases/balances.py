"""The aged balance of any day, as values for machines and for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from credit.ageing import BUCKETS, CREDITS, NO_DUE_DATE, NOT_DUE
from credit.money import Money
from storage import balance
from storage.balance import BalanceRow, By

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from credit.policy import FloorPolicy
    from storage.balance import Owed
    from storage.scope import Codes
    from storage.work import Work


OWING = 8  # customers a page


@dataclass(frozen=True, slots=True)
class Debt:
    """What a customer owes in one currency, and since how many days the oldest of it is late."""

    customer: int
    name: str
    total: Money
    overdue: Money
    days: int


@dataclass(frozen=True, slots=True)
class Owing:
    """A page of debts, the most overdue first."""

    lines: tuple[Debt, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Balance:
    """Somebody's aged balance in one currency; all amounts add up to the total."""

    by: By
    code: str
    name: str
    currency: str
    not_due: Money
    buckets: dict[str, Money]
    credits: Money
    no_due_date: Money
    overdue: Money
    total: Money

    def as_json(self) -> dict[str, Any]:
        """Write it as the command line promises: amounts as text with the currency's decimals."""
        who = {} if self.by is By.COMPANY else {self.by.value: self.code, "name": self.name}
        return {
            **who,
            "currency": self.currency,
            "not_due": self.not_due.as_text(),
            "buckets": {name: money.as_text() for name, money in self.buckets.items()},
            "credits": self.credits.as_text(),
            "no_due_date": self.no_due_date.as_text(),
            "overdue": self.overdue.as_text(),
            "total": self.total.as_text(),
        }


def aged(work: Work, day: date, by: By = By.CUSTOMER) -> list[Balance]:
    """Age what was open at the end of a day; currencies are never added."""
    return [_balance(row, by) for row in balance.as_of(work, day, by)]


def owing(work: Work, codes: Codes, today: date, page: int, floor: FloorPolicy) -> Owing:
    """Read a page of what the customers of some portfolios owe, the most overdue first.

    Currencies are weighed in floors, never in bare units. A page too far is the first one.
    """
    page = max(0, page)
    count, found = balance.owed(work, codes, today, (page + 1) * OWING)
    found.sort(key=lambda row: _weight(row, floor))
    if page * OWING >= len(found):
        page = 0
    rows = found[page * OWING : (page + 1) * OWING]
    lines = tuple(
        Debt(
            row.customer,
            row.name,
            Money.from_minor(row.total, row.currency),
            Money.from_minor(row.overdue, row.currency),
            (today - row.oldest).days if row.oldest else 0,
        )
        for row in rows
    )
    return Owing(lines, page, max(1, -(-count // OWING)))


def _weight(row: Owed, floor: FloorPolicy) -> tuple[Decimal, Decimal, int, str]:
    """Order the most overdue first, then who owes most, then as they are known."""
    overdue, total = (
        floor.weigh(Money.from_minor(minor, row.currency)) for minor in (row.overdue, row.total)
    )
    return -overdue, -total, row.customer, row.currency


def totals(rows: list[Balance]) -> list[Balance]:
    """Sum balances, one row per currency."""
    sums: dict[str, dict[str, int]] = {}
    for row in rows:
        minor = sums.setdefault(row.currency, dict.fromkeys(balance.PLACES, 0))
        for place, money in _places(row).items():
            minor[place] += money.minor
    return [
        _balance(BalanceRow("", "", currency, minor), By.COMPANY)
        for currency, minor in sorted(sums.items())
    ]


def _balance(row: BalanceRow, by: By) -> Balance:
    def money(minor: int) -> Money:
        return Money.from_minor(minor, row.currency)

    return Balance(
        by=by,
        code=row.code,
        name=row.name,
        currency=row.currency,
        not_due=money(row.minor[NOT_DUE]),
        buckets={name: money(row.minor[name]) for name in BUCKETS},
        credits=money(row.minor[CREDITS]),
        no_due_date=money(row.minor[NO_DUE_DATE]),
        overdue=money(sum(row.minor[name] for name in BUCKETS)),
        total=money(sum(row.minor.values())),
    )


def _places(row: Balance) -> dict[str, Money]:
    singles = {NOT_DUE: row.not_due, CREDITS: row.credits, NO_DUE_DATE: row.no_due_date}
    return {**singles, **row.buckets}
