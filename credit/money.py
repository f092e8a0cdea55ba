"""Money: a decimal amount in one currency, never mixed with another, never rounded in silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from types import MappingProxyType
from typing import Final

CODE_LENGTH: Final = 3
DEFAULT_DECIMALS: Final = 2
"""Decimals of an ISO 4217 code that is not in `DECIMALS`."""

MOST_EXACT: Final = 10**24
"""Minor units up to which an amount needs no check: far fewer digits than Decimal keeps."""

_SURELY_EXACT: Final = Decimal(10**20)
"""Amounts below it have fewer digits than Decimal keeps, whatever their currency."""

DECIMALS: Final = MappingProxyType(
    dict.fromkeys(
        (
            *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"),
            *("UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
        ),
        0,
    )
    | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
    | dict.fromkeys(("CLF", "UYW"), 4)
)
"""Decimals of the ISO 4217 currencies that do not have two."""


class MixedCurrencies(ValueError):
    """Two amounts of different currencies were added, subtracted or compared."""

    def __init__(self, left: str, right: str) -> None:
        """Keep both currency codes."""
        super().__init__(f"{left} and {right} cannot be combined")
        self.left = left
        self.right = right


class ExcessDecimals(ValueError):
    """An amount has more decimals than its currency, or is not a finite number."""

    def __init__(self, amount: Decimal, currency: str) -> None:
        """Keep the refused amount and its currency code."""
        super().__init__(f"{amount} is not an amount of {currency}")
        self.amount = amount
        self.currency = currency


class UnknownCurrency(ValueError):
    """A currency code is not three capital letters."""

    def __init__(self, code: str) -> None:
        """Keep the refused code."""
        super().__init__(f"{code!r} is not an ISO 4217 code")
        self.code = code


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency by its ISO 4217 code."""

    code: str

    def __post_init__(self) -> None:
        """Refuse what is not three capital letters."""
        letters = self.code.isascii() and self.code.isalpha() and self.code.isupper()
        if len(self.code) != CODE_LENGTH or not letters:
            raise UnknownCurrency(self.code)

    @property
    def decimals(self) -> int:
        """Return the number of decimals of this currency (2 when the code is unknown)."""
        return DECIMALS.get(self.code, DEFAULT_DECIMALS)

    @property
    def unit(self) -> Decimal:
        """Return the smallest amount: 0.01 for EUR, 1 for JPY."""
        return Decimal(1).scaleb(-self.decimals)


@cache
def _decimals(code: str) -> int:
    return Currency(code).decimals


@cache
def _unit(code: str) -> Decimal:
    return Currency(code).unit


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency; excess decimals are refused, never rounded."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        """Bring the amount to the currency's decimals, or raise `ExcessDecimals`."""
        unit = _unit(self.currency)
        try:
            exact = self.amount.quantize(unit)
        except InvalidOperation:  # not a number, infinite, or more digits than Decimal keeps
            raise ExcessDecimals(self.amount, self.currency) from None
        if exact != self.amount:
            raise ExcessDecimals(self.amount, self.currency)
        # Adding zero turns "-0.00" into "0.00": both must print alike.
        object.__setattr__(self, "amount", exact + 0)

    @classmethod
    def from_minor(cls, minor: int, currency: str) -> Money:
        """Build the amount from an integer of the currency's smallest unit."""
        if -MOST_EXACT <= minor <= MOST_EXACT:
            # exact by construction: a scan makes a hundred thousand of them
            return _exact(minor * _unit(currency), currency)
        return cls(Decimal(minor).scaleb(-_decimals(currency)), currency)

    @property
    def minor(self) -> int:
        """Return the amount in the currency's smallest unit."""
        return int(self.amount.scaleb(_decimals(self.currency)))

    def as_text(self) -> str:
        """Return a plain decimal string with the currency's decimals, for machines."""
        return str(self.amount)  # which has as many decimals as its currency, four at most

    def __add__(self, other: Money) -> Money:
        """Add, or raise `MixedCurrencies`."""
        return _summed(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        """Subtract, or raise `MixedCurrencies`."""
        return _summed(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Money:
        """Return the opposite amount."""
        return Money(-self.amount, self.currency)

    def __bool__(self) -> bool:
        """Tell whether the amount is not zero."""
        return bool(self.amount)

    def __lt__(self, other: Money) -> bool:
        """Compare, or raise `MixedCurrencies`."""
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        """Compare, or raise `MixedCurrencies`."""
        return self.amount <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        """Compare, or raise `MixedCurrencies`."""
        return self.amount > self._same(other)

    def __ge__(self, other: Money) -> bool:
        """Compare, or raise `MixedCurrencies`."""
        return self.amount >= self._same(other)

    def _same(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise MixedCurrencies(self.currency, other.currency)
        return other.amount


def _exact(amount: Decimal, currency: str) -> Money:
    """Make money of an amount that has its currency's decimals and is no "-0.00"."""
    money = _blank(Money)
    _set_amount(money, amount)
    _set_currency(money, currency)
    return money


# What is frozen is filled by its slots, in half the time that `object.__setattr__` takes.
_blank: Final = object.__new__
_set_amount: Final = Money.__dict__["amount"].__set__
_set_currency: Final = Money.__dict__["currency"].__set__


def _summed(amount: Decimal, currency: str) -> Money:
    """Make money of a sum: of two exact amounts it is exact, unless Decimal rounded it."""
    if -_SURELY_EXACT < amount < _SURELY_EXACT:
        return _exact(amount, currency)
    return Money(amount, currency)


def rounded(exact: Decimal, currency: str) -> Money:
    """Round a computed amount to the currency's decimals, half up, once at the end (handbook 2)."""
    return Money(exact.quantize(Currency(currency).unit, ROUND_HALF_UP), currency)


@cache
def zero(currency: str) -> Money:
    """Return nothing, in that currency."""
    return Money(Decimal(0), currency)


def total(moneys: Iterable[Money]) -> dict[str, Money]:
    """Add amounts currency by currency; currencies are never converted."""
    sums: dict[str, Money] = {}
    for money in moneys:
        sums[money.currency] = sums.get(money.currency, zero(money.currency)) + money
    return sums
