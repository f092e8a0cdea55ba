"""Find which button a typed text means: its number, its label, a word that stands for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Source = TypeVar("Source")

SHORTEST_PREFIX = 2
_PLACEHOLDER = re.compile(r"\{\w+\}")
_NOT_A_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Source]):
    """Something that a text may mean, the labels it wears and the words that stand for it."""

    source: Source
    labels: tuple[str, ...]
    also: tuple[str, ...] = ()


def fold(text: str) -> str:
    """Reduce a text to its plain words: no accents, no case, no punctuation, no placeholders."""
    bare = _PLACEHOLDER.sub(" ", text).replace("œ", "oe").replace("Œ", "oe")
    letters = unicodedata.normalize("NFKD", bare)
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(_NOT_A_WORD.sub(" ", kept.casefold()).split())


def by_number(text: str, shown: tuple[Candidate[Source], ...]) -> Source | None:
    """Return the candidate whose rank on the screen is typed, counting from 1."""
    words = text.strip().rstrip(".)")
    if not (words.isascii() and words.isdigit() and len(words) <= SHORTEST_PREFIX):
        return None
    rank = int(words)
    return shown[rank - 1].source if 1 <= rank <= len(shown) else None


def exactly(text: str, candidates: Iterable[Candidate[Source]]) -> Source | None:
    """Return the only candidate with this label or this word, whole."""
    typed = fold(text)
    if not typed:
        return None
    return _only(one.source for one in candidates if typed in map(fold, (*one.labels, *one.also)))


def nearly(text: str, candidates: Iterable[Candidate[Source]]) -> Source | None:
    """Return the only candidate whose label starts so, else the one whose longest word is in it."""
    typed, known = fold(text), list(candidates)
    if len(typed) < SHORTEST_PREFIX:
        return None
    starting = _only(one.source for one in known if _starts(one, typed))
    return starting if starting is not None else _by_word(typed, known)


def _starts(one: Candidate[Source], typed: str) -> bool:
    return any(fold(label).startswith(typed) for label in one.labels)


def _by_word(typed: str, known: list[Candidate[Source]]) -> Source | None:
    lengths = [(_longest_word(one, typed), one.source) for one in known]
    best = max((length for length, _ in lengths), default=0)
    return _only(source for length, source in lengths if best and length == best)


def _longest_word(one: Candidate[Source], typed: str) -> int:
    padded = f" {typed} "
    return max((len(word) for word in map(fold, one.also) if f" {word} " in padded), default=0)


def _only(found: Iterable[Source]) -> Source | None:
    several = list(found)
    return several[0] if len(several) == 1 else None
