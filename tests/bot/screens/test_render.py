"""Templates escape what they are given, and each reader is spoken to in his language."""

from __future__ import annotations

import re
from datetime import time
from zoneinfo import ZoneInfo

import pytest
from jinja2 import UndefinedError

from bot.screens import access
from bot.screens.render import Speaker, speaker
from bot.screens.screen import fit
from bot.screens.typography import typeset
from bot.simulator.html_parser import parse_html
from bot.use_cases.portfolios import Offered, Portfolio
from credit.people import Person, Role
from tests.house.catalogues import Entry, french

PARIS = ZoneInfo("Europe/Paris")
FRENCH, ENGLISH = speaker("fr", PARIS), speaker("en", PARIS)
BOTH = [FRENCH, ENGLISH]
HOSTILE = "<b>A & B</b>\u202e\x00" + "x" * 300


def person(role: Role = Role.REP, name: str = "Rémi") -> Person:
    return Person(1, 7, name, role, "fr", frozenset({"R1"}), active=True, digest_at=time(7, 45))


def shown(text: str) -> str:
    return parse_html(text)[0]


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("fr", "fr"), ("fr-CA", "fr"), ("en_GB", "en"), ("EN", "en"), ("de", "fr"), (None, "fr")],
)
def test_the_nearest_language_is_spoken_french_when_unknown(asked: str | None, spoken: str) -> None:
    assert speaker(asked, PARIS).locale == spoken


def test_french_sentences_have_no_line_break_before_their_signs() -> None:
    broken = re.compile("[ ][:;!?»]|«[ ]|'")
    said = [one for entry in french() for one in entry.translations]
    translated = [FRENCH.say(entry.sentence.msgid) for entry in french() if not _places(entry)]
    assert any(broken.search(one) for one in said)  # the catalogues are typed plainly
    assert [one for one in translated if broken.search(one)] == []


def _places(entry: Entry) -> bool:
    return any("{" in one for one in entry.translations) or bool(entry.sentence.plural)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Tout : « l'avoir » ?", "Tout\xa0: «\xa0l’avoir\xa0»\xa0?"),
        ("15 % de 40 €", "15\xa0% de 40\xa0€"),
        ("pour %(name)s et {% if x %}", "pour %(name)s et {% if x %}"),
    ],
)
def test_only_french_is_typeset(typed: str, printed: str) -> None:
    assert typeset(typed, "fr") == printed
    assert typeset(typed, "en") == typed


@pytest.mark.parametrize("spoken", BOTH)
@pytest.mark.parametrize("role", Role)
def test_a_hostile_name_stays_a_name_on_every_screen_of_the_door(
    spoken: Speaker, role: Role
) -> None:
    one = person(role, HOSTILE)
    portfolios = (Portfolio(HOSTILE, HOSTILE), Portfolio("", ""))
    offered = Offered(portfolios, pages=2, wanted=HOSTILE, more=True)
    screens = [
        access.welcome(spoken, one),
        access.arrived(spoken, one),
        access.invitation(spoken, role, [HOSTILE], "https://t.me/b?start=x", [HOSTILE]),
        access.guide(spoken, one, [("aide", "<i>&")]),
        access.languages(spoken, one),
        access.invite_whom(spoken, one),
        access.invite_for(spoken, offered),
        access.invite_for(spoken, Offered((), wanted=HOSTILE)),
        access.stranger(spoken),
        access.not_understood(spoken),
    ]
    for screen in screens:
        text, entities = parse_html(fit(screen).text)
        assert "\u202e" not in text
        assert "\x00" not in text
        assert "&amp;" not in text
        assert len(text) < 1_200
        assert len(entities) < 20
    assert "<b>A & B</b>" in shown(screens[0].text)


def test_a_value_is_escaped_and_a_missing_one_is_a_defect() -> None:
    text = FRENCH.page("refusal.html", words="<b>A & B</b>")
    assert text.endswith("&lt;b&gt;A &amp; B&lt;/b&gt;")
    with pytest.raises(UndefinedError):
        FRENCH.page("refusal.html")


def test_plain_sentences_are_translated_and_filled() -> None:
    said = FRENCH.say("You are already in, {name}.", name="{x} & <b>")
    assert said.endswith("{x} & <b>.")
    assert said != ENGLISH.say("You are already in, {name}.", name="{x} & <b>")


@pytest.mark.parametrize(("n", "expected"), [(0, "facture"), (1, "facture"), (2, "factures")])
def test_french_counts_nothing_in_the_singular(n: int, expected: str) -> None:
    one, many = "%(n)s invoice", "%(n)s invoices"  # as the account's card says it
    assert FRENCH.count(one, many, n) == f"%(n)s {expected}"


@pytest.mark.parametrize(("n", "expected"), [(0, "many"), (1, "one"), (2, "many")])
def test_english_counts_nothing_in_the_plural(n: int, expected: str) -> None:
    assert ENGLISH.count("one", "many", n) == expected


@pytest.mark.parametrize(("locale", "written"), [("fr", "12\u202f345"), ("en", "12,345")])
def test_long_numbers_have_their_thousands_apart(locale: str, written: str) -> None:
    said = speaker(locale, PARIS)
    register = said.page("guarantee/register.html", count=12_345, shown=0)
    assert said.count("{n} invoice", "{n} invoices", 12_345).startswith(written)
    assert register.count(written) == 2
    assert "12345" not in register


def test_the_reader_is_told_commands_of_his_own_language() -> None:
    assert "/aide" in access.not_understood(FRENCH).text
    assert "/help" in access.not_understood(ENGLISH).text
    assert "/aujourdhui" in access.welcome(FRENCH, person()).text
    assert "/today" in access.welcome(ENGLISH, person()).text


def test_french_screens_hold_no_english() -> None:
    for role in Role:
        text = access.welcome(FRENCH, person(role)).text
        assert "Bienvenue" in text
        assert not {"Welcome", "enrolled", "Type"} & set(text.split())
