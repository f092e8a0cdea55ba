"""What a file of each kind must say before it may be read without asking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from storage.sync.reading.fields import Field, Kind, field_named
from storage.sync.reading.headers import Header
from storage.sync.reading.questions import NONE_OF_THEM, ColumnMap, Question, QuestionKind
from storage.sync.reading.recognition import MOST, may_hold
from storage.sync.reading.terms_said import terms_said
from storage.sync.reading.texts import Cell, cell_text


class Measure(StrEnum):
    """Which columns make the open amount of an item, or the amount of a payment."""

    OPEN = "open"
    REST = "rest"
    LEDGER = "ledger"
    TOTAL = "total"


def measure_of(columns: ColumnMap) -> Measure | None:
    """Return how the amount of a line is made, nothing when the file has no amount."""
    if Field.OPEN in columns:
        return Measure.OPEN
    if Field.AMOUNT in columns and Field.PAID in columns:
        return Measure.REST
    if Field.DEBIT in columns and Field.CREDIT in columns:
        return Measure.LEDGER
    return Measure.TOTAL if Field.AMOUNT in columns else None


@dataclass(frozen=True, slots=True)
class Table:
    """What a table begins with: its header, and some rows below it; a `fec` has no due dates."""

    header: Header
    rows: Sequence[Sequence[Cell]]
    fec: bool = False

    def free(self, columns: ColumnMap, wanted: Field) -> tuple[str, ...]:
        """Name the columns that are no field yet, first those that may hold what is wanted."""
        names = {
            i: name
            for i, name in enumerate(self.header.names)
            if name and columns.field_at(i) is None
        }
        return tuple(names[i] for i in sorted(names, key=lambda i: not self._may_be(wanted, i)))

    def likely(self, wanted: Field) -> tuple[str, ...]:
        """Name all columns, first those that may hold what is wanted."""
        named = [i for i, name in enumerate(self.header.names) if name]
        by_merit = sorted(named, key=lambda i: not self._may_be(wanted, i))
        return tuple(self.header.names[i] for i in by_merit)

    def ask(self, columns: ColumnMap, wanted: Field, *, never_absent: bool) -> Question:
        """Ask for the column of a field that none is."""
        free = self.free(columns, wanted)
        if self.fec and wanted is Field.DUE_ON:
            dates = {n for i, n in enumerate(self.header.names) if self._may_be(wanted, i)}
            some = (name for name in free if name in dates)
            return Question(QuestionKind.NO_DUE_DATES, wanted.value, (NONE_OF_THEM, *some))
        none = () if never_absent else (NONE_OF_THEM,)
        return Question(QuestionKind.MISSING_FIELD, wanted.value, (*free, *none))

    def tells_terms(self, columns: ColumnMap) -> bool:
        """Tell whether due dates can be derived: days of issue, and terms that are understood."""
        at = columns.index(Field.TERMS)
        if at < 0 or Field.ISSUED_ON not in columns:
            return False
        said = [terms_said(cell_text(row[at])) for row in self.rows if at < len(row)]
        told = [one for one in said if not one.silent]
        return bool(told) and sum(one.terms is not None for one in told) >= MOST * len(told)

    def _may_be(self, wanted: Field, at: int) -> bool:
        return may_hold(wanted, (row[at] for row in self.rows if at < len(row)))


def missing(
    kind: Kind, columns: ColumnMap, table: Table, answers: Mapping[str, str], *, stated: bool
) -> list[Question]:
    """Return what must be asked about the columns; `stated` when a person named the kind."""
    settled = {field_named(k) for k, v in answers.items() if v.strip() == NONE_OF_THEM}
    never = _never_absent(kind)
    questions = [
        table.ask(columns, field, never_absent=field in never)
        for field in _wanted(kind, columns)
        if (field not in settled or field in never)
        and not (field is Field.DUE_ON and table.tells_terms(columns))
    ]
    if kind is Kind.RECEIVABLES:
        questions += _open_amount(columns, table.free(columns, Field.OPEN), stated=stated)
    return questions


def readable(kind: Kind, columns: ColumnMap) -> bool:
    """Tell whether lines can be read at all, if only to show what would come out."""
    if Field.CUSTOMER_CODE not in columns and Field.CUSTOMER_NAME not in columns:
        return False
    if kind is Kind.CUSTOMERS:
        return True
    if kind is Kind.PAYMENTS and Field.RECEIVED_ON not in columns:
        return False
    return measure_of(columns) is not None


def _wanted(kind: Kind, columns: ColumnMap) -> list[Field]:
    wanted = []
    if Field.CUSTOMER_CODE not in columns and Field.CUSTOMER_NAME not in columns:
        wanted.append(Field.CUSTOMER_CODE)
    if kind is Kind.CUSTOMERS and Field.CUSTOMER_NAME not in columns:
        wanted.append(Field.CUSTOMER_NAME)
    needed: dict[Kind, tuple[Field, ...]] = {
        Kind.RECEIVABLES: (Field.NUMBER, Field.DUE_ON),
        Kind.HISTORY: (Field.NUMBER, Field.DUE_ON, Field.SETTLED_ON),
        Kind.PAYMENTS: (Field.RECEIVED_ON,),
    }
    wanted += [field for field in needed.get(kind, ()) if field not in columns]
    if kind in {Kind.PAYMENTS, Kind.HISTORY} and measure_of(columns) is None:
        wanted.append(Field.AMOUNT)
    return wanted


def _never_absent(kind: Kind) -> AbstractSet[Field]:
    always = {Field.CUSTOMER_CODE, Field.AMOUNT}
    return always | ({Field.RECEIVED_ON} if kind is Kind.PAYMENTS else set())


def _open_amount(columns: ColumnMap, free: tuple[str, ...], *, stated: bool) -> list[Question]:
    measure = measure_of(columns)
    key = Field.OPEN.value
    if measure is None:
        return [Question(QuestionKind.MISSING_FIELD, key, free)]
    # An amount with its side (D/C) is a ledger, whose lines add up to the balance whatever
    # was paid. A bare invoice total is open only if somebody says that the list is of open items.
    total = columns.get(Field.AMOUNT)
    if measure is Measure.TOTAL and total and Field.SIGN not in columns and not stated:
        return [Question(QuestionKind.TOTAL_AS_OPEN, key, (total.header, *free))]
    return []
