"""Answers to the points of an account file: typed texts become values, or are refused with why."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from bot.scripts.typed_amounts import parse_amount
from bot.use_cases.observations import check
from bot.use_cases.refusals import OpeningRefused
from credit.account_opening import SIREN, SIRET, Checklist, Kind, Point
from credit.identifiers import SIREN_DIGITS, siren_of, siren_of_vat
from credit.money import Money

Value = dict[str, Any]
"""What is kept of an answer: {"text"}, {"option"}, {"amount", "currency"}, {"day"}, {"photos"}
or {"none": true}."""
Answers = Mapping[str, Mapping[str, Any]]

SIRET_DIGITS: Final = 14
LONGEST: Final = 200
CURRENCY: Final = "EUR"
DAY: Final = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{2}|\d{4})\Z")
CENTURY: Final = 100
NOTHING: Final[Value] = {"none": True}


@dataclass(frozen=True, slots=True)
class Given:
    """What a person gave for a point, and what was known before."""

    checklist: Checklist
    point: Point
    text: str
    photos: Sequence[Mapping[str, str]]
    answers: Answers
    today: date
    locale: str


def read(given: Given) -> dict[str, Value]:
    """Return the values to keep, by point: a SIRET typed for the SIREN fills in both.

    Raise `OpeningRefused` with the reason, `ForbiddenWords` for what may not be written.
    """
    if given.point.kind is Kind.PHOTO:
        if not given.photos:
            raise OpeningRefused("photo_wanted")
        return {given.point.code: {"photos": [dict(one) for one in given.photos]}}
    text = " ".join(given.text.split())
    if not text:
        raise OpeningRefused("empty")
    if len(text) > LONGEST:
        raise OpeningRefused("too_long")
    return READERS[given.point.kind](given, text)


def text_of(answers: Answers, code: str) -> str:
    """Return a typed answer; "" when there is none."""
    return str(answers.get(code, {}).get("text", ""))


def money_of(answers: Answers, code: str) -> Money | None:
    """Return an amount that was answered."""
    found = answers.get(code, {})
    if "amount" not in found:
        return None
    return Money(Decimal(found["amount"]), found["currency"])


def _text(given: Given, text: str) -> dict[str, Value]:
    check(text)
    return {given.point.code: {"text": text}}


def _digits(text: str) -> str:
    plain = re.sub(r"[\s.\-]", "", text)
    if not (plain.isascii() and plain.isdigit()):
        raise OpeningRefused("digits")
    return plain


def _siren(given: Given, text: str) -> dict[str, Value]:
    from stdnum.fr import siren  # noqa: PLC0415 - the registers are loaded when met

    digits = _digits(text)
    if len(digits) == SIRET_DIGITS:
        _valid_siret(digits)
        kept = {SIREN: {"text": siren_of(digits)}}
        has_siret = given.checklist.point(SIRET) is not None
        return {**kept, SIRET: {"text": digits}} if has_siret else kept
    if len(digits) != SIREN_DIGITS:
        raise OpeningRefused("siren_length", {"n": len(digits)})
    if not siren.is_valid(digits):
        raise OpeningRefused("siren_key")
    return {given.point.code: {"text": digits}}


def _siret(given: Given, text: str) -> dict[str, Value]:
    digits = _digits(text)
    if len(digits) != SIRET_DIGITS:
        raise OpeningRefused("siret_length", {"n": len(digits)})
    _valid_siret(digits)
    known = text_of(given.answers, SIREN)
    if known and siren_of(digits) != known:
        raise OpeningRefused("siret_other", {"siren": known})
    return {given.point.code: {"text": digits}}


def _valid_siret(digits: str) -> None:
    """Refuse a wrong key; La Poste's establishments have a rule of their own, known to stdnum."""
    from stdnum.fr import siret  # noqa: PLC0415 - see above

    if not siret.is_valid(digits):
        raise OpeningRefused("siret_key")


def _vat(given: Given, text: str) -> dict[str, Value]:
    from stdnum.eu import vat  # noqa: PLC0415 - see above

    plain = re.sub(r"[\s.\-]", "", text).upper()
    if not vat.is_valid(plain):
        raise OpeningRefused("vat_key")
    known, inside = text_of(given.answers, SIREN), siren_of_vat(plain)
    if known and inside and inside != known:
        raise OpeningRefused("vat_other", {"siren": known})
    return {given.point.code: {"text": plain}}


def _iban(given: Given, text: str) -> dict[str, Value]:
    from stdnum import iban  # noqa: PLC0415 - see above

    plain = re.sub(r"[\s.\-]", "", text).upper()
    if not iban.is_valid(plain):
        raise OpeningRefused("iban_key")
    return {given.point.code: {"text": plain}}


def _amount(given: Given, text: str) -> dict[str, Value]:
    found = parse_amount(text, CURRENCY, given.locale)
    if found is None:
        raise OpeningRefused("amount")
    return {given.point.code: {"amount": found.as_text(), "currency": found.currency}}


def _day(given: Given, text: str) -> dict[str, Value]:
    match = DAY.match(text)
    if match is None:
        raise OpeningRefused("day")
    number, month, year = (int(part) for part in match.groups())
    if year < CENTURY:
        year += given.today.year // CENTURY * CENTURY
    try:
        found = date(year, month, number)
    except ValueError:
        raise OpeningRefused("day") from None
    if found > given.today:
        raise OpeningRefused("day_future")
    return {given.point.code: {"day": found.isoformat()}}


def _option(given: Given, text: str) -> dict[str, Value]:
    for one in given.checklist.options_of(given.point):
        if text.casefold() in {one.code, *(label.casefold() for label in one.label.values())}:
            return {given.point.code: {"option": one.code}}
    raise OpeningRefused("option")


READERS: Mapping[Kind, Callable[[Given, str], dict[str, Value]]] = {
    Kind.NAME: _text,
    Kind.TEXT: _text,
    Kind.SIREN: _siren,
    Kind.SIRET: _siret,
    Kind.VAT: _vat,
    Kind.IBAN: _iban,
    Kind.AMOUNT: _amount,
    Kind.DAY: _day,
    Kind.OPTION: _option,
}
