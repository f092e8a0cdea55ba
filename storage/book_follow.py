"""What an import leaves to be done once it is seen: a list that outlives the process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update

from storage.book_load import chunks
from storage.tables import book, book_follow, book_later, book_touched
from storage.upsert import Upsert
from storage.work import Work


class Follow(NamedTuple):
    """An import that is seen and not over; `found` is what looking has found so far."""

    version: int
    subject: Mapping[str, Any]
    report: Mapping[str, Any]
    found: Mapping[str, Any]


class Later(NamedTuple):
    """Something an import says of a customer known before: of `kind` customer or contact."""

    kind: str
    data: Mapping[str, Any]


_OPEN = insert(book_follow)
_FIRST = (
    select(book_follow)
    .where(book_follow.c.version <= select(book.c.version).scalar_subquery())
    .order_by(book_follow.c.version)
    .limit(1)
)
_FOUND = (
    update(book_follow)
    .where(book_follow.c.version == bindparam("v"))
    .values(found=bindparam("what"))
)
_CLOSE = delete(book_follow).where(book_follow.c.version == bindparam("v"))
_TOUCH = Upsert(book_touched, keys=("version", "customer_id"))
_TOUCHED = (
    select(book_touched.c.customer_id, book_touched.c.scan)
    .where(book_touched.c.version == bindparam("v"))
    .order_by(book_touched.c.customer_id)
    .limit(bindparam("most"))
)
_LOOKED = delete(book_touched).where(
    book_touched.c.version == bindparam("v"),
    book_touched.c.customer_id <= bindparam("last"),
)
_PUT_OFF = Upsert(book_later, keys=("version", "n"))
_LATER = (
    select(book_later.c.n, book_later.c.kind, book_later.c.data)
    .where(book_later.c.version == bindparam("v"))
    .order_by(book_later.c.n)
    .limit(bindparam("most"))
)
_CARRIED = delete(book_later).where(
    book_later.c.version == bindparam("v"), book_later.c.n <= bindparam("last")
)


def open_follow(work: Work, one: Follow) -> None:
    """Begin what follows an import; its `subject` says whom to tell of its report in the end."""
    subject, report, found = (dict(value) for value in one[1:])
    values = {"version": one.version, "subject": subject, "report": report, "found": found}
    work.execute(_OPEN, values)


def first(work: Work) -> Follow | None:
    """Return the oldest import that is seen and not over."""
    row = work.first(_FIRST)
    return row and Follow(row.version, row.subject, row.report, row.found)


def note(work: Work, version: int, found: Mapping[str, Any]) -> None:
    """Keep what looking has found so far."""
    work.execute(_FOUND, {"v": version, "what": dict(found)})


def close(work: Work, version: int) -> None:
    """End what follows an import."""
    work.execute(_CLOSE, {"v": version})


def touch(work: Work, version: int, customers: Iterable[int], *, scan: bool) -> None:
    """Put customers on the list of an import; those on it already stay as they are."""
    for some in chunks(sorted(set(customers))):
        rows = [{"version": version, "customer_id": one, "scan": scan} for one in some]
        work.execute_many(_TOUCH, rows)


def touched(work: Work, version: int, most: int) -> list[tuple[int, bool]]:
    """Read the next customers of the list, and whether their alerts are looked at anyhow."""
    rows = work.all(_TOUCHED, {"v": version, "most": most})
    return [(row.customer_id, bool(row.scan)) for row in rows]


def looked(work: Work, version: int, last: int) -> None:
    """Take the customers up to an id off the list."""
    work.execute(_LOOKED, {"v": version, "last": last})


def put_off(work: Work, version: int, start: int, news: Sequence[Later]) -> None:
    """Keep what is said of customers for when the version is seen, numbered from `start`."""
    rows = [
        {"version": version, "n": n, "kind": one.kind, "data": dict(one.data)}
        for n, one in enumerate(news, start)
    ]
    work.execute_many(_PUT_OFF, rows)


def later(work: Work, version: int, most: int) -> tuple[int, list[Later]]:
    """Read the next that was put off, and the number of the last of it."""
    rows = work.all(_LATER, {"v": version, "most": most})
    return (rows[-1].n if rows else 0), [Later(row.kind, row.data) for row in rows]


def carried(work: Work, version: int, last: int) -> None:
    """Forget what was put off, up to a number: it is carried over."""
    work.execute(_CARRIED, {"v": version, "last": last})
