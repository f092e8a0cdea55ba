"""What keeps a copy from being taken or put back is said, and of which file."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from storage import backup, backup_postgres, migrate
from storage.backup import BackupFault, Broken
from storage.integrity import damage_of
from storage.sqlite_path import path_of
from tests.storage.inline import inline
from tests.storage.postgres_tools import with_postgres_tools
from tests.storage.test_backup import a_message, back

__all__ = ["with_postgres_tools"]


@contextmanager
def a_full_disk(most: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes: a write that would is refused."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_said_of_the_file_that_cannot_be_written(
    sqlite_url: str, tmp_path: Path
) -> None:
    copy = backup.take(sqlite_url, tmp_path / "copy.db").file
    with a_full_disk(100_000), pytest.raises(BackupFault, match="unwritten") as said:
        backup.take(sqlite_url, tmp_path / "second.db")
    assert said.value.data["file"] == tmp_path / "second.db"
    target = tmp_path / "elsewhere.db"
    with a_full_disk(100_000), pytest.raises(OSError, match=r"elsewhere\.db"):
        back(f"sqlite:///{target}", copy)
    names = {file.name for file in tmp_path.iterdir()}
    assert names - {"relance.db-shm", "relance.db-wal"} == {"relance.db", "copy.db"}


def test_a_damaged_copy_and_a_damaged_original_are_said_to_be(
    sqlite_url: str, tmp_path: Path
) -> None:
    copy = backup.take(sqlite_url, tmp_path / "copy.db").file
    spoiled = bytearray(copy.read_bytes())
    spoiled[28_672:36_864] = b"\xff" * 8_192
    copy.write_bytes(spoiled)
    with pytest.raises(Broken, match="damaged"):
        back(sqlite_url, copy)
    path_of(sqlite_url).write_bytes(spoiled)
    with pytest.raises(Broken, match="damaged") as said:
        backup.take(sqlite_url, tmp_path / "second.db")
    assert said.value.data["file"] == path_of(sqlite_url)


def test_a_tool_of_another_version_says_which(
    tmp_path: Path,
) -> None:
    tool = tmp_path / "pg_dump"
    tool.write_text(
        "#!/bin/sh\n"
        "echo 'pg_dump: error: aborting because of server version mismatch' >&2\n"
        "echo 'pg_dump: detail: server version: 18.1; pg_dump version: 15.4' >&2\nexit 1\n"
    )
    tool.chmod(0o755)
    with pytest.raises(BackupFault, match=r"server version: 18\.1; pg_dump version: 15\.4"):
        backup_postgres._run("", str(tool))


def test_a_copy_whose_last_page_is_cut_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    copy = backup.take(sqlite_url, tmp_path / "copy.db").file
    copy.write_bytes(copy.read_bytes()[:-1])
    with pytest.raises(Broken, match="cut"):
        back(sqlite_url, copy)


def test_a_database_of_something_else_is_no_backup(sqlite_url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as other, other:
        other.execute("create table alembic_version (version_num text)")
        other.execute("insert into alembic_version values (?)", (migrate.head(),))
    with pytest.raises(Broken, match="not_a_backup"):
        back(sqlite_url, tmp_path / "other.db")


@pytest.mark.usefixtures("with_postgres_tools")
def test_a_dump_that_lacks_its_end_touches_nothing(postgres_url: str, tmp_path: Path) -> None:
    dump = backup.take(postgres_url, tmp_path / "dump").file
    dump.write_bytes(dump.read_bytes()[:-1])
    with pytest.raises(Broken, match="damaged"):
        back(postgres_url, dump)
    assert damage_of(postgres_url) is None
    assert migrate.differences(postgres_url) == []
    with inline(postgres_url) as work:
        assert work.scalars(text("select count(*) from item")) == [0]


@pytest.mark.usefixtures("with_postgres_tools")
def test_an_older_release_leaves_a_newer_postgres_database_alone(
    postgres_url: str, tmp_path: Path
) -> None:
    dump = backup.take(postgres_url, tmp_path / "dump").file
    with inline(postgres_url) as work:
        work.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(BackupFault, match="database_newer"):
        back(postgres_url, dump)
    assert migrate.current(postgres_url) == "9999"


@pytest.mark.usefixtures("with_postgres_tools")
def test_a_restore_that_fails_half_way_says_where_the_former_database_is(
    postgres_url: str, blank_postgres_url: str, tmp_path: Path
) -> None:
    migrate.upgrade(blank_postgres_url)
    dump = backup.take(postgres_url, tmp_path / "dump").file
    with inline(blank_postgres_url) as work:  # what is another's hangs on a table of ours
        work.execute(text("create view of_others as select id from person"))
    with pytest.raises(BackupFault, match="half_restored") as said:
        back(blank_postgres_url, dump)
    assert Path(str(said.value.data["aside"])).is_file()


@pytest.mark.usefixtures("with_postgres_tools")
def test_no_bot_starts_where_a_restore_was_cut_before_doubts_were_marked(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_message(postgres_url, "alert", -5)
    copy = backup.take(postgres_url, tmp_path / "copy").file
    with monkeypatch.context() as killed:
        killed.setattr(backup_postgres, "_DOUBT", "select 1 / 0, %s, %s")
        with pytest.raises(psycopg.Error):
            back(postgres_url, copy)
    with pytest.raises(BackupFault, match="cut_restore"):
        migrate.upgrade(postgres_url)
    assert back(postgres_url, copy).doubtful == 1
    assert migrate.current(postgres_url) == migrate.head()
    migrate.upgrade(postgres_url)
