"""Days gone by as they are typed: the last one where no year is said, never a day to come."""

from __future__ import annotations

from datetime import date

import pytest

from bot.scripts.typed_dates import DateRefusal
from bot.scripts.typed_past_dates import read_past_date

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("aujourd'hui", MONDAY),
        ("23/11", MONDAY),
        ("hier", date(2026, 11, 22)),
        ("Avant-hier", date(2026, 11, 21)),
        ("yesterday", date(2026, 11, 22)),
        ("lundi", date(2026, 11, 16)),
        ("vendredi dernier", date(2026, 11, 20)),
        ("12/11", date(2026, 11, 12)),
        ("le 12 novembre", date(2026, 11, 12)),
        ("15/08", date(2026, 8, 15)),
        ("31 décembre", date(2025, 12, 31)),
        ("12/11/2025", date(2025, 11, 12)),
        ("12/11/25", date(2025, 11, 12)),
        ("2026-11-01", date(2026, 11, 1)),
    ],
)
def test_a_day_gone_by_is_read(text: str, day: date) -> None:
    assert read_past_date(text, MONDAY) == day


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("24/11/2026", DateRefusal.TO_COME),
        ("01/12/26", DateRefusal.TO_COME),
        ("demain", DateRefusal.NOT_A_DATE),
        ("blabla", DateRefusal.NOT_A_DATE),
        ("31/11", DateRefusal.NO_SUCH_DAY),
        ("9" * 80, DateRefusal.NOT_A_DATE),
    ],
)
def test_what_is_no_day_gone_by_is_refused(text: str, why: DateRefusal) -> None:
    assert read_past_date(text, MONDAY) is why


def test_an_american_day_is_read_where_english_is_spoken() -> None:
    assert read_past_date("10/25", MONDAY, "en") == date(2026, 10, 25)
