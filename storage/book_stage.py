"""An import written beside the book: in a copy of it, then row by row in the book, unseen.

SQLite has one writer. Reading and comparing a long file in its transaction would keep every
tap waiting, so all of that happens in a copy, and the writer gets ready rows by the hundred.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from storage import book_versions
from storage.book_versions import ROWS
from storage.sqlite_connection import engine_over, speak_over
from storage.tables import OPEN_END, customer_row
from storage.work import Work

PIECE: Final = 250
"""How many rows one piece writes: some milliseconds."""
ALONE_PIECE: Final = 10_000
"""The same while no bot runs: nobody has anything to tap on."""
MARK: Final = ".import-"
OWNER_ONLY: Final = 0o600


class Piece(NamedTuple):
    """Rows for one table of the book: versions that end, or rows that are new."""

    table: str
    ended: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()


def beside(database: Path, name: str) -> Path:
    """Return where a copy of a database lies while an import is made."""
    return database.with_name(f"{database.name}{MARK}{name}")


def sweep(database: Path) -> None:
    """Delete the copies that killed imports left; the caller knows that none is being made."""
    for left in database.parent.glob(f"{database.name}{MARK}*"):
        left.unlink(missing_ok=True)


def copy(database: Path, target: Path) -> None:
    """Copy a database as it stands, for its owner's eyes; nobody waits meanwhile."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
    source = f"{database.absolute().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(source, uri=True)) as live,
        closing(sqlite3.connect(target)) as own,
    ):
        live.backup(own)
        own.execute("pragma journal_mode=delete")


@contextmanager
def at_work(target: Path) -> Iterator[Work]:
    """Yield a `Work` on a copy; what is written stays there. An error undoes it."""
    raw = sqlite3.connect(target, isolation_level=None, cached_statements=512)
    try:
        # nobody else opens it, and it is made again rather than repaired
        for pragma in ("synchronous=off", "locking_mode=exclusive", "foreign_keys=on"):
            raw.execute(f"pragma {pragma}")
        with speak_over(engine_over(lambda: raw)) as connection:
            raw.execute("begin immediate")
            work = Work(connection, "sqlite", [])
            try:
                yield work
                raw.execute("commit")
            finally:
                work.end()
                if raw.in_transaction:
                    raw.execute("rollback")
    finally:
        raw.close()


def pieces(target: Path, version: int, size: int = PIECE) -> Iterator[Piece]:
    """Read what a version writes: first the rows that end, then new ones, parents first."""
    source = f"{target.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(source, uri=True, check_same_thread=False)) as raw:
        for rows in ROWS:
            ended = raw.execute(
                f"select id from {rows.name} where until = ? and until <> {OPEN_END} order by id",  # noqa: S608
                (version,),
            )
            while some := ended.fetchmany(size):
                yield Piece(rows.name, ended=tuple(one for (one,) in some))
        for rows in (customer_row, *ROWS):
            columns = tuple(one.name for one in rows.c)
            names = ", ".join(f'"{name}"' for name in columns)
            new = raw.execute(
                f"select {names} from {rows.name} where since = ? order by id",  # noqa: S608
                (version,),
            )
            while some := new.fetchmany(size):
                yield Piece(rows.name, columns=columns, rows=tuple(some))


def apply(work: Work, piece: Piece, version: int, owner: str) -> None:
    """Write a piece into the book where nobody sees it; done twice, it is done once.

    Raise `BookBusyError` when this version is not this owner's to write.
    """
    book_versions.hold(work, version, owner)
    raw = work.raw()
    if piece.ended:
        raw.executemany(
            f"update {piece.table} set until = ? "  # noqa: S608 - our own names
            f"where id = ? and until = {OPEN_END} and since < ?",
            [(version, one, version) for one in piece.ended],
        )
        return
    names = ", ".join(f'"{name}"' for name in piece.columns)
    marks = ", ".join("?" * len(piece.columns))
    key = "id" if piece.table == customer_row.name else "id, since"
    raw.executemany(
        f"insert into {piece.table} ({names}) values ({marks}) "  # noqa: S608 - our own names
        f"on conflict ({key}) do nothing",
        piece.rows,
    )
