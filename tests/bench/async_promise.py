"""The anchor of the transactions: the product's own statements, awaited one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from credit.receivable import OpenItem
from storage import customers, disputes, events, inbox, items, outbox, people, promises
from tests.bench.promise import RULES, Wanted


def engine_of(path: Path, connections: int = 1) -> AsyncEngine:
    """Open the file as the product does: write-ahead log, every commit durable."""
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path}", pool_size=connections, max_overflow=0
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # or the driver begins by itself, and too late
        for pragma in ("journal_mode=wal", "foreign_keys=on", "synchronous=full"):
            connection.execute(f"pragma {pragma}")

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("begin immediate")

    return engine


async def keep_promise(engine: AsyncEngine, wanted: Wanted) -> int:
    """Do what `promise.keep_promise` does, in the same statements."""
    async with engine.begin() as connection:
        done = {"id": wanted.update_id, "at": wanted.now.at}
        marked = await connection.execute(inbox._FINISH, done)
        assert marked.rowcount == 1
        await _reader(connection, wanted)
        oldest = (await _account(connection, wanted))[0]
        promise_id = await _promise(connection, wanted, oldest)
        await _record(connection, wanted)
        await _answer(connection, wanted)
    return promise_id


async def _reader(connection: AsyncConnection, wanted: Wanted) -> None:
    key = {"telegram_id": wanted.telegram_id}
    rows: Any = (await connection.execute(people._BY_TELEGRAM, key)).all()
    assert people._found(rows)


async def _account(connection: AsyncConnection, wanted: Wanted) -> list[OpenItem]:
    found = await connection.execute(customers._BY_ID, {"id": wanted.customer_id})
    assert found.one().code
    key = {"customer": wanted.customer_id}
    today = {"today": wanted.now.today}
    contested = (await connection.execute(disputes._OF_CUSTOMER, {**key, **today})).all()
    promised: Any = (await connection.execute(items._PROMISED, key)).all()
    lines = (await connection.execute(items._OPEN_OF, key)).all()
    return items.assembled(lines, contested, promised, promised, RULES)


async def _promise(connection: AsyncConnection, wanted: Wanted, oldest: OpenItem) -> int:
    minor = oldest.open_minor
    made = await connection.execute(promises._ADD, wanted.promise(minor))
    assert made.inserted_primary_key is not None
    promise_id = int(made.inserted_primary_key[0])
    line = wanted.line(minor)
    row = {"promise_id": promise_id, "n": 1, "due_on": line.due_on, "amount_minor": minor}
    await connection.execute(promises._ADD_LINE, [{**row, "state": "open"}])
    covered = {"promise_id": promise_id, "item_id": oldest.id, "amount_minor": minor}
    await connection.execute(promises._ADD_ITEM, [covered])
    return promise_id


async def _record(connection: AsyncConnection, wanted: Wanted) -> None:
    kind = "promise.made"
    uid = wanted.origin.uid(f"{kind}:{wanted.customer_id}:{sorted(wanted.event.items())}")
    row = {
        "uid": uid,
        "at": wanted.now.at,
        "person_id": wanted.reader,
        "kind": kind,
        "customer_id": wanted.customer_id,
        "update_id": wanted.update_id,
        "data": wanted.event,
    }
    await connection.execute(events._INSERT, row)


async def _answer(connection: AsyncConnection, wanted: Wanted) -> None:
    times = {"created_at": wanted.now.at, "not_before": wanted.now.at}
    row = {**wanted.message(), **times, "ready": True, "state": "waiting"}
    posted = await connection.execute(outbox._POST_ONCE.on("sqlite"), row)
    assert posted.scalar() is not None
