"""Give the store its databases."""

from tests.storage.databases import (
    blank_postgres_url,
    blank_sqlite_url,
    database_url,
    postgres_server,
    postgres_template,
    postgres_url,
    sqlite_template,
    sqlite_url,
)

__all__ = [
    "blank_postgres_url",
    "blank_sqlite_url",
    "database_url",
    "postgres_server",
    "postgres_template",
    "postgres_url",
    "sqlite_template",
    "sqlite_url",
]
