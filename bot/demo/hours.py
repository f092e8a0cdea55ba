"""The demo's clock: now when people work, else the next working morning."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta

MORNING = time(9, 10)
Windows = Iterable[tuple[time, time]]


def offset(now: datetime, is_worked: Callable[[date], bool], windows: Windows) -> float:
    """Return the seconds to add to the real clock; `now` is in the company's zone.

    Nothing within a calling window of a worked day; else up to 09:10 of the next worked day,
    of the same one when it has not come yet.
    """
    if is_worked(now.date()) and any(start <= now.time() < end for start, end in windows):
        return 0.0
    day = now.date() if now.time() < MORNING else now.date() + timedelta(days=1)
    while not is_worked(day):
        day += timedelta(days=1)
    morning = datetime.combine(day, MORNING, tzinfo=now.tzinfo)
    # as moments: two walls of one zone would hide the hour of a clock change
    return morning.timestamp() - now.timestamp()
