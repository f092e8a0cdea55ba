"""How typed answers become values: the shape of a parser, and the parsers of plain texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.scripts.model import Kind
from bot.scripts.typed_amounts import parse_amount
from bot.scripts.typed_dates import DateRefusal, read_date
from bot.scripts.typed_past_dates import read_past_date


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a typed answer is not accepted, as a code that the screens put into words."""

    code: str


Parser = Callable[[str, Mapping[str, object], date], object]
"""Text typed, named values seen so far, day of typing → the value, or `Refused`."""

Parsers = Mapping[Kind, Parser]

LONGEST = {
    Kind.NAME: 80,
    Kind.REFERENCE: 60,
    Kind.NOTE: 200,
    Kind.TEXT: 500,
    Kind.MESSAGE: 2000,
}
"""Characters accepted for each kind of plain text; 200 for notes on a person: handbook 11.2."""

DIGITS = 6
DEFAULT_CURRENCY = "EUR"


def _bounded(longest: int) -> Parser:
    def parse(text: str, seen: Mapping[str, object], typed_on: date) -> object:
        del seen, typed_on
        words = text.strip() if longest > LONGEST[Kind.TEXT] else " ".join(text.split())
        if not words:
            return Refused("empty")
        return Refused("too_long") if len(words) > longest else words

    return parse


def parse_name(text: str, seen: Mapping[str, object], typed_on: date) -> object:
    """Read a person's name: without a letter it is none, and nobody would be bound by it."""
    found = _bounded(LONGEST[Kind.NAME])(text, seen, typed_on)
    if isinstance(found, str) and not any(letter.isalpha() for letter in found):
        return Refused("not_a_name")
    return found


def parse_number(text: str, seen: Mapping[str, object], typed_on: date) -> object:
    """Read a whole number of at most six digits."""
    del seen, typed_on
    words = text.strip()
    if words.isascii() and words.isdigit() and len(words) <= DIGITS:
        return int(words)
    return Refused("not_a_number")


PLAIN_PARSERS: Parsers = {
    **{kind: _bounded(longest) for kind, longest in LONGEST.items()},
    Kind.NAME: parse_name,
    Kind.NUMBER: parse_number,
}
"""Parsers of plain texts, the same in every language."""


def parsers_for(locale: str) -> Parsers:
    """Return the whole table, for a person who writes in that language.

    Amounts are read in the currency that the fact `currency` names.
    """

    def date_typed(text: str, seen: Mapping[str, object], typed_on: date) -> object:
        del seen
        # where only a day is asked for, "15" alone is the 15th; in a line it may be an amount
        found = read_date(f"le {text}" if text.strip().isdigit() else text, typed_on, locale)
        return Refused(found.value) if isinstance(found, DateRefusal) else found

    def past_date_typed(text: str, seen: Mapping[str, object], typed_on: date) -> object:
        del seen
        found = read_past_date(text, typed_on, locale)
        if found is DateRefusal.NOT_A_DATE:
            return Refused("not_a_past_date")
        return Refused(found.value) if isinstance(found, DateRefusal) else found

    def amount_typed(text: str, seen: Mapping[str, object], typed_on: date) -> object:
        del typed_on
        found = parse_amount(text, str(seen.get("currency") or DEFAULT_CURRENCY), locale)
        return Refused("not_an_amount") if found is None else found

    return {
        **PLAIN_PARSERS,
        Kind.DATE: date_typed,
        Kind.PAST_DATE: past_date_typed,
        Kind.AMOUNT: amount_typed,
    }
