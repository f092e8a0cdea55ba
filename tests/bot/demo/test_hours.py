"""The demo's clock stands where people work."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.demo.hours import offset
from config.working_days import french_calendar

PARIS = ZoneInfo("Europe/Paris")
WINDOWS = [(time(9), time(12)), (time(14), time(18))]


@pytest.mark.parametrize(
    ("now", "stands_at"),
    [
        ("2026-11-23T10:00", "2026-11-23T10:00"),
        ("2026-11-23T07:00", "2026-11-23T09:10"),
        ("2026-11-23T12:30", "2026-11-24T09:10"),
        ("2026-11-20T19:00", "2026-11-23T09:10"),
        ("2026-11-22T02:00", "2026-11-23T09:10"),
        ("2026-12-25T10:00", "2026-12-28T09:10"),
        ("2026-10-24T10:00", "2026-10-26T09:10"),  # the clocks go back in between
    ],
)
def test_the_clock_stands_in_a_calling_window_of_a_worked_day(now: str, stands_at: str) -> None:
    real = datetime.fromisoformat(now).replace(tzinfo=PARIS)
    shift = offset(real, french_calendar().is_working, WINDOWS)
    shown = datetime.fromtimestamp(real.timestamp() + shift, PARIS)
    assert shown == datetime.fromisoformat(stands_at).replace(tzinfo=PARIS)
