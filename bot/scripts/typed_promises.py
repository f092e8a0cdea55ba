"""A promise as people type it in one line: « promesse 1500 vendredi Dupont », « Dupont promet »."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from bot.scripts.matching import fold
from bot.scripts.typed_amounts import currency_named, parse_amount
from bot.scripts.typed_date_words import NOISE, WEEKDAYS
from bot.scripts.typed_dates import DateRefusal, read_date

LONGEST: Final = 120
MOST_WORDS: Final = 18
LONGEST_DATE, LONGEST_AMOUNT = 6, 4
"""Words of « vendredi 27 novembre de cette année », and of « 1 500 000 € »."""
VERBS: Final = frozenset(
    ["promesse", "promesses", "promet", "promettent", "promis", "promise", "promises", "promised"]
)
WHOLE: Final = frozenset(["tout", "totalite", "solde", "whole", "all", "everything", "full"])
LINKS: Final = frozenset(
    word
    for words in ("de du d des le la les the par pour chez a au que", "from of by for with to")
    for word in words.split()
)
"""Words that tie a name to the rest, and that no search needs: names hold them anyway."""
YESTERDAYS: Final = frozenset({"hier", "avant hier", "yesterday"})
ANY_DECIMALS: Final = ("EUR", "KWD")
"""Currencies of two decimals and of three: what is an amount in neither is none."""
PUNCTUATION: Final = '.,;:!?()«»"“”'


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says of a promise: whose, how much as it was typed, when; "" and None: not said.

    `other` is the name when the day, a bare word such as « mars », is a part of it after all.
    """

    name: str
    figures: str = ""
    day: date | DateRefusal | None = None
    other: str = ""

    @property
    def doubtful(self) -> str:
        """Return the word of the name that is no amount but may have been meant as one."""
        if self.figures:
            return ""
        return next((word for word in self.name.split() if word.lstrip("-+")[:1].isdigit()), "")


@dataclass(frozen=True, slots=True)
class _Span:
    """Some words next to each other, and what they mean."""

    first: int
    end: int
    meaning: object

    @property
    def size(self) -> int:
        return self.end - self.first

    def apart(self, other: _Span) -> bool:
        return self.end <= other.first or other.end <= self.first


_NOTHING = _Span(0, 0, None)


def read_promise(text: str, typed_on: date, locale: str = "fr") -> Said | None:
    """Read a line that says a promise; None when it names none.

    The verb may stand anywhere, amount, day and name in any order. Nothing is guessed: what is
    neither an amount nor a day is a part of the name, and what is missing stays empty.
    """
    words = _words(text) if len(text) <= LONGEST else []
    verb = next((place for place, word in enumerate(words) if fold(word) in VERBS), None)
    if verb is None or len(words) > MOST_WORDS:
        return None
    del words[verb]
    days = [_NOTHING, *_days(words, verb, typed_on, locale)]
    amounts = [_NOTHING, *_amounts(words, verb, locale)]
    pairs = [(day, amount) for day in days for amount in amounts if day.apart(amount)]
    day, amount = max(pairs, key=lambda pair: _weight(words, *pair))
    return _said(words, day, amount)


def _words(text: str) -> list[str]:
    stripped = (word.rstrip(PUNCTUATION).lstrip('(«"“') for word in text.split())
    return [word for word in stripped if word.strip("-–—")]


def _spans(words: list[str], verb: int, longest: int) -> Iterator[tuple[int, int, str]]:
    """Yield the runs of words that the verb does not part."""
    for first in range(len(words)):
        for end in range(first + 1, min(first + longest, len(words)) + 1):
            if not first < verb < end:
                yield first, end, " ".join(words[first:end])


def _days(words: list[str], verb: int, typed_on: date, locale: str) -> Iterator[_Span]:
    for first, end, run in _spans(words, verb, LONGEST_DATE):
        found = read_date(run, typed_on, locale)
        if fold(words[end - 1]) in NOISE or found is DateRefusal.NOT_A_DATE:
            continue
        if isinstance(found, date) or _names_a_day(run):
            yield _Span(first, end, found)


def _names_a_day(run: str) -> bool:
    """Tell whether a refused day was meant as one: « Last Chance Ltd » was not."""
    plain = fold(run)
    figures = any(sign.isdigit() for sign in plain)
    return figures or plain in YESTERDAYS or not WEEKDAYS.keys().isdisjoint(plain.split())


def _amounts(words: list[str], verb: int, locale: str) -> Iterator[_Span]:
    for first, end, run in _spans(words, verb, LONGEST_AMOUNT):
        named = currency_named(run)
        codes = (named,) if named else ANY_DECIMALS
        if any(parse_amount(run, code, locale) for code in codes):
            yield _Span(first, end, run)


def _weight(words: list[str], day: _Span, amount: _Span) -> tuple[int, int, int, int]:
    """Prefer the reading that explains most, then leaves the name whole, then the first one."""
    taken = {*range(day.first, day.end), *range(amount.first, amount.end)}
    left = [place for place in range(len(words)) if place not in taken]
    breaks = sum(after - before > 1 for before, after in pairwise(left))
    return len(taken), -breaks, -amount.first, -day.first


def _said(words: list[str], day: _Span, amount: _Span) -> Said:
    taken = {*range(day.first, day.end), *range(amount.first, amount.end)}
    name = _name(word for place, word in enumerate(words) if place not in taken)
    figures = str(amount.meaning) if amount.meaning else ""
    found = day.meaning if isinstance(day.meaning, date | DateRefusal) else None
    other = ""
    if day.size and not any(sign.isdigit() for sign in "".join(words[day.first : day.end])):
        kept = {*range(amount.first, amount.end)}
        other = _name(word for place, word in enumerate(words) if place not in kept)
    return Said(name, figures, found, other)


def _name(left: Iterator[str]) -> str:
    """Drop the words that tie the name to the rest, as long as something stays."""
    words = list(left)
    kept = [word for word in words if fold(word) not in WHOLE]
    while kept and fold(kept[0]) in LINKS:
        del kept[0]
    while kept and fold(kept[-1]) in LINKS:
        del kept[-1]
    return " ".join(kept)
