"""The days offered for a first payment: none that the customer's class would refuse."""

from __future__ import annotations

from datetime import date

import pytest

from bot.use_cases.conversation_facts import payment_days, promise_days
from config.working_days import french_calendar

CALENDAR = french_calendar()
TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("latest", "days"),
    [
        (date(2026, 12, 1), [24, 25, 27, 30, 1]),
        (date(2026, 11, 27), [24, 25, 27]),
        (date(2026, 11, 29), [24, 25, 27]),  # a Sunday: the Friday before
        (TUESDAY, [24]),
    ],
)
def test_no_day_is_offered_beyond_the_latest_one(latest: date, days: list[int]) -> None:
    assert date(2026, 12, 15) in payment_days(TUESDAY, CALENDAR)
    assert [day.day for day in promise_days(TUESDAY, latest, CALENDAR)] == days


def test_the_latest_day_itself_is_offered() -> None:
    assert promise_days(TUESDAY, date(2026, 12, 3), CALENDAR)[-1] == date(2026, 12, 3)
