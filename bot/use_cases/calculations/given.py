"""What a person gives a calculation, read from text: each value typed, bounded, or refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, NoReturn, TypeVar

from bot.use_cases.refusals import CalculationRefused
from credit.money import Currency, ExcessDecimals, Money, UnknownCurrency
from credit.terms import Terms

if TYPE_CHECKING:
    from credit.policy import Policy
    from credit.reference import Reference

T = TypeVar("T")
MOST_DIGITS = 15
MOST_DAYS = 36_500
MOST_PARTS = 400
YEARS = (1950, 2200)
WORD = re.compile(r"[A-Za-z0-9_-]{1,30}")


class Kind(StrEnum):
    """What sort of value a parameter takes; screens say it in words."""

    AMOUNT = "amount"
    PERCENT = "percent"
    NUMBER = "number"
    DAYS = "days"
    COUNT = "count"
    DATE = "date"
    FLAG = "flag"
    CHOICE = "choice"
    WORD = "word"
    TERMS = "terms"
    CURRENCY = "currency"
    AMOUNTS_DAYS = "amount:days,…"
    AMOUNTS_RATIOS = "amount:ratio,…"
    DATED_AMOUNTS = "date:amount,…"
    DATES = "date,…"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value that a calculation takes; `least` bounds numbers, `choices` are the words."""

    name: str
    kind: Kind
    example: str
    needed: bool = True
    least: Decimal | None = None
    most: Decimal | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """What figures rest on beside the given values: dated law, the policy, today."""

    reference: Reference
    policy: Policy
    today: date


@dataclass(frozen=True, slots=True)
class Given:
    """The values of one calculation, all of them checked; missing optional ones are None."""

    values: Mapping[str, object]
    sources: Sources
    currency: str = "EUR"

    def money(self, name: str) -> Money:
        """Return a given amount in the currency of this calculation."""
        return Money(self.decimal(name), self.currency)

    def money_or_none(self, name: str) -> Money | None:
        """Return an amount, None when it was not given."""
        return self.money(name) if name in self.values else None

    def decimal(self, name: str) -> Decimal:
        """Return a given number."""
        return self._of(Decimal, name)

    def decimal_or(self, name: str, default: Decimal | None) -> Decimal | None:
        """Return a number, the default when it was not given."""
        return self.decimal(name) if name in self.values else default

    def whole(self, name: str) -> int:
        """Return a given whole number."""
        return self._of(int, name)

    def whole_or(self, name: str, default: int) -> int:
        """Return a whole number, the default when it was not given."""
        return self.whole(name) if name in self.values else default

    def day(self, name: str) -> date:
        """Return a given date."""
        return self._of(date, name)

    def day_or(self, name: str, default: date) -> date:
        """Return a date, the default when it was not given."""
        return self.day(name) if name in self.values else default

    def word(self, name: str, default: str = "") -> str:
        """Return one of the parameter's words, the default when none was given."""
        return self._of(str, name) if name in self.values else default

    def flag(self, name: str) -> bool:
        """Tell whether a switch was given as true."""
        return bool(self.values.get(name))

    def terms(self, name: str) -> Terms:
        """Return a given payment term."""
        return self._of(Terms, name)

    def pairs(self, name: str) -> Sequence[tuple[Decimal, Decimal]]:
        """Return the parts of a list of number:number; none when it was not given."""
        return self.values.get(name, ())  # type: ignore[return-value]

    def dated(self, name: str) -> Sequence[tuple[date, Money]]:
        """Return the parts of a list of date:amount; none when it was not given."""
        parts: Sequence[tuple[date, Decimal]] = self.values.get(name, ())  # type: ignore[assignment]
        return [(day, Money(amount, self.currency)) for day, amount in parts]

    def days(self, name: str) -> Sequence[date]:
        """Return a list of dates; none when it was not given."""
        return self.values.get(name, ())  # type: ignore[return-value]

    def _of(self, kind: type[T], name: str) -> T:
        value = self.values[name]
        if not isinstance(value, kind):
            raise TypeError(name)
        return value


