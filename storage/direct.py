"""Statements compiled once and run straight on the database's driver.

SQLAlchemy's way from a statement to the driver costs five to ten times what SQLite does with
a small statement, and a tap has a dozen of them. What a statement compiles to is kept as long
as the statement lives; whatever is not plain goes SQLAlchemy's way, errors look the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Delete, Insert, Row, Select, Update
from sqlalchemy.engine.result import SimpleResultMetaData

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, Connection, Dialect, Executable
    from sqlalchemy.sql.compiler import ExpandedState, ResultColumnsEntry, SQLCompiler

Process = Callable[[Any], Any] | None
PLAIN = (Select, Insert, Update, Delete)
LONGEST = 16  # a list that is longer goes SQLAlchemy's way: each length is another statement


@dataclass(slots=True)  # not frozen: there is one for every statement
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


class _Place(NamedTuple):
    """One placeholder: a value that the caller names, or one that the statement has."""

    key: str | None
    process: Process
    value: Any = None


class _Given(NamedTuple):
    """Which placeholder takes a value that the caller names."""

    number: int
    key: str
    process: Process


@dataclass(slots=True)
class _Ready:
    """A statement in the database's own words; its columns are told by its first rows.

    `values` are what it has itself, None where the caller's go.
    """

    sql: str
    values: list[Any]
    given: tuple[_Given, ...]
    returned: Sequence[ResultColumnsEntry]
    keyed: bool
    columns: SimpleResultMetaData | None = None
    process: Any = None
    names: Any = None

    def bound(self, parameters: Mapping[str, Any]) -> list[Any]:
        values = self.values.copy()
        for number, key, process in self.given:
            value = parameters[key]
            values[number] = value if process is None else process(value)
        return values

    def rows(self, cursor: Any, dialect: Dialect) -> list[Row[Any]]:  # noqa: ANN401 - two drivers
        fetched = cursor.fetchall()
        columns = self.columns
        if columns is None:
            self.columns = columns = _columns(self.returned, cursor.description, dialect)
            self.process = columns._effective_processors  # noqa: SLF001 - what Result gives its rows
            self.names = columns._key_to_index  # noqa: SLF001 - same
        process, names = self.process, self.names
        return [Row(columns, process, names, one) for one in fetched]


# For each dialect and each statement seen before, by the names it was given, and by how many
# values those names have that are lists: None when it is not plain.
_Shape = tuple[str | int, ...]
_Known = dict[_Shape, "_Ready | None"]
_KNOWN: dict[str, WeakKeyDictionary[Any, _Known]] = {
    "sqlite": WeakKeyDictionary(),
    "postgresql": WeakKeyDictionary(),
}


def run(
    connection: Connection,
    raw: Any,  # noqa: ANN401 - the driver's connection under it: two drivers
    statement: Executable,
    parameters: Mapping[str, Any],
) -> Outcome | None:
    """Carry out a statement, or return None: then nothing was done and SQLAlchemy has to.

    The first time a statement is seen it goes SQLAlchemy's way, so that one built for a
    single use costs nothing here. So does everything while somebody listens to statements.
    """
    ready = _known(connection, statement, parameters)
    if ready is None:
        return None
    try:
        values = ready.bound(parameters)
    except Exception:  # noqa: BLE001 - SQLAlchemy meets the same value and words the error
        return None
    return _carried_out(connection, raw, ready, values)


def _known(
    connection: Connection, statement: Executable, parameters: Mapping[str, Any]
) -> _Ready | None:
    seen = _KNOWN[connection.dialect.name]
    known = seen.get(statement)
    if known is None:
        seen[statement] = {}
        return None
    # SQLAlchemy rolls back after an error when it believes that nothing has begun
    if _is_watched(connection) or not connection.in_transaction():
        return None
    shape: _Shape = tuple(parameters)
    if list in map(type, parameters.values()):
        lists = (one for one in parameters.values() if type(one) is list)
        shape += tuple(min(len(one), LONGEST + 1) for one in lists)
    try:
        return known[shape]
    except KeyError:
        return known.setdefault(shape, _prepared(statement, parameters, connection.dialect))


def run_many(
    connection: Connection,
    raw: Any,  # noqa: ANN401 - as `run`
    statement: Executable,
    rows: Sequence[Mapping[str, Any]],
) -> int | None:
    """Carry out a statement for every row and return how many rows it touched, or None.

    SQLite only: psycopg's own way for many rows needs what SQLAlchemy prepares.
    """
    if connection.dialect.name != "sqlite":
        return None
    ready = _known(connection, statement, rows[0])
    if ready is None or ready.returned:
        return None
    try:
        values = [ready.bound(row) for row in rows]
    except Exception:  # noqa: BLE001 - SQLAlchemy meets the same value and words the error
        return None
    try:
        return int(raw.executemany(ready.sql, values).rowcount)
    except connection.dialect.loaded_dbapi.Error as error:
        connection._handle_dbapi_exception(error, ready.sql, None, None, None)  # noqa: SLF001


def _is_watched(connection: Connection) -> bool:
    return connection._has_events or connection.engine._has_events  # noqa: SLF001 - as it asks itself


def _carried_out(
    connection: Connection,
    raw: Any,  # noqa: ANN401 - two drivers
    ready: _Ready,
    values: list[Any],
) -> Outcome:
    try:
        cursor = raw.execute(ready.sql, values)
        if ready.keyed:
            return Outcome((), cursor.rowcount, _key(connection, cursor), returns_rows=False)
        if not ready.returned:
            return Outcome((), cursor.rowcount, returns_rows=False)
        rows = ready.rows(cursor, connection.dialect)
    except connection.dialect.loaded_dbapi.Error as error:
        # what SQLAlchemy does with it: its own class, and a lost connection is given up
        connection._handle_dbapi_exception(error, ready.sql, tuple(values), None, None)  # noqa: SLF001
    return Outcome(rows, cursor.rowcount)


def _key(connection: Connection, cursor: Any) -> int | None:  # noqa: ANN401 - two drivers
    if connection.dialect.name == "sqlite":
        return int(cursor.lastrowid)
    row = cursor.fetchone()
    return row and int(row[0])


def _prepared(statement: Any, parameters: Mapping[str, Any], dialect: Dialect) -> _Ready | None:  # noqa: ANN401
    if not isinstance(statement, PLAIN):
        return None
    compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=sorted(parameters))
    if compiled.insert_prefetch or compiled.update_prefetch or not compiled.positional:
        return None
    binds = {name: bind for bind, name in compiled.bind_names.items()}
    if not all(_is_plain(bind, parameters, compiled) for bind in binds.values()):
        return None
    state = compiled.construct_expanded_state(parameters)
    places = list(_places(state, binds, parameters, dialect))
    return _Ready(
        sql=state.statement,
        values=[one.value for one in places],
        given=tuple(
            _Given(number, key, process)
            for number, (key, process, _) in enumerate(places)
            if key is not None
        ),
        returned=compiled._result_columns,  # noqa: SLF001 - what CursorResult itself reads
        keyed=type(statement) is Insert and _makes_key(statement, parameters),
    )


def _is_plain(
    bind: BindParameter[Any], parameters: Mapping[str, Any], compiled: SQLCompiler
) -> bool:
    """Tell whether a value's text in the statement depends on nothing but a list's length."""
    if bind.key not in parameters:
        return not bind.required and bind.callable is None
    value = parameters[bind.key]
    if bind in compiled.post_compile_params:
        return type(value) is list and len(value) <= LONGEST
    return bind not in compiled.literal_execute_params


def _places(
    state: ExpandedState,
    binds: Mapping[str, BindParameter[Any]],
    parameters: Mapping[str, Any],
    dialect: Dialect,
) -> Iterator[_Place]:
    origin = {
        new: (old, number)
        for old, several in state.parameter_expansion.items()
        for number, new in enumerate(several)
    }
    for name in state.positiontup or ():
        old, number = origin.get(name, (name, 0))
        bind = binds[old]
        process = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if bind.key not in parameters:
            value = state.parameters[name]
            yield _Place(None, None, process(value) if process else value)
        elif name in origin:
            yield _Place(bind.key, _nth(number, process))
        else:
            yield _Place(bind.key, process)


def _nth(number: int, process: Process) -> Process:
    """Return what turns a list into the driver's value for one of its elements."""
    pick = itemgetter(number)
    return pick if process is None else lambda several: process(pick(several))


def _columns(
    entries: Sequence[ResultColumnsEntry], description: Sequence[Any], dialect: Dialect
) -> SimpleResultMetaData:
    """Describe the rows as SQLAlchemy would, which asks the driver for each column's type."""
    processors = [
        entry[3].dialect_impl(dialect).result_processor(dialect, column[1])
        for entry, column in zip(entries, description, strict=True)
    ]
    return SimpleResultMetaData([entry[0] for entry in entries], _processors=processors)


def _makes_key(statement: Insert, parameters: Mapping[str, Any]) -> bool:
    if statement._returning:  # noqa: SLF001 - what it gives back is asked for by name
        return False
    if statement.select is not None:  # as many rows as the query finds
        return False
    keys = list(statement.table.primary_key)
    return len(keys) == 1 and keys[0].key not in parameters
