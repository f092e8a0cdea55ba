"""Whole columns of amounts in plain figures, told and read at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from storage.sync.reading.amounts import Mark

_BARE: Final = r"(?:-?+[0-9]{1,12}+%s[0-9][0-9]\n|\n)*+"
_GROUPED: Final = (
    r"(?:-?+(?:[0-9]{1,3}+"
    r"(?>(?:[ \u00a0\u202f][0-9]{3}){1,3}+|(?:%s[0-9]{3}){1,3}+|(?:'[0-9]{3}){1,3}+|)"
    r"|[0-9]{4,12}+)%s[0-9][0-9]-?+\n|\n)*+"
)
"""Thousands apart, or a minus behind as SAP writes it."""
_PLAIN: Final = {
    Mark.COMMA: (re.compile(_BARE % ","), re.compile(_GROUPED % (r"\.", ","))),
    Mark.POINT: (re.compile(_BARE % r"\."), re.compile(_GROUPED % (",", r"\."))),
}
_LEFT_OUT: Final = (",", ".", " ", "\u00a0", "\u202f", "'")
_TWO_MINUSES: Final = re.compile(r"^-.*-$", re.MULTILINE)
_MINUS_BEHIND: Final = re.compile(r"^(.+)-$", re.MULTILINE)


def are_plain(column: Sequence[str], mark: Mark) -> bool:
    """Tell whether every cell is blank or an amount with two decimals after the mark."""
    return _form("\n".join(column) + "\n", mark) is not None


def plain_cents(column: Sequence[str], mark: Mark) -> list[int | None] | None:
    """Return the cents of every cell, nothing for a blank one; nothing at all unless plain."""
    joined = "\n".join(column) + "\n"
    form = _form(joined, mark)
    if form is None:
        return None
    joined = _figures(joined) if form else joined.replace(mark, "")
    digits = joined[:-1].split("\n")
    if len(digits) != len(column):
        return None  # a cell of several lines
    return list(map(int, digits)) if all(digits) else [int(d) if d else None for d in digits]


def _form(joined: str, mark: Mark) -> int | None:
    """Return 0 for bare figures, 1 for grouped ones, nothing for anything else."""
    bare, grouped = _PLAIN[mark]
    if bare.fullmatch(joined):
        return 0
    return 1 if grouped.fullmatch(joined) and not _TWO_MINUSES.search(joined) else None


def _figures(joined: str) -> str:
    for left_out in _LEFT_OUT:
        joined = joined.replace(left_out, "")
    return _MINUS_BEHIND.sub(r"-\1", joined) if "-\n" in joined else joined
