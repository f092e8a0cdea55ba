"""Open items and settled invoices read a column at a time; odd lines are left to `Items`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from storage.sync.reading.columns import CellColumn, TextColumn, columns_of, unflagged
from storage.sync.reading.fields import DATES, Field, Kind
from storage.sync.reading.item_kinds import ItemKinds
from storage.sync.reading.items import is_up
from storage.sync.reading.meanings import Meanings
from storage.sync.reading.money_columns import MoneyColumns, StretchMoney
from storage.sync.reading.plan import Plan
from storage.sync.reading.questions import ColumnMap
from storage.sync.reading.quiet import Quiet
from storage.sync.reading.row_columns import RowColumns
from storage.sync.reading.rows import HistoryRow, ReceivableRow
from storage.sync.reading.stretches import AnyStretch
from storage.sync.reading.texts import Cell, cell_text
from storage.sync.reading.values import LONGEST_CODE, LONGEST_TEXT

Texts: TypeAlias = list[str | None]


@dataclass(slots=True)
class ItemStretch:
    """A stretch of lines, its columns typed; `odd` are the places of the lines that need care."""

    lines: AnyStretch
    odd: set[int]
    codes: Texts
    names: Texts | None
    others: tuple[Sequence[object] | None, ...]
    money: StretchMoney
    letters: list[str]
    shape: type[ReceivableRow | HistoryRow]

    def rows(
        self, start: int, stop: int, parties: tuple[Sequence[str], Texts] | None = None
    ) -> RowColumns:
        """Return the rows of some of the lines, none of them odd."""
        codes, names = parties or (self.codes[start:stop], self.names and self.names[start:stop])
        cut = (None if c is None else c[start:stop] for c in self.others)
        return RowColumns(self.shape, (self.lines.numbers[start:stop], codes, names, *cut))


class ItemColumns:
    """Reads what is plain in a stretch of lines, and says which lines are not."""

    def __init__(self, quiet: Quiet, plan: Plan) -> None:
        """Prepare a reader for every column that the file has."""
        columns = quiet.values.columns
        self._at = {field: columns.index(field) for field in Field if field in columns}
        self._width, self._blocks = len(plan.header.names), plan.habits.blocks
        self._sheet = plan.source.layout.sheet is not None
        self._history = plan.kind is Kind.HISTORY
        self._texts = _text_columns(quiet, self._at)
        self._dates = {
            field: Meanings[Cell, date | None](quiet.values.dates[field], None)
            for field in DATES & self._at.keys()
        }
        self._sirens = Meanings[tuple[Cell, Cell], str | None](quiet.siren, None)
        self._flags = Meanings[Cell, bool](is_up, filler=False)
        self._money = MoneyColumns(quiet)
        self._kinds = ItemKinds(columns, plan.habits)

    @property
    def readable(self) -> bool:
        """Tell whether lines of this file can be read so at all."""
        return self._money.readable and bool({Field.ISSUED_ON, Field.DUE_ON} & self._at.keys())

    def read(self, stretch: AnyStretch) -> ItemStretch:
        """Return the typed columns of a stretch of at least one line."""
        cells, odd = columns_of(stretch, self._width, notes=self._sheet)
        if self._sheet:
            cells = unflagged(cells, odd)
        texts = {f: column.read(cells[at], odd) for f, (at, column) in self._texts.items()}
        codes = texts[Field.CUSTOMER_CODE]
        if not self._blocks and not all(codes):
            odd.update(place for place, code in enumerate(codes) if code is None)
        money = self._money.read(cells, odd)
        numbers = texts.get(Field.NUMBER) or [None] * len(codes)
        kinds = self._kinds.read(cells, numbers, money, odd)
        dates = {f: known.of(cells[self._at[f]], odd) for f, known in self._dates.items()}
        odd.update(_undated(dates))
        others = (
            *(numbers, kinds, dates.get(Field.ISSUED_ON), dates.get(Field.DUE_ON)),
            *self._worth(money, dates.get(Field.SETTLED_ON)),
            *(texts.get(Field.REP_CODE), self._disputed(cells, odd), self._siren(cells, odd)),
            *(texts.get(Field.TERMS), texts.get(Field.REFERENCE), texts.get(Field.ORDER_NUMBER)),
            dates.get(Field.SETTLED_ON),
        )
        names, letters = texts.get(Field.CUSTOMER_NAME), self._letters(cells)
        shape = HistoryRow if self._history else ReceivableRow
        return ItemStretch(stretch, odd, codes, names, others, money, letters, shape)

    def _worth(
        self, money: StretchMoney, settled: Sequence[date | None] | None
    ) -> tuple[Sequence[int | None], Sequence[int], Sequence[str]]:
        """Return total, open amount and currency; what is settled has nothing open."""
        opened, totals = money.opened, money.totals
        if self._history:
            totals = [o if t is None else t for t, o in zip(totals, opened, strict=True)]
            if settled is not None:
                opened = [0 if day else o for day, o in zip(settled, opened, strict=True)]
        return totals, opened, money.currencies or [money.currency] * len(opened)

    def _letters(self, cells: Sequence[CellColumn]) -> list[str]:
        at = self._at.get(Field.LETTRAGE)
        return [] if at is None else [cell_text(cell).strip() for cell in cells[at]]

    def _disputed(self, cells: Sequence[CellColumn], odd: set[int]) -> list[bool]:
        at = self._at.get(Field.DISPUTED)
        return [False] * len(cells[0]) if at is None else self._flags.of(cells[at], odd)

    def _siren(self, cells: Sequence[CellColumn], odd: set[int]) -> Texts | None:
        if not {Field.SIREN, Field.SIRET} & self._at.keys():
            return None
        blank: CellColumn = [""] * len(cells[0])
        pair = (Field.SIREN, Field.SIRET)
        columns = (cells[self._at[f]] if f in self._at else blank for f in pair)
        return self._sirens.of(list(zip(*columns, strict=True)), odd)


def reader_of_items(plan: Plan, columns: ColumnMap) -> ItemColumns | None:
    """Return the reader of a file's stretches, nothing when it must be read line by line."""
    if plan.kind not in {Kind.RECEIVABLES, Kind.HISTORY}:
        return None
    reader = ItemColumns(Quiet(columns, plan.conventions, plan.default_currency), plan)
    return reader if reader.readable else None


