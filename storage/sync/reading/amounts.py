"""Amounts as files write them, read into integers without ever going through a float."""

from __future__ import annotations

import math
import re
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from credit.money import DECIMALS, DEFAULT_DECIMALS
from storage.sync.reading.currencies import currency_named
from storage.sync.reading.reasons import Reason, Refused
from storage.sync.reading.texts import Cell, clean

LARGEST_MINOR: Final = 10**15
"""Amounts beyond are typing errors, and would not fit everywhere."""

_GROUP: Final = 3
LONGEST: Final = 48
"""Characters of the longest cell that may be an amount."""


class Mark(StrEnum):
    """The decimal mark of a column."""

    COMMA = ","
    POINT = "."


class Number(NamedTuple):
    """An amount before its currency is known: `unscaled` × 10^-`scale`."""

    unscaled: int
    scale: int
    currency: str | None


_BLANKS: Final = dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007\u2008\u2002\u2003\u2005\t"), " ")
_MINUSES: Final = dict.fromkeys(map(ord, "\u2212\u2012\u2013\ufe63\uff0d"), "-")
_QUOTES: Final = dict.fromkeys(map(ord, "\u2019\u02bc\u00b4`"), "'")
_TRANSLATION: Final = _BLANKS | _MINUSES | _QUOTES

_MONEY: Final = r"US\$|\$US|€|£|\$|¥|[A-Za-zł]{3,5}|zł|Fr\.|FS|DH"
_FORM: Final = re.compile(
    rf"(?P<s1>[-+])? ?(?P<c1>{_MONEY})? ?(?P<s2>[-+])? ?(?P<open>\()? ?(?P<s3>[-+])? ?"
    rf"(?P<c2>{_MONEY})? ?(?P<number>[0-9][0-9 .,']*|[.,][0-9]+) ?(?P<s4>[-+])? ?"
    rf"(?P<c3>{_MONEY})? ?(?P<s5>[-+])? ?(?P<close>\))? ?(?P<c4>{_MONEY})? ?"
    r"(?P<side>CR|DR|DB|DT|C|D)?\.?",
    re.IGNORECASE,
)
_SIGNS: Final = ("s1", "s2", "s3", "s4", "s5")
_CURRENCIES: Final = ("c1", "c2", "c3", "c4")
_PLAIN: Final = {
    Mark.COMMA: re.compile(r"(\d{1,3}(?:([ .'])\d{3})(?:\2\d{3})*|\d*)(?:,(\d*))?", re.ASCII),
    Mark.POINT: re.compile(r"(\d{1,3}(?:([ ,'])\d{3})(?:\2\d{3})*|\d*)(?:\.(\d*))?", re.ASCII),
}
_NOT_DIGIT: Final = re.compile(r"[^0-9]+")


def read_number(cell: Cell, mark: Mark | None) -> Number | None:
    """Return the amount in a cell, nothing when the cell is blank.

    `mark` None means that the column does not tell: what is ambiguous is then refused.
    """
    if isinstance(cell, str):
        return _from_text(cell, mark)
    if cell is None:
        return None
    if isinstance(cell, (bool, date)):
        raise Refused(Reason.INVALID_AMOUNT, cell)
    return _from_number(cell)


def to_minor(number: Number, currency: str) -> int:
    """Return minor units of a currency; refuse decimals that it does not have."""
    decimals = DECIMALS.get(currency, DEFAULT_DECIMALS)
    unscaled, missing = number.unscaled, decimals - number.scale
    if missing >= 0:
        minor = unscaled * int(10**missing)
    else:
        minor, rest = divmod(abs(unscaled), int(10**-missing))
        if rest:
            raise Refused(Reason.EXCESS_DECIMALS)
        minor = -minor if unscaled < 0 else minor
    if abs(minor) > LARGEST_MINOR:
        raise Refused(Reason.AMOUNT_TOO_LARGE)
    return minor


def looks_like_amount(cell: Cell) -> bool:
    """Tell whether a cell can be an amount under one convention or the other."""
    for mark in Mark:
        try:
            if read_number(cell, mark) is not None:
                return True
        except Refused:
            continue
    return False


