"""A calculation typed on a phone: its name half written, French dates, values in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from rapidfuzz import fuzz

from bot.use_cases.calculations.given import Calculation, Kind, Parameter
from bot.use_cases.calculations.registry import paired
from bot.use_cases.refusals import CalculationRefused
from storage.customers import fold

NEAR = 82
FRENCH_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})(?!\d)")
UNITS = "€%"
HEAD, GROUP = re.compile(r"\d{1,3}"), re.compile(r"\d{3}(?:,\d{1,2})?")
THOUSANDS = re.compile(r"\d{1,3}[.,]\d{3}")
DATED = {Kind.DATE, Kind.DATES, Kind.DATED_AMOUNTS}
NUMERIC = {Kind.AMOUNT, Kind.PERCENT, Kind.NUMBER, Kind.DAYS, Kind.COUNT}
AMBIGUOUS = "ambiguous_amount"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed after the command: the words that name a figure, and the values."""

    words: str
    values: tuple[str, ...]


def parted(text: str) -> Typed:
    """Part the words that come first from the values: the first with a digit or a sign begins."""
    tokens = re.split(r"[ \t\r\n]+", text.strip())
    place = next((n for n, one in enumerate(tokens) if _is_value(one)), len(tokens))
    values = (one if "=" in one else one.strip(UNITS) for one in tokens[place:])
    return Typed(" ".join(tokens[:place]), tuple(one for one in values if one))


def _is_value(token: str) -> bool:
    return "=" in token or any(letter.isdigit() for letter in token)


def recognised(
    typed: Typed, titles: Mapping[str, Sequence[str]], *, worded: bool = False
) -> tuple[list[str], Typed]:
    """Find the calculations meant; when values follow, words that name nothing are one of them.

    `worded`: even without a figure among them, the last words may be values.
    """
    words = typed.words.split()
    fewest = 1 if typed.values or worded else len(words)
    for count in range(len(words), max(fewest, 1) - 1, -1):
        names = named(" ".join(words[:count]), titles)
        if names:
            return names, Typed(" ".join(words[:count]), (*words[count:], *typed.values))
    return [], typed


def named(words: str, titles: Mapping[str, Sequence[str]]) -> list[str]:
    """Find the calculations that the words name; `titles` are what each is called, short first."""
    wanted = fold(words)
    if not wanted:
        return []
    exact = [name for name, said in titles.items() if wanted in map(fold, (name, *said[:-1]))]
    if exact:
        return exact
    held = {name: fold(" ".join((name, *said))).split() for name, said in titles.items()}
    begun = [name for name, known in held.items() if _all(wanted, known, str.startswith)]
    return begun or [name for name, known in held.items() if _all(wanted, known, _alike)]


def _all(wanted: str, known: list[str], meets: Callable[[str, str], bool]) -> bool:
    return all(any(meets(one, word) for one in known) for word in wanted.split())


def _alike(one: str, word: str) -> bool:
    return fuzz.ratio(one, word) >= NEAR


def given(calculation: Calculation, values: Iterable[str]) -> dict[str, str]:
    """Give each typed value to its parameter: by its key, else in the order of parameters.

    Raises `CalculationRefused` for one value too many, and for an amount that can be read in
    two ways: « 12 500 45 », « 12,000 ».
    """
    words = list(values)
    typed = paired(calculation.name, [one for one in words if "=" in one])
    queue = [one for one in words if "=" not in one]
    free = [one for one in calculation.parameters if one.name not in typed]
    for place, parameter in enumerate(free):
        if queue:
            after = free[place + 1].kind if place + 1 < len(free) else None
            typed[parameter.name] = _taken(calculation, parameter, queue, after)
    if queue:
        raise CalculationRefused(calculation.name, "too_many_values", text=queue[0])
    known = {one.name: one for one in calculation.parameters}
    return {name: _plain(known.get(name), text) for name, text in typed.items()}


def _taken(
    calculation: Calculation, parameter: Parameter, queue: list[str], after: Kind | None
) -> str:
    """Take a value off the queue; an amount takes its thousands with it: « 12 000,50 »."""
    text = queue.pop(0)
    if parameter.kind is not Kind.AMOUNT:
        return text
    if THOUSANDS.fullmatch(text):
        _refuse(calculation, parameter, text)
    while HEAD.fullmatch(text.rpartition(" ")[2]) and queue and GROUP.fullmatch(queue[0]):
        if after in NUMERIC and not queue[0].startswith("0"):
            _refuse(calculation, parameter, f"{text} {queue[0]}")
        text = f"{text} {queue.pop(0)}"
    return text


def _refuse(calculation: Calculation, parameter: Parameter, text: str) -> NoReturn:
    raise CalculationRefused(calculation.name, AMBIGUOUS, parameter.name, text, parameter)


def _plain(parameter: Parameter | None, text: str) -> str:
    """Write a value as calculations read it: dates as ISO, words of a choice without accents."""
    if parameter is None:
        return text
    if parameter.kind in DATED:
        return FRENCH_DATE.sub(_iso, text)
    plain = fold(text)
    return plain if plain in parameter.choices else text.strip(UNITS)


def _iso(match: re.Match[str]) -> str:
    day, month, year = match.groups()
    return f"{year if len(year) > 2 else '20' + year}-{int(month):02}-{int(day):02}"  # noqa: PLR2004
