"""How a SQLite file is opened, and how SQLAlchemy speaks over it without owning transactions."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, NullPool, create_engine

from storage.work import ENGINE_OPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

BUSY_SECONDS = 5.0
CACHED_STATEMENTS = 512
OWNER_ONLY = 0o600
AGAIN_SECONDS = 0.02


def open_sqlite(
    path: Path, *, read_only: bool = False, busy_seconds: float = BUSY_SECONDS
) -> sqlite3.Connection:
    """Open a file in write-ahead mode, every commit durable, transactions left to the caller.

    A new file is its owner's alone: it will hold customers.
    """
    if not read_only:
        with suppress(OSError):  # SQLite says in its own words what is wrong
            path.touch(OWNER_ONLY)
    raw = sqlite3.connect(
        path.absolute().as_uri() + ("?mode=ro" if read_only else ""),
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=CACHED_STATEMENTS,
        timeout=busy_seconds,
    )
    try:
        if read_only:
            raw.execute("pragma query_only=on")
        else:
            _write_ahead(raw, busy_seconds)
        for pragma in ("foreign_keys=on", "synchronous=full"):
            raw.execute(f"pragma {pragma}")
    except BaseException:
        raw.close()
        raise
    return raw


def _write_ahead(raw: sqlite3.Connection, busy_seconds: float) -> None:
    """Choose write-ahead mode, which a new file is given by one process while others wait.

    SQLite itself gives up at once here where another one is about to write.
    """
    until = monotonic() + busy_seconds
    while True:
        try:
            raw.execute("pragma journal_mode=wal")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() >= until:
                raise
            sleep(AGAIN_SECONDS)
        else:
            return


def engine_over(opened: Callable[[], sqlite3.Connection]) -> Engine:
    """Return an engine whose next connection is the one that is handed over.

    Connections that share an engine share its compiled statements.
    """
    return create_engine(
        "sqlite://", creator=opened, poolclass=NullPool, execution_options=ENGINE_OPTIONS
    )


def speak_over(engine: Engine) -> Connection:
    """Return a SQLAlchemy connection that never begins or ends a transaction by itself."""
    return engine.connect().execution_options(isolation_level="AUTOCOMMIT")
