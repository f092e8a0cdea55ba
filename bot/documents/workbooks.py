"""Lists as workbooks: values in, the bytes of an XLSX out.

What people typed or files said is always written as text: a workbook that leaves the house
runs no formula that somebody put in a customer's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from io import BytesIO
from typing import Any

from credit.money import Money

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | date | Money | None
HEADER, FIRST = 3, 4  # rows, from 0: title, note, a gap, the header, the lines
WIDEST, NARROWEST = 60, 8
DAY_WIDTH = 12
_NAME_LIMIT = 31  # of a sheet, by the format
_FORBIDDEN = str.maketrans("", "", "[]:*?/\\'")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, its title, scope and date, its header, its lines."""

    name: str
    title: str
    note: str
    header: Sequence[str]
    lines: Sequence[Sequence[Cell]]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Write sheets: header frozen, filter on it, columns as wide as what they hold."""
    out = BytesIO()
    book = import_module("xlsxwriter").Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    formats = _Formats(book, {})
    for sheet in sheets:
        _write(book.add_worksheet(_safe(sheet.name)), sheet, formats)
    book.close()
    return out.getvalue()


def _safe(name: str) -> str:
    return name.translate(_FORBIDDEN)[:_NAME_LIMIT]


@dataclass(frozen=True, slots=True)
class _Formats:
    """The formats of one workbook, each made once."""

    book: Any
    made: dict[str, Any]

    def of(self, pattern: str, **more: object) -> Any:  # noqa: ANN401 - the writer carries no types
        key = f"{pattern}{sorted(more.items())}"
        if key not in self.made:
            number = {"num_format": pattern} if pattern else {}
            self.made[key] = self.book.add_format({**number, **more})
        return self.made[key]


def _write(page: Any, sheet: Sheet, formats: _Formats) -> None:  # noqa: ANN401 - untyped writer
    page.write_string(0, 0, sheet.title, formats.of("", bold=True, font_size=14))
    page.write_string(1, 0, sheet.note, formats.of("", italic=True))
    bold = formats.of("", bold=True, bottom=1, text_wrap=True, valign="top")
    for column, label in enumerate(sheet.header):
        page.write_string(HEADER, column, label, bold)
        page.set_column(column, column, _width(sheet, column))
    for row, line in enumerate(sheet.lines, FIRST):
        for column, cell in enumerate(line):
            _cell(page, row, column, cell, formats)
    page.freeze_panes(FIRST, 0)
    page.autofilter(HEADER, 0, HEADER + max(len(sheet.lines), 1), len(sheet.header) - 1)


def _cell(page: Any, row: int, column: int, cell: Cell, formats: _Formats) -> None:  # noqa: ANN401
    if isinstance(cell, Money):
        decimals = -int(cell.amount.as_tuple().exponent)
        pattern = f"#,##0.{'0' * decimals}" if decimals > 0 else "#,##0"
        style = formats.of(f'{pattern}" {cell.currency}"')
        page.write_number(row, column, float(cell.amount), style)
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, formats.of("yyyy-mm-dd"))
    elif isinstance(cell, int):
        page.write_number(row, column, cell)
    elif cell is not None:
        page.write_string(row, column, cell)


def _width(sheet: Sheet, column: int) -> int:
    longest = max((_length(line[column]) for line in sheet.lines), default=0)
    return min(max(longest + 2, len(sheet.header[column]) + 2, NARROWEST), WIDEST)


def _length(cell: Cell) -> int:
    if cell is None:
        return 0
    if isinstance(cell, Money):
        return len(f"{cell.amount:,} {cell.currency}")
    return DAY_WIDTH if isinstance(cell, date) else len(str(cell))
