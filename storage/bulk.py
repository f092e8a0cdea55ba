"""Statements over many customers at once, their rows as plain tuples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, Boolean, ColumnElement, Dialect, Select, Text, bindparam, null
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import replacement_traverse
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage.upsert import Upsert
from storage.work import Work

if TYPE_CHECKING:
    from sqlalchemy import Insert, Row
    from sqlalchemy.sql.compiler import SQLCompiler

Tuples = Sequence[Sequence[Any]]
WIDEST: Final = 16
"""Ids are near each other when their range holds at most so many times as many."""


class Picked:
    """Some ids that many statements are given, spelled once."""

    __slots__ = ("_range", "_text", "ids")

    def __init__(self, ids: Iterable[int]) -> None:
        self.ids = list(map(int, ids))
        self._text: str | None = None
        self._range: tuple[int, int] | None = None

    def __iter__(self) -> Iterator[int]:
        """Go through the ids."""
        return iter(self.ids)

    @property
    def text(self) -> str:
        """Return the ids as JSON."""
        if self._text is None:
            self._text = str(self.ids)  # of whole numbers it is JSON, in half the time
        return self._text

    @property
    def range(self) -> tuple[int, int]:
        """Return the least and the greatest of the ids, of which there is one at least."""
        if self._range is None:
            self._range = min(self.ids), max(self.ids)
        return self._range


def picked(ids: Iterable[int]) -> Picked:
    """Take ids to many statements; those taken before stay as they are."""
    return ids if isinstance(ids, Picked) else Picked(ids)


class Ids(TypeDecorator[Sequence[int]]):
    """Any number of ids as one parameter: JSON text for SQLite, an array for PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the parameter's type in the given dialect."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(BigInteger))
        return dialect.type_descriptor(Text())

    def process_bind_param(
        self, value: Iterable[int] | None, dialect: Dialect
    ) -> list[int] | str | None:
        """Spell the ids."""
        ids = picked(value or ())
        return ids.ids if dialect.name == "postgresql" else ids.text


class Among(ColumnElement[bool]):
    """Whether a column holds one of the ids of the parameter `ids`.

    One statement serves any number: a list that expands is compiled anew for every length.
    """

    inherit_cache = False
    type = Boolean()

    def __init__(self, column: ColumnElement[Any]) -> None:
        self.column = column
        self.ids = bindparam("ids", type_=Ids())

    def self_group(self, against: object = None) -> ColumnElement[bool]:  # noqa: ARG002
        """Stay as it is: SQLAlchemy would compare it with 1, and no index would serve."""
        return self


@compiles(Among)
def _on_sqlite(element: Among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    column = compiler.process(element.column, **options)
    ids = compiler.process(element.ids, **options)
    return f"{column} in (select value from json_each({ids}))"  # noqa: S608 - a parameter


@compiles(Among, "postgresql")
def _on_postgres(element: Among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    column = compiler.process(element.column, **options)
    return f"{column} = any({compiler.process(element.ids, **options)})"


class _Near(Among):
    """The same for ids near each other: SQLite walks their range, not one after the other."""

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any]) -> None:
        super().__init__(column)
        self.least = bindparam("least", type_=BigInteger())
        self.most = bindparam("most", type_=BigInteger())


