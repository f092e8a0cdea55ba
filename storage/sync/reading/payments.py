"""Payments: from the cells of a line to a typed row."""

from __future__ import annotations

from storage.sync.reading.documents import means_named, side
from storage.sync.reading.fields import Field
from storage.sync.reading.items import Habits
from storage.sync.reading.parties import Parties
from storage.sync.reading.reasons import Reason, Refused
from storage.sync.reading.requirements import Measure, measure_of
from storage.sync.reading.rows import PaymentRow
from storage.sync.reading.texts import Cell, cell_text
from storage.sync.reading.values import Values


class Payments:
    """Reads payments received; a returned payment is negative."""

    def __init__(self, values: Values, habits: Habits) -> None:
        """Prepare the columns once for all lines."""
        self.parties = Parties(values, blocks=habits.blocks)
        self.turned = habits.negative_payments
        self._values = values
        self._flip = -1 if habits.negative_payments else 1
        at = values.columns.index
        self._received = at(Field.RECEIVED_ON)
        self._measure = measure_of(values.columns)
        self._amount, self._debit, self._credit = (
            at(Field.AMOUNT),
            at(Field.DEBIT),
            at(Field.CREDIT),
        )
        self._side, self._means = at(Field.SIGN), at(Field.MEANS)
        self._invoice, self._reference = at(Field.NUMBER), at(Field.REFERENCE)

    def read(self, line: int, cells: list[Cell]) -> PaymentRow:
        """Return the payment of a line; refuse the line when a cell of it cannot be read."""
        try:
            received = self._values.dates[Field.RECEIVED_ON](cells[self._received])
        except Refused as refused:
            raise Refused(refused.reason, cells[self._received], self._received) from refused
        if received is None:
            raise Refused(Reason.MISSING_DATE, "", self._received)
        minor, currency = self._money(cells)
        code, _ = self.parties.of(line, cells)
        means = means_named(cell_text(cells[self._means])[:80]) if self._means >= 0 else None
        return PaymentRow(
            line,
            code,
            received,
            minor,
            currency,
            means,
            self._values.code(line, cells, self._invoice),
            self._values.text(line, cells, self._reference),
        )

    def _money(self, cells: list[Cell]) -> tuple[int, str]:
        stated = self._values.stated_currency(cells)
        if self._measure is Measure.LEDGER:
            return self._from_ledger(cells, stated)
        money = self._values.money(cells, Field.AMOUNT, self._amount, stated)
        if money is None:
            raise Refused(Reason.MISSING_AMOUNT, "", self._amount)
        return self._signed(cells, money[0]), money[1]

    def _signed(self, cells: list[Cell], minor: int) -> int:
        if self._side < 0:
            return self._flip * minor
        try:
            told = side(cell_text(cells[self._side])[:80])
        except Refused as refused:
            raise Refused(refused.reason, refused.value, self._side) from refused
        return -told * abs(minor) if told else minor

    def _from_ledger(self, cells: list[Cell], stated: str | None) -> tuple[int, str]:
        debit = self._values.money(cells, Field.DEBIT, self._debit, stated)
        credit = self._values.money(cells, Field.CREDIT, self._credit, stated)
        present = credit or debit
        if present is None:
            raise Refused(Reason.MISSING_AMOUNT, "", self._credit)
        if debit and credit and debit[0] and credit[0]:
            raise Refused(Reason.DEBIT_AND_CREDIT, cells[self._debit], self._debit)
        minor = (credit[0] if credit else 0) - (debit[0] if debit else 0)
        return minor, present[1]
