"""The lines of a file of items, set down in the database: a million never lie in memory.

What can be told of them in sets is told here: which items stand exactly as they stood, and
whose account is new as a whole. Only the lines of other customers are compared one by one.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import date
from itertools import compress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import (
    Boolean,
    Date,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    text,
)

from credit.receivable import ItemKind
from storage import book_doubled, book_first
from storage.book import ITEM, KnownItem, read_items
from storage.book_doubled import Doubled
from storage.book_first import LONGEST_ORDER, FirstBook
from storage.book_load import chunks, insert_columns
from storage.book_matching import Stated
from storage.book_stated import fresh as _fresh
from storage.book_stated import line as _line
from storage.book_stated import other as _other
from storage.book_stated import stated_tables
from storage.bulk import Among
from storage.sync.reading.row_columns import RowColumns
from storage.sync.reading.rows import HistoryRow, ReceivableRow
from storage.tables import OPEN_END, item, item_row, settlement_row

if TYPE_CHECKING:
    from storage.book_writing import Run
    from storage.work import Work

CUSTOMERS: Final = 1000
"""How many customers' lines are in memory at the same time."""

_STATED: Final = tuple(one.name for one in _line.c if one.name != "customer_id")
_REQUIRED: Final = frozenset(one.name for one in _line.c if not one.nullable) - {"disputed"}
_KINDS: Final = {kind: kind.value for kind in ItemKind}
_INDEX: Final = text("create index ix_stated_line on stated_line (customer_id, number)")
_ANALYZE: Final = text("analyze stated_line")

