"""What a person may look up: the cards, the word that was typed, the figures of today."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from bot.knowledge.cards import Card, shelf
from bot.knowledge.facts import Fact, facts
from bot.knowledge.searching import find

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.moment import Moment

OFFERED = 2
"""Cards offered at one moment, at most: a phone is small."""


def figures(rules: Rules, now: Moment) -> Mapping[str, Fact]:
    """Return the figures that cards tell today."""
    return facts(rules.reference, rules.policy, now.today)


def by_id(card_id: str) -> Card | None:
    """Find a card; None for one that a newer or older release has."""
    return shelf().cards.get(card_id)


def searched(text: str) -> list[Card]:
    """Find the cards that speak of what was typed."""
    return find(shelf(), text)


def at_moment(answers: Mapping[str, object], fresh: Collection[str]) -> list[Card]:
    """Return the cards that help after what was just answered: a means, a guarantee, a reason."""
    found: list[Card] = []
    for key in ("means", "guarantee_kind", "reason"):
        if key in fresh and isinstance(answers.get(key), str):
            found += shelf().for_moment(f"{key}:{answers[key]}")
    return found[:OFFERED]
