"""Taking the rows of each kind of file into the book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, cast

from bot.use_cases.import_report import Fault, Notice
from credit.terms import Count
from storage import book_lines
from storage.book_customers import (
    FEW,
    LONGEST_CODE,
    Directory,
    carry_over,
    contacts,
    corrections,
    first_of_each,
)
from storage.book_doubled import NAMED, Doubled
from storage.book_follow import Later
from storage.book_money import Received, take_received
from storage.book_update import take_items
from storage.sync.reading import (
    CustomerRow,
    Kind,
    PaymentRow,
    Reading,
    RowColumns,
    Rows,
    Unread,
)
from storage.sync.reading.due_dates import DueDates

if TYPE_CHECKING:
    from storage.book_writing import Run
    from storage.work import Work

CODE_TOO_LONG, UNKNOWN_CUSTOMER = "code_too_long", "unknown_customer"


@dataclass(slots=True)
class Batch:
    """What the rows of one file did to the book.

    `later` says once more what they stated of customers known before: these are not versions,
    so that an import written unseen has to state it when it is seen. `doubled_codes` are of the
    customers whose lines are `doubled`.
    """

    new: int = 0
    changed: int = 0
    settled: int = 0
    unchanged: int = 0
    older: int = 0
    vanished: int = 0
    withdrawn: int = 0
    unread: int = 0
    open_before: int = 0
    unapplied: int = 0
    doubled: Doubled = field(default_factory=Doubled)
    doubled_payments: tuple[int, ...] = ()
    doubled_codes: tuple[str, ...] = ()
    due: DueDates = field(default_factory=DueDates)
    touched: set[int] = field(default_factory=set)
    rejections: list[Fault] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)

    def notices(self, nameless: int) -> tuple[Notice, ...]:
        """Say what a person should look at: `nameless` lines were rejected and name no item."""
        found = []
        if self.vanished * 2 > self.open_before:
            figures = {"vanished": self.vanished, "open": self.open_before}
            found.append(Notice("many_vanished", figures))
        if self.unread:
            found.append(Notice("unread_items", {"unread": self.unread}))
        if self.vanished and nameless:
            found.append(Notice("vanished_or_unread", {"vanished": self.vanished, "n": nameless}))
        if self.older:
            found.append(Notice("older_lines", {"n": self.older}))
        if self.unapplied:
            found.append(Notice("unapplied", {"n": self.unapplied}))
        if self.doubled.many:
            named = list(self.doubled.first)
            found.append(Notice("doubled_lines", {"n": self.doubled.many, "lines": named}))
        if self.doubled_payments:
            lines = list(self.doubled_payments[:NAMED])
            n = len(self.doubled_payments)
            found.append(Notice("doubled_payments", {"n": n, "lines": lines}))
        if self.withdrawn:
            found.append(Notice("withdrawn_repeats", {"n": self.withdrawn}))
        return (*found, *_of_due_dates(self.due))


def _of_due_dates(due: DueDates) -> Iterator[Notice]:
    """Tell which due dates were derived, how, and which could not be."""
    if due.derived:
        yield Notice("due_dates_derived", {"n": due.derived})
    if due.both_ways:
        yield Notice(f"counted_{due.month_end.value.replace('-', '_')}", {"n": due.both_ways})
    if due.unread:
        yield Notice("terms_unread", {"n": due.unread, "words": due.words})
    if due.undated:
        yield Notice("due_dates_unknown", {"n": due.undated})


def take(
    work: Work,
    kind: Kind,
    stretches: Iterable[Rows],
    run: Run,
    reading: Reading,
    only: AbstractSet[str] | None = None,
    month_end: Count = Count.THEN_MONTH_END,
) -> Batch:
    """Write the rows that a reading of that kind yields, some at a time.

    Items are taken as they are read, some at a time; the rows of other kinds are few. `only`:
    the codes of the customers whom the rows speak of, when they leave out everybody else.
    `month_end`: how "45 days end of month" is counted where a due date has to be derived.
    """
    if kind is Kind.CUSTOMERS:
        rows = chain.from_iterable(stretches)
        return _customers(work, [row for row in rows if isinstance(row, CustomerRow)], run)
    if kind is Kind.PAYMENTS:
        rows = chain.from_iterable(stretches)
        return _payments(work, [row for row in rows if isinstance(row, PaymentRow)], run)
    # a reading has one shape of rows
    batch = Batch(due=DueDates(month_end))
    return _items(work, cast("Iterable[RowColumns]", stretches), run, reading, only, batch)


def _items(
    work: Work,
    stretches: Iterable[RowColumns],
    run: Run,
    reading: Reading,
    only: AbstractSet[str] | None,
    batch: Batch,
) -> Batch:
    codes = only
    if only is None and reading.line_count <= FEW:
        stretches = list(stretches)
        codes = {code for some in stretches for code in some.column("customer_code") or ()}
    directory = Directory(work, codes)
    with book_lines.set_down(work) as lines:
        at_once = lines.begin(run, reading.line_count)
        for some in stretches:
            kept = _short_codes(some, batch, reading.unread)
            customers = directory.meet(kept)
            if at_once:
                directory.write_new(run.at, run.id)
            lines.add(batch.due.complete(kept, directory.terms_of), customers)
        lines.close()
        lines.presumed = batch.due
        _, corrected = directory.write(run.at, run.id)
        ids = map(directory.id_of, only or ())
        named = None if only is None else {one for one in ids if one is not None}
        done = take_items(work, lines, run, reading.unread.numbers, named)
        batch.doubled = lines.doubled
    batch.new, batch.changed, batch.settled = done.new, done.changed, done.settled
    batch.unchanged, batch.older, batch.vanished = done.unchanged, done.older, done.vanished
    batch.withdrawn = done.withdrawn
    batch.open_before, batch.unread = done.open_before, done.unread
    batch.touched = done.touched | {directory.known_id(code) for code in corrected}
    batch.later = corrections(directory, corrected)
    if batch.doubled.many:
        batch.doubled_codes = directory.codes_of(batch.doubled.customers)
    return batch


def _short_codes(rows: RowColumns, batch: Batch, unread: Unread) -> RowColumns:
    """Keep the lines whose customer's code is not too long; reject the others."""
    codes = rows.column("customer_code") or ()
    if max(map(len, set(codes))) <= LONGEST_CODE:
        return rows
    for row in rows:
        if len(row.customer_code) > LONGEST_CODE:
            batch.rejections.append(_fault(row.line, row.customer_code, CODE_TOO_LONG))
            unread.note(row.number or "", (), shifted=False)
    return rows.kept([len(code) <= LONGEST_CODE for code in codes])