def _from_number(value: float) -> Number:
    if isinstance(value, int):
        return Number(value, 0, None)
    if not math.isfinite(value) or abs(value) > LARGEST_MINOR:
        raise Refused(Reason.AMOUNT_TOO_LARGE, value)
    # A sum made by a spreadsheet carries binary dust (0.30000000000000004); six decimals
    # are more than any currency has, and fewer than the dust.
    whole, _, decimals = f"{value:.6f}".partition(".")
    decimals = decimals.rstrip("0")
    return Number(int(whole + decimals), len(decimals), None)


def _from_text(cell: str, mark: Mark | None) -> Number | None:
    if len(cell) > LONGEST and len(cell := cell.strip()) > LONGEST:
        raise Refused(Reason.INVALID_AMOUNT, cell)
    text = clean(cell.translate(_TRANSLATION))[0]
    if not text or text in {"-", "--"}:
        return None
    form = _FORM.fullmatch(" ".join(text.split()))
    if form is None:
        raise Refused(Reason.INVALID_AMOUNT, cell)
    sign = _sign(form, cell)
    digits, scale = _digits(form["number"].strip(), mark, cell)
    return Number(sign * digits, scale, _currency(form, cell))


def _sign(form: re.Match[str], cell: str) -> int:
    signs = [form[name] for name in _SIGNS if form[name]]
    if bool(form["open"]) != bool(form["close"]):
        raise Refused(Reason.INVALID_AMOUNT, cell)
    negatives = signs.count("-") + bool(form["open"])
    side = (form["side"] or "").upper()
    credit = side in {"C", "CR"}
    if len(signs) + bool(form["open"]) > 1 or (credit and negatives):
        raise Refused(Reason.INVALID_AMOUNT, cell)
    return -1 if negatives or credit else 1


def _currency(form: re.Match[str], cell: str) -> str | None:
    names = [form[name] for name in _CURRENCIES if form[name]]
    if not names:
        return None
    codes = {currency_named(name) for name in names}
    if len(codes) > 1 or None in codes:
        raise Refused(Reason.UNKNOWN_CURRENCY, cell)
    return codes.pop()


def _digits(number: str, mark: Mark | None, cell: str) -> tuple[int, int]:
    if mark is None:
        mark = mark_of(number)
        if mark is None and ("," in number or "." in number):
            raise Refused(Reason.AMBIGUOUS_AMOUNT, cell)
    plain = _PLAIN[mark or Mark.COMMA].fullmatch(number)
    if plain is None:
        raise Refused(Reason.INVALID_AMOUNT, cell)
    decimals = plain[3] or ""
    digits = _NOT_DIGIT.sub("", plain[1]) + decimals
    if not digits:
        raise Refused(Reason.INVALID_AMOUNT, cell)
    return int(digits), len(decimals)


def mark_of(number: str) -> Mark | None:
    """Return the decimal mark that a number proves, nothing when it proves none.

    1.234,56 and 12,5 and 1.234.567 prove; 1234 and 1.234 do not.
    """
    commas, points = number.count(","), number.count(".")
    if commas and points:
        last = Mark.COMMA if number.rfind(",") > number.rfind(".") else Mark.POINT
        return last if min(commas, points) == 1 or number.count(last) == 1 else None
    if commas + points == 0:
        return None
    mark = Mark.COMMA if commas else Mark.POINT
    if commas + points > 1:
        return Mark.POINT if mark is Mark.COMMA else Mark.COMMA
    whole, _, decimals = number.partition(mark)
    if len(decimals) != _GROUP:
        return mark
    # Three digits after the only mark: a thousands group, unless what is before cannot be one.
    lone = whole in {"", "0"} or len(whole) > _GROUP or " " in whole or "'" in whole
    return mark if lone else None


def number_in(cell: str) -> str:
    """Return the digits and marks of an amount, without sign and currency; "" when it is none."""
    form = _FORM.fullmatch(" ".join(clean(cell.translate(_TRANSLATION))[0].split()))
    return form["number"].strip() if form else ""