def _text_columns(quiet: Quiet, at: Mapping[Field, int]) -> dict[Field, tuple[int, TextColumn]]:
    readers = {
        Field.CUSTOMER_CODE: TextColumn(quiet.code, LONGEST_CODE),
        Field.CUSTOMER_NAME: TextColumn(quiet.text, LONGEST_TEXT),
        Field.NUMBER: TextColumn(quiet.code, LONGEST_CODE, repeats=False),
        Field.REP_CODE: TextColumn(quiet.code, LONGEST_CODE),
        Field.TERMS: TextColumn(quiet.text, LONGEST_TEXT),
        Field.REFERENCE: TextColumn(quiet.text, LONGEST_TEXT, repeats=False),
        Field.ORDER_NUMBER: TextColumn(quiet.text, LONGEST_TEXT, repeats=False),
    }
    found = {field: (at[field], reader) for field, reader in readers.items() if field in at}
    if Field.CUSTOMER_CODE not in found:
        by_name = TextColumn(quiet.code_of_name)
        found[Field.CUSTOMER_CODE] = at[Field.CUSTOMER_NAME], by_name
    return found


def _undated(dates: Mapping[Field, Sequence[date | None]]) -> Iterable[int]:
    """Return the places of the lines without a date: they may be totals or headers."""
    issued, due = dates.get(Field.ISSUED_ON), dates.get(Field.DUE_ON)
    if (issued and all(issued)) or (due and all(due)):
        return ()
    pairs = zip(issued or due or (), due or issued or (), strict=True)
    return [place for place, (first, second) in enumerate(pairs) if not first and not second]
