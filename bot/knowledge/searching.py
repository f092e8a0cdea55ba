"""Finding a card by what a rep types with one thumb: accents, plurals and slips forgiven."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from rapidfuzz import fuzz

from bot.knowledge.cards import TAG, Card, Shelf

MOST: Final = 8
NEAR: Final = 82
TITLE, KEYWORD, TEXT = 3, 2, 1
SHORTEST: Final = 2


def find(shelf: Shelf, text: str, most: int = MOST) -> list[Card]:
    """Return the cards that speak of every word typed, the nearest first.

    A word in the title or among the keywords weighs more than one in the text.
    """
    words = [word for word in fold(text).split() if len(word) >= SHORTEST]
    if not words:
        return []
    scored = [(_score(card, words), card) for card in shelf.cards.values()]
    hits = sorted(((score, card) for score, card in scored if score), key=lambda hit: -hit[0])
    return [card for _, card in hits[:most]]


def fold(text: str) -> str:
    """Write in small letters without accents or punctuation."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe"))
    kept = (letter for letter in plain if not unicodedata.combining(letter))
    return "".join(letter if letter.isalnum() else " " for letter in kept)


def _score(card: Card, words: Iterable[str]) -> float:
    places = (
        (TITLE, _words(one.title for one in card.words.values())),
        (KEYWORD, _words([*card.keywords, card.id])),
        (TEXT, _words(TAG.sub(" ", one.text) for one in card.words.values())),
    )
    total = 0.0
    for word in words:
        best = max(weight * _likeness(word, known, weight) for weight, known in places)
        if not best:
            return 0.0
        total += best
    return total


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in fold(text).split()}


def _likeness(word: str, known: set[str], weight: int) -> float:
    """Return 0 to 1: the word itself, its beginning, or one that differs by a slip.

    A text has too many words for slips to mean anything there.
    """
    if word in known:
        return 1.0
    if any(one.startswith(word) for one in known):
        return 0.9
    if weight == TEXT:
        return 0.0
    best = max((fuzz.ratio(word, one) for one in known), default=0.0)
    return best / 100 * 0.8 if best >= NEAR else 0.0
