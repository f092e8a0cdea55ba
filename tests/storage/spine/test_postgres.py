"""What only a PostgreSQL server does: many at once, retries, lost connections."""

from __future__ import annotations

import asyncio
import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError

from storage import outage
from storage.database import Database
from storage.outage import is_outage
from storage.postgres_database import ATTEMPTS, PostgresDatabase
from storage.work import Work
from tests.storage.spine import ledger

LOCK = (
    sa.select(ledger.thing.c.id).where(ledger.thing.c.name == sa.bindparam("it")).with_for_update()
)
DIE = sa.text("select pg_terminate_backend(pg_backend_pid())")
READ_ONLY = sa.text("set transaction read only")
FAIL = sa.text("do $$ begin raise exception 'again' using errcode = '40001'; end $$")


def test_a_deadlock_is_run_again_until_both_are_through(blank_postgres_url: str) -> None:
    both = threading.Barrier(2)
    runs: list[str] = []

    def lock(work: Work, first: str, second: str) -> None:
        runs.append(first)
        work.all(LOCK, {"it": first})
        if len(runs) <= 2:
            both.wait(10)
        work.all(LOCK, {"it": second})

    async def story(database: Database) -> None:
        await database.transact(ledger.add, "left")
        await database.transact(ledger.add, "right")
        await asyncio.gather(
            database.transact(lock, "left", "right"), database.transact(lock, "right", "left")
        )
        assert len(runs) == 3

    ledger.run(blank_postgres_url, story)


def test_a_server_that_only_reads_is_an_outage_and_a_wrong_function_is_none(
    blank_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outage, "REST", 0.0)

    def write_what_is_only_read(work: Work) -> None:
        work.execute(READ_ONLY)
        ledger.add(work, "refused")

    def fail(_work: Work) -> None:
        raise ValueError("a function that is wrong")

    async def story(database: Database) -> None:
        with pytest.raises(ValueError, match="wrong"):
            await database.transact(fail)
        told = [database.writable]
        with pytest.raises(DBAPIError) as caught:
            await database.transact(write_what_is_only_read)
        assert is_outage(caught.value)
        told.append(database.writable)
        await database.transact(ledger.add, "kept")
        assert [*told, database.writable] == [True, False, True]
        assert await database.read(ledger.names) == ["kept"]

    ledger.run(blank_postgres_url, story)


def test_a_serialization_failure_is_run_again_and_told_once(blank_postgres_url: str) -> None:
    runs: list[int] = []

    def fail_twice(work: Work) -> None:
        runs.append(1)
        ledger.add_and_tell(work, "once")
        if len(runs) < 3:
            work.execute(FAIL)

    async def story(database: Database) -> None:
        told: list[object] = []
        database.listen(told.append)
        await database.transact(fail_twice)
        assert await database.read(ledger.names) == ["once"]
        assert told == ["once"]

    ledger.run(blank_postgres_url, story)


def test_a_failure_that_does_not_end_is_given_up(blank_postgres_url: str) -> None:
    runs: list[int] = []

    def fail(work: Work) -> None:
        runs.append(1)
        work.execute(FAIL)

    async def story(database: Database) -> None:
        with pytest.raises(DBAPIError, match="again"):
            await database.transact(fail)
        assert len(runs) == ATTEMPTS

    ledger.run(blank_postgres_url, story)


def test_a_lost_connection_is_replaced_and_its_work_run_again(blank_postgres_url: str) -> None:
    runs: list[int] = []

    def die_once(work: Work) -> int:
        runs.append(1)
        if len(runs) == 1:
            work.execute(DIE)
        return ledger.add(work, "alive")

    async def story(database: Database) -> None:
        await database.transact(die_once)
        assert await database.read(ledger.names) == ["alive"]
        assert len(runs) == 2

    ledger.run(blank_postgres_url, story)


def test_idle_connections_that_were_cut_are_replaced(blank_postgres_url: str) -> None:
    cut = sa.text(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )

    async def story(database: Database) -> None:
        await asyncio.gather(*(database.transact(ledger.add, str(n)) for n in range(8)))
        await database.transact(Work.execute, cut)
        for _ in range(10):
            assert len(await database.read(ledger.names)) == 8

    ledger.run(blank_postgres_url, story)


def test_a_connection_lost_while_it_commits_is_told_and_not_run_again(
    blank_postgres_url: str,
) -> None:
    runs: list[int] = []

    def arm(work: Work) -> None:
        work.execute(
            sa.text(
                "create function die() returns trigger language plpgsql as"
                " $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$"
            )
        )
        work.execute(
            sa.text(
                "create constraint trigger die after insert on thing"
                " deferrable initially deferred for each row execute function die()"
            )
        )

    def add(work: Work) -> None:
        runs.append(1)
        ledger.add(work, "unknown")

    async def story(database: Database) -> None:
        await database.transact(arm)
        with pytest.raises(OperationalError):
            await database.transact(add)
        assert len(runs) == 1

    ledger.run(blank_postgres_url, story)


def test_transactions_run_side_by_side(blank_postgres_url: str) -> None:
    together = threading.Barrier(8)

    def add(work: Work, name: str) -> None:
        ledger.add(work, name)
        together.wait(10)

    async def story(database: Database) -> None:
        await asyncio.gather(*(database.transact(add, str(number)) for number in range(8)))

    ledger.run(blank_postgres_url, story)


def test_a_transaction_is_read_committed_and_a_read_repeatable(blank_postgres_url: str) -> None:
    show = sa.text("select current_setting('transaction_isolation')")
    only = sa.text("select current_setting('transaction_read_only')")

    async def story(database: Database) -> None:
        for _ in range(3):
            assert await database.read(Work.scalar, show) == "repeatable read"
            assert await database.transact(Work.scalar, show) == "read committed"
            assert await database.read(Work.scalar, only) == "on"
            assert await database.transact(Work.scalar, only) == "off"

    ledger.run(blank_postgres_url, story)


def test_a_server_that_does_not_answer_is_an_error_at_opening() -> None:
    async def story() -> None:
        database = PostgresDatabase("postgresql://nobody@127.0.0.1:1/nothing")
        with pytest.raises(OperationalError):
            await database.open()
        await database.close()

    asyncio.run(story())


def test_pauses_between_retries_grow_and_differ() -> None:
    database = PostgresDatabase("postgresql://host/base", seed=1)
    pauses = [database._pause_after(attempt) for attempt in range(1, ATTEMPTS)]
    assert len(set(pauses)) == ATTEMPTS - 1
    assert all(0 < pause <= 0.005 * 2**ATTEMPTS for pause in pauses)
    assert sum(pauses[2:]) > sum(pauses[:2])
