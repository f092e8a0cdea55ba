"""A Bot API that costs next to nothing: it hands out a burst of updates and times the replies.

`python -m tests.bench.bot_api [MILLISECONDS]` prints its port; every answer takes so long.
Besides the Bot API's own methods it takes `POST /load` (a JSON list of updates, which arrive
at once), `POST /pace` (`{"updates": […], "per_second": n}`, which arrive one by one whatever
the bot does), `GET /state` and `GET /latencies`. Replies are constant bytes, so that the
server stays far from being what limits the bot on the other core.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qsl

from tests.bench.updates import BOT, MESSAGE

BATCH: Final = 100
LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHAT: Final = re.compile(rb'chat_id"?[=:] ?"?(\d+)')
SPOKEN: Final = frozenset({"editMessageText", "sendMessage"})
Answer = Callable[[bytes], None]


def _ok(result: object) -> bytes:
    return json.dumps({"ok": True, "result": result}).encode()


TRUE: Final = _ok(result=True)
NONE_YET: Final = _ok([])
RESULTS: Final = {"getMe": _ok(BOT), **dict.fromkeys(SPOKEN, _ok(MESSAGE))}


class Telegram:
    """What waits for the bot, and what it did when; times are monotonic seconds."""

    def __init__(self) -> None:
        self.waiting: list[dict[str, Any]] = []
        self.poll: tuple[Answer, int] | None = None
        self.calls: Counter[str] = Counter()
        self.first_poll: float | None = None
        self.loaded: float | None = None
        self.last_reply: float | None = None
        self.due: dict[int, float] = {}  # when the update of a chat came that is not answered yet
        self.latencies: list[float] = []  # seconds from an update's arrival to its reply

    def serve(self, path: str, body: bytes, answer: Answer) -> None:
        """Answer one request, now or when there is something to say."""
        method = path.rpartition("/")[2]
        if method == "load":
            self.load(json.loads(body))
            answer(TRUE)
        elif method == "pace":
            self.pace(**json.loads(body))
            answer(TRUE)
        elif method == "state":
            answer(self.state())
        elif method == "latencies":
            answer(json.dumps(self.latencies).encode())
        elif method == "getUpdates":
            self.ask(body, answer)
        else:
            self.calls[method] += 1
            answer(RESULTS.get(method, TRUE))
            if method in SPOKEN:
                self.reply(body)

    def load(self, updates: list[dict[str, Any]]) -> None:
        """Let a burst of updates arrive at once."""
        self.calls.clear()
        self.loaded = time.monotonic()
        self.arrive(updates)

    def pace(self, updates: list[dict[str, Any]], per_second: float) -> None:
        """Let updates arrive one by one, at moments that do not depend on the bot."""
        self.calls.clear()
        self.latencies.clear()
        self.loaded = time.monotonic()
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number, update in enumerate(updates):
            loop.call_at(began + number / per_second, self.arrive, [update])

    def arrive(self, updates: list[dict[str, Any]]) -> None:
        """Give updates to the poll that waits, or keep them for the next one."""
        now = time.monotonic()
        for update in updates:
            [event] = (update[kind] for kind in ("message", "callback_query") if kind in update)
            self.due[event["from"]["id"]] = now
        self.waiting += updates
        if self.poll is not None:
            (answer, offset), self.poll = self.poll, None
            self.hand_out(offset, answer)

    def reply(self, body: bytes) -> None:
        """Note how long a chat waited for its reply."""
        self.last_reply = time.monotonic()
        found = CHAT.search(body)
        if found and (due := self.due.pop(int(found[1]), None)) is not None:
            self.latencies.append(self.last_reply - due)

    def state(self) -> bytes:
        """Tell what happened since the last load."""
        told = {
            "calls": self.calls,
            "first_poll": self.first_poll,
            "loaded": self.loaded,
            "last_reply": self.last_reply,
            "cpu": time.process_time(),
        }
        return json.dumps(told).encode()

    def ask(self, body: bytes, answer: Answer) -> None:
        """Give what waits from an offset on, or hold the poll until something comes."""
        if self.first_poll is None:
            self.first_poll = time.monotonic()
        params = json.loads(body) if body.startswith(b"{") else dict(parse_qsl(body.decode()))
        offset, seconds = int(params.get("offset") or 0), float(params.get("timeout") or 0)
        self.waiting = [one for one in self.waiting if one["update_id"] >= offset]
        if self.waiting or not seconds:
            self.hand_out(offset, answer)
            return
        self.poll = held = (answer, offset)
        asyncio.get_running_loop().call_later(seconds, self.tire, held)

    def tire(self, held: tuple[Answer, int]) -> None:
        """End a poll that has been held for as long as it asked."""
        if self.poll is held:
            self.poll = None
            held[0](NONE_YET)

    def hand_out(self, offset: int, answer: Answer) -> None:
        """Answer a poll with one batch."""
        answer(_ok([one for one in self.waiting if one["update_id"] >= offset][:BATCH]))


class Exchange(asyncio.Protocol):
    """One kept connection that speaks just enough HTTP/1.1."""

    def __init__(self, telegram: Telegram, seconds: float) -> None:
        self._telegram = telegram
        self._seconds = seconds
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Serve every request that is whole."""
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = self._received[:end]
            found = LENGTH.search(head)
            whole = end + 4 + (int(found[1]) if found else 0)
            if len(self._received) < whole:
                return
            body, self._received = self._received[end + 4 : whole], self._received[whole:]
            self._telegram.serve(head.split(b" ", 2)[1].decode(), body, self.answer)

    def answer(self, body: bytes) -> None:
        """Send a JSON answer, as late as the distance takes."""
        if self._seconds:
            asyncio.get_running_loop().call_later(self._seconds, self._write, body)
        else:
            self._write(body)

    def _write(self, body: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            head = (
                b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
            )
            self._transport.write(head % len(body) + body)


async def serve(milliseconds: float) -> None:
    """Listen on any free port until killed."""
    telegram = Telegram()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Exchange(telegram, milliseconds / 1000), "127.0.0.1", 0
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    sys.exit(asyncio.run(serve(float(sys.argv[1]) if len(sys.argv) > 1 else 0.0)))