_DAYS = [bindparam(name, type_=Date()) for name in ("since_day", "as_of")]
_TWICE: Final = text(
    "insert into stated_twice (customer_id, number) select customer_id, number from stated_line"
    " where number is not null group by customer_id, number having count(*) > 1"
)
# `:any_twice` spares the look when there is none
_IS_TWICE: Final = (
    "(:any_twice and exists (select 1 from stated_twice t"
    " where t.customer_id = l.customer_id and t.number = l.number))"
)
_ANY_TWICE = bindparam("any_twice", type_=Boolean())
_ALL_FRESH = bindparam("all_fresh", type_=Boolean())
_OTHER: Final = text(
    "insert into stated_other (line) select l.line from stated_line l"  # noqa: S608 - our own names
    f" where {_IS_TWICE} or not exists (select 1 from item_row i"
    " where i.customer_id = l.customer_id and i.key = l.number || '#1'"
    f" and i.until = {OPEN_END} and i.number = l.number and i.kind = l.kind"
    " and i.currency = l.currency and i.open_minor = l.open_minor and i.open_minor <> 0"
    " and (l.amount_minor is null or (l.amount_minor = i.amount_minor and i.total_known)"
    " or (l.amount_minor = l.open_minor and abs(l.amount_minor) < abs(i.amount_minor)))"
    " and (l.open_minor < 0) = (i.amount_minor < 0)"
    " and (l.issued_on = i.issued_on or (l.issued_on is null and i.issued_on is null))"
    " and (l.due_on = i.due_on or (l.due_on is null and i.due_on is null))"
    " and i.disputed_in_ledger = l.disputed and l.settled_on is null"
    " and (l.order_number is null or l.order_number = i.order_number)"
    " and i.stated_on between :since_day and :as_of)"
).bindparams(*_DAYS, _ANY_TWICE)
_ALL_OTHER: Final = text("insert into stated_other (line) select line from stated_line")
_FRESH: Final = text(
    "insert into stated_fresh (customer_id) select c.customer_id"  # noqa: S608 - our own names
    " from (select distinct customer_id from stated_line) c where not exists"
    " (select 1 from item_row i where i.customer_id = c.customer_id"
    f" and i.until = {OPEN_END})"
)
_SPREAD: Final = text(
    "select count(*) as many, min(l.line) as first, max(l.line) as last from stated_line l"
    " where exists (select 1 from stated_fresh f where f.customer_id = l.customer_id)"
)
# SQLite sets all rows aside to number them, which takes as long as writing them: where few
# lines lie between, a line's own number serves
_BY_LINE: Final = "l.line - :first + 1"
_BY_COUNT: Final = "row_number() over (order by l.line)"
_ITEMS: Final = (
    "insert into item_row (id, since, customer_id, key, kind, number, issued_on, due_on,"  # noqa: S608 - our own names
    " currency, amount_minor, open_minor, total_known, disputed_in_ledger, order_number,"
    " stated_on, first_import)"
    " select :last_item + {number}, :v, l.customer_id,"
    f" l.number || '#' || (case when {_IS_TWICE} then (select count(*) from stated_line m"
    " where m.customer_id = l.customer_id and m.number = l.number and m.line <= l.line)"
    " else 1 end), l.kind, l.number, l.issued_on, l.due_on, l.currency,"
    " coalesce(l.amount_minor, l.open_minor), l.open_minor, l.amount_minor is not null,"
    f" l.disputed, substr(l.order_number, 1, {LONGEST_ORDER}), :as_of, :v from stated_line l where"
    " (:all_fresh or exists (select 1 from stated_fresh f where f.customer_id = l.customer_id))"
    " order by l.line"
)
_DENSE, _SPARSE = (
    text(_ITEMS.format(number=number)).bindparams(_DAYS[1], _ANY_TWICE, _ALL_FRESH)
    for number in (_BY_LINE, _BY_COUNT)
)
_PAID_BEFORE: Final = text(
    "insert into settlement_row (id, since, item_id, amount_minor, import_id)"
    " select :last_settlement + row_number() over (order by i.id), :v, i.id,"
    " i.amount_minor - i.open_minor, :v from item_row i"
    " where i.id > :last_item and i.since = :v and i.amount_minor <> i.open_minor"
)
_LAST_ITEM = select(func.coalesce(func.max(item_row.c.id), 0))
_LAST_SETTLEMENT = select(func.coalesce(func.max(settlement_row.c.id), 0))
_IS_OTHER = exists().where(_other.c.line == _line.c.line)
_IS_FRESH = exists().where(_fresh.c.customer_id == _line.c.customer_id)
_REST = (
    select(_line.c.customer_id)
    .where(_line.c.line.in_(select(_other.c.line)), ~_IS_FRESH)
    .distinct()
)
# a line that says what the book says speaks of the first item of its number
_IS_STATED = and_(
    item.c.key == item.c.number + "#1",
    exists().where(
        _line.c.customer_id == item.c.customer_id, _line.c.number == item.c.number, ~_IS_OTHER
    ),
)
_UNSTATED = (
    select(*ITEM)
    .where(Among(item.c.customer_id), item.c.open_minor != literal_column("0"), ~_IS_STATED)
    .order_by(item.c.id)
)
# A line that says what the book says is one open item, so an account has others when it has
# more of them. Counted by index: what has ended is few, and told apart.
_MISSING: Final = text(
    "select customer_id from ("  # noqa: S608 - our own names
    "select customer_id, count(*) as n from item_row where open_minor <> 0 group by customer_id"
    " union all select customer_id, -1 from item_row"
    f" where until <> {OPEN_END} and open_minor <> 0"
    " union all select customer_id, -count(*) from stated_line group by customer_id"
    " union all select l.customer_id, count(*) from stated_other o"
    " join stated_line l on l.line = o.line group by l.customer_id"
    ") as c where not exists (select 1 from stated_fresh f where f.customer_id = c.customer_id)"
    " group by customer_id having sum(n) > 0"
)
_DOUBT: Final = text(
    "insert into stated_other (line) select l.line from stated_line l"
    " where l.customer_id = :customer_id and l.number = :number"
    " and not exists (select 1 from stated_other o where o.line = l.line)"
)
_NOT_FRESH: Final = text("delete from stated_fresh where customer_id = :customer_id")
_OTHERS = select(func.count()).select_from(_other)
_OF = select(_line).where(Among(_line.c.customer_id), _IS_OTHER).order_by(_line.c.line)
_FRESH_ONES = select(_fresh.c.customer_id)


