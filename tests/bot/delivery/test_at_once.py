"""An update that comes alone is stored and handled by one commit, or nothing of it is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from bot.delivery.line import Line
from bot.use_cases import unhandled
from storage import inbox
from storage.inbox import AlreadyHandled, Received
from storage.tables import inbox as table
from storage.work import Work
from tests.bot.delivery.office import LEA, MARC, Office, in_office, now, posted, until


class Desk:
    """Echo what is written, and note in which way each text was handled."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.apart: list[str] = []
        self.together: list[str] = []
        self.trouble: Callable[[Work], None] = lambda _: None
        self.dead = asyncio.Event()  # never set by itself: a process that died goes no further
        self.deadly = ""

    async def handle(self, one: Received) -> bool:
        return await self._echo(one, self.apart, new=False)

    async def at_once(self, one: Received) -> bool:
        return await self._echo(one, self.together, new=True)

    async def serving(self) -> Line:
        line = Line(self.office.database, self.handle, now, at_once=self.at_once, pauses=(0.01,))
        self.office.lines.append(line)
        await line.start()
        return line

    async def _echo(self, one: Received, told: list[str], *, new: bool) -> bool:
        text = str(json.loads(one.body)["message"]["text"])
        told.append(text)
        if text == self.deadly:
            self.dead.set()
            await asyncio.Event().wait()
        await self.office.database.transact(self._carry_out, one, text, new=new)
        return True

    def _carry_out(self, work: Work, one: Received, text: str, *, new: bool) -> None:
        if new and not inbox.store(work, [one], now()):
            raise AlreadyHandled(one.update_id)
        inbox.finish(work, one.update_id, now())
        posted(work, text=f"écho {text}", chat_id=one.sender)
        self.trouble(work)


def test_all_but_the_first_that_come_alone_are_stored_and_answered_together(
    sqlite_url: str,
) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        desk = Desk(office)
        await office.poller(await desk.serving())
        for number in range(4):
            office.write(str(number))
            await until(lambda number=number: office.shown()[-1:] == [f"écho {number}"])  # type: ignore[misc]
        assert (desk.apart, desk.together) == (["0"], ["1", "2", "3"])
        await until(lambda: not office.simulator.world.updates.waiting)
        assert len(await office.database.read(_done)) == 4

    in_office(sqlite_url, play)


def test_what_comes_while_something_is_in_hand_waits_for_its_turn(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        desk, gate = Desk(office), asyncio.Event()

        async def slow(one: Received) -> bool:
            await gate.wait()
            return await desk.handle(one)

        line = Line(office.database, slow, now, at_once=desk.at_once)
        office.lines.append(line)
        await line.start()
        await office.poller(line)
        for number in range(3):
            office.write(str(number))
            await until(lambda number=number: line.held == number + 1)  # type: ignore[misc]
        gate.set()
        await until(lambda: office.shown() == ["écho 0", "écho 1", "écho 2"])
        assert not desk.together

    in_office(sqlite_url, play)


def test_several_that_come_together_are_stored_together(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        desk = Desk(office)
        line = await desk.serving()
        office.write("un")
        await office.poller(line)
        await until(lambda: office.shown() == ["écho un"])
        await office.pollers[0].stop()
        office.write("deux")
        office.write("trois", MARC)
        await office.poller(line)
        await until(lambda: bool(office.shown(MARC)) and len(office.shown()) == 2)
        assert not desk.together

    in_office(sqlite_url, play)


def test_a_failure_leaves_nothing_and_the_update_is_tried_like_any_other(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        desk = Desk(office)
        failures = [1]

        def fails(_: Work) -> None:
            if len(desk.together) == 1 and failures:
                failures.pop()
                raise ZeroDivisionError

        desk.trouble = fails
        await office.poller(await desk.serving())
        for text in ("un", "deux"):
            office.write(text)
            await until(lambda text=text: office.shown()[-1:] == [f"écho {text}"])  # type: ignore[misc]
        assert not failures
        assert (desk.apart, desk.together) == (["un", "deux"], ["deux"])
        assert office.shown() == ["écho un", "écho deux"]

    in_office(sqlite_url, play)


def test_a_database_that_is_away_keeps_it_unacknowledged(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        desk = Desk(office)
        refusals = [1, 1]

        def full(_: Work) -> None:
            if desk.together and refusals:
                refusals.pop()
                raise OSError("disk full")

        desk.trouble = full
        await office.poller(await desk.serving())
        for text in ("un", "deux"):
            office.write(text)
            await until(lambda text=text: office.shown()[-1:] == [f"écho {text}"])  # type: ignore[misc]
        assert not refusals
        assert (desk.apart, desk.together) == (["un"], ["deux"] * 3)

    in_office(sqlite_url, play)


def test_what_kills_a_process_is_stored_before_the_next_one_handles_it(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        first = Desk(office)
        first.deadly = "mort"
        poller = await office.poller(await first.serving())
        office.write("un")
        await until(lambda: office.shown() == ["écho un"])
        office.write("mort")
        await first.dead.wait()
        assert first.together == ["mort"]
        await poller.stop()  # as a kill: nothing was committed, nothing acknowledged
        assert len(await office.database.read(_all)) == 1
        second = Desk(office)
        second.deadly = "mort"
        await office.poller(await second.serving())
        await second.dead.wait()
        assert (second.apart, second.together) == (["mort"], [])
        assert len(await office.database.read(_all)) == 2

    in_office(sqlite_url, play)


def test_what_is_set_aside_is_not_handled_at_once(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        desk = Desk(office)
        poller = await office.poller(await desk.serving())
        intake = poller._intake
        assert await intake.store_batch([{"update_id": 5, "message": 7}], at_once=True) == 6
        assert not desk.together
        assert await office.database.read(_all) == [5]

    in_office(sqlite_url, play)


def test_one_that_is_stored_already_is_not_handled_again(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        desk = Desk(office)
        poller = await office.poller(await desk.serving())
        office.write("un")
        await until(lambda: office.shown() == ["écho un"])
        [number] = await office.database.read(_all)
        stored: list[Any] = []
        store = unhandled.store

        def noted(work: Work, rows: Any, *args: Any, **kwargs: Any) -> Any:
            stored.append(store(work, rows, *args, **kwargs))
            return stored[-1]

        monkeypatch.setattr(unhandled, "store", noted)
        message = {"from": {"id": LEA}, "date": 1_790_000_000, "text": "un"}
        message["chat"] = {"id": LEA, "type": "private"}
        again = {"update_id": number, "message": message}
        assert await poller._intake.store_batch([again], at_once=True) == number + 1
        assert stored == [[]]
        assert (desk.apart, office.shown()) == (["un"], ["écho un"])

    in_office(sqlite_url, play)


def _all(work: Work) -> list[int]:
    return work.scalars(select(table.c.update_id))


def _done(work: Work) -> list[int]:
    return work.scalars(select(table.c.update_id).where(table.c.done_at.is_not(None)))
