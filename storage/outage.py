"""Tell a database that is away from a function that is wrong."""

from __future__ import annotations

import sqlite3
from time import monotonic
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from storage.database import DatabaseClosedError

READ_ONLY = "25006"  # PostgreSQL's read_only_sql_transaction: a standby, a disk nearly full
AWAY = (OperationalError, InterfaceError, NoConnectionError, DatabaseClosedError, OSError)


REST: Final = 10.0
"""Seconds without a refusal after which a success shows that it is over."""


class Storing:
    """Whether the database takes what it is given.

    On a full disk a short row may still find room where the next tap does not: while others
    are refused, one success shows nothing.
    """

    def __init__(self) -> None:
        self.well = True
        self._refused = 0.0

    def failed(self, error: BaseException) -> None:
        """Note what a transaction failed with; a function that is wrong says nothing."""
        if is_outage(error):
            self.well, self._refused = False, monotonic()

    def done(self) -> None:
        """Note that a transaction was committed."""
        if not self.well:
            self.well = monotonic() - self._refused >= REST


def is_outage(error: BaseException) -> bool:
    """Tell whether the database could not be asked: locked, full, read-only, away, closed.

    A statement that SQLite does not understand, a value that it cannot take, a file or a
    template that is not there: that is a defect, and lasts.
    """
    if isinstance(error, LookupError | FileNotFoundError) or _is_wrong(error):
        return False
    if isinstance(error, DBAPIError) and (
        error.connection_invalidated or getattr(error.orig, "sqlstate", None) == READ_ONLY
    ):
        return True
    return isinstance(error, AWAY)


def _is_wrong(error: BaseException) -> bool:
    orig = error.orig if isinstance(error, DBAPIError) else None
    if not isinstance(orig, sqlite3.Error):
        return False
    code = getattr(orig, "sqlite_errorcode", None)  # none: refused before SQLite was asked
    return code is None or code == sqlite3.SQLITE_ERROR
