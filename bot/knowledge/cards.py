"""The cards: read from content files, refused when a language, a source or a date is missing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import unescape
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

LANGUAGES: Final = ("fr", "en")
LONGEST_TITLE: Final = 60
LONGEST_TEXT: Final = 900
TAG: Final = re.compile(r"</?(?:b|i|u|code)>")
FACT: Final = re.compile(r"\{([a-z_]+)\}")
MOMENT: Final = re.compile(
    r"(?:means:[a-z_]+|guarantee_kind:[a-z_]+|reason:M\d\d|signal:C\d-\d\d|rule:B\d\d)"
)


@dataclass(frozen=True, slots=True)
class Words:
    """A card in one language: a title, and Telegram HTML with {facts} to be filled in."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """One card; `when` names the moments at which it is offered (`means:cheque`)."""

    id: str
    theme: str
    source: str
    checked_on: date
    verified: bool
    when: tuple[str, ...]
    keywords: tuple[str, ...]
    words: Mapping[str, Words]

    @property
    def facts(self) -> frozenset[str]:
        """Return the names of the figures that it takes from the reference files."""
        texts = (part for one in self.words.values() for part in (one.title, one.text))
        return frozenset(name for text in texts for name in FACT.findall(text))


@dataclass(frozen=True, slots=True)
class Theme:
    """A group of cards and its name in each language."""

    id: str
    order: int
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every theme in order, and every card by its id, in the order of the files."""

    themes: tuple[Theme, ...]
    cards: Mapping[str, Card]

    def of_theme(self, theme: str) -> list[Card]:
        """Return a theme's cards."""
        return [card for card in self.cards.values() if card.theme == theme]

    def for_moment(self, moment: str) -> list[Card]:
        """Return the cards offered at a moment, such as `means:cheque`."""
        return [card for card in self.cards.values() if moment in card.when]


class BrokenCard(ValueError):
    """A content file that cannot be used: which file and card, and what is wrong."""

    def __init__(self, file: str, card: str, why: str) -> None:
        super().__init__(f"{file}: {card or 'theme'}: {why}")
        self.file = file
        self.card = card
        self.why = why


@cache
def shelf() -> Shelf:
    """Read the packaged cards, once; raise `BrokenCard`."""
    folder = resources.files("bot.knowledge").joinpath("content")
    files = {
        entry.name: entry.read_text("utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }
    return build(dict(sorted(files.items())))


def build(files: Mapping[str, str]) -> Shelf:
    """Make the shelf of content files by name; raise `BrokenCard` at the first fault."""
    themes: list[Theme] = []
    cards: dict[str, Card] = {}
    for file, text in files.items():
        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as fault:
            raise BrokenCard(file, "", str(fault)) from fault
        theme = _theme(file, table)
        themes.append(theme)
        for card in _cards(file, theme.id, table):
            if card.id in cards:
                raise BrokenCard(file, card.id, "this id is taken")
            cards[card.id] = card
    order = {theme.id: theme.order for theme in themes}
    ordered = sorted(cards.values(), key=lambda card: order[card.theme])
    shelved = MappingProxyType({card.id: card for card in ordered})
    return Shelf(tuple(sorted(themes, key=lambda theme: theme.order)), shelved)


def _theme(file: str, table: Mapping[str, Any]) -> Theme:
    given = table.get("theme")
    if not isinstance(given, dict) or not isinstance(given.get("order"), int):
        raise BrokenCard(file, "", "a theme needs fr, en and order")
    names: dict[str, Any] = {language: given.get(language) for language in LANGUAGES}
    if not all(isinstance(name, str) and name for name in names.values()):
        raise BrokenCard(file, "", "a theme has a name in each language")
    return Theme(file.removesuffix(".toml"), given["order"], MappingProxyType(names))


def _cards(file: str, theme: str, table: Mapping[str, Any]) -> Iterator[Card]:
    for card_id, given in table.get("cards", {}).items():
        try:
            yield _card(card_id, theme, given)
        except (KeyError, TypeError, ValueError) as fault:
            raise BrokenCard(file, card_id, str(fault)) from fault


def _card(card_id: str, theme: str, given: Mapping[str, Any]) -> Card:
    if not re.fullmatch(r"[a-z0-9-]{2,30}", card_id):
        raise ValueError("an id has 2 to 30 small letters, digits or hyphens")
    if not given["source"] or type(given["checked_on"]) is not date:
        raise ValueError("a card has a source and the day it was checked")
    if not isinstance(given["verified"], bool):
        raise TypeError("verified is true or false")
    when = tuple(given.get("when", ()))
    if wrong := [moment for moment in when if not MOMENT.fullmatch(moment)]:
        raise ValueError(f"{wrong[0]} is no moment")
    card = Card(
        id=card_id,
        theme=theme,
        source=given["source"],
        checked_on=given["checked_on"],
        verified=given["verified"],
        when=when,
        keywords=tuple(given["keywords"]),
        words=MappingProxyType({one: _words(given[one]) for one in LANGUAGES}),
    )
    facts = [set(FACT.findall(words.title + words.text)) for words in card.words.values()]
    if facts[0] != facts[1]:
        raise ValueError(f"both languages tell the same figures: {facts[0] ^ facts[1]}")
    return card


def _words(given: Mapping[str, str]) -> Words:
    title, text = given["title"].strip(), given["text"].strip()
    if not 0 < len(title) <= LONGEST_TITLE:
        raise ValueError(f"a title has 1 to {LONGEST_TITLE} characters")
    if not 0 < len(unescape(TAG.sub("", text))) <= LONGEST_TEXT:
        raise ValueError(f"a text has 1 to {LONGEST_TEXT} characters")
    if "<" in TAG.sub("", text) or text.count("<b>") != text.count("</b>"):
        raise ValueError("a text knows <b>, <i>, <u> and <code>, each of them closed")
    return Words(title, text)
