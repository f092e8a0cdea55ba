"""A running simulator with the real python-telegram-bot in front of it, for the tests here."""

from __future__ import annotations

import asyncio
import ssl
import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.simulator import gestures
from bot.simulator.params import Upload
from bot.simulator.server import Simulator

# Plain HTTP needs no certificates, and loading them is what a test would spend its time on.
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
LEA = 1001
MARC = 1002


class Clock:
    """A clock that moves only when told, in seconds since 1970."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Stage:
    simulator: Simulator
    bot: Bot
    clock: Clock
    http: httpx.AsyncClient

    async def answer(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method with a JSON body and return the whole answer, refusals included."""
        address = f"{self.simulator.api_url}{self.simulator.token}/{method}"
        answer: dict[str, Any] = (await self.http.post(address, json=params)).json()
        return answer

    async def refusal(self, method: str, **params: Any) -> str:
        answer = await self.answer(method, **params)
        assert answer["ok"] is False, answer
        return str(answer["description"])

    def write(self, text: str, user: int = LEA) -> int:
        return gestures.write(self.simulator.world, user, text).message_id

    def send_file(self, kind: str, name: str, content: bytes) -> int:
        upload = Upload(name, "application/octet-stream", content)
        return gestures.send_file(self.simulator.world, LEA, kind, upload, "").message_id

    def press(self, message_id: int, index: int = 0, data: str | None = None) -> str:
        return gestures.press(self.simulator.world, LEA, message_id, index, data).id

    async def chat(self, path: str, body: object) -> httpx.Response:
        return await self.http.post(f"{self.simulator.url}/chat/{path}", json=body)


@asynccontextmanager
async def stage(
    *, started: bool = True, enforce: bool = False, **options: Any
) -> AsyncIterator[Stage]:
    clock = Clock()
    options = {"clock": clock, "pace_polling": False, "webhook_retry": 0.05, **options}
    simulator = Simulator(**options)
    simulator.world.limits.enforce = enforce
    simulator.add_person(LEA, "Léa", username="lea", started=started)
    simulator.add_person(MARC, "Marc", last_name="Petit", language_code="en", started=started)
    await simulator.start()
    requests = [
        HTTPXRequest(16, read_timeout=10, httpx_kwargs={"verify": NO_CERTIFICATES}) for _ in "ab"
    ]
    try:
        async with (
            Bot(
                simulator.token,
                base_url=simulator.api_url,
                base_file_url=simulator.file_url,
                request=requests[0],
                get_updates_request=requests[1],
            ) as bot,
            httpx.AsyncClient(timeout=10, verify=NO_CERTIFICATES) as http,
        ):
            yield Stage(simulator, bot, clock, http)
    finally:
        await simulator.stop()


def on_stage(play: Callable[[Stage], Awaitable[None]], **options: Any) -> None:
    """Run a scene on a fresh stage."""

    async def run() -> None:
        async with stage(**options) as ready:
            await play(ready)

    asyncio.run(run())


def a_png(width: int = 400, height: int = 300, padding: int = 0) -> bytes:
    """Return a real grey PNG; `padding` bytes ride in a comment."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height)))
    comment = chunk(b"tEXt", b"c\0" + b"x" * padding) if padding else b""
    return b"\x89PNG\r\n\x1a\n" + head + comment + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
