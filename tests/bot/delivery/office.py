"""A post office over real HTTP: simulator, database, sender, line and poller in one loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from bot.delivery.api import BotApi
from bot.delivery.carrier import Binder, Carrier
from bot.delivery.intake import Intake, Poller
from bot.delivery.lease import Lease
from bot.delivery.line import Handle, Line
from bot.delivery.making import Renderer
from bot.delivery.owner import own_name
from bot.delivery.rates import Pace
from bot.delivery.sender import Sender
from bot.delivery.wire import Patience, Wire
from bot.simulator import gestures
from bot.simulator.faults import Fault, FaultKind
from bot.simulator.server import Simulator
from bot.simulator.values import Message
from credit.moment import Moment
from credit.people import Role
from storage import outbox, people, workers
from storage.database import Database, connect
from storage.outbox import Outgoing, Priority
from storage.tables import outbox as table
from storage.work import Work

LEA = 1001
MARC = 1002
PARIS = ZoneInfo("Europe/Paris")
COLUMNS = (
    *("id", "priority", "kind", "person_id", "chat_id", "ready", "body"),
    *("created_at", "not_before", "attempts"),
)
QUICK = Patience(connect=1.0, read=1.0, total=3.0)
UNHURRIED = Pace(overall=10_000, overall_burst=10_000, chat=10_000, chat_burst=10_000)


def now() -> Moment:
    return Moment(datetime.now(UTC), PARIS)


class NothingToSay:
    """What a process without a sender knows of answers."""

    def owes(self, _chat_id: int) -> bool:
        return False

    def when_landed(self, _chat_id: int, _then: Callable[[], None]) -> bool:
        return False

    async def settle(self, _chats: Collection[int]) -> None:
        """Nobody owes anything here."""

    async def recall(self, _chats: Collection[int]) -> None:
        """Nothing went astray here."""


@dataclass
class Office:
    simulator: Simulator
    database: Database
    api: BotApi
    url: str
    bound: list[tuple[int, int, dict[str, Any]]] = field(default_factory=list)
    senders: list[Sender] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    pollers: list[Poller] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)

    async def sender(
        self,
        renderers: Mapping[str, Renderer] | None = None,
        *,
        bind: Binder | None = None,
        pace: Pace = UNHURRIED,
        alone: bool = True,
        start: bool = True,
    ) -> Sender:
        carrier = Carrier(self.database, self.api, renderers or {}, bind or self._bind, now)
        sender = Sender(self.database, carrier, now, pace, alone=alone)
        if not alone:
            await self.database.transact(workers.beat, self.database.owner, "all", now())
        if start:
            await sender.start()
        self.senders.append(sender)
        return sender

    def line(self, handle: Handle, pauses: tuple[float, ...] = (0.01, 0.02)) -> Line:
        line = Line(self.database, handle, now, pauses=pauses)
        self.lines.append(line)
        return line

    async def serving(self, handle: Handle, pauses: tuple[float, ...] = (0.01, 0.02)) -> Line:
        """Make a line and start it: it has nothing to take up."""
        line = self.line(handle, pauses)
        await line.start()
        return line

    async def poller(self, line: Line, host: str = "here", seconds: int = 2) -> Poller:
        wire = Wire(1, QUICK)
        await wire.open()
        self.wires.append(wire)
        poller = Poller(
            BotApi(wire, self.simulator.api_url, self.simulator.token),
            Intake(self.database, line, now),
            self.database,
            Lease(self.database, "poll", now, own_name(host)),
            now,
            seconds=seconds,
        )
        poller.start()
        self.pollers.append(poller)
        return poller

    async def post(self, **changes: Any) -> int | None:
        return await self.database.transact(posted, **changes)

    async def state(self, row_id: int | None) -> str:
        return str((await self.row(row_id))["state"])

    async def row(self, row_id: int | None) -> dict[str, Any]:
        return await self.database.read(_row, row_id)

    async def outgoing(self, row_id: int | None) -> Outgoing:
        row = await self.row(row_id)
        return Outgoing(**{name: row[name] for name in COLUMNS})

    def fault(self, method: str, kind: str, count: int = 1, **details: Any) -> None:
        order = Fault(method.lower(), (FaultKind(kind),), count=count, **details)
        self.simulator.world.faults.waiting.append(order)

    def write(self, text: str, user: int = LEA) -> int:
        return gestures.write(self.simulator.world, user, text).message_id

    def shown(self, user: int = LEA) -> list[str]:
        """Return the texts that the bot's messages show now, oldest first."""
        return [one.text for one in self.messages(user) if one.sender_id != user]

    def messages(self, user: int = LEA) -> list[Message]:
        messages = self.simulator.world.chats[user].messages.values()
        return sorted(messages, key=lambda message: message.message_id)

    def calls(self, method: str) -> list[dict[str, Any]]:
        log = self.simulator.world.log.after(0)
        return [dict(call) for call in log if str(call["method"]).lower() == method.lower()]

    def _bind(self, _: Work, row: Outgoing, message_id: int, entry: Mapping[str, Any]) -> None:
        self.bound.append((row.id, message_id, dict(entry)))


