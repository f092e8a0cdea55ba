"""The columns of a stretch of lines, cut to the width of the header; texts read at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, cast

from storage.sync.reading.meanings import Meanings
from storage.sync.reading.stretches import AnyStretch, EvenStretch
from storage.sync.reading.texts import Cell, cell_text

CellColumn: TypeAlias = Sequence[Cell]


def columns_of(
    stretch: AnyStretch, width: int, *, notes: bool
) -> tuple[list[CellColumn], set[int]]:
    """Return the columns of the lines that fit a header, and the places of those that do not.

    Beyond the header there is nothing, or in a spreadsheet (`notes`) anything.
    """
    columns = _even_columns(stretch)
    if columns is not None and len(columns) >= width:
        beyond = columns[width:]
        if notes or not any(any(map(_says, column)) for column in beyond):
            return columns[:width], set()
    fitted = [
        None if fault else _fitted(cells, width, notes=notes) for _, cells, fault in stretch.lines()
    ]
    odd = {place for place, cells in enumerate(fitted) if cells is None}
    blank: list[Cell] = [""] * width
    return list(zip(*(cells or blank for cells in fitted), strict=True)), odd


def _even_columns(stretch: AnyStretch) -> list[CellColumn] | None:
    """Return the columns of lines that have as many cells each."""
    if isinstance(stretch, EvenStretch):
        return list(stretch.columns)
    even = len(set(map(len, stretch.rows))) == 1 and not stretch.faults
    return list(zip(*stretch.rows, strict=True)) if even else None


def _fitted(cells: list[Cell], width: int, *, notes: bool) -> list[Cell] | None:
    missing = width - len(cells)
    if missing >= 0:
        return [*cells, *[""] * missing] if cells else None
    return cells[:width] if notes or not any(map(_says, cells[width:])) else None


def _says(cell: Cell) -> bool:
    return bool(cell_text(cell).strip())


def unflagged(columns: list[CellColumn], odd: set[int]) -> list[CellColumn]:
    """Blank the lines with a true or a false: as a key of a memory, they equal 1 and 0."""
    flagged: set[int] = set()
    for column in columns:
        if bool in set(map(type, column)):
            flagged.update(place for place, cell in enumerate(column) if isinstance(cell, bool))
    if not flagged:
        return columns
    odd |= flagged
    return [
        ["" if place in flagged else cell for place, cell in enumerate(column)]
        for column in columns
    ]


class TextColumn:
    """Reads a column of texts, the plain ones at once."""

    def __init__(
        self, careful: Callable[[Cell], str | None], longest: int = 0, *, repeats: bool = True
    ) -> None:
        """Take the reader of a cell, and the length of what it takes as it stands.

        0: nothing is taken so. `repeats`: the same texts come again and again, and are
        remembered.
        """
        self._meanings: Meanings[Cell, str | None] = Meanings(careful, None)
        self._longest, self._repeats = longest, repeats

    def read(self, column: CellColumn, odd: set[int]) -> list[str | None]:
        """Return trimmed texts, nothing for the blank cells; add the refused ones to `odd`."""
        if set(map(type, column)) != {str}:
            column = list(map(cell_text, column))
        if self._repeats:
            self._learn(cast("Sequence[str]", column))
            return self._meanings.of(column, odd)
        plain = self._plain(cast("Sequence[str]", column))
        return self._meanings.of(column, odd) if plain is None else plain

    def _learn(self, column: Sequence[str]) -> None:
        """Remember the texts that are met for the first time, when all of them are plain."""
        # a difference of sets would go through all that is remembered
        known = self._meanings
        fresh = [text for text in set(column) if text not in known] if self._longest else []
        plain = self._plain(fresh) if fresh else None
        if plain is not None:
            known.learn(zip(fresh, plain, strict=True))

    def _plain(self, column: Sequence[str]) -> list[str | None] | None:
        joined = "".join(column)
        clean = joined.isprintable() and "\ufffd" not in joined
        if not clean or max(map(len, column)) > self._longest:
            return None
        trimmed = list(map(str.strip, column)) if " " in joined else list(column)
        return list(trimmed) if all(trimmed) else [text or None for text in trimmed]
