"""An insert that meets a row already there, written once for both databases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Table

if TYPE_CHECKING:
    from sqlalchemy import Insert
    from sqlalchemy.sql.base import ReadOnlyColumnCollection

    Offered = ReadOnlyColumnCollection[str, Any]

Update = Sequence[str] | Callable[["Offered"], Mapping[str, Any]]
Condition = Callable[["Offered"], ColumnElement[bool]]


class Upsert:
    """Insert a row, or update the one that has the same key: a module constant.

    `keys` are the columns of a unique constraint. `update` names the columns that take the
    offered value, or is a function from the offered row to `{column: expression}`; without
    it the row already there stays as it is. `where` (a function too) says which rows already
    there may be updated. `returning` are columns to give back; a row left alone gives none.
    SQLAlchemy's own `insert` for one dialect does not compile on the other.
    """

    __slots__ = ("_keys", "_returning", "_statements", "_table", "_update", "_where")

    def __init__(
        self,
        table: Table,
        *,
        keys: Sequence[str],
        update: Update = (),
        where: Condition | None = None,
        returning: Sequence[ColumnElement[Any]] = (),
    ) -> None:
        self._table = table
        self._keys = tuple(keys)
        self._update = update
        self._where = where
        self._returning = tuple(returning)
        self._statements: dict[str, Insert] = {}

    def on(self, dialect: str) -> Insert:
        """Return the statement for a dialect, built at its first use."""
        statement = self._statements.get(dialect)
        if statement is None:
            statement = self._statements[dialect] = self._built(dialect)
        return statement

    def _built(self, dialect: str) -> Insert:
        # both builders have the same shape, so the types of one speak for both
        if dialect == "postgresql":
            from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415 - one dialect is used
        else:
            from sqlalchemy.dialects.sqlite import (  # type: ignore[assignment]  # noqa: PLC0415
                insert,
            )
        offer = insert(self._table)
        changes = self._changes(offer.excluded)
        if changes:
            condition = self._where(offer.excluded) if self._where else None
            statement = offer.on_conflict_do_update(
                index_elements=self._keys, set_=changes, where=condition
            )
        else:
            statement = offer.on_conflict_do_nothing(index_elements=self._keys)
        return statement.returning(*self._returning) if self._returning else statement

    def _changes(self, offered: Offered) -> dict[str, Any]:
        if callable(self._update):
            return dict(self._update(offered))
        return {name: offered[name] for name in self._update}
