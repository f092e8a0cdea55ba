"""Several processes on one PostgreSQL: each person is served by one at a time, in order, once."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import chain

import pytest
from sqlalchemy import insert, select, update

from bot.delivery.heart import Heart
from bot.delivery.intake import Intake
from bot.delivery.line import Handle, Line
from bot.delivery.meters import Meters
from bot.delivery.owner import own_name, place
from bot.delivery.sharing import PLACES, Sharing
from storage import facts, inbox, serving, workers
from storage.database import Database, connect
from storage.inbox import Received
from storage.tables import inbox as inbox_table
from storage.tables import inbox_queue, worker
from storage.work import Work
from tests.bot.delivery.office import NothingToSay, now, until


@dataclass
class Replica:
    """One process's share: its database, its line, and what it handled, in order."""

    database: Database
    line: Line
    sharing: Sharing
    intake: Intake
    heart: Heart
    meters: Meters
    handled: list[int] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    begun: list[int] = field(default_factory=list)

    async def __call__(self, one: Received) -> bool:
        self.begun.append(one.update_id)
        await self.gate.wait()
        await asyncio.sleep(0.002 * random.random())
        await self.database.transact(marked, one)
        self.handled.append(one.update_id)
        return True

    async def die(self) -> None:
        """End without a word: nothing is given back, the heart is silent."""
        await self.sharing.stop_taking()
        for task in tuple(self.line._servers):
            task.cancel()
            await asyncio.wait([task])
        if self.heart._task is not None:
            self.heart._task.cancel()


def marked(work: Work, one: Received) -> None:
    """Do what the dispatcher does: the mark first, then the work."""
    inbox.finish(work, one.update_id, now())
    done = facts.get(work, f"done {one.sender}") or []
    facts.put(work, f"done {one.sender}", [*done, one.update_id])


@asynccontextmanager
async def a_replica(url: str, owner: str, *, opened: bool = True) -> AsyncIterator[Replica]:
    database = connect(url, owner)
    await database.open()
    meters = Meters()
    handles: list[Handle] = []

    async def handle(one: Received) -> bool:
        return await handles[0](one)

    sharing, heart = Sharing(database, now, NothingToSay()), Heart(database, "all", now)
    line = Line(database, handle, now, sharing=sharing, pauses=(0.01,))
    replica = Replica(database, line, sharing, Intake(database, line, now, meters), heart, meters)
    handles.append(replica)
    if opened:
        replica.gate.set()
    await replica.heart.start()
    await line.start()
    try:
        yield replica
    finally:
        await line.stop(2)
        await replica.heart.stop()
        await database.close()


def among(
    url: str, *owners: str, opened: bool = True
) -> Callable[[Callable[..., Awaitable[None]]], None]:
    """Play a test among replicas of these names."""

    def run(play: Callable[..., Awaitable[None]]) -> None:
        async def story() -> None:
            async with AsyncExitStack() as stack:
                names = [
                    await stack.enter_async_context(a_replica(url, one, opened=opened))
                    for one in owners
                ]
                await play(*names)

        asyncio.run(story())

    return run


def updates(numbers: Iterable[int], people: int = 1) -> list[object]:
    sent = {"date": 1_790_000_000, "chat": {"id": 1, "type": "private"}}
    return [
        {"update_id": one, "message": {**sent, "from": {"id": 1 + one % people}}} for one in numbers
    ]


def orders(work: Work, people: int) -> dict[int, list[int]]:
    return {sender: facts.get(work, f"done {sender}") or [] for sender in range(1, people + 1)}


def queue_of(work: Work) -> list[tuple[int, int | None, str | None]]:
    columns = (inbox_queue.c.sender, inbox_queue.c.head, inbox_queue.c.owner)
    return [tuple(row) for row in work.all(select(*columns).order_by(inbox_queue.c.sender))]


async def until_all(database: Database, count: int, people: int) -> dict[int, list[int]]:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + 30
    while True:
        found = await database.read(orders, people)
        if sum(map(len, found.values())) >= count:
            return found
        assert loop.time() < deadline, found
        await asyncio.sleep(0.02)


async def until_idle(database: Database) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + 10
    while any(head or owner for _, head, owner in await database.read(queue_of)):
        assert loop.time() < deadline, await database.read(queue_of)
        await asyncio.sleep(0.02)


