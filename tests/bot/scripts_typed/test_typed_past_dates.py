"""Days gone by as they are typed: the last one where no year is said, never a day to come."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scripts.typed_dates import DateRefusal
from bot.scripts.typed_past_dates import read_past_date

MONDAY = date(2026, 11, 23)
PHRASE = "lundi dernier passé last il y a 3 une jours semaine mois days ago le 12 31 du d'avant"
WORDS = [*PHRASE.split(), "ce", "novembre", "matin", "week", "précédent", "16/11", "0", "2026"]


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
        ("lundi dernier", date(2026, 11, 16)),
        ("lundi passé", date(2026, 11, 16)),
        ("last Monday", date(2026, 11, 16)),
        ("vendredi d’avant", date(2026, 11, 20)),
        ("jeudi de la semaine dernière", date(2026, 11, 19)),
        ("Tuesday last week", date(2026, 11, 17)),
        ("lundi 16 novembre", date(2026, 11, 16)),
        ("lundi 16/11", date(2026, 11, 16)),
        ("le 12 novembre dernier", date(2026, 11, 12)),
        ("le 12 du mois dernier", date(2026, 10, 12)),
        ("le 5", date(2026, 11, 5)),
        ("le 24", date(2026, 10, 24)),
        ("15", date(2026, 11, 15)),
        ("il y a 3 jours", date(2026, 11, 20)),
        ("il y a une semaine", date(2026, 11, 16)),
        ("il y a un mois", date(2026, 10, 23)),
        ("3 days ago", date(2026, 11, 20)),
        ("a week ago", date(2026, 11, 16)),
        ("48 h ago", date(2026, 11, 21)),
        ("ce matin", MONDAY),
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
        ("la semaine dernière", DateRefusal.NOT_A_DATE),
        ("fin octobre", DateRefusal.NOT_A_DATE),
        ("mardi 16 novembre", DateRefusal.WEEKDAY_MISMATCH),
        ("le 31 du mois dernier bis", DateRefusal.NOT_A_DATE),
        ("9" * 80, DateRefusal.NOT_A_DATE),
    ],
)
def test_what_is_no_day_gone_by_is_refused(text: str, why: DateRefusal) -> None:
    assert read_past_date(text, MONDAY) is why


def test_an_american_day_is_read_where_english_is_spoken() -> None:
    assert read_past_date("10/25", MONDAY, "en") == date(2026, 10, 25)


def test_before_the_first_month_of_the_calendar_there_is_no_day() -> None:
    assert read_past_date("le 12 du mois dernier", date.min) is DateRefusal.NOT_A_DATE
    assert read_past_date("il y a 3 jours", date.min) is DateRefusal.NOT_A_DATE


@given(st.text(max_size=80), st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_any_text_is_read_or_refused_and_no_day_is_to_come(text: str, typed_on: date) -> None:
    found = read_past_date(text, typed_on)
    assert isinstance(found, DateRefusal) or found <= typed_on


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), st.dates(date(2020, 1, 1)))
def test_any_mix_of_date_words_is_read_or_refused(words: list[str], typed_on: date) -> None:
    found = read_past_date(" ".join(words), typed_on)
    assert isinstance(found, DateRefusal) or found <= typed_on
