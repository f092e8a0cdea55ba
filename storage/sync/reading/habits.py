"""How a file is written, seen on its first lines: blocks, signs, a running balance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from credit.receivable import ItemKind
from storage.sync.reading.documents import item_kind
from storage.sync.reading.fields import Field, Kind
from storage.sync.reading.items import Habits
from storage.sync.reading.lines import Classifier, LineKind
from storage.sync.reading.questions import ColumnMap
from storage.sync.reading.reasons import Refused
from storage.sync.reading.texts import Cell, cell_text
from storage.sync.reading.values import Values

_ONE_IN: Final = 5
_MOSTLY: Final = 0.8
_TIMES: Final = 3
_CREDITS: Final = frozenset({ItemKind.CREDIT_NOTE, ItemKind.PAYMENT})


@dataclass(frozen=True, slots=True)
class FirstLines:
    """The first lines of a file with what is needed to read them."""

    rows: list[list[Cell]]
    values: Values
    classifier: Classifier

    @property
    def columns(self) -> ColumnMap:
        """Return the columns of the file."""
        return self.values.columns

    def items(self) -> Iterator[list[Cell]]:
        """Yield the lines that are items."""
        for cells in self.rows:
            if self.classifier.kind(cells) is LineKind.ITEM:
                yield cells

    def money(self, cells: list[Cell], field: Field) -> int | None:
        """Return the amount of a field on a line, nothing when it has none."""
        index = self.columns.index(field)
        try:
            found = self.values.money(cells, field, index, None) if index >= 0 else None
        except (Refused, IndexError):
            return None
        return found[0] if found else None


def habits_of(first: FirstLines, kind: Kind) -> Habits:
    """Return how the file is written."""
    return Habits(
        blocks=_in_blocks(first),
        signed_credits=any(_is_signed_credit(first, cells) for cells in first.items()),
        negative_payments=kind is Kind.PAYMENTS and _mostly_negative(first),
    )


def is_cumulative(first: FirstLines) -> bool:
    """Tell a running balance: each open amount is the one above plus the line's movement."""
    running = other = 0
    above: int | None = None
    for cells in first.items():
        balance, movement = first.money(cells, Field.OPEN), _movement(first, cells)
        if balance is None or movement is None:
            continue
        if balance != movement and above is not None:
            follows = balance == above + movement
            running, other = running + follows, other + (not follows)
        above = balance
    return running >= 1 and running >= _TIMES * other


def _movement(first: FirstLines, cells: list[Cell]) -> int | None:
    debit, credit = first.money(cells, Field.DEBIT), first.money(cells, Field.CREDIT)
    if debit is None and credit is None:
        return first.money(cells, Field.AMOUNT)
    return (debit or 0) - (credit or 0)


def _in_blocks(first: FirstLines) -> bool:
    """Tell whether the customer stands only on the first line of his block.

    In such a file no two lines in a row carry the same customer; one blank among lines
    that repeat it is a fault of that line.
    """
    at = first.columns.index(Field.CUSTOMER_CODE)
    at = at if at >= 0 else first.columns.index(Field.CUSTOMER_NAME)
    blank = filled = heads = 0
    above: str | None = None
    for cells in first.rows:
        kind = first.classifier.kind(cells)
        heads += kind is LineKind.HEAD
        if kind is LineKind.HEADER:
            above = None
        if kind is not LineKind.ITEM or at >= len(cells):
            continue
        code = cell_text(cells[at]).strip()
        if code and code == above:
            return False
        above = code or None
        filled, blank = filled + bool(code), blank + (not code)
    return blank > 0 and (filled + heads > 0) and blank * _ONE_IN >= filled


def _is_signed_credit(first: FirstLines, cells: list[Cell]) -> bool:
    at = first.columns.index(Field.DOC_TYPE)
    if not 0 <= at < len(cells) or item_kind(cell_text(cells[at])[:80]) not in _CREDITS:
        return False
    amounts = (first.money(cells, Field.OPEN), first.money(cells, Field.AMOUNT))
    return any(amount is not None and amount < 0 for amount in amounts)


def _mostly_negative(first: FirstLines) -> bool:
    amounts = [a for cells in first.items() if (a := first.money(cells, Field.AMOUNT))]
    return bool(amounts) and sum(a < 0 for a in amounts) >= _MOSTLY * len(amounts)
