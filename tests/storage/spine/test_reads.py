"""Reads see one snapshot, write nothing and wait for no writer, on both databases."""

from __future__ import annotations

import asyncio
import threading

import pytest
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.job import FunctionStoppedError
from storage.work import Work
from tests.storage.spine import ledger


def test_a_read_cannot_write(blank_database_url: str) -> None:
    async def story(database: Database) -> None:
        for _ in range(5):  # every reader of the pool stays usable
            with pytest.raises(DBAPIError, match=r"read-?only"):
                await database.read(ledger.add, "smuggled")
        assert await database.read(ledger.names) == []

    ledger.run(blank_database_url, story)


def test_a_read_sees_what_was_committed_before_it(blank_database_url: str) -> None:
    async def story(database: Database) -> None:
        for number in range(8):
            await database.transact(ledger.add, str(number))
            assert len(await database.read(ledger.names)) == number + 1

    ledger.run(blank_database_url, story)


def test_all_statements_of_a_read_see_the_same_moment(blank_database_url: str) -> None:
    begun, told = threading.Event(), threading.Event()

    def look_twice(work: Work) -> tuple[list[str], list[str]]:
        before = ledger.names(work)
        begun.set()
        assert told.wait(10)
        return before, ledger.names(work)

    async def story(database: Database) -> None:
        await database.transact(ledger.add, "old")
        reading = asyncio.create_task(database.read(look_twice))
        await ledger.begun(begun)
        await database.transact(ledger.add, "new")
        told.set()
        assert await reading == (["old"], ["old"])
        assert await database.read(ledger.names) == ["old", "new"]

    ledger.run(blank_database_url, story)


def test_a_read_does_not_wait_for_a_writer(blank_database_url: str) -> None:
    async def story(database: Database) -> None:
        begun, told = threading.Event(), threading.Event()
        writing = asyncio.create_task(database.transact(ledger.add_when_told, "slow", begun, told))
        await ledger.begun(begun)
        async with asyncio.timeout(60):
            assert await database.read(ledger.names) == []
        assert not writing.done()
        told.set()
        await writing

    ledger.run(blank_database_url, story)


def test_an_error_in_a_read_reaches_its_caller_and_no_other(blank_database_url: str) -> None:
    def refuse(_work: Work) -> None:
        raise ledger.RefusedError

    def stop(_work: Work) -> None:
        raise StopIteration

    async def story(database: Database) -> None:
        for _ in range(4):
            with pytest.raises(ledger.RefusedError):
                await database.read(refuse)
            with pytest.raises(FunctionStoppedError):
                await database.read(stop)
        assert await database.read(ledger.names) == []

    ledger.run(blank_database_url, story)


def test_a_reader_whose_caller_went_away_serves_the_next(blank_database_url: str) -> None:
    async def story(database: Database) -> None:
        begun, told = threading.Event(), threading.Event()

        def look(work: Work) -> list[str]:
            begun.set()
            assert told.wait(10)
            return ledger.names(work)

        task = asyncio.create_task(database.read(look))
        await ledger.begun(begun)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        told.set()
        assert await asyncio.gather(*(database.read(ledger.names) for _ in range(12))) == [[]] * 12

    ledger.run(blank_database_url, story)
