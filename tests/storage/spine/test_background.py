"""Background work gives way to those who wait, on both databases."""

from __future__ import annotations

import asyncio
import threading

from storage.database import Database
from storage.postgres_database import WRITERS
from storage.work import Work
from tests.storage.spine import ledger


def test_background_work_runs_after_every_transaction_that_waits(blank_database_url: str) -> None:
    async def story(database: Database) -> None:
        begun = [threading.Event() for _ in range(WRITERS)]
        told = threading.Event()
        busy = [
            asyncio.create_task(database.transact(_hold, event, told))
            for event in (begun if database.dialect == "postgresql" else begun[:1])
        ]
        for event in begun[: len(busy)]:
            await ledger.begun(event)
        pieces = [
            asyncio.create_task(database.background(ledger.add, f"piece {n}")) for n in (1, 2)
        ]
        await asyncio.sleep(0)
        taps = [asyncio.create_task(database.transact(ledger.add, f"tap {n}")) for n in range(20)]
        await asyncio.sleep(0)
        told.set()
        await asyncio.gather(*busy, *pieces, *taps)
        order = await database.read(ledger.names)
        assert len(order) == 22
        # when a piece begins, no tap waits: the other writers may still have one each in hand
        in_hand = len(busy) - 1
        assert order.index("piece 1") >= 20 - in_hand
        assert order.index("piece 2") > order.index("piece 1")

    ledger.run(blank_database_url, story)


def test_background_work_goes_one_piece_at_a_time(blank_database_url: str) -> None:
    async def story(database: Database) -> None:
        at_once: list[int] = []
        running = threading.Semaphore(0)

        def piece(work: Work, name: str) -> None:
            running.release()
            ledger.add(work, name)
            at_once.append(running._value)
            running.acquire()

        await asyncio.gather(*(database.background(piece, str(number)) for number in range(12)))
        assert at_once == [1] * 12

    ledger.run(blank_database_url, story)


def test_a_transaction_overtakes_a_queue_of_background_work(blank_database_url: str) -> None:
    async def story(database: Database) -> None:
        begun, told = threading.Event(), threading.Event()
        first = asyncio.create_task(database.background(_hold, begun, told))
        rest = [asyncio.create_task(database.background(ledger.add, f"p{n}")) for n in range(10)]
        await ledger.begun(begun)
        tap = asyncio.create_task(database.transact(ledger.add, "tap"))
        await asyncio.sleep(0)
        if database.dialect == "postgresql":
            await tap  # another writer is free: it waits for nobody
        told.set()
        await asyncio.gather(first, tap, *rest)
        order = await database.read(ledger.names)
        assert order.index("tap") <= 1

    ledger.run(blank_database_url, story)


def _hold(_work: Work, begun: threading.Event, told: threading.Event) -> None:
    begun.set()
    assert told.wait(10)
