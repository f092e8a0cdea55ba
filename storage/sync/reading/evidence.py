"""What the cells of a column prove about its decimal mark, or about its order of day and month."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, cast

from storage.sync.reading.amounts import LONGEST, Mark, mark_of, number_in
from storage.sync.reading.dates import DateOrder, numeric_date
from storage.sync.reading.plain_amounts import are_plain
from storage.sync.reading.texts import Cell

_MONTHS_A_YEAR: Final = 12
_MEMORY: Final = 50_000


def texts_among(cells: list[Cell]) -> list[str]:
    """Return the cells that are text: in a delimited file all of them."""
    if set(map(type, cells)) <= {str}:
        return cast("list[str]", cells)
    return [cell for cell in cells if isinstance(cell, str)]


@dataclass(slots=True)
class AmountEvidence:
    """What the cells of one column prove about its decimal mark."""

    commas: int = 0
    points: int = 0
    ambiguous: int = 0

    def see(self, cells: list[Cell]) -> None:
        """Weigh the cells of a stretch of the column."""
        texts = texts_among(cells)
        if are_plain(texts, Mark.COMMA):
            self.commas += any(texts)
        elif are_plain(texts, Mark.POINT):
            self.points += any(texts)
        else:
            self._see_each(set(texts))

    def _see_each(self, cells: set[str]) -> None:
        for cell in cells:
            tail = cell[-3:]
            if tail[:1] == "," and tail[1:].isdecimal():
                self.commas += 1
            elif tail[:1] == "." and tail[1:].isdecimal():
                self.points += 1
            elif "," in cell or "." in cell:
                self._weigh(cell)

    def _weigh(self, cell: str) -> None:
        if len(cell) > LONGEST:
            return
        number = number_in(cell)
        mark = mark_of(number)
        if mark is not None:
            self.commas += mark is Mark.COMMA
            self.points += mark is Mark.POINT
        elif "," in number or "." in number:
            self.ambiguous += 1

    @property
    def mark(self) -> Mark | None:
        """Return the proven mark, nothing when none is proven or both are."""
        if bool(self.commas) == bool(self.points):
            return None
        return Mark.COMMA if self.commas else Mark.POINT


@dataclass(slots=True)
class DateEvidence:
    """What the cells of one column prove about the order of day and month."""

    day_first: int = 0
    month_first: int = 0
    ambiguous: int = 0

    _seen: set[Cell] = field(default_factory=set)

    def see(self, cells: list[Cell]) -> None:
        """Weigh the cells of a stretch of the column; dotted dates are day first."""
        fresh = set(cells) - self._seen
        if len(self._seen) < _MEMORY:
            self._seen |= fresh
        for cell in fresh:
            if not isinstance(cell, str):
                continue
            numeric = numeric_date(cell)
            if numeric is None or numeric[2] == ".":
                continue
            first, second = int(numeric[1]) > _MONTHS_A_YEAR, int(numeric[3]) > _MONTHS_A_YEAR
            self.day_first += first and not second
            self.month_first += second and not first
            self.ambiguous += not first and not second

    @property
    def contradictory(self) -> bool:
        """Tell whether the column proves both orders."""
        return bool(self.day_first and self.month_first)

    @property
    def order(self) -> DateOrder | None:
        """Return the proven order, nothing when none is proven or both are."""
        if bool(self.day_first) == bool(self.month_first):
            return None
        return DateOrder.DAY_FIRST if self.day_first else DateOrder.MONTH_FIRST
