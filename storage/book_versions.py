"""Which version of the book is seen, which one is written, and how a known row gets a new one.

```mermaid
stateDiagram-v2
    [*] --> pending: claim
    pending --> seen: flip, everything at once
    pending --> [*]: clean, nothing of it was seen
    [*] --> seen: begin, in one transaction
    seen --> former: the next import
    former --> [*]: purge
```
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Table, bindparam, delete, func, insert, literal, select, update

from storage.book_load import chunks
from storage.tables import OPEN_END, book, customer_row, item_row, payment_row, settlement_row
from storage.work import Work

ROWS = (item_row, payment_row, settlement_row)
"""The tables whose rows have versions, parents first."""


class BookBusyError(RuntimeError):
    """Another import is being written, or has been seen meanwhile."""


class Standing(NamedTuple):
    """Where the book stands: what is seen, what was before, what is being written and by whom."""

    version: int
    previous: int
    pending: int | None
    owner: str | None


_STANDING = select(book.c.version, book.c.previous, book.c.pending, book.c.owner)
_BEGIN = (
    update(book)
    .where(book.c.pending.is_(None), book.c.version < bindparam("v"))
    .values(previous=book.c.version, version=bindparam("v"))
)
_CLAIM = (
    update(book)
    .where(
        book.c.pending.is_(None),
        book.c.version == bindparam("base"),
        book.c.version < bindparam("v"),
    )
    .values(pending=bindparam("v"), owner=bindparam("who"))
)
_FLIP = (
    update(book)
    .where(book.c.pending == bindparam("v"), book.c.owner == bindparam("who"))
    .values(previous=book.c.version, version=bindparam("v"), pending=None, owner=None)
)
_TAKE_OVER = update(book).where(book.c.pending.is_not(None)).values(owner=bindparam("who"))
_GIVE_UP = update(book).where(book.c.pending == bindparam("v")).values(pending=None, owner=None)


_FORMER = ("id", "since", "stated_on", "open_minor", "first_import", "settled_on")
_LAST_ITEM = select(func.max(item_row.c.id))
_LAST_IDS = (select(func.max(customer_row.c.id)), _LAST_ITEM)


def _stale(rows: Table) -> Any:  # noqa: ANN401 - a select of some of its columns
    return select(*(rows.c[name] for name in _FORMER if name in rows.c)).where(
        rows.c.id.in_(bindparam("ids", expanding=True)),
        rows.c.until == OPEN_END,
        rows.c.since < bindparam("v"),
    )


def _end(rows: Table) -> Any:  # noqa: ANN401 - an update
    return (
        update(rows)
        .where(
            rows.c.id.in_(bindparam("ids", expanding=True)),
            rows.c.until == OPEN_END,
            rows.c.since < bindparam("v"),
        )
        .values(until=bindparam("v"))
    )


def _again(rows: Table) -> Any:  # noqa: ANN401 - an insert
    kept = [one for one in rows.c if one.name not in {"since", "until"}]
    again = select(
        *kept, bindparam("v", type_=rows.c.since.type), literal(OPEN_END, rows.c.until.type)
    ).where(rows.c.id.in_(bindparam("ids", expanding=True)), rows.c.until == bindparam("v"))
    return insert(rows).from_select([*(one.name for one in kept), "since", "until"], again)


_STALE = {rows.name: _stale(rows) for rows in ROWS}
_END = {rows.name: _end(rows) for rows in ROWS}
_AGAIN = {rows.name: _again(rows) for rows in ROWS}
_DROP = {
    rows.name: delete(rows).where(
        rows.c.id.in_(bindparam("ids", expanding=True)), rows.c.since == bindparam("v")
    )
    for rows in ROWS
}


def standing(work: Work) -> Standing:
    """Tell where the book stands."""
    return Standing._make(work.all(_STANDING)[0])


def is_small(work: Work, most: int) -> bool:
    """Tell whether the book has about so many customers at most, and so many items."""
    return all((work.scalar(last) or 0) <= most for last in _LAST_IDS)


def is_empty(work: Work) -> bool:
    """Tell whether no item was ever written."""
    return work.scalar(_LAST_ITEM) is None


def begin(work: Work, version: int) -> None:
    """Show a version from now on, inside the transaction that writes all of it.

    Raise `BookBusyError` when another one is being written or came meanwhile.
    """
    if not work.execute(_BEGIN, {"v": version}):
        raise BookBusyError


def claim(work: Work, version: int, base: int, owner: str) -> None:
    """Begin to write a version in pieces; raise `BookBusyError` unless `base` is still seen."""
    if not work.execute(_CLAIM, {"v": version, "base": base, "who": owner}):
        raise BookBusyError


def hold(work: Work, version: int, owner: str) -> None:
    """Raise `BookBusyError` unless this version is being written by this owner."""
    found = standing(work)
    if (found.pending, found.owner) != (version, owner):
        raise BookBusyError


def flip(work: Work, version: int, owner: str) -> None:
    """Show a version whose rows are all written: everybody sees everything at once."""
    if not work.execute(_FLIP, {"v": version, "who": owner}):
        raise BookBusyError


def take_over(work: Work, owner: str) -> bool:
    """Forbid whoever began a version to go on with it; tell whether there was one."""
    return bool(work.execute(_TAKE_OVER, {"who": owner}))


def give_up(work: Work, version: int) -> None:
    """Forget a version of which no row is left."""
    work.execute(_GIVE_UP, {"v": version})


def end(work: Work, rows: Table, ids: Iterable[int], version: int) -> Sequence[Any]:
    """End rows of former versions; return what they were, for the caller to write them anew.

    That is id, since, and of items stated_on, open_minor, first_import and settled_on.
    """
    ended: list[Any] = []
    for some in chunks(sorted(set(ids))):
        stale = work.all(_STALE[rows.name], {"ids": some, "v": version})
        if stale:
            ended.extend(stale)
            work.execute(_END[rows.name], {"ids": [one.id for one in stale], "v": version})
    return ended


def renew(work: Work, rows: Table, ids: Iterable[int], version: int) -> Sequence[Any]:
    """Give rows of former versions one of this version, the same until it is written over.

    Return what the former ones were, as `end` does; rows that this version has already are
    left alone.
    """
    former: list[Any] = []
    for some in chunks(sorted(set(ids))):
        stale = work.all(_STALE[rows.name], {"ids": some, "v": version})
        if stale:
            values = {"ids": [one.id for one in stale], "v": version}
            work.execute(_END[rows.name], values)
            work.execute(_AGAIN[rows.name], values)
            former.extend(stale)
    return former


def drop(work: Work, rows: Table, ids: Iterable[int], version: int) -> None:
    """End rows with this version; what it had made itself is gone."""
    for some in chunks(sorted(set(ids))):
        values = {"ids": some, "v": version}
        work.execute(_END[rows.name], values)
        work.execute(_DROP[rows.name], values)
