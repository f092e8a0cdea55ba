"""Copies of the database, taken while people work, and their way back in its place."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from storage import facts
from storage.work import Work

ALIVE: Final = timedelta(seconds=15)
"""A process seen so lately is at work: its database is not replaced."""
FACT: Final = "last_backup"
_PIECE: Final = 1 << 20


class BackupFault(Exception):
    """A copy cannot be taken or put back: a code says why, `data` of what; screens have words."""

    def __init__(self, code: str, **data: object) -> None:
        """Keep why and of what."""
        super().__init__(code, data)
        self.code = code
        self.data = data


class Broken(BackupFault):
    """The file is not a sound backup that this release can use."""


class InUse(BackupFault):
    """A bot is running on the database."""


class ToolMissing(BackupFault):
    """PostgreSQL's own tool is not installed here."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A whole copy: where it is, its bytes, their SHA-256, its schema, its rows by table."""

    file: Path
    size: int
    sha256: str
    schema: str
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, where the former database is kept, the messages it holds in doubt."""

    copy: Copy
    aside: Path | None
    doubtful: int


def take(url: str, target: Path) -> Copy:
    """Copy a live database into `target`, which must not exist; writers go on meanwhile.

    The file takes its name only once it is whole, sound and on the disk. Raise
    `FileExistsError`, `ToolMissing` or `BackupFault` (no database yet, for one).
    """
    if target.exists():
        raise FileExistsError(target)
    if url.startswith("sqlite:"):
        from storage import backup_sqlite  # noqa: PLC0415 - one kind of database is used

        return backup_sqlite.take(url, target)
    from storage import backup_postgres  # noqa: PLC0415 - same

    return backup_postgres.take(url, target)


def put_back(url: str, file: Path, now: datetime, folder: Path) -> Restored:
    """Put a backup in the database's place; the present one is kept aside.

    SQLite's is kept beside itself, PostgreSQL's is dumped into `folder`. What waited to be
    sent when the copy was taken may have been sent since: it is marked as in doubt. Raise
    `Broken`, `InUse`, `ToolMissing` or `BackupFault` before anything is touched.
    """
    if url.startswith("sqlite:"):
        from storage import backup_sqlite  # noqa: PLC0415 - one kind of database is used

        return backup_sqlite.put_back(url, file, now)
    from storage import backup_postgres  # noqa: PLC0415 - same

    return backup_postgres.put_back(url, file, now, folder)


def note(work: Work, copy: Copy, at: datetime) -> None:
    """Remember that a copy was taken, for `relance check`."""
    facts.put(work, FACT, {"at": at.isoformat(), "size": copy.size, "sha256": copy.sha256})


def last(work: Work) -> datetime | None:
    """Return when the last copy was taken, as far as this database knows."""
    kept: Any = facts.get(work, FACT)
    return datetime.fromisoformat(kept["at"]) if kept else None


def digest(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    total = hashlib.sha256()
    with file.open("rb") as handle:
        while piece := handle.read(_PIECE):
            total.update(piece)
    return total.hexdigest()
