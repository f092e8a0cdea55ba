"""Bulk loads: many rows at once, by each driver's quickest way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import func, select, text

from storage.types import EPOCH, MICROSECOND

if TYPE_CHECKING:
    from sqlalchemy import Table

    from storage.work import Work

T = TypeVar("T")
CHUNK = 1000


def insert_rows(
    work: Work, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert tuples whose values stand in the order of `columns`."""
    if not rows:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    raw = work.raw()
    if work.dialect == "postgresql":
        with raw.cursor() as cursor, cursor.copy(f"copy {table.name} ({names}) from stdin") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(columns))
    insert = f"insert into {table.name} ({names}) values ({marks})"  # noqa: S608 - our own names
    raw.executemany(insert, ([_plain(value) for value in row] for row in rows))


def reserve(work: Work, table: Table, count: int) -> Iterator[int]:
    """Take as many fresh ids of a table, for rows that name each other before they exist.

    Tables whose rows have versions are written by one import at a time, so counting on is
    enough; the others may be written by anybody.
    """
    if not count:
        return iter(())
    if work.dialect == "postgresql" and "until" not in table.c:
        draw = text(
            "select nextval(pg_get_serial_sequence(:table, 'id')) from generate_series(1, :count)"
        )
        return iter(work.scalars(draw, {"table": table.name, "count": count}))
    last = work.scalar(select(func.max(table.c.id))) or 0
    return iter(range(last + 1, last + count + 1))


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Cut values into lists that fit one statement."""
    some: list[T] = []
    for value in values:
        some.append(value)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some


def _plain(value: object) -> object:
    """Turn a value into what SQLite keeps, as `storage.types` does statement by statement."""
    if isinstance(value, datetime):
        return (value - EPOCH) // MICROSECOND
    return value.isoformat() if isinstance(value, date) else value
