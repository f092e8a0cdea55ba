"""Bulk loads: many rows at once, by each driver's quickest way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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


class Alike:
    """Insert rows of which most columns say the same in every row; SQLite alone.

    `made` gives columns an expression of others. What is the same so far is told once for many
    rows; a column that has changed, and the `key`, is told in each from then on.
    """

    def __init__(self, work: Work, table: Table, key: str, made: Mapping[str, str]) -> None:
        self._raw: Any = work.raw()
        self._table, self._key, self._made = table, key, made
        self._alike: dict[str, Any] | None = None
        self._same: list[Any] = []
        self._each: list[str] = []
        self._waiting: list[Any] = []
        self._several = self._one = ""
        self._together = 0

    def add(self, columns: Mapping[str, Sequence[Any]]) -> None:
        """Insert rows that stand column by column, all as long, the same columns every time.

        Their values are such as SQLite keeps.
        """
        self._compare(columns)
        each = [columns[name] for name in self._each]
        width, kept = len(each), len(self._waiting)
        values = self._waiting + [None] * (width * len(each[0]))
        for place, column in enumerate(each, kept):
            values[place::width] = column
        whole = len(values) - len(values) % self._together
        for start in range(0, whole, self._together):
            some = values[start : start + self._together]
            self._raw.execute(self._several, self._same + some)
        self._waiting = values[whole:]

    def flush(self) -> None:
        """Insert what waits for others."""
        width = len(self._each)
        for start in range(0, len(self._waiting), width or 1):
            self._raw.execute(self._one, self._same + self._waiting[start : start + width])
        self._waiting = []

    def _compare(self, columns: Mapping[str, Sequence[Any]]) -> None:
        """Find which columns say anything else than they did."""
        if self._alike is None:
            self._alike = {name: column[0] for name, column in columns.items()}
        changed = [
            name
            for name, value in self._alike.items()
            if name == self._key or (column := columns[name]).count(value) != len(column)
        ]
        if changed:
            self.flush()
            self._tell(self._alike, changed)

    def _tell(self, alike: dict[str, Any], changed: Sequence[str]) -> None:
        """Write the statements anew for columns that are told in each row."""
        for name in changed:
            del alike[name]
        self._each.extend(changed)
        self._same = list(alike.values())
        rows = (VALUES - len(alike)) // len(self._each)
        self._together = rows * len(self._each)
        self._several, self._one = self._statement(alike, rows), self._statement(alike, 1)

    def _statement(self, alike: Mapping[str, Any], rows: int) -> str:
        names = [*alike, *self._each, *self._made]
        quoted = ", ".join(f'"{name}"' for name in names)
        same = {name: f"?{place}" for place, name in enumerate(alike, 1)}
        told = []
        for row in range(rows):
            first = len(alike) + row * len(self._each) + 1
            marks = same | {name: f"?{place}" for place, name in enumerate(self._each, first)}
            made = (one.format_map(marks) for one in self._made.values())
            told.append(f"({', '.join((*marks.values(), *made))})")
        return f"insert into {self._table.name} ({quoted}) values {', '.join(told)}"  # noqa: S608 - our own names


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


def plain_days(column: Sequence[date | None]) -> list[str | None]:
    """Write days as SQLite keeps them."""
    return list(map(_DAYS.__getitem__, column))


def _plain_column(column: Sequence[Any]) -> Sequence[Any]:
    """Turn a column into what SQLite keeps; days and kinds come again and again."""
    kinds = set(map(type, column))
    if kinds <= _AS_THEY_ARE:
        return column
    if kinds <= _DATES:
        return plain_days(column)
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