@compiles(_Near)
def _near_on_sqlite(element: _Near, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    column, least, most, ids = (
        compiler.process(one, **options)
        for one in (element.column, element.least, element.most, element.ids)
    )
    among = f"+{column} in (select value from json_each({ids}))"  # noqa: S608 - a parameter
    return f"({column} between {least} and {most} and {among})"


class Scattered:
    """A statement over rows that most customers have none of: a module constant.

    Of ids that are near each other SQLite then looks up the range once, not each of them.
    """

    __slots__ = ("_each", "_near")

    def __init__(self, statement: Select[Any] | Select[*tuple[Any, ...]]) -> None:
        self._each = statement
        self._near = _nearer(statement)

    def rows(self, work: Work, values: Mapping[str, Any]) -> Sequence[Row[Any]]:
        """Read every row of the customers whose `ids` are among the values."""
        given = {**values, "ids": picked(values["ids"])}
        limits = _limits(work, given["ids"])
        return work.all(self._near, {**given, **limits}) if limits else work.all(self._each, given)


def _limits(work: Work, ids: Picked) -> dict[str, int]:
    """Tell the range of the ids; nothing when looking up each of them costs less."""
    if work.dialect != "sqlite" or not ids.ids:
        return {}
    least, most = ids.range
    return {"least": least, "most": most} if most - least < WIDEST * len(ids.ids) else {}


def _nearer(statement: Any) -> Any:  # noqa: ANN401 - of whatever kind, as it was
    def near(element: Any, **_: Any) -> _Near | None:  # noqa: ANN401 - any part of a statement
        return _Near(element.column) if type(element) is Among else None

    return replacement_traverse(statement, {}, near)


class Bulk:
    """A statement whose many rows are read without an object each: a module constant.

    Values come as the driver gives them: a day is a `date` on PostgreSQL, its ISO text on
    SQLite (`credit` values are made of those that matter, not of all). `scattered`: most
    customers have no such row, see `Scattered`.
    """

    __slots__ = ("_near", "_places", "_sql", "_statement")

    def __init__(
        self,
        statement: Select[Any] | Select[*tuple[Any, ...]],
        *,
        scattered: bool = False,
    ) -> None:
        self._statement = statement
        self._near = Bulk(_nearer(statement)) if scattered else None
        self._sql = ""
        self._places: tuple[tuple[str, Any, Any], ...] = ()

    def rows(self, work: Work, values: Mapping[str, Any]) -> Tuples:
        """Read every row."""
        if self._near is not None:
            limits = _limits(work, picked(values["ids"]))
            if limits:
                return self._near.rows(work, {**values, **limits})
        if work.dialect != "sqlite":
            return work.all(self._statement, values)
        if not self._sql:
            self._prepare()
        bound = tuple(
            process(values[key]) if key in values else fixed for key, process, fixed in self._places
        )
        rows: Tuples = work.raw().execute(self._sql, bound).fetchall()
        return rows

    def _prepare(self) -> None:
        dialect = sqlite.dialect()
        compiled: Any = self._statement.compile(dialect=dialect)
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        unknown = {bind.key: None for bind in binds.values() if bind.required}
        state = compiled.construct_expanded_state(unknown)
        origin = {new: old for old, several in state.parameter_expansion.items() for new in several}
        places = []
        for name in state.positiontup:
            bind = binds[origin.get(name, name)]
            process = bind.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is
            fixed = None if bind.required else process(state.parameters[name])
            places.append((bind.key, process, fixed))
        self._places, self._sql = tuple(places), state.statement


class Many:
    """An insert of many rows without an object each: a module constant.

    Rows are plain tuples in the order of `columns`, two or more, which is that of the table,
    their values as the driver takes them.
    """

    __slots__ = ("_columns", "_said", "_statement")

    def __init__(self, statement: Insert | Upsert, columns: Sequence[str]) -> None:
        self._statement = statement
        self._columns = tuple(columns)
        self._said: dict[tuple[int, ...], tuple[str, Any]] = {}

    def write(self, work: Work, rows: Sequence[Sequence[Any]]) -> None:
        """Write every row."""
        if work.dialect != "sqlite":
            named = [dict(zip(self._columns, row, strict=True)) for row in rows]
            work.execute_many(self._statement, named)
            return
        empty = _empty(rows)
        said = self._said.get(empty)
        if said is None:
            said = self._said[empty] = self._spelled(empty)
        sql, picked_from = said
        work.raw().executemany(sql, map(picked_from, rows) if empty else rows)

    def _spelled(self, empty: tuple[int, ...]) -> tuple[str, Any]:
        """Say the statement for rows that have nothing in these places, and take the others."""
        one = self._statement
        ready: Any = one.on("sqlite") if isinstance(one, Upsert) else one
        if empty:
            ready = ready.values({self._columns[place]: null() for place in empty})
        kept = [place for place in range(len(self._columns)) if place not in empty]
        names = [self._columns[place] for place in kept]
        compiled = ready.compile(dialect=sqlite.dialect(), column_keys=names)
        return str(compiled), itemgetter(*kept)


def _empty(rows: Sequence[Sequence[Any]]) -> tuple[int, ...]:
    """Tell in which places no row has anything.

    The driver is three times as long about a NULL as about a number: it asks whether anybody has
    a way of his own to write it.
    """
    if not rows or None not in rows[0]:
        return ()
    nothing = [place for place, value in enumerate(rows[0]) if value is None]
    found = tuple([one for one in nothing if set(map(itemgetter(one), rows)) == {None}])
    return found if len(rows[0]) - len(found) > 1 else ()


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - any driver's value
    return value
