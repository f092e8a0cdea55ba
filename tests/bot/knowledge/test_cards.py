"""The cards: sound content, refusals of what is not, figures from the reference files, search."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.cards import LANGUAGES, LONGEST_TEXT, BrokenCard, build, shelf
from bot.knowledge.facts import Percent, facts
from bot.knowledge.searching import find
from config.policy import load_policy
from config.reference import load_reference

TODAY = date(2026, 11, 22)
THEME = '[theme]\nfr = "Thème"\nen = "Theme"\norder = 1\n'
GOOD = """
[cards.one]
source = "art. 1"
checked_on = 2026-11-21
verified = true
keywords = ["un"]
fr.title = "Un"
fr.text = "Texte {flat_fee}"
en.title = "One"
en.text = "Text {flat_fee}"
"""


def test_every_card_has_its_two_languages_a_source_and_a_date() -> None:
    cards = shelf().cards
    assert len(cards) >= 45
    for card in cards.values():
        assert set(card.words) == set(LANGUAGES)
        assert card.source
        assert card.checked_on <= TODAY
        assert card.words["fr"].text != card.words["en"].text


def test_every_figure_of_a_card_comes_from_the_reference_files() -> None:
    known = facts(load_reference(), load_policy(), TODAY)
    wanted = {name for card in shelf().cards.values() for name in card.facts}
    assert wanted <= set(known)


def test_the_rate_of_a_missing_half_year_is_not_sure() -> None:
    missing = facts(load_reference(), load_policy(), TODAY)["penalty_rate"]
    known = facts(load_reference(), load_policy(), date(2026, 3, 1))["penalty_rate"]
    assert isinstance(missing, Percent)
    assert isinstance(known, Percent)
    assert (missing.sure, known.sure) == (False, True)
    assert str(known.value) == "12.15"


@pytest.mark.parametrize(
    ("was", "becomes", "why"),
    [
        ('source = "art. 1"', 'source = ""', "source"),
        ('source = "art. 1"', "", "source"),
        ("checked_on = 2026-11-21", 'checked_on = "yesterday"', "checked"),
        ("verified = true", 'verified = "yes"', "verified"),
        ('en.title = "One"', "", "title"),
        ('en.text = "Text {flat_fee}"', 'en.text = "Text"', "same figures"),
        ('fr.text = "Texte {flat_fee}"', f'fr.text = "{"x" * (LONGEST_TEXT + 1)}"', "characters"),
        ('fr.text = "Texte {flat_fee}"', 'fr.text = "<script>{flat_fee}"', "closed"),
        ('fr.text = "Texte {flat_fee}"', 'fr.text = "<b>{flat_fee}"', "closed"),
        ('fr.title = "Un"', f'fr.title = "{"x" * 61}"', "title"),
        ("[cards.one]", "[cards.One]", "id"),
        ("verified = true", 'verified = true\nwhen = ["never"]', "moment"),
    ],
)
def test_a_card_that_lacks_something_is_refused_by_name(was: str, becomes: str, why: str) -> None:
    assert was in GOOD
    with pytest.raises(BrokenCard, match=why) as caught:
        build({"file.toml": THEME + GOOD.replace(was, becomes)})
    assert caught.value.file == "file.toml"


@pytest.mark.parametrize(
    "text", ["not toml", GOOD, THEME.replace("order = 1", ""), THEME.replace('en = "Theme"', "")]
)
def test_a_file_without_a_theme_is_refused(text: str) -> None:
    with pytest.raises(BrokenCard):
        build({"file.toml": text})


def test_an_id_is_given_once() -> None:
    with pytest.raises(BrokenCard, match="taken"):
        build({"a.toml": THEME + GOOD, "b.toml": THEME + GOOD})


def test_cards_are_shelved_by_theme_and_offered_at_their_moment() -> None:
    whole = shelf()
    assert sum(len(whole.of_theme(theme.id)) for theme in whole.themes) == len(whole.cards)
    assert [theme.order for theme in whole.themes] == sorted(t.order for t in whole.themes)
    assert "cheque" in [card.id for card in whole.for_moment("means:cheque")]
    assert whole.for_moment("means:nothing") == []


@pytest.mark.parametrize(
    ("typed", "card"),
    [
        ("chèque", "cheque"),
        ("CHEQUE", "cheque"),
        ("cheqeu", "cheque"),
        ("reserve de propriete", "reserve-de-propriete"),
        ("prélèv", "prelevement-core"),
        ("pénalité", "penalites"),
        ("40 euros", "penalites"),
        ("faillite", "procedure-collective"),
        ("huissier", "commissaire"),
        ("45 jours fin de mois", "fin-de-mois"),
        ("formal notice", "mise-en-demeure"),
        ("dso", "dso"),
    ],
)
def test_a_card_is_found_by_what_a_rep_types(typed: str, card: str) -> None:
    assert card in [one.id for one in find(shelf(), typed)[:3]]


def test_nonsense_finds_nothing() -> None:
    assert find(shelf(), "xyzzyqwerty") == []
    assert find(shelf(), "") == []
    assert find(shelf(), "!?") == []


@given(st.text(max_size=60))
def test_whatever_is_typed_is_searched_without_harm(text: str) -> None:
    assert len(find(shelf(), text)) <= 8