@asynccontextmanager
async def an_office(url: str, *, enforce: bool = False) -> AsyncIterator[Office]:
    simulator = Simulator(pace_polling=False)
    simulator.world.limits.enforce = enforce
    simulator.add_person(LEA, "Léa", started=True)
    simulator.add_person(MARC, "Marc", started=True)
    await simulator.start()
    database, wire = connect(url), Wire(64, QUICK)
    await database.open()
    await wire.open()
    office = Office(simulator, database, BotApi(wire, simulator.api_url, simulator.token), url)
    try:
        yield office
    finally:
        for poller in office.pollers:
            await poller.stop()
        for line in office.lines:
            await line.stop(2)
        for sender in office.senders:
            await sender.stop(2)
        for one in (wire, *office.wires):
            await one.close()
        await database.close()
        await simulator.stop()


def in_office(url: str, play: Callable[[Office], Awaitable[None]], **options: Any) -> None:
    async def run() -> None:
        async with an_office(url, **options) as office:
            await play(office)

    asyncio.run(run())


async def until(condition: Callable[[], bool], seconds: float = 8.0) -> None:
    """Wait for something to become true; fail when it does not."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not condition():
        assert loop.time() < deadline, "it did not happen"
        await asyncio.sleep(0.005)


async def until_state(office: Office, row_id: int | None, state: str, seconds: float = 8.0) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while (found := await office.state(row_id)) != state:
        assert loop.time() < deadline, f"{row_id} is {found}, not {state}"
        await asyncio.sleep(0.01)


async def until_left(office: Office, row_id: int | None, seconds: float = 8.0) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while (await office.row(row_id))["posted_at"] is None:
        assert loop.time() < deadline, f"{row_id} has not left"
        await asyncio.sleep(0.005)


def goes_away(office: Office, patch: pytest.MonkeyPatch, door: str, times: int) -> None:
    """Let a door of the database (`read`, `transact`…) fail so many times: a broken disk."""
    opened, refusals = getattr(office.database, door), [1] * times

    async def away(*args: Any, **kwargs: Any) -> Any:
        if refusals:
            refusals.pop()
            raise OSError("disk I/O error")
        return await opened(*args, **kwargs)

    patch.setattr(office.database, door, away)


def text_of(text: str, chat_id: int = LEA) -> dict[str, Any]:
    return {"method": "sendMessage", "params": {"chat_id": chat_id, "text": text}}


def edit_of(text: str, message_id: int, chat_id: int = LEA) -> dict[str, Any]:
    params = {"chat_id": chat_id, "message_id": message_id, "text": text}
    return {"method": "editMessageText", "params": params, "fallback": True}


def posted(
    work: Work,
    /,
    *,
    text: str = "Bonjour",
    chat_id: int = LEA,
    person_id: int | None = None,
    kind: str = "answer",
    priority: int = Priority.ANSWER,
    body: Mapping[str, Any] | None = None,
    age: timedelta = timedelta(),
    **more: Any,
) -> int | None:
    return outbox.post(
        work,
        kind=kind,
        person_id=person_id,
        chat_id=chat_id,
        body=text_of(text, chat_id) if body is None else body,
        priority=priority,
        at=replace(now(), at=now().at - age),
        **more,
    )


def seized(
    work: Work, row_id: int | None, owner: str = "elsewhere/1/x", *, left: bool = False
) -> None:
    """Let another process have drawn a row, whose request left or not, or hold an answer."""
    row = table.c.id == row_id
    push = table.c.priority > Priority.ANSWER.value
    posted_at = now().at if left else None
    work.execute(update(table).where(row).values(owner=owner))
    work.execute(update(table).where(row, push).values(state="sending", posted_at=posted_at))


def enrolled(work: Work, telegram_id: int = LEA) -> int:
    return people.add(
        work,
        telegram_id=telegram_id,
        name="Léa Martin",
        role=Role.REP,
        locale="fr",
        codes=["R1"],
        at=now().at,
    )


def _row(work: Work, row_id: int | None) -> dict[str, Any]:
    found = work.first(select(table).where(table.c.id == row_id))
    assert found is not None
    return found._asdict()
