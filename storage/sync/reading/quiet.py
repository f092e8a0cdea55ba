"""The careful reader, asked about one cell at a time by those who read columns."""

from __future__ import annotations

from storage.sync.reading.fields import Field
from storage.sync.reading.questions import ColumnMap
from storage.sync.reading.reasons import Refused
from storage.sync.reading.study import Conventions
from storage.sync.reading.texts import Cell, code_from_name
from storage.sync.reading.values import Reporter, Values


class Quiet:
    """Reads single cells as `Values` does; refuses what would have to be reported."""

    def __init__(self, columns: ColumnMap, how: Conventions, default_currency: str) -> None:
        """Prepare what does not change from cell to cell."""
        self._reporter = Reporter("", (), columns)
        self.values = Values(columns, how, self._reporter, default_currency)
        self._currency_at = columns.index(Field.CURRENCY)
        self._siren_at = columns.index(Field.SIREN), columns.index(Field.SIRET)
        last = max(self._currency_at, *self._siren_at)
        # One cell more: what the file has no column for lands on an index of -1.
        self._line: list[Cell] = [""] * (last + 2)

    def text(self, cell: Cell) -> str | None:
        """Return the text of a cell that needs no remark."""
        return self._silent(self.values.text(0, [cell], 0))

    def code(self, cell: Cell) -> str | None:
        """Return the code in a cell that needs no remark."""
        return self._silent(self.values.code(0, [cell], 0))

    def code_of_name(self, cell: Cell) -> str | None:
        """Return the code that stands for the name in a cell."""
        name = self.text(cell)
        return code_from_name(name) if name else None

    def currency(self, cell: Cell) -> str | None:
        """Return the currency that a line states in a column of its own."""
        self._line[self._currency_at] = cell
        return self.values.stated_currency(self._line)

    def siren(self, cells: tuple[Cell, Cell]) -> str | None:
        """Return the SIREN of a line by its SIREN and its SIRET."""
        for at, cell in zip(self._siren_at, cells, strict=True):
            self._line[at] = cell
        return self._silent(self.values.siren(0, self._line))

    def _silent(self, value: str | None) -> str | None:
        warnings = self._reporter.warnings
        if warnings.total:
            reason = next(iter(warnings.by_reason))
            warnings.by_reason.clear()
            warnings.kept.clear()
            raise Refused(reason)
        return value
