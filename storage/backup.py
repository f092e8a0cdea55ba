"""A copy of a live SQLite database, and its way back; PostgreSQL has its own tools."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.sqlite_path import path_of

OWNER_ONLY = 0o600


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
    if not source.exists():
        raise FileNotFoundError(f"{source}: there is no database to copy yet")
    partial = _empty(target)
    with (
        closing(sqlite3.connect(_read_only(source), uri=True)) as live,
        closing(sqlite3.connect(partial)) as copy,
    ):
        # In one step: a copy in several starts anew whenever the bot writes meanwhile.
        live.backup(copy)
        copy.execute("pragma journal_mode=delete")
        pages = int(copy.execute("pragma page_count").fetchone()[0])
    check(partial)
    _make_durable(partial)
    partial.replace(target)
    return pages


def check(file: Path) -> None:
    """Raise `Broken` unless the file is a sound database of this product."""
    try:
        with closing(sqlite3.connect(_read_only(file), uri=True)) as copy:
            answer = copy.execute("pragma integrity_check").fetchone()[0]
            copy.execute("select version_num from alembic_version").fetchone()
    except sqlite3.Error as error:
        raise Broken(f"{file}: not a backup of Relance ({error})") from error
    if answer != "ok":
        raise Broken(f"{file}: damaged ({answer})")


def damage_of(url: str) -> str | None:
    """Run SQLite's own quick check; None when sound, or not there yet.

    PostgreSQL looks after itself.
    """
    if not url.startswith("sqlite:") or not path_of(url).exists():
        return None
    try:
        with closing(sqlite3.connect(_read_only(path_of(url)), uri=True)) as raw:
            answer = str(raw.execute("pragma quick_check").fetchone()[0])
    except sqlite3.OperationalError:
        raise  # locked, or not to be opened: nothing is known of its health
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if answer == "ok" else answer


def put_back(url: str, backup: Path) -> Path | None:
    """Put a backup in the database's place; return where the former one is kept."""
    target = _path(url)
    check(backup)
    aside = _free_name(target) if target.exists() else None
    if aside:
        _refuse_in_use(target)
    partial = _empty(target)
    partial.write_bytes(backup.read_bytes())
    _make_durable(partial)
    if aside:
        target.replace(aside)
    _move_journals(target, aside)
    partial.replace(target)
    return aside


def _move_journals(target: Path, aside: Path | None) -> None:
    """Take what a crash left beside the database away: it belongs to the one kept aside."""
    for suffix in ("-wal", "-shm"):
        leftover = target.with_name(target.name + suffix)
        if aside is None:
            leftover.unlink(missing_ok=True)
        elif leftover.exists():
            leftover.replace(aside.with_name(aside.name + suffix))


def _read_only(file: Path) -> str:
    return f"{file.absolute().as_uri()}?mode=ro"


def _empty(target: Path) -> Path:
    """Make an empty file beside the target that only its owner reads: it holds customers."""
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
    return partial


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
    except sqlite3.DatabaseError:
        return  # damaged: nobody can be using it, and this is what backups are for


def _free_name(target: Path) -> Path:
    for number in range(1, 10_000):
        name = target.with_name(f"{target.name}.before-restore-{number}")
        if not name.exists():
            return name
    raise FileExistsError(target)


def _make_durable(file: Path) -> None:
    with file.open("rb") as handle:
        os.fsync(handle.fileno())
