"""Taking away what is of no use: versions nobody will ever see, versions nobody sees any more."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Table,
    and_,
    bindparam,
    delete,
    func,
    literal_column,
    select,
    text,
    tuple_,
    update,
)

from storage import book_versions
from storage.book_versions import ROWS
from storage.tables import OPEN_END, book, book_later, book_touched, customer_row
from storage.work import Work

SPAN: Final = 400
"""How many ids, or rows, one piece takes: some milliseconds."""

_ALL: Final = (*reversed(ROWS), customer_row)
"""Children first: a row that is named must outlive the one that names it."""
_LISTS: Final = (book_touched, book_later)


_MEASURE: Final = text(f"analyze {', '.join(rows.name for rows in _ALL)}")


class Place(NamedTuple):
    """How far cleaning has come: a step of it, and the last id done in that step."""

    step: int = 0
    id: int = 0


def _ended(rows: Table, when: Any) -> Any:  # noqa: ANN401 - conditions and selects
    """Choose some rows of former versions, by the small index of those."""
    # as a literal, or the partial index would not be found
    over = rows.c.until != literal_column(str(OPEN_END))
    return select(rows.c.id, rows.c.since).where(when, over).limit(SPAN)


def _reopen(rows: Table) -> Any:  # noqa: ANN401 - an update
    some = _ended(rows, rows.c.until == bindparam("v"))
    keys = tuple_(rows.c.id, rows.c.since)
    return update(rows).where(keys.in_(some)).values(until=OPEN_END)


def _purge(rows: Table) -> Any:  # noqa: ANN401 - a delete
    former = select(book.c.previous).scalar_subquery()
    some = _ended(rows, rows.c.until <= former)
    return delete(rows).where(tuple_(rows.c.id, rows.c.since).in_(some))


_UNDO = {
    rows.name: delete(rows).where(
        and_(rows.c.id > bindparam("after"), rows.c.id <= bindparam("last")),
        rows.c.since == bindparam("v"),
    )
    for rows in _ALL
}
_LAST = {rows.name: select(func.max(rows.c.id)) for rows in _ALL}
_REOPEN = {rows.name: _reopen(rows) for rows in ROWS}
_PURGE = {rows.name: _purge(rows) for rows in ROWS}
_FORGET = {rows.name: delete(rows).where(rows.c.version == bindparam("v")) for rows in _LISTS}


def clean(work: Work, place: Place) -> Place | None:
    """Take away a piece of the version that was being written when its process ended.

    Return where to go on; None when nothing is left of it and another may be written. It may
    begin anew at any time. The caller sees to it that nobody writes the version any more.
    """
    version = book_versions.standing(work).pending
    if version is None:
        return None
    if place.step == 0:
        for rows in _LISTS:
            work.execute(_FORGET[rows.name], {"v": version})
        return Place(1)
    if place.step <= len(_ALL):
        return _undo(work, place, version)
    if place.step <= len(_ALL) + len(ROWS):
        rows = ROWS[place.step - len(_ALL) - 1]
        more = work.execute(_REOPEN[rows.name], {"v": version}) == SPAN
        return place if more else Place(place.step + 1)
    book_versions.give_up(work, version)
    return None


def _undo(work: Work, place: Place, version: int) -> Place:
    """Delete what the version made among some ids."""
    rows = _ALL[place.step - 1]
    last = place.id + SPAN
    work.execute(_UNDO[rows.name], {"after": place.id, "last": last, "v": version})
    over = last >= (work.scalar(_LAST[rows.name]) or 0)
    return Place(place.step + 1) if over else Place(place.step, last)


def measure(work: Work) -> None:
    """Tell PostgreSQL how large the book has become.

    It finds out by itself a minute later; the first page over a book it takes for empty is a
    loop in a loop, and may outlast its reader.
    """
    if work.dialect == "postgresql":
        work.execute(_MEASURE)


def purge(work: Work) -> int:
    """Delete some rows of versions before the last two; return how many went."""
    for rows in ROWS:
        gone = work.execute(_PURGE[rows.name], {})
        if gone:
            return gone
    return 0


def has_former(work: Work) -> bool:
    """Tell whether a version before the last two has rows left."""
    former = select(book.c.previous).scalar_subquery()
    return any(work.first(_ended(rows, rows.c.until <= former).limit(1)) for rows in ROWS)
