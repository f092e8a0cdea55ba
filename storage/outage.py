"""Tell a database that is away from a function that is wrong."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from storage.database import DatabaseClosedError

READ_ONLY = "25006"  # PostgreSQL's read_only_sql_transaction: a standby, a disk nearly full
AWAY = (OperationalError, InterfaceError, NoConnectionError, DatabaseClosedError, OSError)


def is_outage(error: BaseException) -> bool:
    """Tell whether the database could not be asked: locked, full, read-only, away, closed."""
    if isinstance(error, DBAPIError) and (
        error.connection_invalidated or getattr(error.orig, "sqlstate", None) == READ_ONLY
    ):
        return True
    return isinstance(error, AWAY)
