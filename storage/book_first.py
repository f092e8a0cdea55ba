"""A first book: with no item to compare with, lines are written straight to where they stay.

The indexes of what is empty are taken away before and made again after, each at once, in the
transaction that writes everything: whoever reads meanwhile, and whatever is left when it dies,
has the book as it was. Only SQLite is written so, where the writer is alone and owns its file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import func, select, text

from storage import book_doubled
from storage.book import full_exports
from storage.book_doubled import Labels
from storage.book_load import Alike, plain_days
from storage.book_versions import is_empty
from storage.tables import customer_row, item_row

if TYPE_CHECKING:
    from storage.book_writing import Run
    from storage.sync.reading.row_columns import RowColumns
    from storage.work import Work

MANY: Final = 5_000
"""Lines of a file that are worth taking indexes away and making them again."""
LONGEST_ORDER: Final = 120
"""How much is kept of the number of an order."""

_LAST_CUSTOMER: Final = select(func.max(customer_row.c.id))
_INDEXES: Final = text(
    "select name, sql from sqlite_master where type = 'index' and tbl_name = :table"
    " and sql is not null order by rowid"
)
_KEY: Final = {"key": "{number} || '#1'"}
# the second line of a number, the third...: as lines are counted that are set down
_AGAIN: Final = text(
    "insert into stated_again (id, n) select id, n from (select id, row_number() over"
    " (partition by customer_id, number order by id) as n from item_row) where n > 1"
)
_COUNT: Final = text(
    "update item_row set key = number || '#' || (select n from stated_again a"
    " where a.id = item_row.id) where id in (select id from stated_again)"
)
_BACK: Final = text(
    "insert into stated_line (line, customer_id, number, kind, issued_on, due_on, amount_minor,"
    " open_minor, currency, disputed, order_number) select id + :above, customer_id, number, kind,"
    " issued_on, due_on, case when total_known then amount_minor end, open_minor, currency,"
    " disputed_in_ledger, order_number from item_row"
    " where customer_id in (select customer_id from stated_odd)"
)
_TAKE_BACK: Final = text(
    "delete from item_row where customer_id in (select customer_id from stated_odd)"
)
_ODD: Final = text("insert into stated_odd (customer_id) values (:customer_id)")


class FirstBook:
    """The items of a book that had none, while they are written."""

    def __init__(self, work: Work, run: Run) -> None:
        self._work = work
        self._run = {"since": run.id, "first_import": run.id, "stated_on": run.as_of.isoformat()}
        empty = [item_row] if work.scalar(_LAST_CUSTOMER) else [item_row, customer_row]
        self._indexes = [one for rows in empty for one in work.all(_INDEXES, {"table": rows.name})]
        self._alike = Alike(work, item_row, "id", _KEY)
        self._above = 0
        self._labels, self._again = Labels(), False
        self.count = 0
        self.part_paid = False
        for one in self._indexes:
            work.raw().execute(f'drop index "{one.name}"')

    def add(self, rows: RowColumns, customer_ids: Sequence[int], kinds: Sequence[str]) -> None:
        """Write lines of which each has a number and none was paid, of customers that exist."""
        lines = rows.column("line") or ()
        if not self.count:
            self._above = lines[0] - 1
        self.count += len(lines)
        opened, stated = list(rows.column("open_minor") or ()), rows.column("amount_minor")
        amounts, known = _amounts(stated, opened)
        self.part_paid = self.part_paid or amounts != opened
        nothing = [None] * len(lines)
        columns: dict[str, Any] = {
            "id": [line - self._above for line in lines],
            "customer_id": customer_ids,
            "kind": kinds,
            "open_minor": opened,
            "amount_minor": amounts,
            "total_known": known,
            "number": rows.column("number"),
            "currency": rows.column("currency"),
            "issued_on": plain_days(rows.column("issued_on") or nothing),
            "due_on": plain_days(rows.column("due_on") or nothing),
            "order_number": _cut(rows.column("order_number") or nothing),
            "disputed_in_ledger": list(map(int, rows.column("disputed") or [0] * len(lines))),
        }
        for name, value in self._run.items():
            columns[name] = [value] * len(lines)
        self._alike.add(columns)

    def note(self, rows: RowColumns) -> None:
        """Remember of lines, of odd customers too, what is not written of them."""
        self._labels.note(rows)

    def close(self, odd: AbstractSet[int]) -> int:
        """Give the lines of `odd` customers back, to be taken one by one; make the indexes.

        Return how many of the others repeat one that stands before them (`book_doubled`).
        """
        work = self._work
        self._alike.flush()
        if odd:
            work.execute_many(_ODD, [{"customer_id": one} for one in sorted(odd)])
            work.execute(_BACK, {"above": self._above})
            self.count -= work.execute(_TAKE_BACK)
        for one in self._indexes:
            self._index(one.sql)
        if odd or self._again:
            self._labels.keep(work)
        return book_doubled.note_written(work, self._above) if self._again else 0

    def _index(self, statement: str) -> None:
        """Make an index; where a number stands twice, count its lines before."""
        raw = self._work.raw()
        try:
            raw.execute(statement)
        except sqlite3.IntegrityError:
            self._again = True
            self._work.execute(_AGAIN)
            self._work.execute(_COUNT)
            raw.execute(statement)


def is_first(work: Work, run: Run, lines: int) -> bool:
    """Tell whether a file of so many lines is to be written as a first book is."""
    if work.dialect != "sqlite" or lines < MANY or not is_empty(work):
        return False
    return not any(day > run.as_of for day in full_exports(work))


def _amounts(
    stated: Sequence[int | None] | None, opened: list[int]
) -> tuple[Sequence[int], Sequence[int]]:
    """Return what lines are about, what is open where no total is stated; and where one is."""
    if stated is None:
        return opened, [0] * len(opened)
    if None not in stated:
        return cast("Sequence[int]", stated), [1] * len(opened)
    known = [int(one is not None) for one in stated]
    pairs = zip(stated, opened, strict=True)
    return [minor if total is None else total for total, minor in pairs], known


def _cut(orders: Sequence[str | None]) -> Sequence[str | None]:
    """Cut numbers of orders as the book does."""
    return [one and one[:LONGEST_ORDER] for one in orders] if any(orders) else orders
