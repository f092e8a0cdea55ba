"""Tell a database that is away from a function that is wrong."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from storage.database import DatabaseClosedError

AWAY = (OperationalError, InterfaceError, NoConnectionError, DatabaseClosedError, OSError)


def is_outage(error: BaseException) -> bool:
    """Tell whether the database could not be asked: locked, full, unreachable, closed."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, AWAY)
