"""SQLite's online copy of a live file, and its way back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from storage import migrate
from storage.backup import ALIVE, BackupFault, Broken, Copy, InUse, Restored, digest
from storage.new_file import new_file, sync
from storage.outbox import IN_DOUBT
from storage.sqlite_path import path_of
from storage.types import EPOCH, MICROSECOND

_UNWRITTEN: Final = frozenset(
    (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
    )
)
"""How SQLite says that a disk takes no more."""
_SPOILED: Final = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_IOERR))
_KIND: Final = 0xFF
_TABLES = "select name from sqlite_master where type = 'table' and substr(name, 1, 7) <> 'sqlite_'"
_AT_WORK = "select owner from worker where seen_at > ? limit 1"
_DOUBT = "update outbox set error = ? where state in ('waiting', 'sending') and not_before <= ?"


def take(url: str, target: Path) -> Copy:
    """Copy the live file in one step: in several it would start anew at every write.

    A writer never waits for it: in write-ahead mode a reader has its own snapshot.
    """
    source = path_of(url)
    if not source.exists():
        raise BackupFault("no_database", file=source)
    with new_file(target) as partial:
        try:
            _copy(source, partial)
            schema, rows = check(partial)
        except sqlite3.Error as error:
            if error.sqlite_errorcode not in _UNWRITTEN:
                raise
            raise BackupFault("unwritten", file=target, why=error) from error
        except Broken as fault:  # whoever reads it knows no partial file
            raise Broken(fault.code, **{**fault.data, "file": source}) from fault
        return Copy(target, partial.stat().st_size, digest(partial), schema, rows)


def check(file: Path) -> tuple[str, Mapping[str, int]]:
    """Return schema and rows by table; raise `Broken` unless this release can use the file."""
    if not file.is_file():
        raise Broken("no_file", file=file)
    try:
        with closing(_open(file)) as copy:
            damage = copy.execute("pragma integrity_check").fetchone()[0]
            page = copy.execute("pragma page_size").fetchone()[0]
            orphan = copy.execute("pragma foreign_key_check").fetchone()
            schema = copy.execute(migrate.VERSION_SQL).fetchone()
            rows = _rows(copy)
    except sqlite3.Error as error:
        if error.sqlite_errorcode & _KIND in _SPOILED:
            raise Broken("damaged", file=file, why=error) from error
        raise Broken("not_a_backup", file=file, why=error) from error
    if damage != "ok":
        raise Broken("damaged", file=file, why=damage)
    if file.stat().st_size % page:  # SQLite takes what lacks of the last page for zeros
        raise Broken("cut", file=file)
    if orphan is not None:
        raise Broken("orphan", file=file, table=orphan[0], parent=orphan[2])
    if "outbox" not in rows:
        raise Broken("not_a_backup", file=file, why="no such table: outbox")
    if schema is None or not migrate.knows(schema[0]):
        raise Broken("newer", file=file)
    return schema[0], rows


def put_back(url: str, file: Path, now: datetime) -> Restored:
    """Check the backup, keep the present file and its journals aside, take its place."""
    target = path_of(url)
    schema, rows = check(file)
    aside = _free_name(target) if target.exists() else None
    if aside:
        _refuse_in_use(target, now)
    sha256 = digest(file)
    target.parent.mkdir(parents=True, exist_ok=True)
    placed = target.with_name(target.name + ".restoring")
    placed.unlink(missing_ok=True)
    with new_file(placed) as partial:
        try:
            shutil.copyfile(file, partial)
        except OSError as error:  # which names the file that was read
            raise OSError(error.errno, error.strerror, str(target)) from error
        if digest(partial) != sha256:
            raise Broken("changed", file=file)
        doubtful = _doubt(partial, now)
    if aside:
        _keep(target, aside)
    _move_journals(target, aside)
    placed.replace(target)
    sync(target.parent)
    return Restored(Copy(file, file.stat().st_size, sha256, schema, rows), aside, doubtful)


def _copy(source: Path, partial: Path) -> None:
    with closing(_open(source)) as live, closing(sqlite3.connect(partial)) as copy:
        live.backup(copy)
        copy.execute("pragma journal_mode=delete")


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)


def _rows(raw: sqlite3.Connection) -> dict[str, int]:
    names = [name for (name,) in raw.execute(_TABLES)]
    counts = {
        name: raw.execute(f'select count(*) from "{name}"').fetchone()[0]  # noqa: S608 - its own names
        for name in names
    }
    return dict(sorted(counts.items()))


def _doubt(file: Path, now: datetime) -> int:
    with closing(sqlite3.connect(file)) as raw, raw:
        values = (IN_DOUBT, (now - EPOCH) // MICROSECOND)
        return raw.execute(_DOUBT, values).rowcount


def _keep(target: Path, aside: Path) -> None:
    """Give the present file a second name: a crash from here on never leaves no database."""
    try:
        os.link(target, aside)
    except OSError:  # a file system without links
        target.replace(aside)


def _move_journals(target: Path, aside: Path | None) -> None:
    """Take what a crash left beside the database away: it belongs to the one kept aside."""
    for suffix in ("-wal", "-shm"):
        leftover = target.with_name(target.name + suffix)
        if aside is None:
            leftover.unlink(missing_ok=True)
        elif leftover.exists():
            leftover.replace(aside.with_name(aside.name + suffix))


def _refuse_in_use(target: Path, now: datetime) -> None:
    """Ask who was seen lately; then fold the journal in, which whoever has it open prevents."""
    try:
        with closing(sqlite3.connect(target, timeout=1, isolation_level=None)) as live:
            if owner := _at_work(live, now):
                raise InUse("file_in_use", file=target, owner=owner)
            live.execute("pragma locking_mode=exclusive")
            live.execute("pragma journal_mode=delete")
            live.execute("begin exclusive")
            live.execute("rollback")
    except sqlite3.OperationalError as error:
        raise InUse("file_locked", file=target, why=error) from error
    except sqlite3.DatabaseError:
        return  # damaged: nobody can be using it, and this is what backups are for


def _at_work(live: sqlite3.Connection, now: datetime) -> str | None:
    try:
        row = live.execute(_AT_WORK, ((now - ALIVE - EPOCH) // MICROSECOND,)).fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return None  # a database of a release that counted no processes
    return None if row is None else str(row[0])


def _free_name(target: Path) -> Path:
    for number in range(1, 10_000):
        name = target.with_name(f"{target.name}.before-restore-{number}")
        if not name.exists():
            return name
    raise FileExistsError(target)
