"""Read the words that belong to no single script: outcomes, controls, gaps, bad manners."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

ByLocale = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """Labels by locale of outcomes and controls, neutral wordings, and what no script may say."""

    outcomes: Mapping[str, ByLocale]
    phases: Mapping[str, ByLocale]
    controls: Mapping[str, ByLocale]
    neutral: Mapping[str, ByLocale]
    unknown: ByLocale
    forbidden: Mapping[str, tuple[str, ...]]


@cache
def words() -> Words:
    """Return the packaged words, read once."""
    text = resources.files("bot.scripts").joinpath("words.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    return Words(
        outcomes=raw["outcomes"],
        phases=raw["phases"],
        controls=raw["controls"],
        neutral=raw["neutral"],
        unknown=raw["unknown"],
        forbidden={locale: tuple(said) for locale, said in raw["forbidden"].items()},
    )