class Spread(NamedTuple):
    """How many lines there are, and between which numbers they stand in the file."""

    many: int
    first: int
    last: int

    def wider(self, lines: Sequence[int]) -> Spread:
        """Take in lines further down."""
        return Spread(self.many + len(lines), self.first or lines[0], lines[-1])


class Lines:
    """The lines of one file while it is taken in; all of one shape."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._shape: type[ReceivableRow | HistoryRow] = ReceivableRow
        self._odd: set[int] = set()
        self._customers: set[int] = set()
        self._spread = Spread(0, 0, 0)
        self._any_twice = True
        self._bare = False  # whether a line has no number
        self._empty = False  # whether the book has no item yet
        self._first: FirstBook | None = None
        self.doubled = Doubled()
        self.presumed: Container[int] = ()  # lines whose due dates they do not state

    def begin(self, run: Run, count: int) -> bool:
        """Prepare for so many lines; tell whether they are written as they come.

        Then their customers must have been before them.
        """
        if book_first.is_first(self._work, run, count):
            self._first = FirstBook(self._work, run)
        return self._first is not None

    def add(self, rows: RowColumns, customer_ids: Sequence[int]) -> None:
        """Set down some lines, each with its customer."""
        if not rows:
            return
        self._shape = rows.shape
        self._customers.update(customer_ids)
        self._spread = self._spread.wider(rows.column("line") or ())
        self._note_odd(rows, customer_ids)
        if self._first is None:
            self._set_down(rows, customer_ids)
            return
        self._first.note(rows)
        plain = [one not in self._odd for one in customer_ids] if self._odd else ()
        if all(plain):
            self._first.add(rows, customer_ids, _kinds(rows))
            return
        left = [not one for one in plain]
        self._set_down(rows.kept(left), list(compress(customer_ids, left)))
        if any(plain):
            kept = rows.kept(plain)
            self._first.add(kept, list(compress(customer_ids, plain)), _kinds(kept))

    def _set_down(self, rows: RowColumns, customer_ids: Sequence[int]) -> None:
        """Write lines into the temporary table."""
        columns: dict[str, Sequence[Any] | None] = {"customer_id": customer_ids}
        columns |= {name: rows.column(name) for name in _STATED}
        columns["kind"] = _kinds(rows)
        # what no line states is left out: a driver is slow with nothing
        stated = {
            name: column
            for name, column in columns.items()
            if column is not None and (name in _REQUIRED or any(column))
        }
        insert_columns(self._work, _line, list(stated), list(stated.values()))

    def _note_odd(self, rows: RowColumns, customer_ids: Sequence[int]) -> None:
        """Keep whose lines have no number, or were paid: those are taken one by one."""
        nothing = [None] * len(rows)
        numbers, settled = rows.column("number") or nothing, rows.column("settled_on") or nothing
        self._bare = self._bare or not all(numbers)
        if not all(numbers) or any(settled):
            self._odd.update(
                customer
                for customer, number, day in zip(customer_ids, numbers, settled, strict=True)
                if day or not number
            )

    @property
    def count(self) -> int:
        """Return how many lines there are."""
        return self._spread.many

    def compare_all(self) -> None:
        """Have every line compared one by one."""
        self._work.execute(_ALL_OTHER)

    def sort_out(self, run: Run, doubtful: Iterable[tuple[int, str]]) -> int:
        """Find what stands as it stood but for the `doubtful` documents; return how many lines.

        Nothing may have been imported for a later day.
        """
        work = self._work
        self._empty = self._first is not None or not work.scalar(_LAST_ITEM)
        if self._empty:
            return 0
        first = date.min if run.whole else run.as_of
        days = {"since_day": first, "as_of": run.as_of}
        work.execute(_OTHER, {**days, "any_twice": self._any_twice})
        for customer_id, number in doubtful:
            work.execute(_DOUBT, {"customer_id": customer_id, "number": number})
        return self.count - int(work.scalar(_OTHERS) or 0)

    def add_fresh(self, run: Run) -> tuple[int, list[int]]:
        """Write the accounts that are new as a whole; return how many items, and whose."""
        work = self._work
        if self._first is not None:
            return self._told_first(run, self._first)
        work.execute(_FRESH)
        work.execute_many(_NOT_FRESH, [{"customer_id": one} for one in self._odd])
        fresh = work.scalars(_FRESH_ONES)
        if not fresh:
            return 0, []
        values = {"v": run.id, "last_item": work.scalar(_LAST_ITEM)}
        written = self._write_fresh({**values, "as_of": run.as_of}, len(fresh))
        last = work.scalar(_LAST_SETTLEMENT)
        work.execute(_PAID_BEFORE, {**values, "last_settlement": last})
        return written, fresh

    def _told_first(self, run: Run, first: FirstBook) -> tuple[int, list[int]]:
        """Note what had been paid of a first book; tell what `add_fresh` does."""
        if first.part_paid:
            last = self._work.scalar(_LAST_SETTLEMENT)
            values = {"v": run.id, "last_item": 0, "last_settlement": last}
            self._work.execute(_PAID_BEFORE, values)
        return first.count, sorted(self._customers - self._odd)

    def _write_fresh(self, values: Mapping[str, Any], customers: int) -> int:
        work, all_fresh = self._work, customers == len(self._customers)
        spread = self._spread if all_fresh else Spread._make(work.all(_SPREAD)[0])
        told = {**values, "any_twice": self._any_twice, "all_fresh": all_fresh}
        if spread.last - spread.first < 2 * spread.many:
            return work.execute(_DENSE, {**told, "first": spread.first})
        return work.execute(_SPARSE, told)

    def left(
        self, run: Run, *, all_told: bool, only: AbstractSet[int] | None = None
    ) -> Iterator[list[int]]:
        """Yield the customers who have to be looked at, some at a time.

        They have other lines or, in a whole export, open items that no line states;
        `all_told`: no other line is left. `only` these are, all of them, when the lines of
        everybody else are left out.
        """
        work = self._work
        if self._empty and all_told:
            return iter(())
        if self._empty:
            self.compare_all()
        found = set() if all_told else set(work.scalars(_REST))
        if only is not None:
            found = set(only).difference(work.scalars(_FRESH_ONES))
        elif run.whole and self._first is None:
            found.update(work.scalars(_MISSING))
        return chunks(sorted(found), CUSTOMERS)

    def of(self, customer_ids: Sequence[int]) -> list[Stated]:
        """Return the lines of some customers that are to be compared, in the file's order."""
        shape = self._shape
        return [
            Stated(
                row.customer_id,
                shape(
                    row.line,
                    "",
                    None,
                    row.number,
                    ItemKind(row.kind),
                    row.issued_on,
                    row.due_on,
                    row.amount_minor,
                    row.open_minor,
                    row.currency,
                    disputed=row.disputed,
                    reference=row.reference,
                    order_number=row.order_number,
                    settled_on=row.settled_on,
                ),
                row.line in self.presumed,
            )
            for row in self._work.all(_OF, {"ids": list(customer_ids)})
        ]

    def items_of(self, customer_ids: Sequence[int]) -> list[KnownItem]:
        """Return the open items of customers, but for those that stand as they stood."""
        return read_items(self._work, _UNSTATED, {"ids": list(customer_ids)})

    def close(self) -> None:
        """Make the lines ready to be asked about: all are set down."""
        work, first = self._work, self._first
        found = 0 if first is None else first.close(self._odd)
        work.execute(_INDEX)
        self._any_twice = twice = bool(work.execute(_TWICE))
        found += book_doubled.note_set_down(
            work, twice=twice, bare=self._bare, first=first is not None
        )
        self.doubled = book_doubled.told(work, found)
        if work.dialect == "postgresql":
            work.execute(_ANALYZE)


def _kinds(rows: RowColumns) -> list[str]:
    return list(map(_KINDS.__getitem__, rows.column("kind") or ()))


@contextmanager
def set_down(work: Work) -> Iterator[Lines]:
    """Yield where the lines of a file are set down; in the end they are gone."""
    with stated_tables(work):
        yield Lines(work)
