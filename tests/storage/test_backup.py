"""A copy of a live database is whole, and comes back only where nobody is at work."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from storage import backup, facts, migrate, outbox, tables
from storage.backup import BackupFault, Broken, InUse, Restored
from storage.integrity import damage_of
from storage.sqlite_path import path_of
from tests.credit.builders import TODAY, paris
from tests.storage.contents import contents
from tests.storage.inline import inline
from tests.storage.postgres_tools import with_postgres_tools

__all__ = ["with_postgres_tools"]

NOON = paris(TODAY.year, TODAY.month, TODAY.day, 12)


@contextmanager
def at_work(write: Callable[[int], None]) -> Iterator[list[int]]:
    """Call a function again and again from another thread; yield the calls that ended well."""
    stop, begun = threading.Event(), threading.Event()
    done: list[int] = []
    faults: list[Exception] = []

    def go_on() -> None:
        try:
            while not stop.is_set():
                write(len(done))
                done.append(len(done))
                begun.set()
        except (sqlite3.Error, DBAPIError) as error:
            faults.append(error)
            begun.set()

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        assert begun.wait(10)
        yield done
    finally:
        stop.set()
        thread.join()
    assert faults == []


def a_busy_writer(url: str) -> AbstractContextManager[list[int]]:
    """Write two facts that are always equal."""

    def write(n: int) -> None:
        with inline(url) as work:
            facts.put(work, "left", n)
            facts.put(work, "right", n)

    return at_work(write)


@contextmanager
def an_impatient_writer(path: Path) -> Iterator[list[int]]:
    """Write with a connection that fails at once where it would have to wait."""
    with closing(sqlite3.connect(path, timeout=0, check_same_thread=False)) as raw:

        def write(n: int) -> None:
            with raw:
                raw.execute("insert into fact values (?, '1')", (f"n{n}",))

        with at_work(write) as done:
            yield done


def put(url: str, name: str, value: object) -> None:
    with inline(url) as work:
        facts.put(work, name, value)


def got(url: str, name: str) -> object:
    with inline(url) as work:
        return facts.get(work, name)


def back(url: str, file: Path) -> Restored:
    return backup.put_back(url, file, NOON.at, file.parent)


def a_message(url: str, kind: str, minutes: int) -> int:
    with inline(url) as work:
        row = outbox.post(
            work,
            kind=kind,
            person_id=None,
            chat_id=7,
            body={},
            priority=outbox.Priority.ALERT,
            at=NOON,
            not_before=NOON.at + timedelta(minutes=minutes),
        )
    assert row is not None
    return row


def seen_at_work(url: str, seconds_ago: float) -> None:
    with inline(url) as work:
        # PostgreSQL's own clock dates its processes
        now = NOON.at if work.dialect == "sqlite" else work.scalar(select(func.now()))
        seen = now - timedelta(seconds=seconds_ago)
        row = {"owner": "host/7", "role": "all", "started_at": now, "seen_at": seen}
        work.execute(insert(tables.worker), row)


@pytest.mark.usefixtures("with_postgres_tools")
def test_a_copy_of_a_database_that_is_being_written_is_whole(
    database_url: str, tmp_path: Path
) -> None:
    with a_busy_writer(database_url):
        copies = [backup.take(database_url, tmp_path / f"copy{n}") for n in range(3)]
    for one in copies:
        assert one.size == one.file.stat().st_size > 10_000
        assert one.sha256 == backup.digest(one.file)
        assert one.schema == migrate.head()
        assert one.rows["fact"] >= 2
        assert stat.S_IMODE(one.file.stat().st_mode) & 0o077 == 0
        back(database_url, one.file)
        assert got(database_url, "left") == got(database_url, "right") is not None
    assert not list(tmp_path.glob("*.partial"))
    assert not list(tmp_path.glob("*.restoring"))


@pytest.mark.usefixtures("with_postgres_tools")
def test_what_comes_back_elsewhere_is_the_same_table_by_table(
    database_url: str, tmp_path: Path
) -> None:
    put(database_url, "word", "kept")
    a_message(database_url, "alert", minutes=60)
    seen_at_work(database_url, seconds_ago=60)
    before = contents(database_url)
    copy = backup.take(database_url, tmp_path / "copy")
    put(database_url, "word", "later")
    with inline(database_url) as work:
        work.execute(text("delete from outbox"))
        work.execute(text("delete from worker"))
    done = back(database_url, copy.file)
    assert contents(database_url) == before
    assert {name: len(rows) for name, rows in before.items()} == done.copy.rows == copy.rows
    assert done.doubtful == 0


@pytest.mark.usefixtures("with_postgres_tools")
def test_the_present_is_kept_aside_each_time(database_url: str, tmp_path: Path) -> None:
    put(database_url, "word", "before")
    copy = backup.take(database_url, tmp_path / "copy")
    put(database_url, "word", "after")
    first = back(database_url, copy.file).aside
    assert got(database_url, "word") == "before"
    second = back(database_url, copy.file).aside
    assert first is not None
    assert second not in {None, first}
    if database_url.startswith("sqlite"):
        assert got(f"sqlite:///{first}", "word") == "after"
    else:
        back(database_url, first)
        assert got(database_url, "word") == "after"


@pytest.mark.usefixtures("with_postgres_tools")
def test_what_was_due_when_the_copy_was_taken_comes_back_in_doubt(
    database_url: str, tmp_path: Path
) -> None:
    due, on_its_way, later = (a_message(database_url, "alert", minutes) for minutes in (-5, -4, 60))
    with inline(database_url) as work:
        drawn = update(tables.outbox).where(tables.outbox.c.id == on_its_way)
        work.execute(drawn.values(state="sending", owner="here/1/a"))
    copy = backup.take(database_url, tmp_path / "copy")
    assert back(database_url, copy.file).doubtful == 2
    with inline(database_url) as work:
        rows = work.all(select(tables.outbox.c.id, tables.outbox.c.state, tables.outbox.c.error))
    assert sorted(rows) == [
        (due, "waiting", outbox.IN_DOUBT),
        (on_its_way, "sending", outbox.IN_DOUBT),
        (later, "waiting", None),
    ]


@pytest.mark.usefixtures("with_postgres_tools")
def test_a_database_whose_bot_was_seen_lately_is_left_alone(
    database_url: str, tmp_path: Path
) -> None:
    copy = backup.take(database_url, tmp_path / "copy")
    put(database_url, "word", "kept")
    seen_at_work(database_url, seconds_ago=10)
    with pytest.raises(InUse, match="host/7"):
        back(database_url, copy.file)
    assert got(database_url, "word") == "kept"
    assert not list(tmp_path.glob("*before-restore*"))


def test_a_file_that_somebody_has_open_is_left_alone(sqlite_url: str, tmp_path: Path) -> None:
    copy = backup.take(sqlite_url, tmp_path / "copy.db")
    put(sqlite_url, "word", "kept")
    with closing(sqlite3.connect(path_of(sqlite_url))) as bot:
        bot.execute("select * from fact").fetchall()
        with pytest.raises(InUse, match="file_"):
            back(sqlite_url, copy.file)
    assert got(sqlite_url, "word") == "kept"
    assert not list(tmp_path.glob("*.before-restore-*"))


def test_a_writer_never_waits_for_a_copy(sqlite_url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(path_of(sqlite_url))) as raw, raw:
        raw.execute("create table ballast (content blob)")
        raw.executemany("insert into ballast values (zeroblob(100000))", [()] * 200)
    with an_impatient_writer(path_of(sqlite_url)) as written:
        meanwhile = 0
        for n in range(50):
            before = len(written)
            backup.take(sqlite_url, tmp_path / f"copy{n}.db")
            meanwhile += len(written) - before
            if meanwhile > 5:
                break
    assert meanwhile > 5


@pytest.mark.usefixtures("with_postgres_tools")
def test_a_name_that_is_taken_keeps_its_file(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "copy").write_bytes(b"precious")
    with pytest.raises(FileExistsError):
        backup.take(database_url, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"precious"


def test_a_backup_comes_back_where_there_is_no_database(sqlite_url: str, tmp_path: Path) -> None:
    put(sqlite_url, "word", "kept")
    copy = backup.take(sqlite_url, tmp_path / "copy.db")
    path_of(sqlite_url).unlink()
    for suffix in ("-wal", "-shm"):
        leftover = tmp_path / f"relance.db{suffix}"
        leftover.write_bytes(b"of a database that is gone")
    assert back(sqlite_url, copy.file).aside is None
    assert got(sqlite_url, "word") == "kept"


def test_a_damaged_database_can_be_replaced(sqlite_url: str, tmp_path: Path) -> None:
    put(sqlite_url, "word", "kept")
    copy = backup.take(sqlite_url, tmp_path / "copy.db")
    path_of(sqlite_url).write_bytes(b"not a database at all" * 1_000)
    assert damage_of(sqlite_url)
    aside = back(sqlite_url, copy.file).aside
    assert aside is not None
    assert aside.read_bytes().startswith(b"not a database")
    assert got(sqlite_url, "word") == "kept"
    assert damage_of(sqlite_url) is None


@pytest.mark.usefixtures("with_postgres_tools")
@pytest.mark.parametrize("content", [b"", b"garbage" * 500])
def test_what_is_no_backup_replaces_nothing(
    database_url: str, tmp_path: Path, content: bytes
) -> None:
    put(database_url, "word", "kept")
    (tmp_path / "bad").write_bytes(content)
    with pytest.raises(Broken):
        back(database_url, tmp_path / "bad")
    with pytest.raises(Broken):
        back(database_url, tmp_path / "missing")
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("create table notes (text)")
    with pytest.raises(Broken, match="not_a_"):
        back(database_url, tmp_path / "other.db")
    assert got(database_url, "word") == "kept"


@pytest.mark.usefixtures("with_postgres_tools")
def test_what_a_newer_release_made_is_refused(database_url: str, tmp_path: Path) -> None:
    with inline(database_url) as work:
        work.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(BackupFault, match="newer"):
        backup.take(database_url, tmp_path / "copy")
    assert not list(tmp_path.glob("copy*"))


def test_a_copy_of_a_newer_release_replaces_nothing(sqlite_url: str, tmp_path: Path) -> None:
    copy = backup.take(sqlite_url, tmp_path / "copy.db")
    with closing(sqlite3.connect(copy.file)) as raw, raw:
        raw.execute("update alembic_version set version_num = '9999'")
    with pytest.raises(Broken, match="newer"):
        back(sqlite_url, copy.file)


def test_a_cut_copy_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    copy = backup.take(sqlite_url, tmp_path / "copy.db")
    whole = copy.file.read_bytes()
    copy.file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Broken):
        back(sqlite_url, copy.file)


def test_there_must_be_a_database_to_copy(tmp_path: Path) -> None:
    with pytest.raises(backup.BackupFault, match="no_database"):
        backup.take(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("with_postgres_tools")
def test_a_blank_database_has_nothing_to_copy(blank_postgres_url: str, tmp_path: Path) -> None:
    with pytest.raises(backup.BackupFault, match="no_database"):
        backup.take(blank_postgres_url, tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("with_postgres_tools")
def test_a_dump_comes_back_into_a_blank_database(
    postgres_url: str, blank_postgres_url: str, tmp_path: Path
) -> None:
    put(postgres_url, "word", "kept")
    copy = backup.take(postgres_url, tmp_path / "copy")
    done = back(blank_postgres_url, copy.file)
    assert done.aside is None
    assert contents(blank_postgres_url) == contents(postgres_url)


@pytest.mark.usefixtures("with_postgres_tools")
def test_an_older_dump_replaces_a_newer_database_and_is_brought_up_to_date(
    postgres_url: str, blank_postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inline(postgres_url) as work:
        work.execute(text("drop schema public cascade"))
        work.execute(text("create schema public"))
    with monkeypatch.context() as older:
        migrations = shutil.copytree(migrate.MIGRATIONS, tmp_path / "migrations")
        for one in (migrations / "versions").glob("[0-9]*_*.py"):
            if not one.name.startswith("0001_"):
                one.unlink()
        older.setattr(migrate, "MIGRATIONS", migrations)
        migrate.upgrade(postgres_url)
    assert migrate.current(postgres_url) == "0001"
    copy = backup.take(postgres_url, tmp_path / "old")
    migrate.upgrade(blank_postgres_url)
    back(blank_postgres_url, copy.file)
    migrate.upgrade(blank_postgres_url)
    assert migrate.differences(blank_postgres_url) == []


def test_names_with_signs_of_addresses_are_only_names(sqlite_url: str, tmp_path: Path) -> None:
    odd = tmp_path / "a?b #c%41.db"
    path_of(sqlite_url).rename(odd)
    copy = backup.take(f"sqlite:///{odd}", tmp_path / "copy ?#.db")
    assert copy.rows["event"] == 0
    assert damage_of(f"sqlite:///{odd}") is None


def test_without_its_tools_postgres_says_what_to_run_and_no_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    url = "postgresql://ann:hunter2@127.0.0.1:9/none"
    with pytest.raises(backup.ToolMissing, match="pg_dump --format=custom") as said:
        backup.take(url, tmp_path / "copy")
    assert "hunter2" not in str(said.value)
    (tmp_path / "copy").write_bytes(b"")
    with pytest.raises(backup.ToolMissing, match="pg_restore"):
        back(url, tmp_path / "copy")


def test_a_failed_copy_leaves_nothing_behind(sqlite_url: str, tmp_path: Path) -> None:
    path_of(sqlite_url).write_bytes(b"not a database at all" * 1_000)
    with suppress(sqlite3.DatabaseError, Broken):
        backup.take(sqlite_url, tmp_path / "copy.db")
    assert [one.name for one in tmp_path.iterdir()] == ["relance.db"]
    assert damage_of("postgresql://nobody@nowhere/none") is None
