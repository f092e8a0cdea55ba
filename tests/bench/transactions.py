"""D: durable transactions per second with 32 callers, against SQLAlchemy async over aiosqlite."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Final

from sqlalchemy import insert

from storage.sqlite_database import SqliteDatabase
from storage.tables import inbox
from tests.bench import async_promise
from tests.bench.bench import Bench, Contender, Figures, Goal, Size
from tests.bench.ledger import Ledger, now, seed
from tests.bench.promise import Wanted, keep_promise
from tests.storage.inline import inline

CALLERS: Final = 32
WARM_UP: Final = 20
PRODUCT: Final = "transact"
ANCHOR: Final = "SQLAlchemy async over aiosqlite"
ALONE: Final = "transact, one caller"
CHANGED: Final = ("promise", "promise_line", "promise_item", "event", "outbox")
Keep = Callable[[Wanted], Awaitable[int]]


@contextmanager
def stage(folder: Path, size: Size) -> Iterator[Mapping[str, Contender]]:
    """Seed readers, accounts and stored updates; every round works on a copy of its own."""
    ledger = seed(
        folder / "seed" / "relance.db", readers=50, customers=size.customers, items=size.items
    )
    wanted = [wanted_of(n, ledger) for n in range(1, size.transactions + 1)]
    with inline(ledger.url) as work:
        received = {"sender": 0, "body": "{}", "received_at": now().at}
        work.execute_many(insert(inbox), [{"update_id": w.update_id, **received} for w in wanted])
    rounds = count(1)

    def turn(carry: Callable[[Path], Coroutine[None, None, Figures]]) -> Figures:
        path = folder / f"round-{next(rounds)}.db"
        shutil.copyfile(ledger.path, path)
        figures = asyncio.run(carry(path))
        expect_kept(path, len(wanted))
        return figures

    yield {
        PRODUCT: lambda: turn(lambda path: _through_the_door(path, wanted, CALLERS)),
        ANCHOR: lambda: turn(lambda path: _awaiting(path, wanted)),
        ALONE: lambda: turn(lambda path: _through_the_door(path, wanted, 1)),
    }


def wanted_of(number: int, ledger: Ledger) -> Wanted:
    """Make the promise of one update: customers take turns, each with his own reader."""
    customer = (number - 1) % ledger.customers + 1
    return Wanted(
        update_id=number,
        reader=(customer - 1) % ledger.readers + 1,
        customer_id=customer,
        now=now(),
    )


async def _through_the_door(path: Path, wanted: list[Wanted], callers: int) -> Figures:
    database = SqliteDatabase(path)
    await database.open()
    try:
        return await timed(wanted, callers, lambda one: database.transact(keep_promise, one))
    finally:
        await database.close()


async def _awaiting(path: Path, wanted: list[Wanted]) -> Figures:
    engine = async_promise.engine_of(path)
    try:
        return await timed(wanted, CALLERS, lambda one: async_promise.keep_promise(engine, one))
    finally:
        await engine.dispose()


async def timed(wanted: list[Wanted], callers: int, keep: Keep) -> Figures:
    """Let so many callers work through the list; each waits for its answer before the next.

    The first ones are not timed: they compile the statements.
    """
    for one in wanted[:WARM_UP]:
        await keep(one)
    left = iter(wanted[WARM_UP:])

    async def caller() -> None:
        for one in left:
            await keep(one)

    with watched(len(wanted) - WARM_UP) as figures:
        await asyncio.gather(*(caller() for _ in range(callers)))
    return figures


@contextmanager
def watched(transactions: int) -> Iterator[Figures]:
    """Yield what becomes, at the end, the rate and this process's CPU for each."""
    figures: dict[str, float] = {}
    began, busy = time.perf_counter(), time.process_time()
    yield figures
    figures["transactions/s"] = transactions / (time.perf_counter() - began)
    figures["CPU ms"] = 1000 * (time.process_time() - busy) / transactions


def expect_kept(path: Path, wanted: int) -> None:
    """Check that every transaction left each of its rows."""
    with closing(sqlite3.connect(path)) as raw:
        for name in CHANGED:
            rows = raw.execute(f"select count(*) from {name}").fetchone()[0]
            assert rows == wanted, f"{rows} rows in {name}, {wanted} wanted"
        open_marks = raw.execute("select count(*) from inbox where done_at is null").fetchone()[0]
        assert not open_marks, f"{open_marks} updates are not marked"


TRANSACTIONS = Bench(
    name="transactions",
    letter="D",
    title="durable transactions per second, 32 callers",
    stage=stage,
    goals=(
        Goal("transactions/s", PRODUCT, ANCHOR, at_least=7.0),
        Goal("transactions/s", ALONE, ANCHOR),
        Goal("CPU ms", PRODUCT, ANCHOR),
    ),
)