@dataclass(frozen=True, slots=True)
class Answer:
    """A calculation's answer: plain values by key, ready for JSON, and what to warn of."""

    values: Mapping[str, object]
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Calculation:
    """A named figure: its parameters, and the function that computes it."""

    name: str
    source: str
    parameters: tuple[Parameter, ...]
    compute: Callable[[Given], Answer]

    def run(self, typed: Mapping[str, str], sources: Sources) -> Answer:
        """Read the typed values and compute; raise `CalculationRefused` saying which and why."""
        known = {one.name: one for one in (*self.parameters, CURRENCY)}
        for name in typed:
            if name not in known:
                raise CalculationRefused(self.name, "unknown_parameter", name, typed[name])
        for one in self.parameters:
            if one.needed and one.name not in typed:
                raise CalculationRefused(self.name, "missing_parameter", one.name, parameter=one)
        currency = self._read(CURRENCY, typed.get("currency", "EUR"), "EUR")
        values = {
            name: self._read(known[name], text, str(currency))
            for name, text in typed.items()
            if name != "currency"
        }
        try:
            return self.compute(Given(values, sources, str(currency)))
        except ExcessDecimals as fault:
            raise CalculationRefused(
                self.name, "too_many_decimals", "", str(fault.amount)
            ) from None
        except ImpossibleValue as fault:
            raise CalculationRefused(self.name, fault.code, fault.name, fault.said) from None

    def _read(self, parameter: Parameter, text: str, currency: str) -> object:
        try:
            return read(parameter, text.strip(), currency)
        except (ValueError, InvalidOperation, ExcessDecimals, UnknownCurrency):
            code = f"not_{parameter.kind.name.lower()}"
            raise CalculationRefused(self.name, code, parameter.name, text, parameter) from None


CURRENCY = Parameter("currency", Kind.CURRENCY, "EUR", needed=False)


class ImpossibleValue(ValueError):
    """A value that can be read but not computed with: its parameter, why, and what was typed."""

    def __init__(self, name: str, code: str, said: object = "") -> None:
        super().__init__(f"{name}: {code}")
        self.name = name
        self.code = code
        self.said = str(said)


def read(parameter: Parameter, text: str, currency: str) -> object:
    """Read one value; raise `ValueError`, or Decimal's and Money's own refusals."""
    match parameter.kind:
        case Kind.AMOUNT:
            return _bounded(parameter, Money(_number(text), currency).amount)
        case Kind.PERCENT | Kind.NUMBER:
            return _bounded(parameter, _number(text))
        case Kind.DAYS | Kind.COUNT:
            return int(_bounded(parameter, Decimal(_whole(text))))
        case Kind.FLAG | Kind.CHOICE:
            return _chosen(parameter, text)
    simple = SIMPLE.get(parameter.kind)
    return simple(text) if simple else _listed(parameter, text, currency)


FLAGS = {"true": True, "yes": True, "oui": True, "1": True} | {
    "false": False,
    "no": False,
    "non": False,
    "0": False,
}


def _chosen(parameter: Parameter, text: str) -> object:
    words: Mapping[str, object] = FLAGS
    if parameter.kind is Kind.CHOICE:
        words = {one.lower(): one for one in parameter.choices}
    return words[text.lower()] if text.lower() in words else _refuse(text)


def _listed(parameter: Parameter, text: str, currency: str) -> object:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > MOST_PARTS:
        _refuse(text)
    if parameter.kind is Kind.DATES:
        return tuple(_dated(part) for part in parts)
    pairs = [part.partition(":") for part in parts]
    if parameter.kind is Kind.DATED_AMOUNTS:
        return tuple(
            (_dated(day), Money(_positive(amount), currency).amount) for day, _, amount in pairs
        )
    second = _days if parameter.kind is Kind.AMOUNTS_DAYS else _ratio
    return tuple((Money(_number(one), currency).amount, second(two)) for one, _, two in pairs)


def _dated(text: str) -> date:
    day = date.fromisoformat(text)
    return day if YEARS[0] <= day.year <= YEARS[1] else _refuse(text)


def _number(text: str) -> Decimal:
    plain = text.replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
    value = Decimal(plain.replace(",", ".") if "." not in plain else plain)
    if not value.is_finite() or value.adjusted() >= MOST_DIGITS:
        _refuse(text)
    return value


def _positive(text: str) -> Decimal:
    value = _number(text)
    return value if value > 0 else _refuse(text)


def _whole(text: str) -> int:
    value = int(text)
    return value if abs(value) <= MOST_DAYS else _refuse(text)


def _days(text: str) -> Decimal:
    return Decimal(_whole(text))


def _ratio(text: str) -> Decimal:
    value = _number(text)
    return value if 0 <= value <= 1 else _refuse(text)


def _bounded(parameter: Parameter, value: Decimal) -> Decimal:
    low = parameter.least is not None and value < parameter.least
    high = parameter.most is not None and value > parameter.most
    return _refuse(str(value)) if low or high else value


def _refuse(text: str) -> NoReturn:
    raise ValueError(text)


SIMPLE: Mapping[Kind, Callable[[str], object]] = {
    Kind.DATE: _dated,
    Kind.WORD: lambda text: text if WORD.fullmatch(text) else _refuse(text),
    Kind.TERMS: lambda text: Terms.parse(text.lower()),
    Kind.CURRENCY: lambda text: Currency(text.upper()).code,
}
