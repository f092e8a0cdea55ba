"""The webhook: nobody but Telegram, nothing but updates, and 200 only for what is stored."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select, text

from bot.delivery import webhook
from bot.delivery.intake import Intake
from bot.delivery.meters import Meters
from bot.delivery.webhook import SECRET_HEADER, Webhook
from storage.database import Database, connect
from storage.tables import inbox
from storage.work import Work
from tests.bot.delivery.office import LEA, Office, in_office, now, until

SECRET = "a-Secret_of-ours"
PATH = "/4f2a91"
JSON = "application/json"


@dataclass
class Door:
    """A webhook that listens, and a telephone that calls it as one likes."""

    hook: Webhook
    database: Database
    session: aiohttp.ClientSession

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.hook.port}{PATH}"

    async def call(
        self,
        body: bytes | dict[str, Any],
        secret: str | None = SECRET,
        kind: str = JSON,
        path: str = "",
        method: str = "POST",
    ) -> aiohttp.ClientResponse:
        headers = {"Content-Type": kind} | ({SECRET_HEADER: secret} if secret is not None else {})
        data = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        async with self.session.request(
            method, self.url + path, data=data, headers=headers
        ) as answer:
            await answer.read()
            return answer

    async def stored(self) -> list[int]:
        return await self.database.read(numbers)


def numbers(work: Work) -> list[int]:
    return work.scalars(select(inbox.c.update_id).order_by(inbox.c.update_id))


def an_update(number: int) -> dict[str, Any]:
    sent = {"date": 1_790_000_000, "chat": {"id": LEA, "type": "private"}}
    return {"update_id": number, "message": {**sent, "from": {"id": LEA}, "text": "bonjour"}}


@asynccontextmanager
async def a_door(url: str) -> AsyncIterator[Door]:
    database = connect(url, "here/1/a")
    await database.open()
    hook = Webhook(
        Intake(database, None, now, Meters()), f"https://example.org{PATH}", SECRET, "127.0.0.1", 0
    )
    await hook.start()
    try:
        async with aiohttp.ClientSession() as session:
            yield Door(hook, database, session)
    finally:
        await hook.stop()
        await database.close()


def at_the_door(url: str, play: Callable[[Door], Awaitable[None]]) -> None:
    async def run() -> None:
        async with a_door(url) as door:
            await play(door)

    asyncio.run(run())


def test_what_is_answered_with_200_is_stored(database_url: str) -> None:
    async def play(door: Door) -> None:
        for number in (5, 6, 5):
            assert (await door.call(an_update(number))).status == 200
            assert number in await door.stored()
        assert await door.stored() == [5, 6]

    at_the_door(database_url, play)


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], f"{SECRET}x", "é" * 16])
def test_without_the_secret_nothing_is_read(sqlite_url: str, secret: str | None) -> None:
    async def play(door: Door) -> None:
        # neither the kind nor the size nor the form of the body makes a difference
        for body in (b"{", b"x" * (2 * webhook.LARGEST_BODY), json.dumps(an_update(1)).encode()):
            assert (await door.call(body, secret, "text/plain")).status == 403
        assert await door.stored() == []

    at_the_door(sqlite_url, play)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"update_id": 1}', "text/plain", 415),
        (b'{"update_id": 1', JSON, 400),
        (b"\xff\xfe", JSON, 400),
        (b"[" * 200_000, JSON, 400),
        (b'{"update_id": 1, "x": "' + b"x" * webhook.LARGEST_BODY + b'"}', JSON, 413),
    ],
)
def test_what_is_no_update_is_refused(sqlite_url: str, body: bytes, kind: str, status: int) -> None:
    async def play(door: Door) -> None:
        assert (await door.call(body, kind=kind)).status == status
        assert await door.stored() == []

    at_the_door(sqlite_url, play)


def test_a_number_that_python_refuses_to_read_parks_its_update_and_no_other(
    sqlite_url: str,
) -> None:
    async def play(door: Door) -> None:
        long = b'{"update_id": 7, "message": {"date": ' + b"9" * 5_000 + b"}}"
        assert (await door.call(long)).status == 200
        assert (await door.call(an_update(8))).status == 200
        assert await door.stored() == [7, 8]
        assert await door.database.read(_parked) == [7]

    at_the_door(sqlite_url, play)


def _parked(work: Work) -> list[int]:
    return work.scalars(select(inbox.c.update_id).where(inbox.c.parked.is_(True)))


def test_a_body_of_unknown_length_is_cut_at_the_same_size(sqlite_url: str) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 65_536

    async def play(door: Door) -> None:
        headers = {SECRET_HEADER: SECRET, "Content-Type": JSON}
        async with door.session.post(door.url, data=endless(), headers=headers) as answer:
            assert answer.status == 413

    at_the_door(sqlite_url, play)


def test_a_body_that_does_not_end_is_waited_for_no_longer_than_a_few_seconds(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "BODY_SECONDS", 0.2)

    async def play(door: Door) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.hook.port)
        head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {SECRET}\r\n"
        writer.write(f"{head}Content-Type: {JSON}\r\nContent-Length: 9\r\n\r\n{{".encode())
        async with asyncio.timeout(5):
            assert b" 408 " in await reader.readline()
        writer.close()
        assert (await door.call(an_update(2))).status == 200
        assert await door.stored() == [2]

    at_the_door(sqlite_url, play)


def test_other_paths_and_methods_find_nobody(sqlite_url: str) -> None:
    async def play(door: Door) -> None:
        assert (await door.call(an_update(1), path="/x")).status == 404
        assert (await door.call(an_update(1), method="PUT")).status == 405
        assert await door.stored() == []

    at_the_door(sqlite_url, play)


def test_an_update_that_cannot_be_stored_is_to_be_brought_again(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def play(door: Door) -> None:
        await door.database.close()
        answer = await door.call(an_update(1))
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) >= 1
        await door.database.open()
        assert (await door.call(an_update(1))).status == 200
        assert await door.stored() == [1]

    with caplog.at_level(logging.ERROR):
        at_the_door(sqlite_url, play)
    assert "not acknowledged" in caplog.text


def test_a_database_that_does_not_answer_is_waited_for_no_longer_than_a_few_seconds(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "STORE_SECONDS", 0.2)

    async def play(door: Door) -> None:
        async with held_up(database_url):
            answer = await door.call(an_update(1))
            assert (answer.status, "Retry-After" in answer.headers) == (503, True)
            assert (await door.call(an_update(1))).status == 503
        monkeypatch.setattr(webhook, "STORE_SECONDS", 8.0)
        assert (await door.call(an_update(1))).status == 200
        assert await door.stored() == [1]

    at_the_door(database_url, play)


@asynccontextmanager
async def held_up(url: str) -> AsyncIterator[None]:
    """Let nobody store an update for as long as it lasts."""
    taken, freed = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def lock(work: Work) -> None:
        if work.dialect == "postgresql":
            work.execute(text("lock table inbox in exclusive mode"))
        loop.call_soon_threadsafe(taken.set)
        freed.wait(20)

    other = connect(url, "other/1/a")
    await other.open()
    holding = asyncio.create_task(other.transact(lock))
    try:
        await taken.wait()
        yield
    finally:
        freed.set()
        await holding
        await other.close()


def test_while_stopping_telegram_is_asked_to_come_again(sqlite_url: str) -> None:
    async def play(door: Door) -> None:
        assert door.hook.running
        door.hook.refuse()
        answer = await door.call(an_update(1))
        assert (answer.status, "Retry-After" in answer.headers) == (503, True)
        assert await door.stored() == []

    at_the_door(sqlite_url, play)


def test_an_address_that_is_taken_is_an_os_error(sqlite_url: str) -> None:
    async def play(door: Door) -> None:
        second = Webhook(door.hook._intake, "https://e.org/x", "s", "127.0.0.1", door.hook.port)
        with pytest.raises(OSError, match="in use"):
            await second.start()

    at_the_door(sqlite_url, play)


def test_updates_brought_by_the_simulator_are_handled_and_answered(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        from bot.delivery.registration import Registration
        from tests.bot.delivery.test_intake import echoing

        office.database.owner = "here/1/a"
        await office.sender()
        line = await office.serving(echoing(office))
        hook = Webhook(Intake(office.database, line, now), "http://x/hook", SECRET, "127.0.0.1", 0)
        await hook.start()
        url = f"http://127.0.0.1:{hook.port}/hook"
        registration = Registration(
            office.api, office.database, now, url, SECRET, ["message", "callback_query"]
        )
        registration.start()
        office.write("par le crochet")
        await until(lambda: office.shown() == ["écho par le crochet"])
        await registration.stop()
        await hook.stop()
        assert len(office.calls("setWebhook")) == 1

    in_office(sqlite_url, play)
