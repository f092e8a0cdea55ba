"""An update that kills the process each time is found among the innocent ones and parked."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.delivery.line import Line
from bot.delivery.sharing import Sharing
from bot.use_cases.unhandled import MOST_DEATHS, UNHANDLED
from credit.people import Role
from storage import inbox, people, serving
from storage.inbox import Received
from storage.tables import inbox as table
from storage.tables import outbox
from storage.work import Work
from tests.bot.delivery.office import MARC, NothingToSay, Office, goes_away, in_office, now, until
from tests.bot.delivery.test_line import Hands, an_update, stored

DEADLY = 3


class Life:
    """One process: it handles updates until the deadly one freezes it, as its death would."""

    def __init__(self, office: Office) -> None:
        self.hands = Hands(office)
        self.dead = False

    async def handle(self, one: Received) -> bool:
        if one.update_id == DEADLY:
            self.dead = True
        if self.dead:
            await asyncio.Event().wait()
        return await self.hands(one)


async def lived(office: Office, owner: str) -> None:
    """Let a process live until it dies or has nothing left to do."""
    life = Life(office)
    office.database.owner = owner
    alone = office.database.dialect == "sqlite"
    sharing = None if alone else Sharing(office.database, now, NothingToSay())
    line = Line(office.database, life.handle, now, sharing=sharing, pauses=(0.01,))
    await line.start()
    async with asyncio.timeout(60):
        while not life.dead and await office.database.read(_waits):
            await asyncio.sleep(0.01)
    line._stopping = True
    for server in line._servers:  # a killed process gives nothing back
        server.cancel()
    if sharing is not None:
        await sharing.stop_taking()
    if line._sweeper is not None:
        line._sweeper.cancel()


@pytest.mark.parametrize("url", ["sqlite_url", "postgres_url"])
def test_an_update_that_kills_each_time_is_parked_and_the_innocent_are_handled(
    request: pytest.FixtureRequest, url: str
) -> None:
    async def play(office: Office) -> None:
        await office.database.transact(an_admin)
        await stored(office, [an_update(number, number % 5) for number in range(12)])
        for death in range(MOST_DEATHS + 1):
            owner = f"elsewhere/{death}/x"
            await lived(office, owner)
            if url == "postgres_url":
                await office.database.transact(serving.free, [owner])
            row = await office.database.read(_row, DEADLY)
            if row["parked"]:
                break
        # one more life, for those of its sender that came later
        await lived(office, "elsewhere/last/x")
        row = await office.database.read(_row, DEADLY)
        assert row["parked"]
        assert "died" in row["error"]
        done = await office.database.read(_done)
        assert done == [n for n in range(12) if n != DEADLY]
        assert await office.database.read(_told) == [{"code": UNHANDLED}]

    in_office(request.getfixturevalue(url), play)


def test_what_was_begun_before_is_handled_apart_from_all_others_like_it(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await stored(office, [an_update(number, number) for number in range(6)])
        await office.database.transact(_begun_once)
        hands = Hands(office, pause=0.02)
        await office.line(hands).start()
        await until(lambda: len(hands.done) == 6)
        assert hands.most == 1
        assert [one.begun for one in hands.done] == [1] * 6

    in_office(sqlite_url, play)


def test_what_is_fresh_is_not_counted(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        gate = asyncio.Event()

        async def waiting(_: Received) -> bool:
            await gate.wait()
            return False

        line = await office.serving(waiting)
        line.put(await stored(office, [an_update(1, 1)]))
        await until(lambda: bool(line._servers))
        assert (await office.database.read(_row, 1))["begun"] == 0
        gate.set()
        await until(lambda: line.held == 0)

    in_office(sqlite_url, play)


def test_an_outage_while_it_is_counted_loses_nothing(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.line.DATABASE_PAUSE", 0.01)

    async def play(office: Office) -> None:
        await stored(office, [an_update(1, 1)])
        hands = Hands(office)
        goes_away(office, monkeypatch, "transact", 4)
        await office.line(hands).start()
        await until(lambda: hands.numbers() == [1])

    in_office(sqlite_url, play)


def test_what_is_done_while_a_sweep_reads_is_not_given_up(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.line.SWEEP_SECONDS", 0.01)

    async def play(office: Office) -> None:
        await office.database.transact(an_admin)
        gate, swept = asyncio.Event(), asyncio.Event()
        read = office.database.read

        async def handle(one: Received) -> bool:
            await gate.wait()
            await office.database.transact(inbox.finish, one.update_id, now())
            return True

        async def slowly(function: Any, *args: Any, **kwargs: Any) -> Any:
            found = await read(function, *args, **kwargs)
            if function is inbox.pending and found and args[0] is not None:
                gate.set()
                await until(lambda: line.held == 0)
                swept.set()
            return found

        monkeypatch.setattr(office.database, "read", slowly)
        await office.database.transact(_left_behind, MOST_DEATHS - 1)
        line = office.line(handle)
        await line.start()
        await asyncio.wait_for(swept.wait(), 8)
        await until(lambda: line.held == 0 and not line._servers)
        await asyncio.sleep(0.1)
        assert await read(_done) == [1]
        assert await read(_told) == []

    in_office(sqlite_url, play)


def test_what_was_handled_elsewhere_meanwhile_is_not_said_to_be_parked(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def play(office: Office) -> None:
        await office.database.transact(_left_behind, MOST_DEATHS)
        left = await office.database.read(inbox.pending, now().at, 9)
        await office.database.transact(inbox.finish, 1, now())
        line = await office.serving(Hands(office))
        line.put(left)
        await until(lambda: line.held == 0 and not line._servers)
        assert "parked" not in caplog.text
        assert await office.database.read(_done) == [1]

    in_office(sqlite_url, play)


def _left_behind(work: Work, begun: int) -> None:
    received_at = now().at - timedelta(seconds=9)
    row = {"update_id": 1, "sender": 1, "body": "{}", "begun": begun, "received_at": received_at}
    work.execute(insert(table), row)


def an_admin(work: Work) -> int:
    return people.add(
        work, telegram_id=MARC, name="Marc", role=Role.ADMIN, locale="fr", codes=[], at=now().at
    )


def _begun_once(work: Work) -> None:
    for number in range(6):
        inbox.begin(work, number)


def _row(work: Work, number: int) -> dict[str, Any]:
    found = work.first(select(table).where(table.c.update_id == number))
    assert found is not None
    return found._asdict()


def _waits(work: Work) -> bool:
    waiting = select(table.c.update_id).where(table.c.done_at.is_(None), table.c.parked.is_(False))
    return work.first(waiting) is not None


def _done(work: Work) -> list[int]:
    return work.scalars(
        select(table.c.update_id).where(table.c.done_at.is_not(None)).order_by(table.c.update_id)
    )


def _told(work: Work) -> list[Any]:
    return work.scalars(select(outbox.c.body))
