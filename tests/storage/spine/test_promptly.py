"""What a tap needs is done in the loop's own thread where the database is a file."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import closing

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from storage.database import Database
from storage.sqlite_database import SqliteDatabase
from storage.sqlite_path import path_of
from storage.work import Work
from tests.storage.spine import ledger


def _thread(work: Work) -> int:
    assert work.scalar(sa.text("select 1")) == 1
    return threading.get_ident()


def test_on_a_file_it_is_the_loops_thread_and_what_may_last_is_another(
    blank_sqlite_url: str,
) -> None:
    async def story(database: Database) -> None:
        ours = threading.get_ident()
        both = await asyncio.gather(database.promptly(_thread), database.transact(_thread))
        assert both[0] == ours != both[1]

    ledger.run(blank_sqlite_url, story)


def test_both_kinds_share_one_commit_that_waits_for_the_disk_in_the_writers_thread(
    blank_sqlite_url: str,
) -> None:
    async def story(database: Database) -> None:
        assert isinstance(database, SqliteDatabase)
        commits: list[int] = []

        def trace(sql: str) -> None:
            if sql == "commit":
                commits.append(threading.get_ident())

        database._raw().set_trace_callback(trace)
        some = [database.promptly(ledger.add, f"tap {number}") for number in range(3)]
        await asyncio.gather(*some, database.transact(ledger.add, "long"))
        database._raw().set_trace_callback(None)
        writer = await database.transact(_thread)
        assert commits == [writer]
        assert await database.read(ledger.names) == ["tap 0", "tap 1", "tap 2", "long"]

    ledger.run(blank_sqlite_url, story)


def test_errors_undo_their_own_work_only_and_notes_are_told_after_the_commit(
    blank_database_url: str,
) -> None:
    async def story(database: Database) -> None:
        told: list[object] = []
        database.listen(told.append)
        outcomes = await asyncio.gather(
            database.promptly(ledger.add_and_tell, "first"),
            database.promptly(ledger.add_then_refuse, "refused"),
            database.transact(ledger.add_and_tell, "second"),
            database.promptly(ledger.add_and_tell, name="third"),
            return_exceptions=True,
        )
        assert [type(one) for one in outcomes] == [type(None), ledger.RefusedError] + 2 * [
            type(None)
        ]
        assert sorted(map(str, told)) == ["first", "second", "third"]
        assert sorted(await database.read(ledger.names)) == ["first", "second", "third"]

    ledger.run(blank_database_url, story)


def test_a_rule_checked_at_commit_finds_the_guilty_one_alone(blank_database_url: str) -> None:
    async def story(database: Database) -> None:
        outcomes = await asyncio.gather(
            database.promptly(ledger.add, "before"),
            database.promptly(ledger.add_an_orphan, "orphan"),
            database.transact(ledger.add, "after"),
            return_exceptions=True,
        )
        assert isinstance(outcomes[1], IntegrityError)
        with pytest.raises(IntegrityError):
            await database.promptly(ledger.add_an_orphan, "alone")
        await database.promptly(ledger.add, "next")
        assert sorted(await database.read(ledger.names)) == ["after", "before", "next"]

    ledger.run(blank_database_url, story)


def test_of_what_was_undone_nobody_is_told_though_its_caller_has_gone(
    blank_sqlite_url: str,
) -> None:
    async def story(database: Database) -> None:
        told: list[object] = []
        database.listen(told.append)

        def noted(work: Work) -> None:
            ledger.add(work, "undone")
            work.after_commit("undone")

        def spoils(work: Work) -> None:
            leaving.cancel()
            work.raw().execute("rollback")  # as SQLite does by itself when the disk is full
            raise ZeroDivisionError

        leaving = asyncio.ensure_future(database.promptly(noted))
        with pytest.raises(ZeroDivisionError):
            await asyncio.gather(asyncio.sleep(0), database.promptly(spoils))
        assert leaving.cancelled()
        await database.promptly(ledger.add, "after")
        assert await database.read(ledger.names) == ["after"]
        assert told == []

    ledger.run(blank_sqlite_url, story)


def test_the_loop_goes_on_while_another_process_has_the_file(blank_sqlite_url: str) -> None:
    path = path_of(blank_sqlite_url)

    async def story(database: Database) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("begin immediate")
            waiting = asyncio.create_task(database.promptly(_thread))
            for _ in range(20):  # were the loop to wait for the lock, it would never go
                await asyncio.sleep(0)
            assert not waiting.done()
            other.execute("rollback")
            assert await waiting != threading.get_ident()
        assert await database.promptly(_thread) == threading.get_ident()

    ledger.run(blank_sqlite_url, story)


def test_a_caller_cancelled_while_it_waits_is_forgotten(blank_sqlite_url: str) -> None:
    async def story(database: Database) -> None:
        waiting = asyncio.create_task(database.promptly(ledger.add, "waiting"))
        await asyncio.sleep(0)
        waiting.cancel()
        await database.promptly(ledger.add, "later")
        assert await database.read(ledger.names) == ["later"]

    ledger.run(blank_sqlite_url, story)


def test_more_than_one_batch_of_them_leaves_room_for_the_others(blank_sqlite_url: str) -> None:
    async def story(database: Database) -> None:
        done: list[str] = []

        async def noted(name: str, *, long: bool = False) -> None:
            await (database.transact if long else database.promptly)(ledger.add, name)
            done.append(name)

        taps = [noted(str(number)) for number in range(200)]
        await asyncio.gather(*taps, noted("long", long=True))
        assert len(done) == 201
        assert done.index("long") < 150, "it shared the commit of the first who tapped"

    ledger.run(blank_sqlite_url, story)
