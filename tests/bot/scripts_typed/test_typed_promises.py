"""Promises typed in one line: amount, day and name in any order, in French and in English."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.scripts.typed_dates import DateRefusal
from bot.scripts.typed_promises import LONGEST, Said, read_promise

MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)
LINES = [
    ("promesse 1500 vendredi Dupont", "Dupont", "1500", FRIDAY),
    ("promesse Dupont 1 500 € le 12/12", "Dupont", "1 500 €", date(2026, 12, 12)),
    ("Dupont promet 1500 vendredi", "Dupont", "1500", FRIDAY),
    ("promesse vendredi Dupont", "Dupont", "", FRIDAY),
    ("promesse 1500 Dupont", "Dupont", "1500", None),
    ("promesse Dupont", "Dupont", "", None),
    ("Promesse : 1500, vendredi, Dupont.", "Dupont", "1500", FRIDAY),
    ("promesse de 1500 pour vendredi de Dupont", "Dupont", "1500", FRIDAY),
    ("promesse Dupont de 1500 pour vendredi", "Dupont", "1500", FRIDAY),
    ("promesse Dupont 1500 vendredi de", "Dupont", "1500", FRIDAY),
    ("promesse 1,5k fin de mois Garage du Pont", "Garage du Pont", "1,5k", date(2026, 11, 30)),
    ("promesse 1500 dans 10 jours Dupont", "Dupont", "1500", date(2026, 12, 3)),
    ("promesse 1500 30 jours fin de mois Dupont", "Dupont", "1500", date(2026, 12, 31)),
    ("promesse 15 fin de mois Dupont", "Dupont", "15", date(2026, 11, 30)),
    ("promesse 1500 S49 Dupont", "Dupont", "1500", date(2026, 12, 4)),
    ("promesse tout vendredi Dupont", "Dupont", "", FRIDAY),
    ("Mars SA promet 1500 vendredi", "Mars SA", "1500", FRIDAY),
    ("promesse 1500 vendredi 1042", "1042", "1500", FRIDAY),
    ("promesse 1500 vendredi prochain Dupont et Fils", "Dupont et Fils", "1500", FRIDAY),
    ("promesse 1500 $ vendredi Dupont", "Dupont", "1500 $", FRIDAY),
    ("promesse 1500 31/11 Dupont", "Dupont", "1500", DateRefusal.NO_SUCH_DAY),
    ("promesse 1500 hier Dupont", "Dupont", "1500", DateRefusal.PAST),
    ("promesse 1500 vendredi 28/11 Dupont", "Dupont", "1500", DateRefusal.WEEKDAY_MISMATCH),
]
ENGLISH = [
    ("promise 1500 friday Dupont", "Dupont", "1500", FRIDAY),
    ("Dupont promised 1,500.50 by Friday", "Dupont", "1,500.50", FRIDAY),
    ("promise friday Dupont", "Dupont", "", FRIDAY),
    ("promise 1500 friday Last Chance Ltd", "Last Chance Ltd", "1500", FRIDAY),
    ("promise the whole on December 15 from Dupont", "Dupont", "", date(2026, 12, 15)),
]


@pytest.mark.parametrize(("text", "name", "figures", "day"), LINES)
def test_a_french_line_is_read(
    text: str, name: str, figures: str, day: date | DateRefusal | None
) -> None:
    found = read_promise(text, MONDAY)
    assert found is not None
    assert (found.name, found.figures, found.day) == (name, figures, day)


@pytest.mark.parametrize(("text", "name", "figures", "day"), ENGLISH)
def test_an_english_line_is_read(text: str, name: str, figures: str, day: date | None) -> None:
    found = read_promise(text, MONDAY, "en")
    assert found is not None
    assert (found.name, found.figures, found.day) == (name, figures, day)


@pytest.mark.parametrize(
    "text", ["Dupont", "1500 vendredi", "", "compromis Dupont", "promesse " + "x" * LONGEST]
)
def test_what_says_no_promise_is_none(text: str) -> None:
    assert read_promise(text, MONDAY) is None


def test_more_words_than_a_line_has_are_none() -> None:
    assert read_promise("promesse " + "a " * 20, MONDAY) is None


def test_the_verb_parts_what_stands_around_it() -> None:
    found = read_promise("Garage 1 promet 500 vendredi", MONDAY)
    assert found is not None
    assert (found.figures, found.day) == ("500", FRIDAY)


def test_a_bare_word_that_is_a_day_may_be_of_the_name() -> None:
    found = read_promise("promesse 1500 Brasserie de la Mer", MONDAY)
    assert found is not None
    assert found.other == "Brasserie de la Mer"
    dated = read_promise("promesse 1500 12/12 Dupont", MONDAY)
    assert dated is not None
    assert not dated.other


@pytest.mark.parametrize(("text", "word"), [("0", "0"), ("-50", "-50"), ("15OO", "15OO")])
def test_what_looks_like_an_amount_and_is_none_is_named(text: str, word: str) -> None:
    found = read_promise(f"promesse {text} vendredi Dupont", MONDAY)
    assert found is not None
    assert found.doubtful == word
    assert not Said("Dupont 35", "1500").doubtful
    assert not Said("Dupont").doubtful


@given(some.text(max_size=LONGEST), some.sampled_from(["fr", "en"]))
def test_no_text_breaks_the_reading(text: str, locale: str) -> None:
    found = read_promise(f"promesse {text}"[:LONGEST], MONDAY, locale)
    assert found is None or not {"promesse"} & set(found.figures.split())
