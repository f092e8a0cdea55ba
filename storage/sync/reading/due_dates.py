"""Due dates of invoices that a file states none of: derived from payment terms, and counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import repeat
from typing import Any, Final

from credit.receivable import ItemKind
from credit.terms import Count
from storage.sync.reading.row_columns import RowColumns
from storage.sync.reading.terms_said import Said, terms_said

_NOTHING: Final = Said(None, silent=True)
SHOWN: Final = 60


@dataclass(slots=True)
class DueDates:
    """Completes the invoices that have no due date, and counts what it did.

    What a line says of its terms goes before what is known of its customer. `derived` counts
    the due dates it found, `both_ways` those whose terms may be counted in two ways; `undated`
    the invoices left without one, and `unread` those of them whose terms were not understood,
    the first in `words`. A credit note, a payment or a bill of exchange has no such term.

    It contains the lines whose due date follows from what is known of the customer alone: it
    gives way to one that the book has already.
    """

    month_end: Count = Count.THEN_MONTH_END
    derived: int = 0
    both_ways: int = 0
    undated: int = 0
    unread: int = 0
    words: str = ""
    _presumed: bytearray = field(default_factory=bytearray)  # a mark at each such line's number

    def __contains__(self, line: object) -> bool:
        """Tell whether a line's due date is what its customer has usually agreed."""
        return isinstance(line, int) and line < len(self._presumed) and bool(self._presumed[line])

    def complete(self, rows: RowColumns, terms_of: Callable[[str], str | None]) -> RowColumns:
        """Return the rows with their due dates; `terms_of` tells what a customer has agreed."""
        stated = rows.column("due_on")
        if stated is not None and all(stated):
            return rows
        due = list(stated) if stated is not None else [None] * len(rows)
        before = self.derived
        for place in _lacking(rows, due):
            due[place] = self._due(rows, place, terms_of)
        return rows if self.derived == before else rows.having("due_on", due)

    def _due(
        self, rows: RowColumns, place: int, terms_of: Callable[[str], str | None]
    ) -> date | None:
        issued = _at(rows, "issued_on", place)
        said = self._said(_at(rows, "terms", place))
        presumed = said.silent
        if presumed:
            said = self._said(terms_of(_at(rows, "customer_code", place)))
        if said.terms is None or issued is None:
            self.undated += 1
            return None
        try:
            due: date = said.terms.due(issued)
        except OverflowError:  # beyond the calendar
            self.undated += 1
            return None
        self.derived += 1
        self.both_ways += said.both_ways
        if presumed:
            self._mark(_at(rows, "line", place))
        return due

    def _mark(self, line: int) -> None:
        if line >= len(self._presumed):
            self._presumed.extend(
                bytes(max(line + 1, 2 * len(self._presumed)) - len(self._presumed))
            )
        self._presumed[line] = 1

    def _said(self, words: str | None) -> Said:
        if not words:
            return _NOTHING
        said = terms_said(words, self.month_end)
        if said.terms is None and not said.silent:
            self.unread += 1
            self.words = self.words or words[:SHOWN]
        return said


def _lacking(rows: RowColumns, due: Sequence[date | None]) -> list[int]:
    """Return the places of the invoices that are owed and have no due date."""
    kinds, opened = rows.column("kind") or (), rows.column("open_minor") or ()
    totals = rows.column("amount_minor") or repeat(None)
    told = zip(due, kinds, opened, totals, strict=False)
    return [
        place
        for place, (day, kind, minor, total) in enumerate(told)
        if day is None and kind is ItemKind.INVOICE and (minor > 0 or (total or 0) > 0)
    ]


def _at(rows: RowColumns, name: str, place: int) -> Any:  # noqa: ANN401 - a field of any type
    column = rows.column(name)
    return None if column is None else column[place]
