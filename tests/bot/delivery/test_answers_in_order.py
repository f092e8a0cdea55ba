"""Answers keep their order when a person passes from one process to another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from sqlalchemy import select

from bot.delivery.carrier import Carrier
from bot.delivery.heart import Heart
from bot.delivery.line import Line
from bot.delivery.rates import Pace
from bot.delivery.sender import Sender
from bot.delivery.sharing import Sharing
from storage import inbox, serving, workers
from storage.database import connect
from storage.inbox import Received
from storage.tables import inbox as inbox_table
from storage.work import Work
from tests.bot.delivery.office import LEA, UNHURRIED, Office, in_office, now, posted, until

NORTH, SOUTH = "north/1/a", "south/2/b"
Bring = Callable[[int, str], Awaitable[None]]
SLOW = replace(UNHURRIED, chat=0.5, chat_burst=1, answer_debt=0)


@asynccontextmanager
async def a_worker(office: Office, owner: str, pace: Pace = UNHURRIED) -> AsyncIterator[Bring]:
    """A whole process: it answers every update with the update's text; give it some to store."""
    database = connect(office.url, owner)
    await database.open()
    carrier = Carrier(database, office.api, {}, office._bind, now)
    sender, heart = Sender(database, carrier, now, pace, alone=False), Heart(database, "all", now)

    async def handle(one: Received) -> bool:
        await database.transact(answered, one)
        return True

    async def bring(number: int, text: str) -> None:
        rows = [Received(number, LEA, text)]
        line.put(await database.transact(inbox.store, rows, now(), line.places))

    line = Line(database, handle, now, sharing=Sharing(database, now, sender))
    await heart.start()
    await sender.start()
    await line.start()
    try:
        yield bring
    finally:
        await line.stop(2)
        await sender.stop(2)
        await heart.stop()
        await database.close()


def answered(work: Work, one: Received) -> None:
    inbox.finish(work, one.update_id, now())
    posted(work, text=one.body)


async def handled(office: Office, number: int) -> None:
    """Wait until an update is handled: its answer waits, or has left."""
    done = select(inbox_table.c.done_at).where(inbox_table.c.update_id == number)
    async with asyncio.timeout(60):
        while await office.database.read(lambda work: work.scalar(done)) is None:
            await asyncio.sleep(0.01)


def test_what_a_dead_process_owed_leaves_before_what_its_heir_says(postgres_url: str) -> None:
    async def play(office: Office) -> None:
        dead = connect(office.url, NORTH)
        await dead.open()
        await dead.transact(workers.beat, NORTH, "all", now())
        await dead.transact(posted, text="d’abord")
        await dead.transact(inbox.store, [Received(7, LEA, "ensuite")], now(), 1)
        async with a_worker(office, SOUTH):
            await office.database.transact(workers.leave, NORTH)
            await office.database.transact(serving.free, [NORTH])
            await until(lambda: len(office.shown()) == 2, 20)
        await dead.close()
        assert office.shown() == ["d’abord", "ensuite"]

    in_office(postgres_url, play)


def test_what_a_dead_process_owed_leaves_first_though_nobody_served_its_reader_any_more(
    postgres_url: str,
) -> None:
    async def play(office: Office) -> None:
        dead = connect(office.url, NORTH)
        await dead.open()
        await dead.transact(workers.beat, NORTH, "all", now())
        await dead.transact(posted, text="d’abord")
        async with a_worker(office, SOUTH) as south:
            await south(7, "ensuite")
            await office.database.transact(workers.leave, NORTH)
            await until(lambda: len(office.shown()) == 2, 20)
        await dead.close()
        assert office.shown() == ["d’abord", "ensuite"]

    in_office(postgres_url, play)


def test_who_waits_for_an_answer_stays_with_the_process_that_owes_it(postgres_url: str) -> None:
    async def play(office: Office) -> None:
        async with a_worker(office, NORTH, SLOW) as north, a_worker(office, SOUTH, SLOW) as south:
            for number in range(1, 4):
                await (south if number == 3 else north)(number, f"réponse {number}")
                await handled(office, number)
            await until(lambda: len(office.shown()) == 3, 30)
        assert office.shown() == [f"réponse {number}" for number in range(1, 4)]

    in_office(postgres_url, play)


def test_who_has_an_answer_on_its_way_stays_until_it_has_landed(postgres_url: str) -> None:
    async def play(office: Office) -> None:
        async with a_worker(office, NORTH) as north, a_worker(office, SOUTH) as south:
            office.fault("sendMessage", "hang")
            await north(1, "réponse 1")
            await until(lambda: bool(office.calls("sendMessage")), 20)
            await south(2, "réponse 2")
            await until(lambda: len(office.shown()) == 2, 30)
        assert office.shown() == ["réponse 1", "réponse 2"]

    in_office(postgres_url, play)


def test_who_is_given_back_is_served_when_his_answers_have_left(postgres_url: str) -> None:
    async def play(office: Office) -> None:
        async with a_worker(office, SOUTH):
            async with a_worker(office, NORTH) as north:
                office.fault("sendMessage", "hang")
                await north(1, "réponse 1")
                await until(lambda: bool(office.calls("sendMessage")), 20)
                await north(2, "réponse 2")
            await until(lambda: len(office.shown()) == 2, 30)
        assert office.shown() == ["réponse 1", "réponse 2"]

    in_office(postgres_url, play)
