"""What the lines of a stretch are worth: the open amount of each, its total and its currency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from operator import sub
from typing import Final

from credit.money import DECIMALS, DEFAULT_DECIMALS
from storage.sync.reading.amount_columns import AmountColumn
from storage.sync.reading.columns import CellColumn
from storage.sync.reading.currencies import currency_in_header
from storage.sync.reading.fields import Field
from storage.sync.reading.meanings import Meanings
from storage.sync.reading.quiet import Quiet
from storage.sync.reading.reasons import Reason, Refused
from storage.sync.reading.requirements import Measure, measure_of
from storage.sync.reading.texts import Cell
from storage.sync.reading.totals import COMPARED, Totals

_ANY: Final = "*"
"""Stands for the currency that a line states in a column of its own."""

Amounts = list[int | None]


@dataclass(slots=True)
class StretchMoney:
    """The money of a stretch in minor units; `currency` is that of every line unless listed."""

    columns: Mapping[Field, Amounts]
    opened: list[int]
    totals: Amounts
    currency: str
    currencies: list[str] | None
    turned: list[bool] | None = None

    def turn(self, signs: Sequence[int]) -> None:
        """Give amounts the signs that their lines impose, 0 for none; note which were turned."""
        opened = self.opened
        self.turned = [bool(s) and s * m < 0 for s, m in zip(signs, opened, strict=True)]
        self.opened = [s * abs(m) if s else m for s, m in zip(signs, opened, strict=True)]
        self.totals = [
            s * abs(m) if s and m is not None else m
            for s, m in zip(signs, self.totals, strict=True)
        ]

    def currency_of(self, start: int, stop: int) -> Iterable[str]:
        """Return the currencies of some of the lines."""
        if self.currencies is None:
            return repeat(self.currency, stop - start)
        return self.currencies[start:stop]

    def add_to(self, totals: Totals, start: int, stop: int) -> None:
        """Add the amounts of some of the lines to the sums of the file."""
        turned = self.turned[start:stop] if self.turned else None
        stated = self.currencies[start:stop] if self.currencies else [self.currency]
        for field, column in self.columns.items():
            amounts = column[start:stop]
            if len(set(stated)) == 1:
                totals.add_column(field, stated[0], amounts, turned)
                continue
            for currency in set(stated):
                own = [m if c == currency else None for m, c in zip(amounts, stated, strict=True)]
                totals.add_column(field, currency, own, turned)


class MoneyColumns:
    """Reads the money columns of a file whose headers do not name several currencies."""

    def __init__(self, quiet: Quiet) -> None:
        """Prepare a reader for every money column."""
        columns = quiet.values.columns
        self._quiet = quiet
        self._measure = measure_of(columns)
        self._at = {field: columns.index(field) for field in COMPARED if field in columns}
        named = {currency_in_header(columns.columns[field][0].header) for field in self._at}
        self.readable = len(named) == 1 and self._measure is not None
        self._in_header = named.pop() if self.readable else None
        self._currency = self._in_header or quiet.values.default_currency
        self._stated_at = columns.index(Field.CURRENCY)
        self._each = self._stated_at >= 0 and self._in_header is None
        self._stated: Meanings[Cell, str] = Meanings(self._stated_in, self._currency)
        self._readers = {field: self._reader(field) for field in self._at}

    def read(self, cells: Sequence[CellColumn], odd: set[int]) -> StretchMoney:
        """Return the money of the lines; add the places of those that need care to `odd`."""
        read = {f: self._readers[f].read(cells[at], odd) for f, at in self._at.items()}
        stated = None
        if self._stated_at >= 0:
            stated = self._stated.of(cells[self._stated_at], odd)
        opened, totals = self._measured(read, odd)
        return StretchMoney(read, opened, totals, self._currency, stated if self._each else None)

    def _reader(self, field: Field) -> AmountColumn:
        decimals = DECIMALS.get(_ANY if self._each else self._currency, DEFAULT_DECIMALS)
        mark = self._quiet.values.mark_of(field)
        return AmountColumn(partial(self._one, field), mark, cents=decimals == DEFAULT_DECIMALS)

    def _one(self, field: Field, cell: Cell) -> int | None:
        stated = _ANY if self._each else None
        money = self._quiet.values.money([cell], field, 0, stated)
        if money is not None and money[1] != (stated or self._currency):
            raise Refused(Reason.CURRENCY_CONFLICT)
        return money and money[0]

    def _stated_in(self, cell: Cell) -> str:
        stated = self._quiet.currency(cell)
        if not self._each:
            return self._currency
        currency = stated or self._currency
        if DECIMALS.get(currency, DEFAULT_DECIMALS) != DEFAULT_DECIMALS:
            raise Refused(Reason.EXCESS_DECIMALS)
        return currency

    def _measured(self, read: Mapping[Field, Amounts], odd: set[int]) -> tuple[list[int], Amounts]:
        if self._measure is Measure.LEDGER:
            opened = _balance(read[Field.DEBIT], read[Field.CREDIT], odd)
            return opened, list(opened)
        if self._measure is Measure.OPEN:
            opened = _present(read[Field.OPEN], odd)
            return opened, read.get(Field.AMOUNT) or [None] * len(opened)
        total = _present(read[Field.AMOUNT], odd)
        if self._measure is Measure.TOTAL:
            return total, list(total)
        paid = (minor or 0 for minor in read[Field.PAID])
        return list(map(sub, total, paid)), list(total)


def _present(amounts: Amounts, odd: set[int]) -> list[int]:
    if all(amounts):
        return [minor for minor in amounts if minor is not None]
    odd.update(place for place, minor in enumerate(amounts) if minor is None)
    return [minor or 0 for minor in amounts]


def _balance(debits: Amounts, credits_: Amounts, odd: set[int]) -> list[int]:
    sides = list(zip(debits, credits_, strict=True))
    odd.update(
        place
        for place, (debit, credit) in enumerate(sides)
        if (debit and credit) or (debit is None and credit is None)
    )
    return [(debit or 0) - (credit or 0) for debit, credit in sides]
