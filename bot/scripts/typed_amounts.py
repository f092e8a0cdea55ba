"""Amounts as people type them: "1 500", "1500,50 €", "1.500,50", "1,5k"."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

from credit.money import Currency, ExcessDecimals, Money, UnknownCurrency

LONGEST: Final = 40
SYMBOLS: Final = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "euros": "EUR", "euro": "EUR"}
NUMBER: Final = re.compile(r"(?P<figures>\d[\d ., ']*)(?P<thousand>k)?")
GROUP: Final = 3


def parse_amount(text: str, currency: str, locale: str = "fr") -> Money | None:
    """Return the amount above zero that was typed, in that currency, or None.

    Another currency, excess decimals, a minus or words are refused. One mark before exactly three
    figures separates thousands ("1.500", "1,500"), unless the currency has three decimals:
    then the language decides.
    """
    if len(text) > LONGEST:
        return None
    plain = _without_currency(unicodedata.normalize("NFKC", text).lower().strip(), currency)
    match = NUMBER.fullmatch(plain or "")
    if match is None:
        return None
    marks = _decimal_marks(currency, locale, short=match["thousand"] is not None)
    value = _value(match["figures"].strip(), marks)
    if value is None:
        return None
    try:
        money = Money(value * 1000 if match["thousand"] else value, currency)
    except ExcessDecimals:
        return None
    return money if money.amount > 0 else None


def currency_named(text: str) -> str:
    """Return the currency that a typed amount names by its sign or code; "" when none."""
    for sign, code in SYMBOLS.items():
        if text.startswith(sign) or text.lower().endswith(sign):
            return code
    try:
        return Currency(text[-3:].upper()).code
    except UnknownCurrency:
        return ""


def _without_currency(plain: str, currency: str) -> str | None:
    """Drop the currency's own sign or code before or after; None when it is another's."""
    signs = sorted([*SYMBOLS, Currency(currency).code.lower()], key=len, reverse=True)
    for sign in signs:
        if plain.startswith(sign) or plain.endswith(sign):
            if SYMBOLS.get(sign, currency) != currency:
                return None
            return plain.removeprefix(sign).removesuffix(sign).strip()
    return plain


def _decimal_marks(currency: str, locale: str, *, short: bool) -> str:
    """Return the marks that are decimal even before exactly three figures."""
    if short:  # "1.500k" is a thousand and a half
        return ".,"
    if Currency(currency).decimals < GROUP:
        return ""
    return "." if locale.startswith("en") else ","


def _value(figures: str, decimal_marks: str) -> Decimal | None:
    """Read figures with their separators; None when they do not make a number."""
    figures = figures.replace("'", " ")
    marks = [sign for sign in figures if sign in ".,"]
    if not marks:
        return _whole(figures)
    last = marks[-1]
    whole, _, fraction = figures.rpartition(last)
    one_kind = len(set(marks)) == 1
    grouped = len(fraction) == GROUP and last not in decimal_marks and whole != "0"
    if one_kind and (len(marks) > 1 or grouped):
        return _whole(figures.replace(last, " "))
    units = _whole(whole.replace("." if last == "," else ",", " "))
    if units is None or not (fraction.isascii() and fraction.isdigit()):
        return None
    return units + Decimal(f"0.{fraction}")


def _whole(figures: str) -> Decimal | None:
    """Read a whole number, grouped by threes when it is grouped at all."""
    first, *groups = figures.split(" ")
    if not all(len(group) == GROUP for group in groups) or not "".join([first, *groups]).isdigit():
        return None
    return Decimal(first + "".join(groups)) if not groups or len(first) <= GROUP else None
