"""The reader of lines: plain ones a stretch at a time, all others one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import TypeAlias

from storage.sync.reading.customers import Customers
from storage.sync.reading.fields import Kind
from storage.sync.reading.item_columns import ItemStretch, reader_of_items
from storage.sync.reading.items import Items
from storage.sync.reading.parties import Parties
from storage.sync.reading.payments import Payments
from storage.sync.reading.plan import Plan
from storage.sync.reading.questions import ColumnMap
from storage.sync.reading.reasons import Reason, Refused
from storage.sync.reading.row_columns import RowColumns
from storage.sync.reading.rows import Row
from storage.sync.reading.stretches import AnyStretch, Line
from storage.sync.reading.texts import Cell, cell_text
from storage.sync.reading.totals import Totals
from storage.sync.reading.values import Reporter, Values


@dataclass(frozen=True, slots=True)
class PlainPart:
    """Lines of a stretch that follow each other and read as rows without a remark."""

    stretch: ItemStretch
    start: int
    stop: int
    rows: RowColumns

    def groups(self) -> Iterator[tuple[str, str] | None]:
        """Yield the lettered group of every line, nothing for a line that has none."""
        letters = self.stretch.letters[self.start : self.stop] or repeat("")
        codes = self.rows.column("customer_code") or ()
        for code, letter in zip(codes, letters, strict=False):
            yield (code, letter) if letter else None

    def add_to(self, totals: Totals) -> None:
        """Add the amounts of the lines to the sums of the file."""
        self.stretch.money.add_to(totals, self.start, self.stop)


Part: TypeAlias = PlainPart | Line


class LineReader:
    """Reads the lines of a file as its plan says, in the order of the file."""

    def __init__(self, plan: Plan, columns: ColumnMap, reporter: Reporter) -> None:
        """Choose the reader for the kind of the file."""
        self.values = Values(columns, plan.conventions, reporter, plan.default_currency)
        self._width = len(plan.header.names)
        self._sheet = plan.source.layout.sheet is not None
        self._blocks = plan.habits.blocks
        self._entries = _entries(plan, self.values)
        self._columns = reader_of_items(plan, columns)

    @property
    def parties(self) -> Parties | None:
        """Return what knows the customer of a block; a customers' file has none."""
        return None if isinstance(self._entries, Customers) else self._entries.parties

    @property
    def turned(self) -> bool:
        """Tell whether the sign of the line read last was turned."""
        return not isinstance(self._entries, Customers) and self._entries.turned

    def read(self, number: int, cells: list[Cell]) -> Row:
        """Return the row of a line; refuse the line when a cell of it cannot be read."""
        return self._entries.read(number, cells)

    def parts(self, stretch: AnyStretch) -> Iterator[Part]:
        """Yield the rows of plain lines together, and every other line as it is.

        A line must have been dealt with before the next part is asked for: it may be the
        head of the block that the next lines belong to.
        """
        if self._columns is None:
            yield from stretch.lines()
            return
        typed = self._columns.read(stretch)
        start = 0
        for place in (*sorted(typed.odd), len(stretch.numbers)):
            while start < place and self._is_nobodys(typed, start):
                yield stretch.line(start)
                start += 1
            if start < place:
                yield PlainPart(typed, start, place, self._rows(typed, start, place))
            if place < len(stretch.numbers):
                yield stretch.line(place)
            start = place + 1

    def _is_nobodys(self, typed: ItemStretch, place: int) -> bool:
        """Tell whether a line leaves out its customer and no line above names one."""
        known = self.parties is not None and self.parties.known
        return self._blocks and not known and typed.codes[place] is None

    def _rows(self, typed: ItemStretch, start: int, stop: int) -> RowColumns:
        if not self._blocks or self.parties is None:
            return typed.rows(start, stop)
        names = typed.names[start:stop] if typed.names else repeat(None)
        return typed.rows(start, stop, self.parties.follow(typed.codes[start:stop], names))

    def fit(self, cells: list[Cell], fault: Reason | None) -> list[Cell]:
        """Return exactly as many cells as the header names; refuse what would be lost."""
        if fault is not None:
            raise Refused(fault, cells[0], 0) if cells else Refused(fault)
        missing = self._width - len(cells)
        if missing >= 0:
            return [*cells, *[""] * missing]
        beyond = next((c for c in cells[self._width :] if cell_text(c).strip()), None)
        # Beside a spreadsheet's table people write notes; in a text a cell too many means
        # that a separator stands inside a value and that the rest has shifted.
        if beyond is not None and not self._sheet:
            raise Refused(Reason.TOO_MANY_CELLS, beyond, self._width)
        return cells[: self._width]


def _entries(plan: Plan, values: Values) -> Items | Payments | Customers:
    if plan.kind is Kind.CUSTOMERS:
        return Customers(values)
    if plan.kind is Kind.PAYMENTS:
        return Payments(values, plan.habits)
    return Items(values, plan.habits, settled=plan.kind is Kind.HISTORY)
