"""A walk over the lines of a file: rows, and what is to be said about all other lines."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from itertools import chain

from storage.sync.reading.fec import CustomersOnly
from storage.sync.reading.fields import Field, Kind
from storage.sync.reading.lettrage import Group, closed_groups, group_of
from storage.sync.reading.line_reader import LineReader, PlainPart
from storage.sync.reading.lines import TOTALS, Classifier, LineKind
from storage.sync.reading.plan import Plan
from storage.sync.reading.questions import ColumnMap
from storage.sync.reading.reasons import Reason, Refused
from storage.sync.reading.row_columns import RowColumns, Rows
from storage.sync.reading.rows import CustomerRow, HistoryRow, ReceivableRow, Row
from storage.sync.reading.sources import below
from storage.sync.reading.stretches import AnyStretch
from storage.sync.reading.tallies import Counts, Unread
from storage.sync.reading.texts import Cell, cell_text, fold
from storage.sync.reading.totals import Totals
from storage.sync.reading.values import Reporter


class Walk:
    """One walk over the lines of a file."""

    def __init__(
        self,
        plan: Plan,
        columns: ColumnMap,
        reporter: Reporter,
        counts: Counts,
        unread: Unread,
    ) -> None:
        self._plan, self._columns, self._reporter = plan, columns, reporter
        self._counts, self._unread = counts, unread
        self._number, self._lettrage = columns.index(Field.NUMBER), columns.index(Field.LETTRAGE)
        self._lines = LineReader(plan, columns, reporter)
        self.totals = Totals(self._lines.values)
        self._classifier = Classifier(plan.header, columns)
        self._width = len(plan.header.names)
        self._sums = plan.totals and plan.kind is not Kind.CUSTOMERS
        self._closed: AbstractSet[Group] = frozenset()

    def stretches(self) -> Iterator[Rows]:
        """Yield the rows of each stretch; count and report the lines that are none."""
        self._closed = closed_groups(self._plan, self._columns)
        for stretch in below(self._plan.source, self._plan.header.line):
            yield self._rows(stretch)

    def _rows(self, stretch: AnyStretch) -> Rows:
        parts = [
            self._plain(part) if isinstance(part, PlainPart) else self._careful(*part)
            for part in self._lines.parts(stretch)
        ]
        if len(parts) == 1 and isinstance(parts[0], RowColumns):
            return parts[0]
        rows = list(chain.from_iterable(parts))
        items = [row for row in rows if isinstance(row, (ReceivableRow, HistoryRow))]
        return RowColumns.of(items) if items else rows

    def _plain(self, part: PlainPart) -> RowColumns:
        rows = part.rows
        self._counts.lines += len(rows)
        if self._sums:
            part.add_to(self.totals)
        if self._closed:
            rows = rows.kept([group not in self._closed for group in part.groups()])
            self._counts.closed += len(part.rows) - len(rows)
        self._counts.rows += len(rows)
        return rows

    def _careful(self, number: int, cells: list[Cell], fault: Reason | None) -> list[Row]:
        self._counts.lines += 1
        try:
            line = self._lines.fit(cells, fault)
            row = self._lines.read(number, line)
            if self._suspect(row) and self._classifier.kind(line) is not LineKind.ITEM:
                raise Refused(Reason.MISSING_AMOUNT)  # noqa: TRY301 - sorted just below
        except Refused as refused:
            self._set_aside(number, cells, refused)
            return []
        if self._sums:
            self.totals.add(line, -1 if self._lines.turned else 1)
        if self._closed and group_of(row, line, self._lettrage) in self._closed:
            self._counts.closed += 1
            return []
        self._counts.rows += 1
        return [row]

    def _suspect(self, row: Row) -> bool:
        """Tell whether a row that reads well may yet be a total or a header."""
        if isinstance(row, (ReceivableRow, HistoryRow)):
            return row.issued_on is None and row.due_on is None
        if isinstance(row, CustomerRow):
            words = f"{fold(row.code)} {fold(row.name)}"
            return (
                any(w in words for w in ("total", "report")) or row.code in self._plan.header.names
            )
        return False

    def _set_aside(self, number: int, cells: list[Cell], refused: Refused) -> None:
        kind = self._classifier.kind(cells) if refused.reason not in _FAULTS else LineKind.ITEM
        if kind in TOTALS:
            self.totals.see(number, kind, [*cells, *[""] * self._width])
        elif kind is LineKind.HEADER and self._lines.parties is not None:
            self._lines.parties.resume()
        elif kind is LineKind.HEAD and self._heads(cells):
            self._begin(number, cells)
        elif kind is LineKind.ITEM or kind is LineKind.HEAD:
            self._reject(number, cells, refused)
            return
        self._counts.skipped += 1

    def _heads(self, cells: list[Cell]) -> bool:
        """Tell whether a line with a customer alone is in its place in this file."""
        alone = sum(bool(cell_text(cell).strip()) for cell in cells) == 1
        return alone or self._plan.habits.blocks

    def _begin(self, number: int, cells: list[Cell]) -> None:
        if self._lines.parties is not None and self._plan.habits.blocks:
            self._lines.parties.begin(number, [*cells, *[""] * self._width])

    def _reject(self, number: int, cells: list[Cell], refused: Refused) -> None:
        if refused.reason in _ABSENT and len(cells) < self._width:
            refused = Refused(Reason.TOO_FEW_CELLS, len(cells), refused.column)
        refused = self._of_account(cells, refused)
        self._counts.rejected += 1
        self._reporter.reject(number, refused)
        name = cells[self._number] if 0 <= self._number < len(cells) else ""
        self._unread.note(name, cells, shifted=refused.reason in _SHIFTED)
        if self._sums:
            self.totals.add([*cells, *[""] * self._width], 1)

    def _of_account(self, cells: list[Cell], refused: Refused) -> Refused:
        """Say of a line of a FEC without a customer which account it is of."""
        source = self._plan.source
        if refused.reason is not Reason.MISSING_CUSTOMER or not isinstance(source, CustomersOnly):
            return refused
        account = source.account(cells)
        if not account:
            return refused
        return Refused(Reason.COLLECTIVE_ACCOUNT, account, source.at.number)


_FAULTS = frozenset({Reason.BROKEN_QUOTES, Reason.CELL_TOO_LONG})
_SHIFTED = frozenset({Reason.BROKEN_QUOTES, Reason.TOO_MANY_CELLS, Reason.TOO_FEW_CELLS})
_ABSENT = frozenset(
    {Reason.MISSING_AMOUNT, Reason.MISSING_CUSTOMER, Reason.MISSING_DATE, Reason.MISSING_NAME}
)
