"""Run use-case functions in a test, without an event loop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache

from sqlalchemy import Connection, Engine, NullPool, make_url

from storage.postgres_database import engine_at
from storage.sqlite_connection import engine_over, open_sqlite, speak_over
from storage.sqlite_path import path_of
from storage.work import Work


@contextmanager
def inline(url: str, notes: list[object] | None = None) -> Iterator[Work]:
    """Yield a `Work` in one transaction, committed at the end, rolled back by an error.

    `notes` receives what `Work.after_commit` was given; nothing when rolled back.
    """
    kept: list[object] = []
    with opened(url) as connection:
        work = Work(connection, connection.dialect.name, kept)
        try:
            yield work
        finally:
            work.end()
    if notes is not None:
        notes.extend(kept)


def opened(url: str) -> AbstractContextManager[Connection]:
    """Open a connection in one transaction."""
    return _on_postgres(url) if url.startswith("postgresql") else _on_sqlite(url)


@contextmanager
def _on_sqlite(url: str) -> Iterator[Connection]:
    raw = open_sqlite(path_of(url))
    with speak_over(engine_over(lambda: raw)) as connection:
        raw.execute("begin immediate")
        try:
            yield connection
        except BaseException:
            if raw.in_transaction:
                raw.execute("rollback")
            raise
        raw.execute("commit")


@contextmanager
def _on_postgres(url: str) -> Iterator[Connection]:
    with _postgres_engine(url).begin() as connection:
        yield connection


@lru_cache(maxsize=8)
def _postgres_engine(url: str) -> Engine:
    return engine_at(make_url(url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
