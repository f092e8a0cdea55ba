"""How money, dates and names are written for a reader of each language."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_decimal_symbol,
    get_group_symbol,
)

from credit.money import Money

NAME_LIMIT = 60
ACCOUNT_LIMIT, CODE_LIMIT = 34, 12  # of a button that has its row to itself

# Babel takes up to 0.1 ms for each; the same freshness, limits and thresholds come all day.
_remembered = lru_cache(maxsize=2_048)
_babel = cache(Locale.parse)


@_remembered
def money(value: Money, locale: str) -> str:
    """Write an amount with its currency: « 1 234,50 € », "€1,234.50"."""
    return _framed(value.amount, _frame(value.currency, locale))


@_remembered
def round_money(value: Money, locale: str) -> str:
    """Write an amount without its cents when it has none or is large: « 12 400 € »."""
    amount = value.amount
    if amount == amount.to_integral_value() or abs(amount) >= Decimal(10_000):
        pattern = "#,##0\u00a0¤" if locale.startswith("fr") else "¤#,##0"
        whole = amount.to_integral_value(rounding="ROUND_HALF_UP")
        return _framed(whole, _frame(value.currency, locale, pattern))
    return money(value, locale)


@dataclass(frozen=True, slots=True)
class _Frame:
    """How a locale writes an amount: what stands around its digits, and between them."""

    plus: tuple[str, str]
    minus: tuple[str, str]
    places: int
    marks: dict[int, str]


@cache
def _frame(currency: str, locale: str, pattern: str | None = None) -> _Frame:
    """Ask Babel once: it takes as long for every amount, and only the digits differ."""
    own = pattern is None  # as many decimals as the currency has
    plus, minus = (
        format_currency(one, currency, pattern, _babel(locale), currency_digits=own)
        for one in (1, -1)
    )
    digits = [place for place, letter in enumerate(plus) if letter.isdigit()]
    first, last = digits[0], digits[-1] + 1
    begins = minus.index("1")
    return _Frame(
        plus=(_apart(plus[:first]), plus[last:]),
        minus=(_apart(minus[:begins]), minus[begins + last - first :]),
        places=len(digits) - 1,
        marks=str.maketrans({",": get_group_symbol(locale), ".": get_decimal_symbol(locale)}),
    )


def _apart(before: str) -> str:
    """Keep a currency's letters off the digits: « CHF 12 », as against « €12 »."""
    return before + "\N{NO-BREAK SPACE}" if before[-1:].isalpha() else before


def _framed(amount: Decimal, frame: _Frame) -> str:
    before, after = frame.minus if amount.is_signed() else frame.plus
    return f"{before}{f'{abs(amount):,.{frame.places}f}'.translate(frame.marks)}{after}"


@_remembered
def day(value: date, locale: str) -> str:
    """Write a date in figures: « 15/12/2026 », "15 Dec 2026"."""
    return format_date(
        value, "dd/MM/yyyy" if locale.startswith("fr") else "d MMM y", locale=_babel(locale)
    )


@_remembered
def short_day(value: date, locale: str) -> str:
    """Write a near date with its weekday: « ven. 15/12 », "Fri 15 Dec"."""
    return format_date(
        value, "EEE dd/MM" if locale.startswith("fr") else "EEE d MMM", locale=_babel(locale)
    )


@_remembered
def long_day(value: date, locale: str) -> str:
    """Write a date in words: « vendredi 15 décembre », « mardi 1er décembre »."""
    first = locale.startswith("fr") and value.day == 1
    return format_date(value, "EEEE d'er' MMMM" if first else "EEEE d MMMM", locale=_babel(locale))


@_remembered
def moment(value: datetime, locale: str, zone: ZoneInfo) -> str:
    """Write a moment in the company's zone: « 15/12 à 07:40 »."""
    pattern = "dd/MM 'à' HH:mm" if locale.startswith("fr") else "d MMM, HH:mm"
    return format_datetime(value, pattern, tzinfo=zone, locale=_babel(locale))


@_remembered
def count(value: int, locale: str) -> str:
    """Write a whole number with its thousands apart."""
    return format_decimal(value, locale=_babel(locale))


def decimal(value: Decimal, locale: str) -> str:
    """Write a number with its own decimals: 70,5."""
    exponent = value.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    pattern = f"#,##0.{'0' * places}".rstrip(".")
    return format_decimal(value, format=pattern, locale=_babel(locale))


@_remembered
def number(spelled: str, locale: str) -> str:
    """Write a figure stored as text as a whole number, or to a tenth where it was kept so."""
    value = Decimal(spelled)
    if value.as_tuple().exponent == -1:
        return decimal(value, locale)
    return count(int(value.to_integral_value()), locale)


def rate(value: Decimal, locale: str) -> str:
    """Write a number of per cent with its own decimals: 12,65 %, 12.65%."""
    space = "\N{NO-BREAK SPACE}" if locale.startswith("fr") else ""
    return f"{decimal(value, locale)}{space}%"


@_remembered
def percent(value: Decimal | float, locale: str) -> str:
    """Write a share (0.42) as a percentage without decimals."""
    return format_percent(value, locale=_babel(locale))


@_remembered
def name(value: str, limit: int = NAME_LIMIT) -> str:
    """Make a name from a file safe to show: no control or direction marks, cut at `limit`.

    A name of which nothing is left is shown as a question mark.
    """
    shown = value if value.isprintable() else _shown(value)
    kept = " ".join(shown.split()) or ("?" if value.strip() else "")
    return kept if len(kept) <= limit else kept[: limit - 1].rstrip() + "…"


def account(name_: str, code: str) -> str:
    """Label the button of an account in a list: its name, and the code that tells twins apart."""
    return f"{name(name_, ACCOUNT_LIMIT)} · {name(code, CODE_LIMIT)}"


def _shown(value: str) -> str:
    return "".join(
        " " if unicodedata.category(letter) in {"Zl", "Zp", "Cc"} else letter
        for letter in value
        if unicodedata.category(letter) not in {"Cf", "Cs", "Co", "Cn"}
    )
