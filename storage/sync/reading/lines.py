"""What a line is when it is not an item: header again, total, page break, head of a block."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from storage.sync.reading.dates import looks_like_date
from storage.sync.reading.fields import DATES, MONEY, Field
from storage.sync.reading.headers import Header, repeats
from storage.sync.reading.questions import ColumnMap
from storage.sync.reading.texts import Cell, cell_text, fold

_TOTAL: Final = re.compile(
    r"(s(ous)? ?total|sub ?total|total|totaux|cumul|report|a reporter|reports|solde total|"
    r"grand total|ensemble|brought forward|carried forward|montant total|somme)\b.*"
)
_GRAND: Final = re.compile(
    r"(total (general|global|des creances|de la balance|balance|fichier|societe)|grand total|"
    r"totaux generaux|total report|report total|general total|overall total)\b.*"
)
_BARE: Final = re.compile(r"(total|totaux|sum)( (en )?([a-z]{3}|euros?))?( ttc)?")
_NOISE: Final = re.compile(
    r"(page|edite|edition|imprime|tire|date d edition|exercice|periode|dossier|printed|arrete)\b.*"
)
_FEW: Final = 2


class LineKind(StrEnum):
    """What a line is."""

    ITEM = "item"
    BLANK = "blank"
    HEADER = "header"
    NOISE = "noise"
    HEAD = "head"
    SUBTOTAL = "subtotal"
    BARE_TOTAL = "bare_total"
    GRAND_TOTAL = "grand_total"


TOTALS: Final = frozenset({LineKind.SUBTOTAL, LineKind.BARE_TOTAL, LineKind.GRAND_TOTAL})


@dataclass(frozen=True, slots=True)
class Classifier:
    """Tells what the lines of a file are; asked only about those that do not read as items."""

    header: Header
    columns: ColumnMap

    def kind(self, cells: list[Cell]) -> LineKind:
        """Return what a line is; `ITEM` when nothing says that it is not one."""
        filled = [i for i, cell in enumerate(cells) if cell is not None and cell_text(cell).strip()]
        if not filled:
            return LineKind.BLANK
        if repeats(cells, self.header):
            return LineKind.HEADER
        if not self._identified(cells):
            label = self._total_label(cells, filled)
            if label is not None:
                return label
        return self._without_label(cells, filled)

    def _total_label(self, cells: list[Cell], filled: list[int]) -> LineKind | None:
        for index in filled:
            words = _label(cells[index])
            if words and _TOTAL.fullmatch(words):
                return _total_kind(words)
        return None

    def _identified(self, cells: list[Cell]) -> bool:
        """Tell whether a line carries a date or a document number, as no total does."""
        for field in (*DATES, Field.NUMBER):
            index = self.columns.index(field)
            cell = cells[index] if 0 <= index < len(cells) else None
            text = cell_text(cell).strip()
            if not text or _TOTAL.fullmatch(_label(cell)):
                continue
            if field is Field.NUMBER or looks_like_date(cell):
                return True
        return self._is_customer(cells)

    def _is_customer(self, cells: list[Cell]) -> bool:
        """Tell a customer called "Total ..." (with a code of his own) from a total."""
        if any(field in self.columns for field in MONEY - {Field.CREDIT_LIMIT}):
            return False
        index = self.columns.index(Field.CUSTOMER_CODE)
        code = cell_text(cells[index]).strip() if 0 <= index < len(cells) else ""
        return bool(code) and not _TOTAL.fullmatch(_label(code))

    def _without_label(self, cells: list[Cell], filled: list[int]) -> LineKind:
        mapped = [self.columns.field_at(index) for index in filled]
        money = any(field in MONEY for field in mapped)
        customer = any(f in {Field.CUSTOMER_CODE, Field.CUSTOMER_NAME} for f in mapped)
        if money and all(f in MONEY or f is Field.CURRENCY or f is None for f in mapped):
            return LineKind.BARE_TOTAL
        if money or self._has_item(cells):
            return LineKind.ITEM
        first = _label(cells[filled[0]])
        if _NOISE.fullmatch(first) or any("page" in _label(cells[i]).split() for i in filled):
            return LineKind.NOISE
        if customer and len(filled) <= _FEW:
            return LineKind.HEAD
        return LineKind.NOISE if len(filled) == 1 else LineKind.ITEM

    def _has_item(self, cells: list[Cell]) -> bool:
        for field in (Field.NUMBER, *DATES):
            index = self.columns.index(field)
            if 0 <= index < len(cells) and cell_text(cells[index]).strip():
                return True
        return False


def _label(cell: Cell) -> str:
    return fold(cell[:80]) if isinstance(cell, str) else ""


def _total_kind(words: str) -> LineKind:
    if _GRAND.fullmatch(words):
        return LineKind.GRAND_TOTAL
    return LineKind.BARE_TOTAL if _BARE.fullmatch(words) else LineKind.SUBTOTAL
