"""The file's own grand total, held against the sum of its items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from storage.sync.reading.fields import Field
from storage.sync.reading.lines import LineKind
from storage.sync.reading.reasons import Refused
from storage.sync.reading.texts import Cell, cell_text
from storage.sync.reading.values import Values

COMPARED: Final = (Field.OPEN, Field.AMOUNT, Field.PAID, Field.DEBIT, Field.CREDIT)


@dataclass(frozen=True, slots=True)
class TotalMismatch:
    """A total of the file that its items do not add up to, in minor units."""

    line: int
    header: str
    currency: str
    expected: int
    found: int

    @property
    def difference(self) -> int:
        """Return what the items lack (or have too much, when negative)."""
        return self.expected - self.found


@dataclass(frozen=True, slots=True)
class TotalCheck:
    """What came of the comparison: totals that agree, and totals that do not."""

    agreed: int
    mismatches: tuple[TotalMismatch, ...]


@dataclass(frozen=True, slots=True)
class _Total:
    line: int
    amounts: Mapping[Field, tuple[int, str | None]]


@dataclass(slots=True)
class Totals:
    """Sums what the money columns hold, as written and with the sign of the item."""

    values: Values
    written: dict[tuple[Field, str], int] = field(default_factory=dict)
    signed: dict[tuple[Field, str], int] = field(default_factory=dict)
    _grand: list[_Total] = field(default_factory=list)
    _bare: list[_Total] = field(default_factory=list)
    _bare_is_grand: bool = False
    _after_total: bool = False

    def columns(self) -> list[tuple[Field, int]]:
        """Return the money columns of the file."""
        known = ((name, self.values.columns.index(name)) for name in COMPARED)
        return [(name, index) for name, index in known if index >= 0]

    def add(self, cells: list[Cell], sign: int) -> None:
        """Add the amounts of an item; `sign` -1 when its sign was turned by its type or side."""
        self._after_total = False
        try:
            stated = self.values.stated_currency(cells)
        except Refused:
            stated = None
        for name, index in self.columns():
            try:
                money = self.values.money(cells, name, index, stated)
            except Refused:
                continue
            if money:
                key = (name, money[1])
                self.written[key] = self.written.get(key, 0) + money[0]
                self.signed[key] = self.signed.get(key, 0) + sign * money[0]

    def add_column(
        self,
        name: Field,
        currency: str,
        amounts: Sequence[int | None],
        turned: Sequence[bool] | None,
    ) -> None:
        """Add what a column says of some items, all in one currency, as `add` does of one."""
        self._after_total = False
        if all(amount is None for amount in amounts):
            return
        key = (name, currency)
        written = signed = sum(filter(None, amounts))
        if turned and any(turned):
            signed -= 2 * sum(m for m, turn in zip(amounts, turned, strict=True) if m and turn)
        self.written[key] = self.written.get(key, 0) + written
        self.signed[key] = self.signed.get(key, 0) + signed

    def see(self, line: int, kind: LineKind, cells: list[Cell]) -> None:
        """Take note of a total of the file; a bare one is grand when it follows another."""
        if kind is LineKind.GRAND_TOTAL:
            self._grand.append(self._read(line, cells))
        elif kind is LineKind.BARE_TOTAL:
            self._bare_is_grand = self._after_total
            self._bare.append(self._read(line, cells))
        self._after_total = True

    def check(self) -> TotalCheck | None:
        """Compare, once all lines are read; nothing when the file has no total of its own."""
        totals = self._grand
        if not totals and self._bare and self._after_total:
            lone = len(self._bare) == 1 or self._bare_is_grand
            totals = self._bare[-1:] if lone else []
        results = [
            self._compare(t, name, *money) for t in totals for name, money in t.amounts.items()
        ]
        compared = [result for result in results if result is not False]
        if not compared:
            return None
        wrong = tuple(result for result in compared if isinstance(result, TotalMismatch))
        return TotalCheck(len(compared) - len(wrong), wrong)

    def _read(self, line: int, cells: list[Cell]) -> _Total:
        amounts: dict[Field, tuple[int, str | None]] = {}
        stated = self._stated(cells)
        for name, index in self.columns():
            try:
                money = self.values.money(cells, name, index, stated or self._only(name))
            except (Refused, IndexError):
                continue
            if money:
                amounts[name] = money
        return _Total(line, amounts)

    def _stated(self, cells: list[Cell]) -> str | None:
        try:
            return self.values.stated_currency(cells)
        except Refused:
            return None

    def _only(self, name: Field) -> str | None:
        currencies = {currency for field_, currency in self.written if field_ is name}
        return currencies.pop() if len(currencies) == 1 else None

    def _compare(
        self, total: _Total, name: Field, minor: int, currency: str | None
    ) -> TotalMismatch | bool:
        """Return the mismatch, True when they agree, False when they cannot be compared."""
        currencies = {c for field_, c in self.written if field_ is name}
        if currency not in currencies and currencies:
            return False
        key = (name, currency or self.values.default_currency)
        written, signed = self.written.get(key, 0), self.signed.get(key, 0)
        if minor in {written, signed}:
            return True
        column = self.values.columns.get(name)
        header = column.header if column else cell_text(name.value)
        return TotalMismatch(total.line, header, key[1], minor, signed)
