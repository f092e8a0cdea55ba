"""A copy of a live SQLite database, and its way back; PostgreSQL has its own tools."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.sqlite_path import path_of

PAGES_A_STEP = 2_000


class NotSqlite(Exception):
    """The database is PostgreSQL: pg_dump and pg_restore know better."""


class Broken(Exception):
    """The file is not a sound backup."""


class InUse(Exception):
    """A bot is running on the database."""


def copy_live(url: str, target: Path) -> int:
    """Copy the database into `target` and check the copy; return its number of pages.

    Writers go on meanwhile. The file takes its name only once it is whole and sound.
    """
    source = _path(url)
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(partial)) as copy,
    ):
        live.backup(copy, pages=PAGES_A_STEP)
        copy.execute("pragma journal_mode=delete")
        pages = int(copy.execute("pragma page_count").fetchone()[0])
    check(partial)
    _make_durable(partial)
    partial.replace(target)
    return pages


def check(file: Path) -> None:
    """Raise `Broken` unless the file is a sound database of this product."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
            answer = copy.execute("pragma integrity_check").fetchone()[0]
            copy.execute("select version_num from alembic_version").fetchone()
    except sqlite3.Error as error:
        raise Broken(f"{file}: not a backup of Relance ({error})") from error
    if answer != "ok":
        raise Broken(f"{file}: damaged ({answer})")


def damage_of(url: str) -> str | None:
    """Run SQLite's own quick check; None when sound. PostgreSQL looks after itself."""
    if not url.startswith("sqlite:"):
        return None
    with closing(sqlite3.connect(f"file:{path_of(url)}?mode=ro", uri=True)) as raw:
        answer = str(raw.execute("pragma quick_check").fetchone()[0])
    return None if answer == "ok" else answer


def put_back(url: str, backup: Path) -> Path | None:
    """Put a backup in the database's place; return where the former one is kept."""
    target = _path(url)
    check(backup)
    aside = None
    if target.exists():
        _refuse_in_use(target)
        aside = _free_name(target)
        target.replace(aside)
    for leftover in ("-wal", "-shm"):
        target.with_name(target.name + leftover).unlink(missing_ok=True)
    partial = target.with_name(target.name + ".partial")
    partial.write_bytes(backup.read_bytes())
    _make_durable(partial)
    partial.replace(target)
    return aside


def _path(url: str) -> Path:
    if not url.startswith("sqlite:"):
        raise NotSqlite
    return path_of(url)


def _refuse_in_use(target: Path) -> None:
    """Fold the journal in; a process that holds the database open keeps this from ending."""
    try:
        with closing(sqlite3.connect(target, timeout=1, isolation_level=None)) as live:
            live.execute("pragma locking_mode=exclusive")
            live.execute("pragma journal_mode=delete")
            live.execute("begin exclusive")
            live.execute("rollback")
    except sqlite3.OperationalError as error:
        raise InUse(f"{target} is in use: stop the bot first ({error})") from error


def _free_name(target: Path) -> Path:
    for number in range(1, 10_000):
        name = target.with_name(f"{target.name}.before-restore-{number}")
        if not name.exists():
            return name
    raise FileExistsError(target)


def _make_durable(file: Path) -> None:
    with file.open("rb") as handle:
        os.fsync(handle.fileno())
