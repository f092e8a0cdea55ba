"""Payment terms: due dates, both counts of "fin de mois", and the legal ceilings."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DECEMBER = 12
DECADES = (10, 20)
"""The last days of the first two ten-day periods of a month; its end is the third's."""


class Count(StrEnum):
    """How a term is counted; the law reads "45 days end of month" both ways (handbook 3.2)."""

    NET = "net"
    THEN_MONTH_END = "eom-a"  # so many days, then the end of that month
    MONTH_END_THEN = "eom-b"  # the end of the month of issue, then so many days


@dataclass(frozen=True, slots=True)
class Terms:
    """A payment term; `day` is the day of the following month ("le 10"), when there is one."""

    count: Count
    days: int
    day: int | None = None

    @classmethod
    def parse(cls, text: str) -> Terms:
        """Read net-60, eom-a-45, eom-b-45 or eom-a-30-10; raise `ValueError` otherwise."""
        for count in Count:
            prefix, _, rest = text.partition(f"{count.value}-")
            numbers = rest.split("-")
            if prefix or not rest or not all(n.isascii() and n.isdigit() for n in numbers):
                continue
            days, *others = map(int, numbers)
            if days > LONGEST or len(others) > 1 or (others and not _is_day(count, others[0])):
                break
            return cls(count, days, others[0] if others else None)
        raise ValueError(text)

    def __str__(self) -> str:
        """Write the term as `parse` reads it."""
        return "-".join(str(part) for part in (self.count, self.days, self.day) if part is not None)

    def due(self, issued: date) -> date:
        """Return the due date of an invoice issued on a day."""
        if self.count is Count.NET:
            return issued + timedelta(days=self.days)
        if self.count is Count.THEN_MONTH_END:
            due = month_end(issued + timedelta(days=self.days))
        else:
            due = month_end(issued) + timedelta(days=self.days)
        return due if self.day is None else _on_day_after(due, self.day)


LONGEST = 3650


class Start(StrEnum):
    """The day from which a ceiling is counted."""

    ISSUE = "issue"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A legal ceiling: so many days net, and so many before or after the end of a period.

    `after_month_end_days`, `after_decade_end_days`: the law itself counts from the end of the
    month or of the ten-day period (`décade`), whatever the contract says. `counted_from` None:
    from the issue of the invoice.
    """

    net_days: int
    month_end_days: int | None
    source: str
    verified: bool
    after_month_end_days: int | None = None
    after_decade_end_days: int | None = None
    counted_from: Start | None = None


@dataclass(frozen=True, slots=True)
class TermsLaw:
    """The ceilings between professionals: the general one, and those of some trades.

    `month_end` is how contracts here count "45 days end of month", which the law leaves open.
    """

    default_days: int
    ceilings: Mapping[str, Ceiling]
    checked_on: date
    month_end: Count = Count.THEN_MONTH_END


@dataclass(frozen=True, slots=True)
class DueDate:
    """A due date beside the last lawful one; `verified` speaks of the ceiling's source.

    `assumed`: the day of delivery was not told, that of the invoice stands for it.
    """

    due: date
    limit: date
    verified: bool
    source: str
    assumed: bool = False

    @property
    def lawful(self) -> bool:
        """Tell whether the term keeps to the ceiling (art. L441-10 I, handbook 3.2)."""
        return self.due <= self.limit


def due_date(
    issued: date, terms: Terms, ceiling: Ceiling, delivered: date | None = None
) -> DueDate:
    """Count a due date and hold it against the ceiling, by the contract's own method.

    A ceiling that the law counts from the delivery (L441-11 II) is counted from `delivered`.
    """
    from_delivery = ceiling.counted_from is Start.DELIVERY
    start = delivered if from_delivery and delivered is not None else issued
    limit = start + timedelta(days=ceiling.net_days)
    if terms.count is not Count.NET and ceiling.month_end_days is not None:
        limit = max(limit, Terms(terms.count, ceiling.month_end_days).due(start))
    if ceiling.after_month_end_days is not None:
        limit = max(limit, month_end(start) + timedelta(days=ceiling.after_month_end_days))
    if ceiling.after_decade_end_days is not None:
        limit = max(limit, decade_end(start) + timedelta(days=ceiling.after_decade_end_days))
    assumed = from_delivery and delivered is None
    return DueDate(terms.due(issued), limit, ceiling.verified, ceiling.source, assumed)


def decade_end(day: date) -> date:
    """Return the last day of the ten-day period (`décade`) of a month: 10, 20 or its end."""
    return next((day.replace(day=end) for end in DECADES if day.day <= end), month_end(day))


def month_end(day: date) -> date:
    """Return the last day of the month that holds the day."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, the last of the month when it has no such day."""
    year, month = divmod(day.year * DECEMBER + day.month - 1 + months, DECEMBER)
    first = date(year, month + 1, 1)
    return first.replace(day=min(day.day, month_end(first).day))


def _is_day(count: Count, day: int) -> bool:
    return count is not Count.NET and 1 <= day <= 28  # noqa: PLR2004 - every month has it


def _on_day_after(due: date, day: int) -> date:
    """Return the named day of a month, on or after a due date that is not a month's end."""
    same_month = due.replace(day=day)
    return same_month if same_month >= due else add_months(same_month, 1)
