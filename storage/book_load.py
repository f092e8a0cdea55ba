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
ROWS = 5000
"""How many rows are turned into columns at the same time."""
VALUES = 450
"""How many values one statement is given: SQLite before 3.32 took 999 at most."""
_AS_THEY_ARE = frozenset({int, str, float, bytes, type(None)})
_DATES = frozenset({date, type(None)})
_MOST_DAYS = 1 << 14


def insert_rows(
    work: Work, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert tuples whose values stand in the order of `columns`."""
    for some in chunks(rows, ROWS):
        insert_columns(work, table, columns, list(zip(*some, strict=True)))


def insert_columns(
    work: Work, table: Table, names: Sequence[str], columns: Sequence[Sequence[Any]]
) -> None:
    """Insert rows whose values stand column by column, all as long."""
    quoted = ", ".join(f'"{name}"' for name in names)
    raw = work.raw()
    if work.dialect == "postgresql":
        told = f"copy {table.name} ({quoted}) from stdin"
        with raw.cursor() as cursor, cursor.copy(told) as copy:
            for row in zip(*columns, strict=True):
                copy.write_row(row)
        return
    add = f"insert into {table.name} ({quoted}) values "  # noqa: S608 - our own names
    _insert_together(raw, add, columns)


def _insert_together(raw: Any, add: str, columns: Sequence[Sequence[Any]]) -> None:  # noqa: ANN401 - the driver's connection
    """Insert many rows a statement: SQLite takes a row of a hundred quicker than one alone."""
    width, rows = len(columns), len(columns[0])
    values: list[Any] = [None] * (width * rows)
    for place, column in enumerate(columns):
        values[place::width] = _plain_column(column)
    marks = f"({', '.join('?' * width)})"
    together = width * (VALUES // width)
    alone = len(values) - len(values) % together
    several = add + ", ".join([marks] * (together // width))
    for start in range(0, alone, together):
        raw.execute(several, values[start : start + together])
    rest = iter(values[alone:])
    raw.executemany(add + marks, zip(*[rest] * width, strict=True))


def reserve(work: Work, table: Table, count: int, after: int = 0) -> Iterator[int]:
    """Take as many fresh ids of a table, for rows that name each other before they exist.

    They come `after` the last one that was taken and is not written yet, 0 when none was.

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
    last = after or work.scalar(select(func.max(table.c.id))) or 0
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


class _Days(dict[date | None, str | None]):
    """Days as SQLite keeps them, each written once."""

    def __missing__(self, day: date | None) -> str | None:
        if len(self) >= _MOST_DAYS:
            self.clear()
        written = self[day] = None if day is None else day.isoformat()
        return written


_DAYS = _Days()


def _plain_column(column: Sequence[Any]) -> Sequence[Any]:
    """Turn a column into what SQLite keeps; days and kinds come again and again."""
    kinds = set(map(type, column))
    if kinds <= _AS_THEY_ARE:
        return column
    if kinds <= _DATES:
        return list(map(_DAYS.__getitem__, column))
    plain = {value: _plain(value) for value in set(column)}
    return [plain[value] for value in column]


def _plain(value: object) -> object:
    """Turn a value into what SQLite keeps, as `storage.types` does statement by statement."""
    if isinstance(value, datetime):
        return (value - EPOCH) // MICROSECOND
    if isinstance(value, date):
        return _DAYS[value]
    if isinstance(value, bool):
        return int(value)
    return str(value) if isinstance(value, str) else value
