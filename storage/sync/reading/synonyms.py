"""Which fields a header may name, by the words of `vocabulary.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from enum import IntEnum, StrEnum
from functools import cache, lru_cache
from importlib import resources
from typing import Final, NamedTuple

from storage.sync.reading.currencies import currency_named
from storage.sync.reading.fields import Field
from storage.sync.reading.texts import header_words


class Tier(IntEnum):
    """How clearly a header names a field."""

    CLEAR = 1
    USUAL = 2
    WEAK = 3


class Tongue(StrEnum):
    """The language of a header; the codes of products belong to none."""

    FRENCH = "french"
    ENGLISH = "english"
    NONE = "codes"


class Guess(NamedTuple):
    """A field that a header may name."""

    field: Field
    tier: Tier
    tongue: Tongue


_LITTLE_WORDS: Final = frozenset({"de", "d", "la", "le", "des", "les", "the", "of"})
_BUCKET: Final = re.compile(
    r"(non echu|a echoir|echu|total echu|not due|current|overdue|"
    r"(de )?\d{1,3} (a )?\d{1,3}( j(ours?)?| days?)?( echus?)?|"
    r"(plus( de)?|sup(erieur)?( a)?|over|moins( de)?|inf(erieur)?( a)?|retard) \d{1,3}.*|"
    r"\d{1,3} (j|jours|days|et plus|plus)( et plus)?)"
)
_RAW_BUCKET: Final = re.compile(
    r"\s*(?:[<>+]\s*\d{2,3}|\d{2,3}\s*\+)\s*(?:j\w*|days?)?\s*", re.IGNORECASE
)


def _compact(words: tuple[str, ...]) -> str:
    return "".join(words)


def _forms(words: tuple[str, ...]) -> list[str]:
    plain = tuple(word for word in words if word not in _LITTLE_WORDS) or words
    bare = tuple(word for word in plain if not currency_named(word) and word != "en") or plain
    no_tax = tuple(word for word in bare if word != "ttc") or bare
    no_du = tuple(word for word in bare if word != "du") or bare
    return list(dict.fromkeys(_compact(form) for form in (words, plain, bare, no_tax, no_du)))


@cache
def _catalogue() -> dict[str, tuple[Guess, ...]]:
    found: dict[str, dict[Field, Guess]] = {}
    for guess, name in _vocabulary():
        words = header_words(name)
        plain = tuple(word for word in words if word not in _LITTLE_WORDS)
        # "facture le" must not teach that a lone "facture" is a date.
        plain = plain if len(plain) > 1 else words
        for key in {_compact(words), _compact(plain)}:
            known = found.setdefault(key, {})
            if guess.field not in known or guess.tier < known[guess.field].tier:
                known[guess.field] = guess
    return {key: tuple(known.values()) for key, known in found.items()}


def _vocabulary() -> Iterator[tuple[Guess, str]]:
    text = resources.files(__package__).joinpath("vocabulary.toml").read_text(encoding="utf-8")
    for tongue, tiers in tomllib.loads(text).items():
        for tier, fields in tiers.items():
            for field, names in fields.items():
                guess = Guess(Field(field), Tier[tier.upper()], Tongue(tongue))
                yield from ((guess, name) for name in names)


@lru_cache(maxsize=4096)
def guesses(header: str) -> tuple[Guess, ...]:
    """Return the fields that a header may name, none when it is unknown."""
    words = header_words(header)
    if not words or len(words) > 8:  # noqa: PLR2004 - a sentence is not a header
        return ()
    catalogue = _catalogue()
    for form in _forms(words):
        if form in catalogue:
            return catalogue[form]
    if _BUCKET.fullmatch(" ".join(words)) or _RAW_BUCKET.fullmatch(header):
        return (Guess(Field.BUCKET, Tier.CLEAR, Tongue.NONE),)
    return ()