def test_each_persons_order_holds_whichever_replica_stores_and_serves(postgres_url: str) -> None:
    async def play(one: Replica, two: Replica) -> None:
        both = (one, two)
        for start in range(0, 300, 10):
            await both[start // 10 % 2].intake.store_batch(updates(range(start, start + 10), 12))
        found = await until_all(one.database, 300, 12)
        for sender in range(1, 13):
            assert found[sender] == [n for n in range(300) if 1 + n % 12 == sender]
        assert sorted(one.handled + two.handled) == list(range(300))
        assert one.handled
        assert two.handled
        await until_idle(one.database)
        assert one.meters.updates.counts["received",] == 150

    among(postgres_url, "here/1/a", "here/2/b")(play)


def test_the_same_update_on_two_replicas_at_the_same_instant_is_handled_once(
    postgres_url: str,
) -> None:
    async def play(one: Replica, two: Replica) -> None:
        for number in range(40):
            same = updates([number], 3)
            await asyncio.gather(one.intake.store_batch(same), two.intake.store_batch(same))
        found = await until_all(one.database, 40, 3)
        assert sorted(chain.from_iterable(found.values())) == list(range(40))
        assert all(numbers == sorted(numbers) for numbers in found.values())
        await until_idle(one.database)

    among(postgres_url, "here/1/a", "here/2/b")(play)


def test_two_taps_of_one_person_at_the_same_instant_on_two_replicas_run_one_after_the_other(
    postgres_url: str,
) -> None:
    async def play(one: Replica, two: Replica) -> None:
        for number in range(0, 40, 2):
            await asyncio.gather(
                one.intake.store_batch(updates([number])),
                two.intake.store_batch(updates([number + 1])),
            )
        # `marked` reads a list and writes it back: two at once would lose one
        found = await until_all(one.database, 40, 1)
        assert sorted(found[1]) == list(range(40))

    among(postgres_url, "here/1/a", "here/2/b")(play)


def test_a_replica_that_is_full_leaves_people_to_the_others(postgres_url: str) -> None:
    async def play(one: Replica, two: Replica) -> None:
        one.gate.clear()
        await one.intake.store_batch(updates(range(100), 100))
        await until(lambda: len(two.handled) + len(one.begun) == 100)
        # it may claim as many again while the transaction that stored them ends
        assert PLACES <= len(one.begun) <= 2 * PLACES
        one.gate.set()
        await until_all(two.database, 100, 100)

    among(postgres_url, "here/1/a", "here/2/b")(play)


def test_what_an_intake_without_a_line_stores_is_handled_by_a_worker_at_its_signal(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.sharing.LOOK_SECONDS", 3_600.0)  # the signal alone wakes

    async def play(worker: Replica) -> None:
        database = connect(postgres_url, "there/1/x")
        await database.open()
        intake = Intake(database, None, now)
        for start in range(0, 30, 3):
            await intake.store_batch(updates(range(start, start + 3), 5))
            await until(lambda: len(worker.handled) == start + 3)  # noqa: B023 - awaited at once
        await database.close()

    among(postgres_url, "here/1/a")(play)


def test_a_person_with_a_long_backlog_is_served_in_order_while_more_comes(
    postgres_url: str,
) -> None:
    async def play(one: Replica) -> None:
        one.gate.clear()
        await one.intake.store_batch(updates(range(90)))
        await until(lambda: bool(one.begun))
        one.gate.set()
        for number in range(90, 120):
            await one.intake.store_batch(updates([number]))
        found = await until_all(one.database, 120, 1)
        assert found[1] == list(range(120))

    among(postgres_url, "here/1/a")(play)


def test_what_a_killed_process_of_this_machine_had_is_taken_over_in_order(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.sharing.SWEEP_SECONDS", 0.05)

    async def play(dead: Replica) -> None:
        dead.gate.clear()
        await dead.intake.store_batch(updates(range(50), 5))
        await until(lambda: len(dead.begun) == 5)
        await dead.die()
        async with a_replica(postgres_url, own_name("here")) as heir:
            found = await until_all(heir.database, 50, 5)
            assert all(numbers == sorted(numbers) for numbers in found.values())
            assert sorted(heir.handled) == list(range(50))

    among(postgres_url, f"{place('here')}/999999999/a")(play)


def test_what_a_silent_process_of_another_machine_had_is_taken_over(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.sharing.SWEEP_SECONDS", 0.05)
    monkeypatch.setattr("bot.delivery.sharing.LOOK_SECONDS", 0.05)

    async def play(silent: Replica, heir: Replica) -> None:
        silent.gate.clear()
        await silent.intake.store_batch(updates([1]))
        await until(lambda: silent.begun == [1])
        await silent.die()
        await heir.sharing._sweep()
        assert [row[2] for row in await heir.database.read(queue_of)] == ["there/1/a"]
        long_ago = now().at - 2 * workers.SPAN
        await heir.database.transact(
            lambda work: work.execute(
                update(worker).where(worker.c.owner == "there/1/a").values(seen_at=long_ago)
            )
        )
        await until(lambda: heir.handled == [1])

    among(postgres_url, "there/1/a", "here/2/b")(play)


def test_a_process_that_was_taken_for_dead_stops_at_its_next_transaction(
    postgres_url: str,
) -> None:
    async def play(slow: Replica, heir: Replica) -> None:
        slow.gate.clear()
        await slow.intake.store_batch(updates([1, 2, 3]))
        await until(lambda: slow.begun == [1])
        await slow.sharing.stop_taking()  # or it would take its person again
        await heir.database.transact(serving.free, ["here/1/a"])
        await until(lambda: heir.handled == [1, 2, 3])
        slow.gate.set()
        await until(lambda: slow.line.held == 0)
        assert slow.handled == []
        found = await heir.database.read(orders, 1)
        assert found[1] == [1, 2, 3]

    among(postgres_url, "here/1/a", "here/2/b")(play)


def test_only_the_owner_of_a_sender_may_begin_to_handle(postgres_url: str) -> None:
    async def play(owner: Replica, other: Replica) -> None:
        owner.gate.clear()
        await owner.intake.store_batch(updates([1]))
        with pytest.raises(inbox.AlreadyHandled):
            await other.database.transact(inbox.finish, 1, now())
        owner.gate.set()
        await until(lambda: owner.handled == [1])

    among(postgres_url, "here/1/a", "here/2/b")(play)


def test_a_process_that_ends_leaves_its_people_to_the_others_at_once(postgres_url: str) -> None:
    async def play(leaving: Replica, staying: Replica) -> None:
        leaving.gate.clear()
        await leaving.intake.store_batch(updates(range(10), 2))
        await until(lambda: len(leaving.begun) == 2)
        await leaving.line.stop(0)
        await until(lambda: sorted(staying.handled) == list(range(10)))

    among(postgres_url, "here/1/a", "here/2/b")(play)


def test_a_poisoned_update_is_parked_and_its_senders_next_is_handled(postgres_url: str) -> None:
    async def run() -> None:
        database = connect(postgres_url, "here/1/a")
        await database.open()
        tries: Counter[int] = Counter()

        async def handle(one: Received) -> bool:
            tries[one.update_id] += 1
            if one.update_id == 1:
                raise ValueError("poison")
            await database.transact(marked, one)
            return True

        heart = Heart(database, "all", now)
        line = Line(
            database, handle, now, sharing=Sharing(database, now, NothingToSay()), pauses=(0.01,)
        )
        await heart.start()
        await line.start()
        await Intake(database, line, now).store_batch(updates([1, 2]))
        found = await until_all(database, 1, 1)
        assert found[1] == [2]
        assert tries == {1: 3, 2: 1}
        await until_idle(database)
        await line.stop(1)
        await heart.stop()
        await database.close()

    asyncio.run(run())


def test_what_an_older_release_stored_is_handled_too(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.sharing.SWEEP_SECONDS", 0.05)
    monkeypatch.setattr("bot.delivery.sharing.LOOK_SECONDS", 0.05)

    async def play(one: Replica) -> None:
        long_ago = replace(now(), at=now().at - timedelta(minutes=1)).at
        row = {"update_id": 5, "sender": 1, "body": "{}", "received_at": long_ago}
        await one.database.transact(lambda work: work.execute(insert(inbox_table), row))
        await until(lambda: one.handled == [5])

    among(postgres_url, "here/1/a")(play)


def test_one_whose_time_is_up_is_taken_by_another(postgres_url: str) -> None:
    async def play(one: Replica) -> None:
        past = now().at - timedelta(seconds=1)
        row = {"sender": 1, "head": 1, "owner": one.database.owner, "until": past}
        await one.database.transact(lambda work: work.execute(insert(inbox_queue), row))
        stored = {"update_id": 1, "sender": 1, "body": "{}", "received_at": past}
        await one.database.transact(lambda work: work.execute(insert(inbox_table), stored))
        await until(lambda: one.handled == [1])

    among(postgres_url, "here/1/a")(play)
