"""Several processes send from one PostgreSQL: each message once, in order, within the limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.delivery.api import Reply
from bot.delivery.carrier import Carrier
from bot.delivery.heart import Heart
from bot.delivery.rates import Pace
from bot.delivery.sender import Sender
from credit.moment import Moment
from storage import rates, workers
from storage.database import Database, connect
from storage.outbox import Priority
from storage.tables import worker
from storage.work import Work
from tests.bot.delivery.office import (
    LEA,
    MARC,
    UNHURRIED,
    Office,
    in_office,
    now,
    posted,
    seized,
    until,
    until_state,
)

NORTH, SOUTH, WEST = "north/1/a", "south/2/b", "west/3/c"


@asynccontextmanager
async def a_replica(office: Office, owner: str, pace: Pace = UNHURRIED) -> AsyncIterator[Sender]:
    """Another process: its own connections, its own heart, the same Bot API."""
    database = connect(office.url, owner)
    await database.open()
    heart = Heart(database, "worker", now)
    sender = Sender(
        database, Carrier(database, office.api, {}, office._bind, now), now, pace, alone=False
    )
    try:
        await heart.start()
        await sender.start()
        yield sender
        await sender.stop(2)
        await heart.stop()
    finally:
        await database.close()


def database_of(sender: Sender) -> Database:
    return sender._database


def test_three_replicas_share_a_broadcast_and_its_rate(postgres_url: str) -> None:
    async def play(office: Office) -> None:
        readers = range(5_000, 5_060)
        for reader in readers:
            office.simulator.add_person(reader, f"P{reader}", started=True)
        pace = Pace()
        async with (
            a_replica(office, NORTH, pace),
            a_replica(office, SOUTH, pace),
            a_replica(office, WEST, pace),
        ):
            ids = [
                await office.post(priority=Priority.BROADCAST, chat_id=reader, kind="notice")
                for reader in readers
            ]
            for row_id in ids:
                await until_state(office, row_id, "sent", 20)
        assert {call["error"] for call in office.calls("sendMessage") if not call["ok"]} == set()
        assert [len(office.shown(reader)) for reader in readers] == [1] * len(readers)

    in_office(postgres_url, play, enforce=True)


def test_a_chat_reads_in_order_whichever_replica_sends(postgres_url: str) -> None:
    async def play(office: Office) -> None:
        office.fault("sendMessage", "429", count=4)
        ids = [
            await office.post(text=str(number), chat_id=chat, priority=1, kind="notice")
            for number in range(12)
            for chat in (LEA, MARC)
        ]
        async with a_replica(office, NORTH), a_replica(office, SOUTH), a_replica(office, WEST):
            for row_id in ids:
                await until_state(office, row_id, "sent", 30)
        for chat in (LEA, MARC):
            assert office.shown(chat) == [str(number) for number in range(12)]

    in_office(postgres_url, play)


def test_an_answer_is_sent_by_the_replica_that_wrote_it_alone(postgres_url: str) -> None:
    async def play(office: Office) -> None:
        async with a_replica(office, NORTH) as north, a_replica(office, SOUTH) as south:
            writers = [
                database_of(sender).transact(posted, text=str(number))
                for number in range(20)
                for sender in (north, south)
            ]
            for row_id in await asyncio.gather(*writers):
                await until_state(office, row_id, "sent", 20)
        assert sorted(office.shown(), key=int) == [str(n) for n in range(20) for _ in "ns"]

    in_office(postgres_url, play)


def test_the_answers_of_a_killed_replica_are_sent_once_by_another(postgres_url: str) -> None:
    async def play(office: Office) -> None:
        dead = connect(office.url, NORTH)
        await dead.open()
        await dead.transact(workers.beat, NORTH, "worker", now())
        row_id = await dead.transact(posted, text="réponse")
        await dead.close()
        async with a_replica(office, SOUTH), a_replica(office, WEST):
            await asyncio.sleep(0.5)
            assert await office.state(row_id) == "waiting", "its owner may live"
            await office.database.transact(workers.leave, NORTH)
            await until_state(office, row_id, "sent", 10)
        assert office.shown() == ["réponse"]

    in_office(postgres_url, play)


def test_a_429_for_the_whole_bot_holds_every_replica_up(postgres_url: str) -> None:
    async def play(office: Office) -> None:
        async with a_replica(office, NORTH) as north, a_replica(office, SOUTH) as south:
            office.fault("sendMessage", "429", retry_after=3)
            first = await database_of(north).transact(posted, text="un")
            await until(lambda: bool(office.calls("sendMessage")))
            await until(lambda: south.rates.pause(asyncio.get_running_loop().time()) > 1.0)
            other = await database_of(south).transact(posted, text="deux", chat_id=MARC)
            assert office.shown(MARC) == []
            await until_state(office, other, "sent", 10)
            await until_state(office, first, "sent", 10)

    in_office(postgres_url, play)


def test_a_replica_that_slept_too_long_sends_nothing_that_others_have_taken(
    postgres_url: str,
) -> None:
    async def play(office: Office) -> None:
        async with a_replica(office, NORTH) as north:
            database = database_of(north)
            north.rates.close(asyncio.get_running_loop().time(), 3_600)
            taken = await database.transact(posted, text="réponse")
            own = await database.transact(posted, text="la sienne", chat_id=MARC)
            await database.transact(workers.beat, SOUTH, "worker", now())
            await database.transact(seized, taken, SOUTH)
            await until(lambda: north.held == 2)
            north._around._looked_at -= 60.0  # it has not looked around for a minute
            north.rates._closed_until = 0.0
            north._pump()
            await until_state(office, own, "sent", 10)
            await until(lambda: north.held == 0)
            assert await office.state(taken) == "waiting"
        assert office.shown() == []

    in_office(postgres_url, play)


def test_who_was_cut_off_itself_takes_nobody_for_dead_at_once(postgres_url: str) -> None:
    async def play(office: Office) -> None:
        row_id = await office.post(text="alerte", priority=1, kind="notice")
        await office.database.transact(seized, row_id, NORTH, left=True)
        silent = replace(now(), at=now().at - timedelta(minutes=1))
        async with a_replica(office, SOUTH) as south:
            await until_state(office, row_id, "sent", 10)  # nobody ever heard of its process
            row_id = await office.post(text="autre alerte", priority=1, chat_id=MARC, kind="notice")
            await office.database.transact(seized, row_id, NORTH, left=True)
            await office.database.transact(beaten, NORTH, silent)
            south._around._looked_at -= 60.0  # the database was away: nobody could beat
            await south._sweep(fresh=False)
            assert await office.state(row_id) == "sending"
            await south._sweep(fresh=False)
            assert await office.state(row_id) == "sending"
            south._around._patient_until = 0.0  # he had his time to say that he lives
            await south._sweep(fresh=False)
            await until_state(office, row_id, "sent", 10)
        assert office.shown(MARC) == ["autre alerte"]

    in_office(postgres_url, play)


def test_what_another_replica_has_taken_over_is_not_put_back_by_the_one_believed_dead(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(office: Office) -> None:
        answered = asyncio.Event()

        async def refused(*_: object) -> Reply:
            await answered.wait()
            return Reply(429, description="Too Many Requests", retry_after=1.0)

        monkeypatch.setattr(office.api, "call", refused)
        async with a_replica(office, NORTH) as north:
            await office.database.transact(workers.beat, SOUTH, "worker", now())
            alert = await office.post(text="alerte", priority=1, kind="notice")
            answer = await database_of(north).transact(posted, text="réponse", chat_id=MARC)
            await until(lambda: len(north._flights) == 2, 10)
            for row_id in (alert, answer):
                await office.database.transact(seized, row_id, SOUTH)
            answered.set()
            await until(lambda: not north._flights, 10)
            assert north.held == 0
            owners = [(await office.row(row_id))["owner"] for row_id in (alert, answer)]
            assert owners == [SOUTH, SOUTH]
            assert await office.state(alert) == "sending"

    in_office(postgres_url, play)


def beaten(work: Work, owner: str, at: Moment) -> None:
    """Let a process have said last at that moment that it lives."""
    workers.beat(work, owner, "worker", at)
    work.execute(update(worker).where(worker.c.owner == owner).values(seen_at=at.at))


def test_what_a_stopping_replica_has_drawn_is_left_to_the_others_without_a_doubt(
    postgres_url: str,
) -> None:
    async def play(office: Office) -> None:
        async with a_replica(office, NORTH) as north:
            office.fault("sendMessage", "slow", seconds=0.8)
            answer = await database_of(north).transact(posted, text="réponse")
            await until(lambda: bool(north._flights))
            alert = await office.post(text="alerte", priority=1, kind="notice")
            await office.database.transact(seized, alert, NORTH)
            row = await office.outgoing(alert)
            north.offer([row])  # drawn, and its chat is busy with the answer
            north._pushes += 1
            await north.stop(3)
            assert await office.state(answer) == "sent"
            assert await office.state(alert) == "waiting"
        async with a_replica(office, SOUTH):
            await until_state(office, alert, "sent", 10)
        assert office.shown() == ["réponse", "alerte"]

    in_office(postgres_url, play)


def test_the_pause_of_a_chat_outlives_the_process_that_met_it(postgres_url: str) -> None:
    async def play(office: Office) -> None:
        await office.database.transact(rates.rest, UNHURRIED, now().at, LEA, 60.0)
        async with a_replica(office, SOUTH):
            held = await office.post(text="alerte", priority=1, kind="notice")
            free = await office.post(text="alerte", priority=1, kind="notice", chat_id=MARC)
            await until_state(office, free, "sent", 10)
            assert await office.state(held) == "waiting"

    in_office(postgres_url, play)


def test_an_old_orphan_is_dropped_rather_than_said_late(postgres_url: str) -> None:
    async def play(office: Office) -> None:
        row_id = await office.post(text="vieille réponse", age=timedelta(minutes=5))
        await office.database.transact(seized, row_id, NORTH)
        async with a_replica(office, SOUTH):
            await until_state(office, row_id, "dropped", 10)
        assert office.shown() == []

    in_office(postgres_url, play)


@pytest.mark.parametrize("left", [True, False])
def test_what_a_dead_replica_was_sending_is_sent_by_one_of_the_others(
    postgres_url: str, *, left: bool
) -> None:
    async def play(office: Office) -> None:
        row_id = await office.post(text="alerte", priority=1, kind="notice")
        await office.database.transact(seized, row_id, NORTH, left=left)
        async with a_replica(office, SOUTH), a_replica(office, WEST):
            await until_state(office, row_id, "sent", 10)
        assert office.shown() == ["alerte"]
        assert (await office.row(row_id))["doubts"] == left

    in_office(postgres_url, play)
