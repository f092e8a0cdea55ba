"""Small tables and use cases for the tests of the spine."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import sqlalchemy as sa

from storage.database import Database, connect
from storage.work import Work

T = TypeVar("T")

tables = sa.MetaData()
thing = sa.Table(
    "thing",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("amount", sa.Integer, nullable=False, server_default="0"),
)
part = sa.Table(
    "part",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "thing_id",
        sa.ForeignKey("thing.id", deferrable=True, initially="DEFERRED"),
        nullable=False,
    ),
)
ADD = sa.insert(thing)
ADD_PART = sa.insert(part)
NAMES = sa.select(thing.c.name).order_by(thing.c.id)
COUNT = sa.select(sa.func.count()).select_from(thing)
NAMED = sa.select(thing.c.amount).where(thing.c.name == sa.bindparam("name"))


class RefusedError(Exception):
    """A use case says no."""


def furnish(work: Work) -> None:
    for table in tables.sorted_tables:
        work.execute(sa.schema.CreateTable(table))


def add(work: Work, name: str) -> int:
    return work.insert(ADD, {"name": name})


def add_and_tell(work: Work, name: str) -> None:
    work.after_commit(name)
    add(work, name)


def add_then_refuse(work: Work, name: str) -> None:
    add_and_tell(work, name)
    raise RefusedError(name)


def add_then_stop(work: Work, name: str) -> None:
    add(work, name)
    next(iter(()))


def add_an_orphan(work: Work, name: str) -> None:
    """Break a rule that the database checks at commit only."""
    add_and_tell(work, name)
    work.insert(ADD_PART, {"thing_id": 999_999})


def add_when_told(work: Work, name: str, begun: threading.Event, told: threading.Event) -> None:
    begun.set()
    assert told.wait(10)
    add(work, name)


def names(work: Work) -> list[str]:
    return work.scalars(NAMES)


def run(url: str, story: Callable[[Database], Coroutine[Any, Any, T]]) -> T:
    """Tell a story on an open database that has the tables."""

    async def told() -> T:
        database = connect(url)
        await database.open()
        try:
            await database.transact(furnish)
            return await story(database)
        finally:
            await database.close()

    return asyncio.run(told())


async def begun(event: threading.Event) -> None:
    """Wait for a worker's thread without stopping the loop."""
    assert await asyncio.to_thread(event.wait, 10)
