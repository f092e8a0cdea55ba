"""Rows of items kept by columns: made, summed and written down without an object each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import compress, repeat
from typing import Any, Final, TypeAlias

from storage.sync.reading.rows import HistoryRow, ItemRow, ReceivableRow, Row

_AT: Final = {name: place for place, name in enumerate(ItemRow._fields)}


@dataclass(frozen=True, slots=True)
class RowColumns:
    """Rows of one shape, their columns in the order of its fields; None: nothing in any row."""

    shape: type[ReceivableRow | HistoryRow]
    columns: tuple[Sequence[Any] | None, ...]

    @classmethod
    def of(cls, rows: Sequence[ReceivableRow | HistoryRow]) -> RowColumns:
        """Return at least one row by columns."""
        return cls(type(rows[0]), tuple(zip(*rows, strict=True)))

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.columns[0] or ())

    def __iter__(self) -> Iterator[ReceivableRow | HistoryRow]:
        """Make the rows one by one."""
        make = partial(tuple.__new__, self.shape)
        return map(make, zip(*map(_filled, self.columns), strict=False))

    def column(self, name: str) -> Sequence[Any] | None:
        """Return what every row holds of a field, None when none holds anything."""
        return self.columns[_AT[name]]

    def having(self, name: str, column: Sequence[Any]) -> RowColumns:
        """Return the rows with other values of a field."""
        at = _AT[name]
        return RowColumns(self.shape, (*self.columns[:at], column, *self.columns[at + 1 :]))

    def kept(self, which: Sequence[bool]) -> RowColumns:
        """Return the rows that are chosen."""
        cut = (None if c is None else list(compress(c, which)) for c in self.columns)
        return RowColumns(self.shape, tuple(cut))


Rows: TypeAlias = list[Row] | RowColumns
"""Some rows of a file, all of one shape: items by columns, others one by one."""


def _filled(column: Sequence[Any] | None) -> Sequence[Any] | repeat[None]:
    return repeat(None) if column is None else column
