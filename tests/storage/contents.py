"""Everything that a database holds, to compare two of them table by table."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, inspect, literal_column, select, table

from tests.storage.inline import opened


def contents(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Read every row of every table, in an order of its own."""
    with opened(url) as connection:
        # not reflected: SQLAlchemy warns of the indexes over expressions, which SQLite has
        return {
            name: sorted((tuple(row) for row in connection.execute(_whole(name))), key=repr)
            for name in sorted(inspect(connection).get_table_names())
        }


def _whole(name: str) -> Select[Any]:
    return select(literal_column("*")).select_from(table(name))
