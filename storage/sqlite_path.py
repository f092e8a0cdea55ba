"""Where the file of a SQLite URL lies."""

from __future__ import annotations

from pathlib import Path


class UnknownDatabaseError(ValueError):
    """The address of the database is of no kind that can be opened."""


def path_of(url: str) -> Path:
    """Return the file of a `sqlite:///` URL; one in memory raises `UnknownDatabaseError`."""
    scheme, slashes, path = url.partition(":///")
    if scheme not in {"sqlite", "sqlite+aiosqlite"} or not slashes or path in {"", ":memory:"}:
        raise UnknownDatabaseError(url)
    return Path(path)
