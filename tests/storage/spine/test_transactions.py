"""What a transaction keeps, undoes and tells, on both databases."""

from __future__ import annotations

import asyncio
import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from storage.database import Database, DatabaseClosedError, connect
from storage.job import FunctionStoppedError
from storage.sqlite_path import UnknownDatabaseError
from storage.work import NoKeyError, Work, WorkEndedError
from tests.storage.spine import ledger


def test_errors_in_one_batch_undo_their_own_work_only(blank_database_url: str) -> None:
    async def story(database: Database) -> list[object]:
        outcomes = await asyncio.gather(
            database.transact(ledger.add, "first"),
            database.transact(ledger.add_then_refuse, "refused"),
            database.transact(ledger.add, name="second"),
            database.transact(ledger.add_then_stop, "stopped"),
            database.transact(ledger.add, "third"),
            return_exceptions=True,
        )
        assert sorted(await database.read(ledger.names)) == ["first", "second", "third"]
        return [type(outcome) for outcome in outcomes]

    assert ledger.run(blank_database_url, story) == [
        int,
        ledger.RefusedError,
        int,
        FunctionStoppedError,
        int,
    ]


def test_a_broken_rule_is_an_integrity_error_and_spares_the_neighbours(
    blank_database_url: str,
) -> None:
    async def story(database: Database) -> None:
        await database.transact(ledger.add, "taken")
        outcomes = await asyncio.gather(
            database.transact(ledger.add, "before"),
            database.transact(ledger.add, "taken"),
            database.transact(ledger.add, "after"),
            return_exceptions=True,
        )
        assert isinstance(outcomes[1], IntegrityError)
        assert sorted(await database.read(ledger.names)) == ["after", "before", "taken"]

    ledger.run(blank_database_url, story)


def test_a_rule_checked_at_commit_finds_the_guilty_job_alone(blank_database_url: str) -> None:
    async def story(database: Database) -> None:
        told: list[object] = []
        database.listen(told.append)
        outcomes = await asyncio.gather(
            database.transact(ledger.add_and_tell, "before"),
            database.transact(ledger.add_an_orphan, "orphan"),
            database.transact(ledger.add_and_tell, "after"),
            return_exceptions=True,
        )
        assert isinstance(outcomes[1], IntegrityError)
        assert [outcomes[0], outcomes[2]] == [None, None]
        assert sorted(await database.read(ledger.names)) == ["after", "before"]
        assert sorted(map(str, told)) == ["after", "before"], "told once, though run twice"

    ledger.run(blank_database_url, story)


def test_a_rule_broken_at_commit_alone_is_reported(blank_database_url: str) -> None:
    async def story(database: Database) -> None:
        with pytest.raises(IntegrityError):
            await database.transact(ledger.add_an_orphan, "orphan")
        await database.transact(ledger.add, "next")
        assert await database.read(ledger.names) == ["next"]

    ledger.run(blank_database_url, story)


def test_notes_are_told_before_the_caller_goes_on_and_only_after_a_commit(
    blank_database_url: str,
) -> None:
    async def story(database: Database) -> None:
        told: list[object] = []
        database.listen(told.append)
        await database.transact(ledger.add_and_tell, "kept")
        assert told == ["kept"]
        with pytest.raises(ledger.RefusedError):
            await database.transact(ledger.add_then_refuse, "undone")
        assert told == ["kept"]

    ledger.run(blank_database_url, story)


def test_a_caller_cancelled_while_it_waits_is_forgotten(blank_sqlite_url: str) -> None:
    async def story(database: Database) -> None:
        begun, told = threading.Event(), threading.Event()
        first = asyncio.create_task(database.transact(ledger.add_when_told, "running", begun, told))
        await ledger.begun(begun)
        waiting = asyncio.create_task(database.transact(ledger.add, "waiting"))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.sleep(0)
        told.set()
        await first
        await database.transact(ledger.add, "later")
        assert await database.read(ledger.names) == ["running", "later"]

    ledger.run(blank_sqlite_url, story)


