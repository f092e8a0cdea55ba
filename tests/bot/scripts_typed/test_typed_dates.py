"""Dates as people type them, against a corpus of phrases."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scripts.typed_dates import DateRefusal, read_date
from credit.terms import add_months
from tests.bot.scripts_typed.phrases import ENGLISH, FRENCH, REFUSED, TYPED_ON, table

CORPUS = [(phrase, day, "fr") for phrase, day in table(FRENCH)]
CORPUS += [(phrase, day, "en") for phrase, day in table(ENGLISH)]
PHRASES = sorted({phrase for phrase, _, _ in CORPUS})
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(("phrase", "day", "language"), CORPUS)
def test_a_typed_date_means_one_day(phrase: str, day: str, language: str) -> None:
    assert read_date(phrase, TYPED_ON, language) == date.fromisoformat(day)


@pytest.mark.parametrize(("phrase", "why"), table(REFUSED))
def test_what_is_past_or_no_date_is_refused_with_its_reason(phrase: str, why: str) -> None:
    assert read_date(phrase, TYPED_ON) is DateRefusal(why)


def test_the_corpus_is_large_enough_to_be_worth_its_name() -> None:
    assert len(CORPUS) + len(table(REFUSED)) >= 200


@pytest.mark.parametrize(
    ("typed_on", "phrase", "day"),
    [
        (date(2026, 11, 27), "vendredi", date(2026, 12, 4)),
        (date(2026, 11, 28), "fin de semaine", date(2026, 12, 4)),
        (date(2026, 11, 29), "lundi de la semaine prochaine", date(2026, 11, 30)),
        (date(2026, 11, 30), "fin de mois", date(2026, 11, 30)),
        (date(2026, 1, 31), "dans un mois", date(2026, 2, 28)),
        (date(2026, 1, 31), "le 30", date(2026, 3, 30)),
        (date(2026, 12, 31), "fin du mois prochain", date(2027, 1, 31)),
        (date(2026, 12, 10), "début de mois", date(2027, 1, 5)),
        (date(2028, 2, 1), "29/02", date(2028, 2, 29)),
        (date(2027, 12, 1), "29 février", date(2028, 2, 29)),
    ],
)
def test_ends_of_weeks_months_and_years_are_kept(typed_on: date, phrase: str, day: date) -> None:
    assert read_date(phrase, typed_on) == day


def test_the_calendar_has_a_last_day() -> None:
    assert read_date("dans 2 semaines", date.max) is DateRefusal.NOT_A_DATE
    assert read_date("dans 2 mois", date.max) is DateRefusal.NOT_A_DATE


def test_a_long_text_is_not_read() -> None:
    assert read_date("vendredi " * 50, TYPED_ON) is DateRefusal.NOT_A_DATE


def test_english_reads_month_first_only_where_day_first_has_no_sense() -> None:
    assert read_date("12/25", TYPED_ON, "en_GB") == date(2026, 12, 25)
    assert read_date("12/25", TYPED_ON, "fr") is DateRefusal.NOT_A_DATE
    assert read_date("25/12", TYPED_ON, "en") == date(2026, 12, 25)


@given(st.sampled_from(PHRASES), DAYS)
def test_a_date_is_never_in_the_past(phrase: str, typed_on: date) -> None:
    found = read_date(phrase, typed_on)
    assert isinstance(found, DateRefusal) or found >= typed_on


@given(st.sampled_from(PHRASES), DAYS, st.sampled_from([str.upper, str.title, str.lower]))
def test_case_spaces_and_closing_marks_change_nothing(
    phrase: str, typed_on: date, case: Callable[[str], str]
) -> None:
    dressed = f"  {case(phrase)}  !"
    assert read_date(dressed, typed_on) == read_date(phrase, typed_on)


@given(DAYS, DAYS)
def test_every_written_date_reads_back(day: date, typed_on: date) -> None:
    expected = day if day >= typed_on else DateRefusal.PAST
    for shape in ("%d/%m/%Y", "%d.%m.%y", "%Y-%m-%d", "%d-%m-%Y"):
        assert read_date(day.strftime(shape), typed_on) == expected


@given(DAYS, st.integers(0, 500))
def test_so_many_days_are_so_many_days(typed_on: date, days: int) -> None:
    assert read_date(f"dans {days} jours", typed_on) == typed_on + timedelta(days=days)
    assert read_date(f"j+{days}", typed_on) == typed_on + timedelta(days=days)


@given(DAYS, st.integers(0, 48))
def test_months_later_is_the_same_day_or_the_last(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(st.text(max_size=80), DAYS, st.sampled_from(["fr", "en"]))
def test_any_text_is_read_or_refused_without_a_fault(
    text: str, typed_on: date, language: str
) -> None:
    found = read_date(text, typed_on, language)
    assert isinstance(found, DateRefusal) or found >= typed_on


WORDS = sorted({word for phrase in PHRASES for word in phrase.split()})


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), DAYS)
def test_any_mix_of_date_words_is_read_or_refused_without_a_fault(
    words: list[str], typed_on: date
) -> None:
    found = read_date(" ".join(words), typed_on)
    assert isinstance(found, DateRefusal) or found >= typed_on
