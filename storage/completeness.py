"""Whether the database has every table, column and index that this release works with."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

from storage.tables import metadata, views
from storage.work import Work

SHOWN: Final = 5

_COLUMNS: Final = {
    "sqlite": text(
        "select master.name, info.name from sqlite_master as master, "
        "pragma_table_info(master.name) as info where master.type in ('table', 'view')"
    ),
    "postgresql": text(
        "select table_name, column_name from information_schema.columns "
        "where table_schema = current_schema()"
    ),
}
_INDEXES: Final = {
    "sqlite": text("select name from sqlite_master where type = 'index'"),
    "postgresql": text("select indexname from pg_indexes where schemaname = current_schema()"),
}


def missing(work: Work) -> list[str]:
    """Name the tables, columns and indexes that are not there, a missing table by itself."""
    columns = {tuple(row) for row in work.all(_COLUMNS[work.dialect])}
    there = {row[0] for row in columns}
    indexes = set(work.scalars(_INDEXES[work.dialect]))
    found: list[str] = []
    for table in (*metadata.sorted_tables, *views.sorted_tables):
        if table.name not in there:
            found.append(table.name)
            continue
        found += [f"{table.name}.{c.name}" for c in table.c if (table.name, c.name) not in columns]
        found += [str(one.name) for one in table.indexes if one.name not in indexes]
    return found