def test_a_caller_cancelled_while_it_runs_is_committed_and_told_of(blank_database_url: str) -> None:
    def add_slowly(work: Work, begun: threading.Event, told: threading.Event) -> None:
        ledger.add_when_told(work, "running", begun, told)
        work.after_commit("running")

    async def story(database: Database) -> None:
        notes: list[object] = []
        database.listen(notes.append)
        begun, told = threading.Event(), threading.Event()
        task = asyncio.create_task(database.transact(add_slowly, begun, told))
        await ledger.begun(begun)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        told.set()
        await database.transact(ledger.add, "later")
        while not notes:
            await asyncio.sleep(0.001)
        assert sorted(await database.read(ledger.names)) == ["later", "running"]

    ledger.run(blank_database_url, story)


def test_everything_that_waits_is_committed_before_the_database_closes(
    blank_database_url: str,
) -> None:
    async def story() -> list[str]:
        database = connect(blank_database_url)
        await database.open()
        await database.transact(ledger.furnish)
        waiting = [
            asyncio.create_task(database.transact(ledger.add, str(number))) for number in range(300)
        ]
        await asyncio.sleep(0)
        await database.close()
        assert all(task.done() for task in waiting) or await asyncio.gather(*waiting)
        with pytest.raises(DatabaseClosedError):
            await database.transact(ledger.add, "too late")
        with pytest.raises(DatabaseClosedError):
            await database.read(ledger.names)
        again = connect(blank_database_url)
        await again.open()
        try:
            return await again.read(ledger.names)
        finally:
            await again.close()

    assert sorted(asyncio.run(story()), key=int) == [str(number) for number in range(300)]


def test_a_work_kept_beyond_its_transaction_refuses(blank_database_url: str) -> None:
    def leak(work: Work) -> Work:
        return work

    async def story(database: Database) -> None:
        work = await database.transact(leak)
        with pytest.raises(WorkEndedError):
            ledger.names(work)

    ledger.run(blank_database_url, story)


def test_a_use_case_reads_rows_in_every_shape(blank_database_url: str) -> None:
    def shapes(work: Work) -> None:
        two = [{"name": "a", "amount": 1}, {"name": "b", "amount": 2}]
        assert work.execute_many(ledger.ADD, two) == 2
        assert work.execute_many(ledger.ADD, []) == 0
        assert work.execute(sa.update(ledger.thing).values(amount=7)) == 2
        assert work.execute(sa.delete(ledger.thing).returning(ledger.thing.c.id)) == 2
        assert work.first(ledger.NAMED, {"name": "a"}) is None
        key = work.insert(ledger.ADD, {"name": "c", "amount": 3})
        assert work.insert(ledger.ADD, {"name": "d"}) == key + 1
        assert work.scalar(ledger.NAMED, {"name": "c"}) == 3
        assert work.scalar(ledger.NAMED, {"name": "nobody"}) is None
        row = work.first(ledger.NAMED, {"name": "c"})
        assert row is not None
        assert row.amount == 3
        assert [
            tuple(row) for row in work.all(sa.select(ledger.thing.c.name, ledger.thing.c.amount))
        ] == [
            ("c", 3),
            ("d", 0),
        ]
        assert work.scalars(ledger.NAMES) == ["c", "d"]
        assert work.raw().execute("select count(*) from thing").fetchone() == (2,)
        with pytest.raises(NoKeyError):
            work.insert(ledger.ADD.inline(), {"name": "e"})

    async def story(database: Database) -> None:
        await database.transact(shapes)
        assert await database.transact(lambda work: work.dialect) == database.dialect

    ledger.run(blank_database_url, story)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/base", "rubbish"])
def test_an_address_of_no_known_kind_is_refused(url: str) -> None:
    with pytest.raises(UnknownDatabaseError):
        connect(url)
