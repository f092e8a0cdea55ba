"""Knowledge on the phone: themes, cards with the figures of today, and what a word finds."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.knowledge.cards import FACT, Card, Shelf, Words
from bot.knowledge.facts import Fact, Percent
from bot.screens import formats
from bot.screens.render import Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from bot.screens.typography import typeset
from credit.money import Money

HOME: Final = ""
LABEL: Final = 42


@verb("kt")
@dataclass(frozen=True, slots=True)
class ShowTheme(Tap):
    """Show the cards of a theme, or every theme when none is named."""

    theme: str


@verb("kc")
@dataclass(frozen=True, slots=True)
class ShowCard(Tap):
    """Show a card in place of the list."""

    card: str


@verb("ko")
@dataclass(frozen=True, slots=True)
class OfferCard(Tap):
    """Show a card in a message of its own: the conversation above stays as it is."""

    card: str


def home(speaker: Speaker, shelf: Shelf) -> Screen:
    """Show the themes, and how to look for a word."""
    text = speaker.page("knowledge/home.html", count=len(shelf.cards))
    rows = [(Button(one.names[speaker.locale], ShowTheme(one.id)),) for one in shelf.themes]
    return Screen(text, tuple(rows))


def theme(speaker: Speaker, shelf: Shelf, theme_id: str, facts: Mapping[str, Fact]) -> Screen:
    """Show a theme's cards as buttons; an unknown theme is the list of themes."""
    name = next((one.names[speaker.locale] for one in shelf.themes if one.id == theme_id), None)
    if name is None:
        return home(speaker, shelf)
    rows = _buttons(speaker, shelf.of_theme(theme_id), facts)
    text = speaker.page("knowledge/theme.html", name=name)
    return Screen(text, (*rows, (Button(speaker.say("← Themes"), ShowTheme(HOME)),)))


def found(speaker: Speaker, typed: str, cards: Sequence[Card], facts: Mapping[str, Fact]) -> Screen:
    """Show what a word finds."""
    text = speaker.page("knowledge/found.html", typed=typed, count=len(cards))
    rows = _buttons(speaker, cards, facts)
    return Screen(text, (*rows, (Button(speaker.say("← Themes"), ShowTheme(HOME)),)))


def card(speaker: Speaker, one: Card, facts: Mapping[str, Fact], *, alone: bool = False) -> Screen:
    """Show a card with its source and date; `alone` leaves out the way back to the theme."""
    words = one.words[speaker.locale]
    body = _filled(speaker, words.text, facts)
    text = speaker.page(
        "knowledge/card.html",
        title=_title(speaker, words, facts),
        source=one.source,
        checked_on=one.checked_on,
        verified=one.verified,
    ).replace(BODY, body)
    if alone:
        return Screen(text, protected=False)
    back = (Button(speaker.say("← Back"), ShowTheme(one.theme)),)
    return Screen(text, (back,), protected=False)


def offers(speaker: Speaker, cards: Iterable[Card], facts: Mapping[str, Fact]) -> list[Button]:
    """Return a button for each card that helps at this moment."""
    return [
        Button("📖 " + _short(_title(speaker, one.words[speaker.locale], facts)), OfferCard(one.id))
        for one in cards
    ]


BODY: Final = "{{body}}"
"""Where the template leaves room: a card's own HTML, checked when it was read."""


def _buttons(
    speaker: Speaker, cards: Iterable[Card], facts: Mapping[str, Fact]
) -> list[tuple[Button, ...]]:
    return [
        (Button(_short(_title(speaker, one.words[speaker.locale], facts)), ShowCard(one.id)),)
        for one in cards
    ]


def _title(speaker: Speaker, words: Words, facts: Mapping[str, Fact]) -> str:
    return html.unescape(_filled(speaker, words.title, facts))


def _short(title: str) -> str:
    return title if len(title) <= LABEL else title[: LABEL - 1].rstrip() + "…"


def _filled(speaker: Speaker, text: str, facts: Mapping[str, Fact]) -> str:
    """Put today's figures into a card's HTML, escaped."""
    bound = typeset(text, speaker.locale)
    return FACT.sub(lambda match: html.escape(_fact(speaker, facts[match[1]])), bound)


def _fact(speaker: Speaker, fact: Fact) -> str:
    if isinstance(fact, Money):
        return formats.round_money(fact, speaker.locale)
    if isinstance(fact, Percent):
        number = formats.rate(fact.value, speaker.locale)
        return number if fact.sure else speaker.say("{figure} (to be checked)", figure=number)
    return formats.decimal(Decimal(fact), speaker.locale)
