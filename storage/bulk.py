"""Statements over many customers at once, their rows as plain tuples."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, Dialect, Select, Text, bindparam
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage.work import Work

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler

Tuples = Sequence[Sequence[Any]]


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
        ids = [int(one) for one in value or ()]
        return ids if dialect.name == "postgresql" else json.dumps(ids)


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


class Bulk:
    """A statement whose many rows are read without an object each: a module constant.

    Values come as the driver gives them: a day is a `date` on PostgreSQL, its ISO text on
    SQLite (`credit` values are made of those that matter, not of all).
    """

    __slots__ = ("_places", "_sql", "_statement")

    def __init__(self, statement: Select[Any] | Select[*tuple[Any, ...]]) -> None:
        self._statement = statement
        self._sql = ""
        self._places: tuple[tuple[str, Any, Any], ...] = ()

    def rows(self, work: Work, values: Mapping[str, Any]) -> Tuples:
        """Read every row."""
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


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - any driver's value
    return value
