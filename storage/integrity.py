"""What can be wrong inside the database: its file, its sums, its orphans, its queues."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from storage.sqlite_path import path_of


def damage_of(url: str) -> str | None:
    """Run SQLite's own quick check; None when sound, or not there yet.

    PostgreSQL looks after itself.
    """
    if not url.startswith("sqlite:") or not path_of(url).exists():
        return None
    address = f"{path_of(url).absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as raw:
            answer = str(raw.execute("pragma quick_check").fetchone()[0])
    except sqlite3.OperationalError:
        raise  # locked, or not to be opened: nothing is known of its health
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if answer == "ok" else answer