def _payments(work: Work, rows: Sequence[PaymentRow], run: Run) -> Batch:
    batch = Batch()
    directory = Directory(work, {row.customer_code for row in rows})
    received = []
    for row in rows:
        customer_id = directory.id_of(row.customer_code)
        if customer_id is None:
            batch.rejections.append(_fault(row.line, row.customer_code, UNKNOWN_CUSTOMER))
        else:
            received.append(_received(customer_id, row))
    done = take_received(work, received, run)
    batch.new, batch.changed, batch.unchanged = done.new, done.changed, done.unchanged
    batch.settled, batch.unapplied, batch.touched = done.settled, done.unapplied, done.touched
    batch.doubled_payments = tuple(_doubled(rows))
    return batch


def _doubled(rows: Sequence[PaymentRow]) -> Iterator[int]:
    """Yield the lines of payments that say exactly what a line before them says."""
    seen = set()
    for row in rows:
        said = row[1:]
        if said in seen:
            yield row.line
        seen.add(said)


def _received(customer_id: int, row: PaymentRow) -> Received:
    return Received(
        customer_id,
        row.received_on,
        row.currency,
        row.amount_minor,
        row.means and row.means.value,
        row.invoice_number,
        row.reference,
    )


def _customers(work: Work, rows: Sequence[CustomerRow], run: Run) -> Batch:
    batch = Batch()
    kept = [row for row in rows if len(row.code) <= LONGEST_CODE]
    directory = Directory(work, {row.code for row in kept})
    batch.rejections = [
        _fault(row.line, row.code, CODE_TOO_LONG) for row in rows if len(row.code) > LONGEST_CODE
    ]
    firsts = first_of_each(kept)
    for row in firsts:
        directory.state(row)
    new, changed = directory.write(run.at, run.id)
    people = contacts(directory, kept)
    carry_over(work, people, run.at)
    batch.later = [*corrections(directory, changed), *people]
    batch.new, batch.changed = len(new), len(changed)
    batch.unchanged = len(kept) - len(new) - len(changed)
    batch.touched = {directory.known_id(code) for code in [*new, *changed]}
    return batch


def _fault(line: int, value: str, reason: str) -> Fault:
    return Fault(line, None, None, value[:120], reason)
