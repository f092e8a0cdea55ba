"""What the items of a stretch are, and the signs that their types or sides impose."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import repeat
from string import digits
from typing import cast

from credit.receivable import CREDIT_KINDS, ItemKind
from storage.sync.reading.columns import CellColumn
from storage.sync.reading.fields import Field
from storage.sync.reading.items import Habits, due_back_kind, owed_kind, told_kind, told_side
from storage.sync.reading.meanings import Meanings
from storage.sync.reading.money_columns import StretchMoney
from storage.sync.reading.questions import ColumnMap
from storage.sync.reading.requirements import Measure, measure_of
from storage.sync.reading.texts import Cell, cell_text

Kinds = list[ItemKind | None]


class ItemKinds:
    """Tells the kinds of items by their types, their signs and the letters of their numbers.

    Of a number only its stem is looked at, what stands before the digits at its end: it
    tells as much, and comes again and again.
    """

    def __init__(self, columns: ColumnMap, habits: Habits) -> None:
        """Take what the file shows about its types and signs."""
        ledger = measure_of(columns) is Measure.LEDGER
        self._type, self._side = columns.index(Field.DOC_TYPE), columns.index(Field.SIGN)
        self._written = ledger or habits.signed_credits
        self._told: Meanings[tuple[str, str], ItemKind | None] = Meanings(_told, None)
        self._sides: Meanings[Cell, int] = Meanings(told_side, 0)
        self._owed: Meanings[str, ItemKind] = Meanings(owed_kind, ItemKind.OTHER)
        due_back = partial(due_back_kind, ledger=ledger)
        self._due_back: Meanings[str, ItemKind] = Meanings(due_back, ItemKind.OTHER)

    def read(
        self,
        cells: Sequence[CellColumn],
        numbers: Sequence[str | None],
        money: StretchMoney,
        odd: set[int],
    ) -> list[ItemKind]:
        """Return the kinds of the lines; `money` takes the signs that types and sides impose."""
        stems = _stems(numbers)
        told = self._types(cells, stems, odd)
        signs = self._signs(cells, told, odd)
        if signs is not None and any(signs):
            money.turn(signs)
        if told is not None and all(told):
            return [kind for kind in told if kind is not None]
        return self._named(told, stems, money.opened)

    def _types(self, cells: Sequence[CellColumn], stems: list[str], odd: set[int]) -> Kinds | None:
        if self._type < 0:
            return None
        types = map(cell_text, cells[self._type])
        return self._told.of(list(zip(types, stems, strict=True)), odd)

    def _signs(
        self, cells: Sequence[CellColumn], told: Kinds | None, odd: set[int]
    ) -> list[int] | None:
        if self._side >= 0:
            return self._sides.of(cells[self._side], odd)
        if self._written or told is None:
            return None
        return [-1 if kind in CREDIT_KINDS else 0 for kind in told]

    def _named(self, told: Kinds | None, stems: list[str], opened: list[int]) -> list[ItemKind]:
        owed, due_back = self._owed, self._due_back
        if told is None and min(opened) >= 0:
            return owed.of(stems, set())
        return [
            kind or (owed[stem] if minor >= 0 else due_back[stem])
            for kind, stem, minor in zip(told or [None] * len(stems), stems, opened, strict=True)
        ]


def _stems(numbers: Sequence[str | None]) -> list[str]:
    if all(numbers):
        return list(map(str.rstrip, cast("Sequence[str]", numbers), repeat(digits)))
    return [number.rstrip(digits) if number else "" for number in numbers]


def _told(key: tuple[str, str]) -> ItemKind | None:
    return told_kind(*key)
