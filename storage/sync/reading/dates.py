"""Dates as files write them, French, ISO, American or a spreadsheet's day numbers."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from storage.sync.reading.reasons import Reason, Refused
from storage.sync.reading.texts import Cell, clean, fold


class DateOrder(StrEnum):
    """What comes first in 03/04/2026."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


_NUMERIC: Final = re.compile(
    r"(\d{1,2})([/.\- ])(\d{1,2})\2(\d{4}|\d{2})(?:[T ,]+\d{1,2}[:h]\d.*)?", re.ASCII
)
_ISO: Final = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ].*)?", re.ASCII)
_SERIAL: Final = re.compile(r"\d{5}(?:[.,]\d+)?", re.ASCII)
_DAY_NAMED: Final = re.compile(
    r"(?:[a-z]+ )?(\d{1,2})(?: ?(?:er|st|nd|rd|th))? ?([a-z]+) ?(\d{4}|\d{2})", re.ASCII
)
_NAME_DAY: Final = re.compile(
    r"(?:[a-z]+ )?([a-z]+) ?(\d{1,2})(?: ?(?:st|nd|rd|th))? (\d{4}|\d{2})", re.ASCII
)
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev february feb",
            "mars mar march",
            "avril avr april apr",
            "mai may",
            "juin jun june",
            "juillet juil jul july",
            "aout aou august aug",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_EPOCH: Final = date(1899, 12, 30)
_SERIALS: Final = range(20_000, 80_000)
_LARGEST_NUMBER: Final = 10**9
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 2099
_PIVOT: Final = 70
_LONGEST: Final = 40
_MEMORY: Final = 50_000


class DateReader:
    """Reads the cells of a date column; every distinct text is parsed once."""

    def __init__(self, order: DateOrder | None) -> None:
        """Read 03/04/2026 in this order; with none, such dates are refused."""
        self._order = order
        self._known: dict[Cell, date | None] = {}

    def __call__(self, cell: Cell) -> date | None:
        """Return the date in a cell, nothing when the cell is blank; refuse anything else."""
        known = self._known
        if cell in known:
            return known[cell]
        if len(known) >= _MEMORY:
            known.clear()
        value = known[cell] = read_date(cell, self._order)
        return value


def read_date(cell: Cell, order: DateOrder | None) -> date | None:
    """Return the date in a cell, nothing when the cell is blank or all zeros."""
    if cell is None or isinstance(cell, bool):
        return None
    if isinstance(cell, datetime):
        return _plausible(cell.date(), cell)
    if isinstance(cell, date):
        return _plausible(cell, cell)
    if isinstance(cell, (int, float)):
        return _from_day_number(cell)
    text, _ = clean(cell)
    if not text.strip("0/.- "):
        return None
    if len(text) > _LONGEST:
        raise Refused(Reason.INVALID_DATE, cell)
    return _from_text(text, order)


def looks_like_date(cell: Cell) -> bool:
    """Tell whether a cell can be a date in one order or the other."""
    for order in DateOrder:
        try:
            if read_date(cell, order) is not None:
                return True
        except Refused:
            continue
    return False


def _from_day_number(number: float) -> date | None:
    if not number:
        return None
    whole = int(number) if abs(number) < _LARGEST_NUMBER else 0
    if whole in _SERIALS:
        return _EPOCH + timedelta(days=whole)
    if whole == number and len(str(whole)) == len("20260131"):
        return _from_text(str(whole), None)
    raise Refused(Reason.INVALID_DATE, number)


def _from_text(text: str, order: DateOrder | None) -> date:
    numeric = _NUMERIC.fullmatch(text)
    if numeric:
        return _from_numeric(numeric, order)
    iso = _ISO.fullmatch(text)
    if iso:
        return _day(text, iso[1], iso[3], iso[4])
    if len(text) == len("20260131") and text.isascii() and text.isdecimal():
        return _day(text, text[:4], text[4:6], text[6:])
    if _SERIAL.fullmatch(text) and int(text[:5]) in _SERIALS:
        return _EPOCH + timedelta(days=int(text[:5]))
    return _from_words(text)


def _from_numeric(numeric: re.Match[str], order: DateOrder | None) -> date:
    first, mark, second, year = numeric.groups()
    if mark == ".":
        order = DateOrder.DAY_FIRST
    if order is None:
        raise Refused(Reason.CONTRADICTORY_DATES, numeric[0])
    if order is DateOrder.MONTH_FIRST:
        first, second = second, first
    return _day(numeric[0], year, second, first)


def _from_words(text: str) -> date:
    words = fold(text)
    named = _DAY_NAMED.fullmatch(words)
    if named and named[2] in _MONTHS:
        return _day(text, named[3], str(_MONTHS[named[2]]), named[1])
    named = _NAME_DAY.fullmatch(words)
    if named and named[1] in _MONTHS:
        return _day(text, named[3], str(_MONTHS[named[1]]), named[2])
    raise Refused(Reason.INVALID_DATE, text)


def _day(text: str, year: str, month: str, day: str) -> date:
    number = int(year)
    if len(year) == len("26"):
        number += 1900 if number >= _PIVOT else 2000
    try:
        return _plausible(date(number, int(month), int(day)), text)
    except ValueError as error:
        raise Refused(Reason.INVALID_DATE, text) from error


def _plausible(day: date, cell: Cell) -> date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise Refused(Reason.INVALID_DATE, cell)
    return day


def numeric_date(cell: str) -> re.Match[str] | None:
    """Return day, mark, month (or month first) and year of a date in figures."""
    return _NUMERIC.fullmatch(cell.strip())
