"""D on PostgreSQL: durable transactions per second with 32 callers, against psycopg alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from typing import Final

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import insert, text

from storage.postgres_database import WRITERS, PostgresDatabase
from storage.tables import inbox
from tests.bench import raw_promise
from tests.bench.bench import Bench, Contender, Figures, Goal, Size
from tests.bench.ledger import Ledger, fill, now
from tests.bench.promise import Wanted, keep_promise
from tests.bench.transactions import CALLERS, CHANGED, WARM_UP, timed, wanted_of, watched
from tests.storage import databases
from tests.storage.inline import inline

PRODUCT: Final = "transact"
ANCHOR: Final = "psycopg alone, 8 connections"
READERS: Final = 50
Carry = Callable[[list[Wanted]], Figures]


@contextmanager
def stage(folder: Path, size: Size) -> Iterator[Mapping[str, Contender]]:
    """Start a server; every round keeps promises of its own in one database."""
    ledger = Ledger(folder / "none", READERS, size.customers)
    rounds = count()
    with databases.held_server() as server, databases.a_database(server) as url:
        fill(url, readers=READERS, customers=size.customers, items=size.items)

        def turn(carry: Carry) -> Figures:
            first = next(rounds) * size.transactions + 1
            wanted = [wanted_of(first + n, ledger) for n in range(size.transactions)]
            _arrive(url, wanted)
            figures = carry(wanted)
            _expect_kept(url, first + size.transactions - 1)
            return figures

        yield {
            PRODUCT: lambda: turn(lambda wanted: asyncio.run(_through_the_door(url, wanted))),
            ANCHOR: lambda: turn(lambda wanted: _by_hand(url, wanted)),
        }


def _arrive(url: str, wanted: list[Wanted]) -> None:
    received = {"sender": 0, "body": "{}", "received_at": now().at}
    with inline(url) as work:
        work.execute_many(insert(inbox), [{"update_id": w.update_id, **received} for w in wanted])


async def _through_the_door(url: str, wanted: list[Wanted]) -> Figures:
    database = PostgresDatabase(url, owner="bench")
    await database.open()
    try:
        return await timed(wanted, CALLERS, lambda one: database.transact(keep_promise, one))
    finally:
        await database.close()


def _by_hand(url: str, wanted: list[Wanted]) -> Figures:
    """Let as many threads as the product has connections work through the list."""
    left: SimpleQueue[Wanted | None] = SimpleQueue()
    for one in [*wanted[WARM_UP:], *[None] * WRITERS]:
        left.put(one)
    opened = [psycopg.connect(url, row_factory=namedtuple_row) for _ in range(WRITERS)]

    def work_off(connection: raw_promise.Raw) -> None:
        while (one := left.get()) is not None:
            raw_promise.keep_promise(connection, one)

    try:
        for number, one in enumerate(wanted[:WARM_UP]):
            raw_promise.keep_promise(opened[number % WRITERS], one)
        rest = len(wanted) - WARM_UP
        with watched(rest) as figures, ThreadPoolExecutor(WRITERS) as threads:
            list(threads.map(work_off, opened))
        return figures
    finally:
        for connection in opened:
            connection.close()


def _expect_kept(url: str, wanted: int) -> None:
    """Check that every transaction so far left each of its rows."""
    with inline(url) as work:
        for name in CHANGED:
            rows = work.scalar(text(f"select count(*) from {name}"))
            assert rows == wanted, f"{rows} rows in {name}, {wanted} wanted"
        open_marks = work.scalar(text("select count(*) from inbox where done_at is null"))
    assert not open_marks, f"{open_marks} updates are not marked"


TRANSACTIONS_POSTGRES = Bench(
    name="transactions-postgres",
    letter="D2",
    title="durable transactions per second on PostgreSQL, 32 callers",
    stage=stage,
    goals=(
        Goal("transactions/s", PRODUCT, ANCHOR, at_least=round(1 / 1.5, 2)),
        Goal("CPU ms", PRODUCT, ANCHOR),
    ),
)
