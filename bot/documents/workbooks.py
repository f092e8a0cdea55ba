"""Lists as workbooks: values in, the bytes of an XLSX out.

What people typed or files said is always written as text: a workbook that leaves the house
runs no formula that somebody put in a customer's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from io import BytesIO
from typing import Any

from credit.money import Money

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | float | date | datetime | Money | None
TOTAL, HEADER, FIRST = 2, 3, 4  # rows, from 0: title, note, totals, the header, the lines
DAY_FORMAT, MOMENT_FORMAT = 14, 22
"""The two formats of dates that a spreadsheet program writes as its own country does."""
WIDEST, NARROWEST = 60, 8
DAY_WIDTH, MOMENT_WIDTH = 12, 17
_NAME_LIMIT = 31  # of a sheet, by the format
_FORBIDDEN = str.maketrans("", "", "[]:*?/\\'")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, its title, scope and date, its header, its lines.

    `total` is the word for the sums over the header: of each column of one currency.
    """

    name: str
    title: str
    note: str
    header: Sequence[str]
    lines: Sequence[Sequence[Cell]]
    total: str = ""


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

    def of(self, pattern: str | int, **more: object) -> Any:  # noqa: ANN401 - the writer carries no types
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
    _totals(page, sheet, formats)
    page.freeze_panes(FIRST, 0)
    page.autofilter(HEADER, 0, HEADER + max(len(sheet.lines), 1), len(sheet.header) - 1)


def _totals(page: Any, sheet: Sheet, formats: _Formats) -> None:  # noqa: ANN401 - untyped writer
    """Sum the columns of one currency; a filter sums what it leaves."""
    if not sheet.total or not sheet.lines:
        return
    last = HEADER + len(sheet.lines)
    rowcol = import_module("xlsxwriter.utility")
    page.write_string(TOTAL, 0, sheet.total, formats.of("", bold=True))
    for column in range(len(sheet.header)):
        moneys = [line[column] for line in sheet.lines]
        known = [cell for cell in moneys if isinstance(cell, Money)]
        if not known or len({money.currency for money in known}) > 1:
            continue
        whole = sum(known[1:], known[0])
        span = rowcol.xl_range(FIRST, column, last, column)
        style = formats.of(_pattern(whole), bold=True)
        page.write_formula(TOTAL, column, f"=SUBTOTAL(109,{span})", style, float(whole.amount))


def _pattern(money: Money) -> str:
    decimals = -int(money.amount.as_tuple().exponent)
    figures = f"#,##0.{'0' * decimals}" if decimals > 0 else "#,##0"
    return f'{figures}" {money.currency}"'


def _cell(page: Any, row: int, column: int, cell: Cell, formats: _Formats) -> None:  # noqa: ANN401
    if isinstance(cell, Money):
        page.write_number(row, column, float(cell.amount), formats.of(_pattern(cell)))
    elif isinstance(cell, datetime):
        page.write_datetime(row, column, cell, formats.of(MOMENT_FORMAT))
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, formats.of(DAY_FORMAT))
    elif isinstance(cell, int | float):
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
    if isinstance(cell, datetime):
        return MOMENT_WIDTH
    return DAY_WIDTH if isinstance(cell, date) else len(str(cell))
