"""Bring a database to the schema of this release, and tell quickly when it already is."""

from __future__ import annotations

import re
import sqlite3
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.sqlite_path import path_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

MIGRATIONS = Path(__file__).with_name("migrations")
LOCK_SECONDS = 120.0
LOCK_KEY = 7_351_249_118  # any number, the same in every release: who holds it migrates
VERSION_SQL = "select version_num from alembic_version"
REVISION = re.compile(r"^(revision|down_revision)\b[^=]*=\s*(?:[\"'](\w+)[\"']|None)", re.MULTILINE)


class TangledMigrationsError(RuntimeError):
    """The migrations have no single last one."""

    def __init__(self, heads: set[str]) -> None:
        super().__init__(f"migrations end in {sorted(heads)}")


class UnknownRevisionError(RuntimeError):
    """The database was made by a release that this one does not know: a newer one, likely."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"this release knows no migration {revision}")
        self.revision = revision


def upgrade(url: str) -> None:
    """Apply every migration that is missing, in one transaction.

    Two processes may start at once: the second waits for the first, up to two minutes.
    Raise `UnknownRevisionError` when the database belongs to a newer release.
    """
    if not pending(url):
        return
    connections = _postgres if url.startswith("postgresql") else _sqlite
    with connections(url) as connection:
        _apply(connection)


def pending(url: str) -> bool:
    """Tell whether a migration is missing; a few milliseconds, without loading Alembic."""
    found, last = current(url), head()
    if found is not None and found != last and not knows(found):
        raise UnknownRevisionError(found)
    return found != last


def current(url: str) -> str | None:
    """Return the last migration applied to a database; None for a new one.

    Raise `BackupFault` where a restore has not come to its end.
    """
    return _postgres_version(url) if url.startswith("postgresql") else _sqlite_version(url)


def knows(revision: str) -> bool:
    """Tell whether a migration belongs to this release."""
    return revision in _revisions()


def head() -> str | None:
    """Return the last migration of this release, read from the files themselves."""
    revisions = _revisions()
    heads = set(revisions) - set(revisions.values())
    if len(heads) > 1 or (revisions and not heads):
        raise TangledMigrationsError(heads)
    return next(iter(heads), None)


def differences(url: str) -> list[Any]:
    """Return what Alembic would change to turn the database into `storage.tables`."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 - seldom needed
    from alembic.migration import MigrationContext  # noqa: PLC0415 - same

    from storage.tables import metadata  # noqa: PLC0415 - same

    options = {"include_object": _is_enforced}
    connections = _postgres if url.startswith("postgresql") else _sqlite
    with connections(url) as connection, warnings.catch_warnings():
        # SQLite does not tell SQLAlchemy of what such an index is made: it is left out of both
        warnings.filterwarnings("ignore", ".*expression-based index")
        return list(
            compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
        )


def _is_enforced(one: Any, _name: object, kind: str, *_rest: object) -> bool:  # noqa: ANN401
    """Leave out the columns that point at a view: they help joins, no database knows them."""
    return kind != "foreign_key_constraint" or one.referred_table.name not in _views()


def _views() -> Collection[str]:
    from storage.tables import views  # noqa: PLC0415 - seldom needed

    return views.tables


def _revisions() -> dict[str, str | None]:
    """Map each migration to the one it follows."""
    found: dict[str, str | None] = {}
    for path in (MIGRATIONS / "versions").glob("[!_]*.py"):
        names = {kind: name or None for kind, name in REVISION.findall(path.read_text("utf-8"))}
        if revision := names.get("revision"):
            found[revision] = names.get("down_revision")
    return found


def _apply(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - only when there is something to do
    from alembic.config import Config  # noqa: PLC0415 - same

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@contextmanager
def _sqlite(url: str) -> Iterator[Connection]:
    from storage.sqlite_connection import (  # noqa: PLC0415 - the check above stays light
        engine_over,
        open_sqlite,
        speak_over,
    )

    raw = open_sqlite(path_of(url), busy_seconds=LOCK_SECONDS)
    with speak_over(engine_over(lambda: raw)) as connection:
        # rebuilding a table drops it for a moment, which foreign keys would take at its word
        raw.execute("pragma foreign_keys=off")
        raw.execute("begin immediate")
        connection.begin()  # Alembic, seeing a transaction, leaves it to its owner
        try:
            yield connection
            _refuse_orphans(raw)
        except BaseException:
            raw.execute("rollback")
            raise
        raw.execute("commit")


def _refuse_orphans(raw: sqlite3.Connection) -> None:
    orphan = raw.execute("pragma foreign_key_check").fetchone()
    if orphan is not None:
        raise sqlite3.IntegrityError(f"a migration left a row without its parent: {orphan}")


@contextmanager
def _postgres(url: str) -> Iterator[Connection]:
    from sqlalchemy import NullPool, create_engine, make_url, text  # noqa: PLC0415 - same

    address = make_url(url).set(drivername="postgresql+psycopg")
    with create_engine(address, poolclass=NullPool).begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
        yield connection


def _sqlite_version(url: str) -> str | None:
    path = path_of(url)
    if not path.exists():
        return None
    raw = sqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True)
    try:
        row = raw.execute(VERSION_SQL).fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return None
    finally:
        raw.close()
    return None if row is None else str(row[0])


def _postgres_version(url: str) -> str | None:
    import psycopg  # noqa: PLC0415 - one driver is loaded

    with psycopg.connect(url.replace("postgresql+psycopg:", "postgresql:", 1)) as connection:
        try:
            row = connection.execute(VERSION_SQL).fetchone()
        except psycopg.errors.UndefinedTable:
            return None
    if row is None:  # the table and its row come in one transaction, but for a restore
        from storage.backup import BackupFault  # noqa: PLC0415 - hardly ever needed

        raise BackupFault("cut_restore")
    return str(row[0])
