"""A calculation in words: its name, what it takes, what it found, why it was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from bot.screens import formats
from bot.screens.calculation_words import (
    FIGURES,
    KINDS,
    NOTES,
    PARAMETERS,
    REASONS,
    TITLES,
    WORDS,
    Shape,
)
from bot.screens.render import N_, Speaker
from bot.use_cases.calculations.given import Answer, Calculation, Kind, Parameter
from bot.use_cases.refusals import CalculationRefused
from credit.money import Money

YES, NO, NOTHING = N_("yes"), N_("no"), N_("n/a")
MAIN = frozenset({"total", "totals", "annual_cost", "class", "limit", "creditor_ttc"})
"""Figures that are read first, though they are reckoned from the others."""
SPARSE = {Shape.DATE, Shape.WORD}


def listed(speaker: Speaker, calculations: Sequence[Calculation]) -> list[str]:
    """Name every calculation with its parameters, an example of each and its source."""
    lines = []
    for one in calculations:
        words = " ".join(_example(parameter) for parameter in one.parameters)
        lines += [f"{one.name} — {speaker.say(TITLES[one.name])}", f"    {one.name} {words}"]
        lines += [f"      {line}" for line in _parameters(speaker, one)]
        if one.source.startswith("art."):
            lines.append(f"      [{one.source.partition(', handbook')[0]}]")
    return lines


def as_json(speaker: Speaker, calculation: Calculation) -> dict[str, object]:
    """Describe a calculation for a script: name, title, source, parameters with their kinds."""
    return {
        "name": calculation.name,
        "title": speaker.say(TITLES[calculation.name]),
        "source": calculation.source,
        "parameters": [
            {
                "name": one.name,
                "kind": one.kind.value,
                "needed": one.needed,
                "example": one.example,
                "choices": list(one.choices),
            }
            for one in calculation.parameters
        ],
    }


def _example(parameter: Parameter) -> str:
    word = f"{parameter.name}={parameter.example}"
    return word if parameter.needed else f"[{word}]"


def _parameters(speaker: Speaker, calculation: Calculation) -> Iterator[str]:
    for one in calculation.parameters:
        yield f"{one.name}: {speaker.say(PARAMETERS[one.name])} ({expected(speaker, one)})"


def expected(speaker: Speaker, parameter: Parameter) -> str:
    """Say what sort of value a parameter takes."""
    if parameter.kind is Kind.CHOICE:
        return " | ".join(parameter.choices)
    return speaker.say(KINDS[parameter.kind])


def result(speaker: Speaker, answer: Answer, currency: str) -> list[tuple[str, str]]:
    """Say what was found: (label, value) lines, what was asked for before what it is made of."""
    lines = []
    shown = _shown(answer)
    for key in sorted(answer.values, key=lambda key: key not in MAIN):
        if key in shown:
            label, shape = FIGURES[key]
            lines.append((speaker.say(label), _value(speaker, shape, answer.values[key], currency)))
    return lines


def line(speaker: Speaker, label: str, value: str) -> str:
    """Put a label before its value; several lines stand below it."""
    gap = "\n" if "\n" in value else " "
    return speaker.say("{label}:", label=label) + gap + value


def _shown(answer: Answer) -> set[str]:
    """Leave out what repeats another line, dates that do not exist, and a limit that is a date."""
    keys = set(FIGURES) & set(answer.values)
    keys = {key for key in keys if answer.values[key] is not None or FIGURES[key][1] not in SPARSE}
    mixed = answer.values.get("total") is None  # a fee in euros beside another currency
    keys -= {"total", "flat_fee"} if mixed else {"totals"}
    return keys - ({"limit"} if "lawful" in keys else set())


def notes(speaker: Speaker, answer: Answer) -> list[str]:
    """Say what to be careful about in an answer."""
    return [speaker.say(NOTES[note]) for note in answer.notes]


def refusal(speaker: Speaker, refused: CalculationRefused) -> str:
    """Say which value is wrong, what was expected, and what to do."""
    wanted = refused.parameter
    known = "unreadable" if wanted else "no_such_calculation"
    return speaker.say(
        REASONS.get(refused.code, REASONS[known]),
        calculation=formats.name(refused.calculation, 40),
        name=formats.name(refused.name, 40),
        text=formats.name(refused.text, 40),
        expected=expected(speaker, wanted) if wanted else "",
        example=wanted.example if wanted else "",
    )


def _value(speaker: Speaker, shape: Shape, value: object, currency: str) -> str:
    if value is None:
        return speaker.say(NOTHING)
    simple = SIMPLE.get(shape)
    return simple(speaker, value) if simple else _composed(speaker, shape, value, currency)


def _composed(speaker: Speaker, shape: Shape, value: object, currency: str) -> str:
    if isinstance(value, Mapping):  # the same figure in several currencies
        return " + ".join(_money(speaker, one, code) for code, one in value.items())
    if not isinstance(value, list):
        return _money(speaker, value, currency)
    line = _segment if shape is Shape.SEGMENTS else _instalment
    return "\n".join(line(speaker, part, currency) for part in value)


def _segment(speaker: Speaker, part: Mapping[str, object], currency: str) -> str:
    return speaker.say(
        "{first} → {last}: {days} d × {rate} % on {base}",
        first=_day(speaker, part["from"]),
        last=_day(speaker, part["to"]),
        days=part["days"],
        rate=_number(speaker, part["rate"]),
        base=_money(speaker, part["base"], currency),
    )


def _instalment(speaker: Speaker, part: Mapping[str, object], currency: str) -> str:
    return f"{_day(speaker, part['due'])} · {_money(speaker, part['amount'], currency)}"


def _day(speaker: Speaker, value: object) -> str:
    return formats.day(date.fromisoformat(str(value)), speaker.locale)


def _number(speaker: Speaker, value: object) -> str:
    return formats.decimal(Decimal(str(value)), speaker.locale)


def _money(speaker: Speaker, value: object, currency: str) -> str:
    return formats.money(Money(Decimal(str(value)), currency), speaker.locale)


SIMPLE: Mapping[Shape, Callable[[Speaker, object], str]] = {
    Shape.TRUTH: lambda speaker, value: speaker.say(YES if value else NO),
    Shape.WORD: lambda speaker, value: speaker.say(WORDS.get(str(value), str(value))),
    Shape.DATE: _day,
    Shape.PERCENT: lambda speaker, value: formats.rate(Decimal(str(value)), speaker.locale),
    Shape.NUMBER: _number,
}
