"""Every refusal has its words in both languages, and none says more than it should."""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.screens import refusal
from bot.screens.render import Speaker, speaker
from bot.simulator.html_parser import parse_html
from bot.use_cases import refusals
from bot.use_cases.refusals import Refused

PARIS = ZoneInfo("Europe/Paris")
FRENCH, ENGLISH = speaker("fr", PARIS), speaker("en", PARIS)
VALUES: dict[str, Any] = {
    "str": "<b>A & B</b>\u202e" + "x" * 300,
    "int": 123_456,
    "date | None": date(2026, 1, 2),
    "Any": None,
}
NAMED = {"currency": "EUR", "code": "some_code"}
KINDS = [
    cls
    for cls in vars(refusals).values()
    if isinstance(cls, type) and issubclass(cls, Refused) and cls is not Refused
]


def example(cls: type[Refused]) -> Refused:
    values = {}
    for one in fields(cls):  # type: ignore[arg-type]
        if one.default is MISSING and one.default_factory is MISSING:
            values[one.name] = NAMED.get(one.name, VALUES[str(one.type)])
    return cls(**values)


@pytest.mark.parametrize("spoken", [FRENCH, ENGLISH], ids=["fr", "en"])
@pytest.mark.parametrize("cls", KINDS, ids=lambda cls: cls.__name__)
def test_every_refusal_has_words(spoken: Speaker, cls: type[Refused]) -> None:
    assert cls in refusal.WORDS, "add its words to bot/screens/refusal.py"
    words = refusal.words(spoken, example(cls))
    assert words
    assert "\u202e" not in words
    text, _ = parse_html(refusal.screen(spoken, example(cls)).text)
    assert text.startswith("✋")


@pytest.mark.parametrize("cls", KINDS, ids=lambda cls: cls.__name__)
def test_no_refusal_is_english_for_a_french_reader(cls: type[Refused]) -> None:
    assert refusal.words(FRENCH, example(cls)) != refusal.words(ENGLISH, example(cls))


@pytest.mark.parametrize("spoken", [FRENCH, ENGLISH], ids=["fr", "en"])
def test_a_promise_refused_for_a_rule_without_words_shows_no_bare_code(spoken: Speaker) -> None:
    assert "some_code" not in refusal.words(spoken, refusals.PromiseRefused("some_code"))


def test_a_refusal_without_words_of_its_own_is_still_polite() -> None:
    class Unheard(Refused):
        pass

    assert refusal.words(ENGLISH, Unheard()) == "This is not possible."


@pytest.mark.parametrize("code", ["cash_too_high", "no_amount", "too_many_lines", "something_new"])
def test_a_refused_promise_says_which_rule(code: str) -> None:
    said = {refusal.words(one, refusals.PromiseRefused(code)) for one in (FRENCH, ENGLISH)}
    assert len(said) == 2
    assert all("{" not in words for words in said)


def test_amounts_are_written_in_the_readers_way() -> None:
    words = refusal.words(FRENCH, refusals.AmountTooHigh(123_450, "EUR"))
    assert "1\u202f234,50\u00a0€" in words


def test_a_defect_shows_its_reference() -> None:
    assert "R00000042" in parse_html(refusal.defect(FRENCH, "R00000042").text)[0]


@pytest.mark.parametrize(
    ("told", "asked"), [(FRENCH, "Si cela se reproduit"), (ENGLISH, "If it happens again")]
)
def test_a_fault_of_ours_gives_its_reference_on_a_line_of_its_own(
    told: Speaker, asked: str
) -> None:
    lines = refusal.defect(told, "A1B2").text.split("\n")
    assert [line.startswith(asked) for line in lines] == [False, True]
    assert "A1B2" in lines[1]
