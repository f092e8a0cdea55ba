"""Whole columns of amounts in plain figures, told and read at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from storage.sync.reading.amounts import Mark

_THOUSANDS: Final = {Mark.COMMA: r"\.", Mark.POINT: ","}
_BARE: Final = {
    mark: re.compile(rf"(?:-?+[0-9]{{1,12}}+{re.escape(mark)}[0-9][0-9]\n|\n)*+") for mark in Mark
}
_SHORT: Final = {
    mark: re.compile(rf"(?:-?+[0-9]{{1,12}}+(?:{re.escape(mark)}[0-9]{{1,2}}+)?+\n|\n)*+")
    for mark in Mark
}
"""Zeros at the end left out, as programs write numbers."""
_GROUPED: Final = {
    mark: re.compile(
        rf"(?:-?+(?:[0-9]{{1,3}}+(?>(?:[ \u00a0\u202f][0-9]{{3}}){{1,3}}+"
        rf"|(?:{point}[0-9]{{3}}){{1,3}}+|(?:'[0-9]{{3}}){{1,3}}+|)"
        rf"|[0-9]{{4,12}}+){re.escape(mark)}[0-9][0-9]-?+\n|\n)*+"
    )
    for mark, point in _THOUSANDS.items()
}
"""Thousands apart, or a minus behind as SAP writes it."""
_ONE_DECIMAL: Final = {mark: re.compile(rf"{re.escape(mark)}[0-9]$", re.MULTILINE) for mark in Mark}
_NO_DECIMAL: Final = re.compile(r"^-?[0-9]+$", re.MULTILINE)
_LEFT_OUT: Final = (",", ".", " ", "\u00a0", "\u202f", "'")
_TWO_MINUSES: Final = re.compile(r"^-.*-$", re.MULTILINE)
_MINUS_BEHIND: Final = re.compile(r"^(.+)-$", re.MULTILINE)


def are_plain(column: Sequence[str], mark: Mark) -> bool:
    """Tell whether every cell is blank or an amount with two decimals after the mark."""
    joined = "\n".join(column) + "\n"
    return any(pattern.fullmatch(joined) for pattern in (_BARE[mark], _GROUPED[mark]))


def plain_cents(column: Sequence[str], mark: Mark) -> list[int | None] | None:
    """Return the cents of every cell, nothing for a blank one; nothing at all unless plain."""
    joined = "\n".join(column) + "\n"
    figures = _figures(joined, mark)
    if figures is None:
        return None
    digits = figures[:-1].split("\n")
    if len(digits) != len(column):
        return None  # a cell of several lines
    return list(map(int, digits)) if all(digits) else [int(d) if d else None for d in digits]


def _figures(joined: str, mark: Mark) -> str | None:
    """Return lines of cents, nothing when some line is not plain."""
    if _BARE[mark].fullmatch(joined):
        return joined.replace(mark, "")
    if _SHORT[mark].fullmatch(joined):
        joined = _ONE_DECIMAL[mark].sub(r"\g<0>0", joined)
        return _NO_DECIMAL.sub(r"\g<0>00", joined).replace(mark, "")
    if not _GROUPED[mark].fullmatch(joined) or _TWO_MINUSES.search(joined):
        return None
    for left_out in _LEFT_OUT:
        joined = joined.replace(left_out, "")
    return _MINUS_BEHIND.sub(r"-\1", joined) if "-\n" in joined else joined
