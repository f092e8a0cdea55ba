"""Statements compiled once and run straight on SQLite's driver.

SQLAlchemy's way from a statement to the driver costs five to ten times what SQLite does with
a small statement, and a tap has twenty of them. What a statement compiles to is kept as long
as the statement lives; whatever is not plain goes SQLAlchemy's way, errors look the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import Delete, Insert, Select, Update
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Dialect, Executable, Row
    from sqlalchemy.sql.compiler import SQLCompiler

Process = Callable[[Any], Any] | None
PLAIN = (Select, Insert, Update, Delete)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a statement did, as far as `Work` asks."""

    rows: Sequence[Row[Any]]
    rowcount: int
    key: int | None = None
    returns_rows: bool = True

    @property
    def inserted_primary_key(self) -> tuple[int | None]:
        """Return the new row's integer key."""
        return (self.key,)

    def first(self) -> Row[Any] | None:
        """Return the first row, or None."""
        return self.rows[0] if self.rows else None

    def all(self) -> Sequence[Row[Any]]:
        """Return every row."""
        return self.rows

    def scalar(self) -> Any:  # noqa: ANN401 - any column
        """Return the first column of the first row, or None."""
        return self.rows[0][0] if self.rows else None

    def scalars(self) -> Sequence[Any]:
        """Return the first column of every row."""
        return [row[0] for row in self.rows]


@dataclass(frozen=True, slots=True)
class _Place:
    """One `?`: a value that the caller names, or one that the statement has."""

    key: str | None
    process: Process
    value: Any = None


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement in SQLite's own words."""

    sql: str
    places: tuple[_Place, ...]
    columns: SimpleResultMetaData | None
    keyed: bool

    def bound(self, parameters: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(
            place.value
            if place.key is None
            else (
                parameters[place.key]
                if place.process is None
                else place.process(parameters[place.key])
            )
            for place in self.places
        )


# For each statement seen before, by the names it was given: None when it is not plain.
_Known = dict[tuple[str, ...], "_Ready | None"]
_KNOWN: WeakKeyDictionary[Any, _Known] = WeakKeyDictionary()


def run(
    connection: Connection, statement: Executable, parameters: Mapping[str, Any]
) -> Outcome | None:
    """Carry out a statement, or return None: then nothing was done and SQLAlchemy has to.

    The first time a statement is seen it goes SQLAlchemy's way, so that one built for a
    single use costs nothing here. So does everything while somebody listens to statements.
    """
    known = _KNOWN.get(statement)
    if known is None:
        _KNOWN[statement] = {}
        return None
    # SQLAlchemy rolls back after an error when it believes that nothing has begun
    if connection.dispatch.before_cursor_execute or not connection.in_transaction():
        return None
    names = tuple(parameters)
    if names not in known:
        known[names] = _prepared(statement, parameters, connection.dialect)
    ready = known[names]
    if ready is None:
        return None
    try:
        values = ready.bound(parameters)
    except Exception:  # noqa: BLE001 - SQLAlchemy meets the same value and words the error
        return None
    return _carried_out(connection, ready, values)


def _carried_out(connection: Connection, ready: _Ready, values: tuple[Any, ...]) -> Outcome:
    raw: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    try:
        cursor = raw.execute(ready.sql, values)
        if ready.columns is None:
            key = cursor.lastrowid if ready.keyed else None
            return Outcome((), cursor.rowcount, key, returns_rows=False)
        fetched = cursor.fetchall()
    except sqlite3.Error as error:
        raise DBAPIError.instance(
            ready.sql, values, error, sqlite3.Error, dialect=connection.dialect
        ) from error
    if not fetched:
        return Outcome((), cursor.rowcount)
    result: IteratorResult[Any] = IteratorResult(ready.columns, iter(fetched))
    return Outcome(result.all(), cursor.rowcount)


def _prepared(statement: Any, parameters: Mapping[str, Any], dialect: Dialect) -> _Ready | None:  # noqa: ANN401
    if not isinstance(statement, PLAIN):
        return None
    compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=sorted(parameters))
    if compiled.insert_prefetch or compiled.update_prefetch or not compiled.positional:
        return None
    binds = {name: bind for bind, name in compiled.bind_names.items()}
    late = compiled.post_compile_params | compiled.literal_execute_params
    for bind in binds.values():
        given = bind.key in parameters
        if (given and bind in late) or (not given and (bind.required or bind.callable)):
            return None
    state = compiled.construct_expanded_state(parameters)
    origin = {new: old for old, several in state.parameter_expansion.items() for new in several}

    def place(name: str) -> _Place:
        bind = binds[origin.get(name, name)]
        process = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if bind.key in parameters:
            return _Place(bind.key, process)
        value = state.parameters[name]
        return _Place(None, None, process(value) if process else value)

    return _Ready(
        sql=state.statement,
        places=tuple(place(name) for name in state.positiontup or ()),
        columns=_columns(compiled, dialect),
        keyed=type(statement) is Insert and _makes_key(statement, parameters),
    )


def _columns(compiled: SQLCompiler, dialect: Dialect) -> SimpleResultMetaData | None:
    """Describe the rows as SQLAlchemy would; None when there are none."""
    entries = compiled._result_columns  # noqa: SLF001 - what CursorResult itself reads
    if not entries:
        return None
    processors = [
        entry[3].dialect_impl(dialect).result_processor(dialect, None) for entry in entries
    ]
    return SimpleResultMetaData([entry[0] for entry in entries], _processors=processors)


def _makes_key(statement: Insert, parameters: Mapping[str, Any]) -> bool:
    keys = list(statement.table.primary_key)
    return len(keys) == 1 and keys[0].key not in parameters
