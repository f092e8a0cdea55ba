"""What a conversation knows: the account's facts, the answers so far, figures drawn from both."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum

from bot.scripts.derived import derive
from bot.scripts.model import Comparison, Condition


@dataclass(frozen=True, slots=True)
class Option:
    """One button that comes from the data: its key, the value it records, the words it fills in."""

    key: str
    value: object
    label: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one account at one moment, and the rule that derives more from the answers."""

    known: Mapping[str, object] = field(default_factory=dict)
    derive: Callable[[Mapping[str, object]], Mapping[str, object]] = derive

    def __post_init__(self) -> None:
        """Turn the facts into plain values, once."""
        known = {name: plain(value) for name, value in self.known.items()}
        object.__setattr__(self, "known", known)

    def seen_with(self, answers: Mapping[str, object]) -> Mapping[str, object]:
        """Return every named value: derived first, then answers, then facts; None means missing."""
        base = {**self.known, **answers}
        return ChainMap(dict(self.derive(base)), base)


def plain(value: object) -> object:
    """Turn a date, an amount or an enum into what JSON can hold; the insides of an `Option` too."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return _plain_parts(value)


def _plain_parts(value: object) -> object:
    if hasattr(value, "amount") and hasattr(value, "currency"):
        return {"amount": str(value.amount), "currency": currency_code(value.currency)}
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_option(inner) if isinstance(inner, Option) else plain(inner) for inner in value]
    return value


def _option(option: Option) -> Option:
    label = {name: plain(part) for name, part in option.label.items()}
    return Option(option.key, plain(option.value), label)


def currency_code(currency: object) -> str:
    """Name a currency, given as an ISO code or as a value that carries one."""
    return str(getattr(currency, "code", currency))


def number(value: object) -> Decimal | None:
    """Read a plain value as a number: an amount's figure, the length of a list; else None."""
    if isinstance(value, Mapping):
        return number(value.get("amount"))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return Decimal(len(value))
    try:
        figure = Decimal(str(value))
    except InvalidOperation:
        return None
    return figure if figure.is_finite() else None


def holds(condition: Condition | None, seen: Mapping[str, object]) -> bool:
    """Decide one test of a script on the named values; no condition always holds."""
    if condition is None:
        return True
    value = seen.get(condition.value)
    match condition.comparison:
        case Comparison.IS:
            return value is not None and value == condition.other
        case Comparison.IS_NOT:
            return value is None or value != condition.other
        case Comparison.MISSING:
            return is_missing(value) is condition.other
        case _:
            return _above(value, condition.other, seen)


def is_missing(value: object) -> bool:
    """Tell whether a value is absent or empty; zero and false are there."""
    return value is None or value in ("", [], {}, ())


def _above(value: object, other: object, seen: Mapping[str, object]) -> bool:
    bound = number(seen.get(other) if isinstance(other, str) else other)
    figure = number(value)
    return figure is not None and bound is not None and figure > bound
