"""Lines of a file that repeat another one exactly: both count, and somebody should look.

Two instalments of one number differ by a date or an amount. Lines that differ by nothing come
from a list that was put together twice, say. They are looked for only where a number stands
twice, or where lines have none.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import select, text

from storage.book_load import insert_columns
from storage.book_stated import doubled as _doubled
from storage.book_stated import label as _label

if TYPE_CHECKING:
    from storage.sync.reading.row_columns import RowColumns
    from storage.work import Work

NAMED: Final = 5
"""How many of the lines are named."""

_LINES: Final = (
    "insert into stated_doubled (line, customer_id) select c.line, c.customer_id from ("
    "select l.line, l.customer_id, row_number() over (partition by l.customer_id, l.number,"
    " l.kind, l.issued_on, l.due_on, l.amount_minor, l.open_minor, l.currency, l.disputed,"
    " l.order_number, l.settled_on, {said} order by l.line) as n from stated_line l{labels}"
    " where {which}) as c where c.n > 1"
)
_SAID: Final = {"said": "l.reference", "labels": ""}
# what a first book's lines refer to is not kept with them
_SAID_OF_FIRST: Final = {
    "said": "coalesce(s.said, 0)",
    "labels": " left join stated_label s on s.line = l.line",
}
_WITH_NUMBER: Final = (
    "exists (select 1 from stated_twice t"
    " where t.customer_id = l.customer_id and t.number = l.number)"
)
_WITHOUT: Final = "l.number is null"
_NUMBERED, _NUMBERED_OF_FIRST, _BARE, _BARE_OF_FIRST = (
    text(_LINES.format(which=which, **said))
    for which in (_WITH_NUMBER, _WITHOUT)
    for said in (_SAID, _SAID_OF_FIRST)
)
_WRITTEN: Final = text(
    "insert into stated_doubled (line, customer_id) select c.line, c.customer_id from ("
    "select i.id + :above as line, i.customer_id, row_number() over (partition by i.customer_id,"
    " i.number, i.kind, i.issued_on, i.due_on, i.amount_minor, i.open_minor, i.total_known,"
    " i.currency, i.disputed_in_ledger, i.order_number, coalesce(s.said, 0) order by i.id) as n"
    " from item_row i left join stated_label s on s.line = i.id + :above"
    " where (i.customer_id, i.number) in (select b.customer_id, b.number"
    " from stated_again a join item_row b on b.id = a.id)) as c where c.n > 1"
)
_FIRST: Final = select(_doubled.c.line).order_by(_doubled.c.line).limit(NAMED)
_CUSTOMERS: Final = select(_doubled.c.customer_id).distinct()


class Doubled(NamedTuple):
    """How many lines repeat one that stands before them, the first of them, and whose they are."""

    many: int = 0
    first: tuple[int, ...] = ()
    customers: frozenset[int] = frozenset()


class Labels:
    """What else lines of a first book refer to, as hashes: the book does not keep it."""

    def __init__(self) -> None:
        self._lines, self._said = array("q"), array("q")

    def note(self, rows: RowColumns) -> None:
        """Remember what some lines say, where any says anything."""
        said = rows.column("reference")
        if said and any(said):
            self._lines.extend(rows.column("line") or ())
            self._said.extend(hash(one) if one else 0 for one in said)

    def keep(self, work: Work) -> None:
        """Set it down, to be compared."""
        if self._lines:
            insert_columns(work, _label, ("line", "said"), (self._lines, self._said))


def note_written(work: Work, above: int) -> int:
    """Note the lines of a first book that repeat others, by their numbers in the file."""
    return work.execute(_WRITTEN, {"above": above})


def note_set_down(work: Work, *, twice: bool, bare: bool, first: bool) -> int:
    """Note those among the lines that are set down.

    `twice`: some number stands twice; `bare`: some line has none; `first`: of a first book.
    """
    found = 0
    if twice:
        found += work.execute(_NUMBERED_OF_FIRST if first else _NUMBERED)
    if bare:
        found += work.execute(_BARE_OF_FIRST if first else _BARE)
    return found


def told(work: Work, found: int) -> Doubled:
    """Tell of so many lines that were noted."""
    if not found:
        return Doubled()
    return Doubled(found, tuple(work.scalars(_FIRST)), frozenset(work.scalars(_CUSTOMERS)))
