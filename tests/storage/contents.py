"""Everything that a database holds, to compare two of them table by table."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData, select

from tests.storage.inline import opened


def contents(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Read every row of every table, in an order of its own."""
    with opened(url) as connection:
        found = MetaData()
        found.reflect(connection)
        return {
            name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for name, table in sorted(found.tables.items())
        }
