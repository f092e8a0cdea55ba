"""What only a SQLite file does: one writer, shared commits, locks of other processes."""

from __future__ import annotations

import asyncio
import inspect
import sqlite3
from contextlib import closing, nullcontext
from pathlib import Path

import aiosqlite
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from storage import outage, sqlite_connection
from storage.database import Database
from storage.sqlite_database import BATCH_JOBS, SqliteDatabase
from storage.sqlite_path import path_of
from storage.work import Work
from tests.storage.spine import ledger


def test_aiosqlite_still_has_the_two_protected_names() -> None:
    assert inspect.iscoroutinefunction(aiosqlite.Connection._execute)
    assert list(inspect.signature(aiosqlite.Connection._execute).parameters)[:3] == [
        "self",
        "fn",
        "args",
    ]
    assert isinstance(inspect.getattr_static(aiosqlite.Connection, "_conn"), property)


def test_the_writer_is_durable_and_the_readers_only_read(blank_sqlite_url: str) -> None:
    def pragmas(work: Work) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only")
        return [work.scalar(sa.text(f"pragma {name}")) for name in names]

    async def story(database: Database) -> None:
        assert await database.transact(pragmas) == ["wal", 2, 1, 5000, 0]
        assert await database.read(pragmas) == ["wal", 2, 1, 5000, 1]

    ledger.run(blank_sqlite_url, story)


def test_background_work_does_not_wait_for_the_disk_and_who_taps_does(
    blank_sqlite_url: str,
) -> None:
    def synchronous(work: Work) -> object:
        return work.scalar(sa.text("pragma synchronous"))

    def fail(work: Work) -> None:
        ledger.add(work, "never")
        raise ArithmeticError

    async def story(database: Database) -> None:
        assert await database.background(synchronous) == 1
        assert await database.transact(synchronous) == 2
        with pytest.raises(ArithmeticError):
            await database.background(fail)
        assert await database.transact(synchronous) == 2
        assert await database.read(ledger.names) == []

    ledger.run(blank_sqlite_url, story)


def test_transactions_that_wait_together_share_their_commits(blank_sqlite_url: str) -> None:
    async def story(database: Database) -> None:
        assert isinstance(database, SqliteDatabase)
        begun: list[str] = []
        raw = database._raw()
        raw.set_trace_callback(lambda sql: begun.append(sql) if sql == "commit" else None)
        await asyncio.gather(*(database.transact(ledger.add, str(n)) for n in range(200)))
        raw.set_trace_callback(None)
        assert 200 / BATCH_JOBS <= len(begun) <= 100

    ledger.run(blank_sqlite_url, story)


DOORS = pytest.mark.parametrize("door", ["transact", "promptly"])


@DOORS
def test_a_batch_that_sqlite_rolls_back_by_itself_keeps_the_neighbours(
    blank_sqlite_url: str, door: str
) -> None:
    runs: list[str] = []

    def add(work: Work, name: str) -> None:
        runs.append(name)
        ledger.add(work, name)

    def roll_back(work: Work) -> None:
        work.execute(sa.text("insert or rollback into thing (name) values ('taken')"))

    async def story(database: Database) -> None:
        do = getattr(database, door)
        await do(ledger.add, "taken")
        outcomes = await asyncio.gather(
            do(add, "before"),
            do(roll_back),
            do(add, "after"),
            database.transact(add, "later"),
            return_exceptions=True,
        )
        spared = type(None)
        assert [type(outcome) for outcome in outcomes] == [spared, IntegrityError, spared, spared]
        assert await database.read(ledger.names) == ["taken", "before", "after", "later"]
        assert runs.count("before") == 2, "it was run again"

    ledger.run(blank_sqlite_url, story)


@DOORS
def test_a_lock_of_another_process_is_told_to_all_who_wait_and_the_next_batch_works(
    blank_sqlite_url: str, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outage, "REST", 0.0)
    path = path_of(blank_sqlite_url)

    async def story() -> None:
        database = SqliteDatabase(path, busy_seconds=0.05)
        await database.open()
        await database.transact(ledger.furnish)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("begin immediate")
            outcomes = await asyncio.gather(
                *(getattr(database, door)(ledger.add, str(number)) for number in range(5)),
                database.background(ledger.add, "piece"),
                return_exceptions=True,
            )
            assert [type(outcome) for outcome in outcomes] == [OperationalError] * 6
            assert all("locked" in str(outcome) for outcome in outcomes)
            assert len({id(outcome) for outcome in outcomes}) == 6
            told = [database.writable]
            other.execute("rollback")
        await getattr(database, door)(ledger.add, "next")
        assert [*told, database.writable] == [False, True]
        assert await database.read(ledger.names) == ["next"]
        await database.close()

    asyncio.run(story())


def test_a_writer_whose_thread_is_gone_tells_those_who_wait(blank_sqlite_url: str) -> None:
    async def story() -> None:
        database = SqliteDatabase(path_of(blank_sqlite_url))
        await database.open()
        writer = database._at_work()
        await writer.run(writer.work.close)
        await writer.close()
        with pytest.raises(ValueError, match="closed"):
            await database.transact(ledger.furnish)
        database._writer = None
        await database.close()

    asyncio.run(story())


def test_a_folder_that_is_not_there_is_an_error_at_opening(tmp_path: Path) -> None:
    async def story() -> None:
        database = SqliteDatabase(tmp_path / "absent" / "relance.db")
        with pytest.raises(sqlite3.OperationalError):
            await database.open()
        await database.close()

    asyncio.run(story())


def test_a_file_of_something_else_is_an_error_at_opening(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear customer, " * 100)

    async def story() -> None:
        with pytest.raises(sqlite3.DatabaseError):
            await SqliteDatabase(path).open()

    asyncio.run(story())


def test_a_path_may_hold_any_character(tmp_path: Path) -> None:
    folder = tmp_path / "créances #1 100%?"
    folder.mkdir()

    async def story(database: Database) -> None:
        await database.transact(ledger.add, "here")

    ledger.run(f"sqlite:///{folder}/relance.db", story)
    assert sorted(path.name for path in folder.iterdir()) == ["relance.db"]


def test_an_error_of_sql_is_one_of_sqlalchemy(blank_sqlite_url: str) -> None:
    async def story(database: Database) -> None:
        with pytest.raises(DBAPIError, match="no such table"):
            await database.transact(Work.execute, sa.text("delete from nowhere"))

    ledger.run(blank_sqlite_url, story)


def test_one_success_among_refusals_does_not_show_that_the_disk_has_room_again(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter((100.0, 103.0, 105.0, 114.9, 115.0))
    monkeypatch.setattr(outage, "monotonic", lambda: next(times))

    def tap(_work: Work) -> None:
        raise OSError(28, "No space left on device")

    async def story(database: Database) -> None:
        for refused, well in ((True, False), (False, False), (True, False), (False, False)):
            with pytest.raises(OSError, match="No space") if refused else nullcontext():
                await database.transact(tap if refused else pragma)
            assert database.writable is well
        await database.transact(pragma)
        assert database.writable

    def pragma(work: Work) -> None:
        work.execute(sa.text("pragma page_count"))

    ledger.run(sqlite_url, story)


def test_a_file_that_another_process_has_just_made_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "relance.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")  # of whom SQLite itself does not wait to change the mode
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            sqlite_connection.open_sqlite(path, busy_seconds=0)
        monkeypatch.setattr(sqlite_connection, "sleep", lambda _seconds: other.execute("commit"))
        with closing(sqlite_connection.open_sqlite(path)) as raw:
            assert raw.execute("pragma journal_mode").fetchone() == ("wal",)
