"""Each process has a name in its transactions, and hears what another one signals."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from sqlalchemy import make_url

from storage.database import connect
from storage.work import Work


def signalled(work: Work, *, fail: bool = False) -> None:
    work.signal("inbox")
    if fail:
        raise ZeroDivisionError


async def within(event: asyncio.Event, seconds: float = 8.0) -> None:
    await asyncio.wait_for(event.wait(), seconds)
    event.clear()


def test_a_transaction_knows_the_name_of_its_process(database_url: str) -> None:
    async def run() -> None:
        for owner in ("one", "two"):
            database = connect(database_url, owner)
            await database.open()
            assert await database.transact(lambda work: work.owner) == owner
            assert await database.read(lambda work: work.owner) == owner
            await database.close()

    asyncio.run(run())


def test_what_one_process_signals_the_others_hear_after_the_commit(postgres_url: str) -> None:
    async def run() -> None:
        speaker, hearer = connect(postgres_url, "one"), connect(postgres_url, "two")
        heard = asyncio.Event()
        await speaker.open()
        await hearer.open()
        hearer.hear("inbox", heard.set)
        await within(heard)  # once connected: something may have been said before
        with pytest.raises(ZeroDivisionError):
            await speaker.transact(signalled, fail=True)
        await speaker.transact(signalled)
        await within(heard)
        await speaker.close()
        await hearer.close()

    asyncio.run(run())


def test_an_ear_that_lost_its_connection_hears_again(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.postgres_ear.PAUSE_SECONDS", 0.05)

    async def run() -> None:
        database = connect(postgres_url)
        heard = asyncio.Event()
        await database.open()
        database.hear("inbox", heard.set)
        await within(heard)
        await asyncio.to_thread(cut, postgres_url)
        await within(heard)
        await database.transact(signalled)
        await within(heard)
        await database.close()

    asyncio.run(run())


def cut(url: str) -> None:
    """End the connections that listen, as a restarted server does."""
    name = make_url(url).database
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = %s and query ilike 'listen%%' and pid <> pg_backend_pid()",
            [name],
        )


def test_on_one_file_there_is_nobody_to_tell(sqlite_url: str) -> None:
    async def run() -> None:
        database = connect(sqlite_url)
        await database.open()
        database.hear("inbox", lambda: pytest.fail("nobody speaks"))
        await database.transact(signalled)
        await database.close()

    asyncio.run(run())
