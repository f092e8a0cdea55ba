"""Updates are handled in order for each person, once, whatever fails."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.delivery.line import Unreadable
from credit.moment import Moment
from storage import facts, inbox
from storage.inbox import Received
from storage.tables import inbox as table
from storage.work import Work
from tests.bot.delivery.office import Office, goes_away, in_office, now, until


def an_update(number: int, sender: int) -> Received:
    return Received(number, sender, f'{{"update_id": {number}}}')


async def stored(office: Office, updates: list[Received]) -> list[Received]:
    return await office.database.transact(inbox.store, updates, now())


class Hands:
    """Handle updates as the dispatcher does: one transaction that begins with the mark."""

    def __init__(self, office: Office, pause: float = 0.0) -> None:
        self.office = office
        self.pause = pause
        self.done: list[Received] = []
        self.running = 0
        self.most = 0

    async def __call__(self, one: Received) -> bool:
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await asyncio.sleep(self.pause * random.random())
            await self.office.database.transact(_finish, one)
            self.done.append(one)
        finally:
            self.running -= 1
        return True

    def numbers(self, sender: int | None = None) -> list[int]:
        return [one.update_id for one in self.done if sender in (None, one.sender)]


def _finish(work: Work, one: Received) -> None:
    inbox.finish(work, one.update_id, now())
    facts.put(work, f"handled {one.update_id}", one.sender)


def test_each_persons_order_is_kept_while_many_are_served(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        hands = Hands(office, pause=0.01)
        line = office.line(hands)
        updates = [an_update(number, number % 12) for number in range(360)]
        await line.start()
        for start in range(0, 360, 30):
            line.put(await stored(office, updates[start : start + 30]))
        await until(lambda: len(hands.done) == 360, 20)
        for sender in range(12):
            assert hands.numbers(sender) == [n for n in range(360) if n % 12 == sender]
        assert 1 < hands.most <= 12

    in_office(sqlite_url, play)


def test_no_more_persons_than_places_are_served_at_once(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        hands = Hands(office, pause=0.01)
        line = await office.serving(hands)
        line._in_flight = 4
        line.put(await stored(office, [an_update(number, number) for number in range(60)]))
        await until(lambda: len(hands.done) == 60, 20)
        assert hands.most == 4

    in_office(sqlite_url, play)


def test_one_who_floods_does_not_keep_the_others_waiting(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        hands = Hands(office)
        line = await office.serving(hands)
        line._in_flight = 1
        flood = [an_update(number, 1) for number in range(200)]
        line.put(await stored(office, [*flood, an_update(500, 2)]))
        await until(lambda: 500 in hands.numbers(), 20)
        assert len(hands.done) < 60

    in_office(sqlite_url, play)


@pytest.mark.parametrize("kind", ["sqlite_url", "postgres_url"])
def test_what_a_killed_process_had_stored_is_taken_up_once(
    request: pytest.FixtureRequest, kind: str
) -> None:
    async def play(office: Office) -> None:
        await stored(office, [an_update(number, number % 3) for number in range(30)])
        await office.database.transact(inbox.finish, 4, now())
        hands = Hands(office)
        await office.line(hands).start()
        await until(lambda: len(hands.done) == 29, 20)
        assert Counter(hands.numbers()).most_common(1)[0][1] == 1
        assert 4 not in hands.numbers()

    in_office(request.getfixturevalue(kind), play)


def test_what_comes_while_a_start_takes_up_what_was_left_is_handled_after_it(
    sqlite_url: str,
) -> None:
    async def play(office: Office) -> None:
        hands = Hands(office)
        await stored(office, [an_update(7, 1)])
        line = office.line(hands)
        line.put(await stored(office, [an_update(8, 1)]))
        await asyncio.sleep(0.05)  # as long as a start may take between the two
        assert hands.done == []
        await line.start()
        line.put(await stored(office, [an_update(9, 1)]))
        await until(lambda: len(hands.done) == 3)
        assert hands.numbers() == [7, 8, 9]

    in_office(sqlite_url, play)


def test_what_was_stored_by_a_clock_that_went_ahead_is_taken_up(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        hands = Hands(office)
        ahead = Moment(now().at + timedelta(days=1), now().zone)
        await office.database.transact(inbox.store, [an_update(7, 1)], ahead)
        await office.line(hands).start()
        await until(lambda: hands.numbers() == [7])

    in_office(sqlite_url, play)


def test_a_process_killed_after_the_work_and_before_the_mark_does_it_once(
    sqlite_url: str,
) -> None:
    async def play(office: Office) -> None:
        (one,) = await stored(office, [an_update(1, 1)])
        first, second = Hands(office), Hands(office)
        # two processes that hold the same row: the transaction of the slower one is undone
        (await office.serving(first)).put([one])
        (await office.serving(second)).put([one])
        await until(lambda: len(first.done) + len(second.done) == 1)
        await until(lambda: not office.lines[0].held and not office.lines[1].held)
        assert len(first.done) + len(second.done) == 1

    in_office(sqlite_url, play)


def test_what_another_process_stored_and_left_is_swept_up(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.line.SWEEP_SECONDS", 0.05)

    async def play(office: Office) -> None:
        hands = Hands(office)
        await office.line(hands).start()
        await stored(office, [an_update(1, 1)])
        await office.database.transact(_aged, 2)
        await until(lambda: hands.numbers() == [2])
        await asyncio.sleep(0.2)
        assert hands.numbers() == [2], "one stored a moment ago is its own process's"

    in_office(sqlite_url, play)


def test_a_poisoned_update_is_tried_three_times_then_parked_and_the_rest_flows(
    sqlite_url: str,
) -> None:
    tried: Counter[int] = Counter()

    async def play(office: Office) -> None:
        hands = Hands(office)

        async def handle(one: Received) -> bool:
            tried[one.update_id] += 1
            if one.update_id == 2:
                raise ValueError("poison")
            return await hands(one)

        line = await office.serving(handle)
        line.put(await stored(office, [an_update(number, 1) for number in (1, 2, 3)]))
        await until(lambda: hands.numbers() == [1, 3])
        assert tried == {1: 1, 2: 3, 3: 1}
        row = await office.database.read(_row, 2)
        assert row["parked"]
        assert row["attempts"] == 3
        assert row["error"] == "ValueError('poison')"
        await line.stop(1)
        again = Hands(office)
        await office.line(again).start()
        await asyncio.sleep(0.05)
        assert again.done == []

    in_office(sqlite_url, play)


def test_an_unreadable_update_is_parked_at_once(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        async def handle(_: Received) -> bool:
            raise Unreadable("not an update")

        line = await office.serving(handle)
        line.put(await stored(office, [an_update(1, 1)]))
        await until(lambda: line.held == 0)
        row = await office.database.read(_row, 1)
        assert (row["parked"], row["attempts"]) == (True, 1)

    in_office(sqlite_url, play)


def test_an_update_that_fails_once_is_handled_before_the_persons_next(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        hands, failures = Hands(office), [1]

        async def handle(one: Received) -> bool:
            if one.update_id == 1 and failures:
                failures.pop()
                raise RuntimeError("for once")
            return await hands(one)

        line = await office.serving(handle, pauses=(0.1, 0.1))
        line.put(await stored(office, [an_update(1, 1), an_update(2, 1)]))
        await until(lambda: len(hands.done) == 2)
        assert hands.numbers() == [1, 2]
        assert (await office.database.read(_row, 1))["error"] is None

    in_office(sqlite_url, play)


def test_what_nothing_wants_is_marked_all_the_same(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        async def handle(_: Received) -> bool:
            return False

        line = await office.serving(handle)
        line.put(await stored(office, [an_update(1, 1)]))
        await until(lambda: line.held == 0)
        assert (await office.database.read(_row, 1))["done_at"] is not None

    in_office(sqlite_url, play)


def test_stopping_lets_the_running_one_end_and_leaves_the_rest_for_the_next_start(
    sqlite_url: str,
) -> None:
    async def play(office: Office) -> None:
        hands = Hands(office)
        line = await office.serving(hands)
        gate = asyncio.Event()

        async def handle(one: Received) -> bool:
            await gate.wait()
            return await hands(one)

        line._handle = handle
        line.put(await stored(office, [an_update(1, 1), an_update(2, 1)]))
        await asyncio.sleep(0.01)
        stopping = asyncio.create_task(line.stop(2))
        await asyncio.sleep(0.01)
        gate.set()
        await stopping
        assert hands.numbers() == [1]
        await office.line(hands).start()
        await until(lambda: hands.numbers() == [1, 2])

    in_office(sqlite_url, play)


def test_a_handler_that_does_not_end_is_cut_off_at_the_deadline_and_run_again(
    sqlite_url: str,
) -> None:
    async def play(office: Office) -> None:
        async def never(_: Received) -> bool:
            await asyncio.sleep(60)
            return True

        line = await office.serving(never)
        line.put(await stored(office, [an_update(1, 1)]))
        await asyncio.sleep(0.01)
        await line.stop(0.05)
        hands = Hands(office)
        await office.line(hands).start()
        await until(lambda: hands.numbers() == [1])

    in_office(sqlite_url, play)


def test_who_brings_updates_waits_while_memory_is_full(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.line.FULL", 3)
    monkeypatch.setattr("bot.delivery.line.PAGE", 2)

    async def play(office: Office) -> None:
        hands = Hands(office, pause=0.01)
        line = office.line(hands)
        await stored(office, [an_update(number, 1) for number in range(12)])
        await line.start()
        assert line.held <= 4
        await line.room()
        assert line.held < 3
        line.put([an_update(11, 1)])
        await until(lambda: hands.numbers() == list(range(12)))

    in_office(sqlite_url, play)


def test_a_sweep_that_fails_is_done_again(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.line.SWEEP_SECONDS", 0.02)

    async def play(office: Office) -> None:
        hands = Hands(office)
        await office.line(hands).start()
        goes_away(office, monkeypatch, "read", 2)
        await office.database.transact(_aged, 2)
        await until(lambda: hands.numbers() == [2])

    in_office(sqlite_url, play)


def _aged(work: Work, number: int) -> None:
    from datetime import timedelta

    row = {"update_id": number, "sender": 1, "body": "{}"}
    work.execute(insert(table), {**row, "received_at": now().at - timedelta(seconds=9)})


def _row(work: Work, number: int) -> dict[str, Any]:
    found = work.first(select(table).where(table.c.update_id == number))
    assert found is not None
    return found._asdict()
