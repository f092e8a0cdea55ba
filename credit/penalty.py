"""Late-payment penalties and the flat fee per invoice (art. L441-10 II C. com., handbook 2.9).

Penalties run on the amount with taxes still unpaid, from the day after the due date, at the
rate in force on the first day of each half-year. Rates are passed in: they are dated data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from credit.money import Money, rounded, total, zero

if TYPE_CHECKING:
    from credit.receivable import OpenItem

JULY = 7


@dataclass(frozen=True, slots=True, order=True)
class Semester:
    """Half a calendar year; `half` is 1 or 2."""

    year: int
    half: int

    @classmethod
    def of(cls, day: date) -> Semester:
        """Return the half-year that holds the day."""
        return cls(day.year, 1 if day.month < JULY else 2)

    @property
    def last_day(self) -> date:
        """Return 30 June or 31 December."""
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    def __str__(self) -> str:
        """Write it as in the reference file: 2026S1."""
        return f"{self.year}S{self.half}"


@dataclass(frozen=True, slots=True)
class SemesterRate:
    """Rates in percent on the first day of a half-year, each with its source and its check."""

    refi: Decimal
    refi_verified: bool
    legal: Decimal
    legal_verified: bool
    source: str


@dataclass(frozen=True, slots=True)
class RateTable:
    """The dated table and the constants of the law; `semesters` holds only known rates."""

    semesters: Mapping[Semester, SemesterRate]
    points_above_refi: Decimal
    contract_floor_factor: Decimal
    day_base: int
    flat_fee: Money
    source: str
    checked_on: date

    def known(self, semester: Semester) -> tuple[Semester, SemesterRate]:
        """Return the rate of the half-year, else the last one known before it (an estimate)."""
        if not self.semesters:
            raise NoRate(semester)
        best = max((known for known in self.semesters if known <= semester), default=None)
        best = best or min(self.semesters)
        return best, self.semesters[best]

    def contract_floor(self, semester: Semester) -> Decimal:
        """Return the lowest lawful contract rate in percent: three times the legal rate."""
        return self.known(semester)[1].legal * self.contract_floor_factor


class NoRate(LookupError):
    """The table of rates is empty."""

    def __init__(self, semester: Semester) -> None:
        super().__init__(f"no late-payment rate is known for {semester}")
        self.semester = semester


@dataclass(frozen=True, slots=True)
class Segment:
    """Days at one rate (percent) on one unpaid amount, from the first to the last day."""

    first: date
    last: date
    base: Money
    rate: Decimal
    verified: bool
    estimated: bool

    @property
    def days(self) -> int:
        """Return the calendar days, both ends counted."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Penalty:
    """Penalties and flat fee of one invoice; two currencies stay two amounts."""

    days: int
    segments: tuple[Segment, ...]
    penalty: Money
    flat_fee: Money

    @property
    def estimated(self) -> bool:
        """Tell whether the rate of a half-year is missing and an older one stood in."""
        return any(segment.estimated for segment in self.segments)

    @property
    def verified(self) -> bool:
        """Tell whether every rate used was read in a published source."""
        return all(segment.verified for segment in self.segments)

    @property
    def totals(self) -> dict[str, Money]:
        """Return penalty and flat fee together, per currency."""
        return total([self.penalty, self.flat_fee])


def late_payment(
    amount: Money,
    due_on: date,
    paid_on: date,
    rates: RateTable,
    *,
    contract_rate: Decimal | None = None,
    payments: Iterable[tuple[date, Money]] = (),
) -> Penalty:
    """Compute what one invoice, taxes included, costs its late payer on the day it is paid.

    `payments` are part payments; each lowers the base from the day after it. One rounding at
    the end, half up. Claimable in full only outside insolvency proceedings (art. L441-10 II).
    """
    days = max(0, (paid_on - due_on).days)
    segments = tuple(
        segment
        for first, last, base in _balances(amount, due_on, paid_on, payments)
        for segment in _by_semester(first, last, base, rates, contract_rate)
    )
    owed = sum((s.base.amount * s.rate * s.days for s in segments), Decimal(0))
    penalty = rounded(owed / 100 / rates.day_base, amount.currency)
    # One fee for each late invoice, whatever was paid in part (art. D441-5 C. com.).
    fee = rates.flat_fee if segments else zero(rates.flat_fee.currency)
    return Penalty(days, segments, penalty, fee)


def _balances(
    amount: Money, due_on: date, paid_on: date, payments: Iterable[tuple[date, Money]]
) -> Iterable[tuple[date, date, Money]]:
    """Split the delay at each part payment: first day, last day, amount still unpaid."""
    first, base = due_on + timedelta(days=1), amount
    for on, money in sorted(payments, key=lambda payment: payment[0]):
        last = min(on, paid_on)
        if first <= last and base.amount > 0:
            yield first, last, base
            first = last + timedelta(days=1)
        if on <= paid_on:
            base -= money
    if first <= paid_on and base.amount > 0:
        yield first, paid_on, base


def _by_semester(
    first: date, last: date, base: Money, rates: RateTable, contract_rate: Decimal | None
) -> Iterable[Segment]:
    while first <= last:
        semester = Semester.of(first)
        end = min(last, semester.last_day)
        if contract_rate is None:
            known, rate = rates.known(semester)
            percent = rate.refi + rates.points_above_refi
            estimated = known != semester
            verified = rate.refi_verified and not estimated
        else:
            percent, estimated, verified = contract_rate, False, True
        yield Segment(first, end, base, percent, verified, estimated)
        first = end + timedelta(days=1)


def bearing_fee(items: Iterable[OpenItem]) -> frozenset[int]:
    """Return the ids of the late lines that bear the flat fee: the first of each invoice.

    It is due once an invoice, whatever its instalments (D441-5 C. com.).
    """
    first: dict[object, int] = {}
    for one in items:
        first.setdefault(one.invoice, one.id)
    return frozenset(first.values())
