"""Columns of amounts: plain ones read at once, others as the careful reader reads a cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, cast

from storage.sync.reading.amounts import Mark
from storage.sync.reading.columns import CellColumn
from storage.sync.reading.meanings import Meanings
from storage.sync.reading.plain_amounts import plain_cents
from storage.sync.reading.texts import Cell

_LARGEST_NATIVE: Final = 1e9
"""Below it the six decimals that a spreadsheet's number is read with are exact."""


class AmountColumn:
    """Reads a column of amounts: plain ones at once, others as the careful reader does."""

    def __init__(
        self, careful: Callable[[Cell], int | None], mark: Mark | None, *, cents: bool
    ) -> None:
        """Take the reader of one cell, the decimal mark, and whether the money has cents."""
        self._meanings: Meanings[Cell, int | None] = Meanings(careful, None)
        self._mark, self._cents = mark, cents

    def read(self, column: CellColumn, odd: set[int]) -> list[int | None]:
        """Return minor units, nothing for the blank cells; add the refused ones to `odd`."""
        kinds = set(map(type, column))
        found: list[int | None] | None = None
        if kinds == {str} and self._mark and self._cents:
            found = plain_cents(cast("Sequence[str]", column), self._mark)
        elif self._cents and kinds <= {int, float}:
            found = _from_numbers(cast("Sequence[float]", column))
        return self._meanings.of(column, odd) if found is None else found


def _from_numbers(column: Sequence[float]) -> list[int | None] | None:
    found: list[int | None] = [
        minor
        for number in column
        if -_LARGEST_NATIVE < number < _LARGEST_NATIVE
        and (minor := round(number * 100)) / 100 == number
    ]
    return found if len(found) == len(column) else None
