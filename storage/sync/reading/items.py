"""Open items and settled invoices: from the cells of a line to a typed row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from credit.receivable import CREDIT_KINDS, ItemKind
from storage.sync.reading.documents import is_yes, item_kind, kind_by_number, side
from storage.sync.reading.fields import Field
from storage.sync.reading.parties import Parties
from storage.sync.reading.reasons import Reason, Refused
from storage.sync.reading.requirements import Measure, measure_of
from storage.sync.reading.rows import HistoryRow, ReceivableRow
from storage.sync.reading.texts import Cell, cell_text
from storage.sync.reading.values import Values


@dataclass(frozen=True, slots=True)
class Habits:
    """What the first lines of a file show about how it is written."""

    blocks: bool = False
    signed_credits: bool = False
    negative_payments: bool = False


class Items:
    """Reads open items, and the lines of a history when there is a settlement date."""

    def __init__(self, values: Values, habits: Habits, *, settled: bool = False) -> None:
        """Prepare the columns once for all lines; with `settled`, those of a history."""
        self._settled = settled
        self.parties = Parties(values, blocks=habits.blocks)
        self.turned = False
        self._values = values
        self._habits = habits
        at = values.columns.index
        self._number, self._type, self._side = at(Field.NUMBER), at(Field.DOC_TYPE), at(Field.SIGN)
        self._disputed, self._terms = at(Field.DISPUTED), at(Field.TERMS)
        self._reference, self._order = at(Field.REFERENCE), at(Field.ORDER_NUMBER)
        self._rep = at(Field.REP_CODE)
        self._has_siren = at(Field.SIREN) >= 0 or at(Field.SIRET) >= 0
        self._dates = {f: (at(f), reader) for f, reader in values.dates.items()}
        self._measure = measure_of(values.columns)
        self._at = {f: at(f) for f in (Field.OPEN, Field.AMOUNT, Field.PAID)}
        self._debit, self._credit = at(Field.DEBIT), at(Field.CREDIT)
        optional = (self._disputed, self._terms, self._reference, self._order, self._rep)
        self._rich = self._has_siren or max(optional) >= 0

    def read(self, line: int, cells: list[Cell]) -> ReceivableRow | HistoryRow:
        """Return the open item of a line, or the invoice of a history."""
        return self.settled(line, cells) if self._settled else self.item(line, cells)

    def item(self, line: int, cells: list[Cell]) -> ReceivableRow:
        """Return the open item of a line; refuse the line when a cell of it cannot be read."""
        issued, due = self._date(cells, Field.ISSUED_ON), self._date(cells, Field.DUE_ON)
        number = self._values.code(line, cells, self._number)
        kind = self._kind(cells, number)
        opened, total, currency = self._amounts(cells)
        code, name = self.parties.of(line, cells)
        sign = self._sign(cells, kind)
        self.turned = bool(sign) and sign * opened < 0
        if sign:
            opened = sign * abs(opened)
            total = None if total is None else sign * abs(total)
        if kind is None:
            ledger = self._measure is Measure.LEDGER
            kind = owed_kind(number) if opened >= 0 else due_back_kind(number, ledger=ledger)
        row = (line, code, name, number, kind, issued, due, total, opened, currency)
        return (
            ReceivableRow(*row, *self._details(line, cells)) if self._rich else ReceivableRow(*row)
        )

    def settled(self, line: int, cells: list[Cell]) -> HistoryRow:
        """Return the invoice of a line with the day it was settled; open when it was not."""
        item = self.item(line, cells)
        settled_on = self._date(cells, Field.SETTLED_ON)
        opened = 0 if settled_on else item.open_minor
        total = item.amount_minor if item.amount_minor is not None else item.open_minor
        past = item._replace(open_minor=opened, amount_minor=total, settled_on=settled_on)
        return HistoryRow._make(past)

    def _details(
        self, line: int, cells: list[Cell]
    ) -> tuple[str | None, bool, str | None, str | None, str | None, str | None]:
        """Return representative, dispute, SIREN, terms, reference and order of a line."""
        text = self._values.text
        flag = cells[self._disputed] if self._disputed >= 0 else ""
        return (
            self._values.code(line, cells, self._rep) if self._rep >= 0 else None,
            is_up(flag),
            self._values.siren(line, cells) if self._has_siren else None,
            text(line, cells, self._terms) if self._terms >= 0 else None,
            text(line, cells, self._reference) if self._reference >= 0 else None,
            text(line, cells, self._order) if self._order >= 0 else None,
        )

    def _date(self, cells: list[Cell], name: Field) -> date | None:
        found = self._dates.get(name)
        if found is None:
            return None
        index, reader = found
        try:
            return reader(cells[index])
        except Refused as refused:
            raise Refused(refused.reason, cells[index], index) from refused

    def _amounts(self, cells: list[Cell]) -> tuple[int, int | None, str]:
        values = self._values
        stated = values.stated_currency(cells)
        if self._measure is Measure.LEDGER:
            return self._from_ledger(cells, stated)
        name = Field.OPEN if self._measure is Measure.OPEN else Field.AMOUNT
        opened = self._values.money(cells, name, self._at[name], stated)
        if opened is None:
            raise Refused(Reason.MISSING_AMOUNT, "", self._at[name])
        minor, currency = opened
        if self._measure is Measure.TOTAL:
            return minor, minor, currency
        other = Field.AMOUNT if self._measure is Measure.OPEN else Field.PAID
        if self._at[other] < 0:
            return minor, None, currency
        second = self._values.money(cells, other, self._at[other], stated or currency)
        if self._measure is Measure.OPEN:
            return minor, second[0] if second and second[1] == currency else None, currency
        return minor - (second[0] if second else 0), minor, currency

    def _from_ledger(self, cells: list[Cell], stated: str | None) -> tuple[int, int | None, str]:
        debit = self._values.money(cells, Field.DEBIT, self._debit, stated)
        credit = self._values.money(cells, Field.CREDIT, self._credit, stated)
        present = debit or credit
        if present is None:
            raise Refused(Reason.MISSING_AMOUNT, "", self._debit)
        if debit and credit and debit[0] and credit[0]:
            raise Refused(Reason.DEBIT_AND_CREDIT, cells[self._credit], self._credit)
        minor = (debit[0] if debit else 0) - (credit[0] if credit else 0)
        return minor, minor, present[1]

    def _kind(self, cells: list[Cell], number: str | None) -> ItemKind | None:
        return told_kind(cells[self._type], number) if self._type >= 0 else None

    def _sign(self, cells: list[Cell], kind: ItemKind | None) -> int:
        """Return the sign that the line imposes, 0 when amounts are taken as written."""
        if self._side >= 0:
            try:
                return told_side(cells[self._side])
            except Refused as refused:
                raise Refused(refused.reason, refused.value, self._side) from refused
        written = self._measure is Measure.LEDGER or self._habits.signed_credits
        return -1 if kind in CREDIT_KINDS and not written else 0


def told_kind(doc_type: Cell, number: str | None) -> ItemKind | None:
    """Return what a document type says, nothing when it is blank; its number when it is unknown."""
    text = cell_text(doc_type)
    told = item_kind(text[:80])
    if told is None and text.strip():
        return kind_by_number(number) or ItemKind.OTHER
    return told


def told_side(cell: Cell) -> int:
    """Return 1 for a debit, -1 for a credit, 0 for a blank; refuse anything else."""
    return side(cell_text(cell)[:80])


def is_up(cell: Cell) -> bool:
    """Tell whether the flag of a dispute is up."""
    return bool(cell) and is_yes(cell_text(cell)[:80])


def owed_kind(number: str | None) -> ItemKind:
    """Return what an item is that is owed, in a file without document types."""
    told = kind_by_number(number)
    return told if told is ItemKind.BILL else ItemKind.INVOICE


def due_back_kind(number: str | None, *, ledger: bool) -> ItemKind:
    """Return what an item is that is owed to the customer, in a file without document types."""
    told = kind_by_number(number)
    if told is ItemKind.CREDIT_NOTE or told is ItemKind.PAYMENT:
        return told
    return ItemKind.PAYMENT if ledger else ItemKind.CREDIT_NOTE
