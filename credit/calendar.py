"""The working calendar: which days are worked, and when somebody may be disturbed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from credit.moment import Moment

DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Monday to Friday, without the days that `is_holiday` names."""

    is_holiday: Callable[[date], bool]

    def is_working(self, day: date) -> bool:
        """Tell whether the company works on that day."""
        return day.weekday() < SATURDAY and not self.is_holiday(day)

    def next_working(self, day: date) -> date:
        """Return that day when it is worked, else the first worked day after it."""
        while not self.is_working(day):
            day += DAY
        return day

    def add_working(self, day: date, count: int) -> date:
        """Return the count-th worked day after the day (before it when negative).

        Zero gives the day itself when it is worked, else the next one.
        """
        if count == 0:
            return self.next_working(day)
        step = DAY if count > 0 else -DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count the worked days after `start` up to and with `end`; negative when reversed."""
        if end < start:
            return -self.working_days_between(end, start)
        span = (end - start).days
        return sum(self.is_working(start + DAY * n) for n in range(1, span + 1))


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """A span of the working day on the local clock, the end not included."""

    start: time
    end: time

    def __post_init__(self) -> None:
        """Refuse a span that ends before it starts."""
        if self.end <= self.start:
            raise ValueError(f"{self.start}-{self.end} is not a span of a day")

    def holds(self, at: time) -> bool:
        """Tell whether the local time is within the span."""
        return self.start <= at < self.end


def next_open(moment: Moment, calendar: WorkingCalendar, hours: WorkingHours) -> datetime:
    """Return the first UTC instant, not before the moment, within hours of a worked day.

    Nothing is ever dropped: a rule true on Saturday at midnight speaks on Monday morning.
    """
    return next_in_windows(moment, calendar, (hours,))


def next_in_windows(
    moment: Moment, calendar: WorkingCalendar, windows: Sequence[WorkingHours]
) -> datetime:
    """Return the first UTC instant, not before the moment, within one of the day's windows."""
    if is_open(moment, calendar, windows):
        return moment.at
    starts = sorted(window.start for window in windows)
    day = calendar.next_working(moment.today)
    while True:
        for start in starts:
            opening = datetime.combine(day, start, tzinfo=moment.zone).astimezone(UTC)
            if opening > moment.at:
                return opening
        day = calendar.next_working(day + DAY)


def is_open(moment: Moment, calendar: WorkingCalendar, windows: Sequence[WorkingHours]) -> bool:
    """Tell whether the moment is within one of the windows of a worked day."""
    at = moment.local.time()
    return calendar.is_working(moment.today) and any(window.holds(at) for window in windows)
