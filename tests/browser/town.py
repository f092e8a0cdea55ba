"""A simulator in a thread of its own, and a bot that tests drive over HTTP."""

from __future__ import annotations

import asyncio
import json
import threading
import urllib.request
from collections.abc import Callable, Coroutine
from typing import Any

from bot.simulator.server import Simulator

CAMILLE, HELENE, JAMES = 1001, 1003, 1004
PATIENCE = 15.0


class Town:
    """The running simulator, its people, and the bot's side of every conversation."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._offset = 0
        self.simulator = self._new()
        self._run(self.simulator.start(0))

    @property
    def url(self) -> str:
        return self.simulator.url

    def close(self) -> None:
        self._run(self.simulator.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    def bot(self, method: str, **params: object) -> Any:
        """Call a method of the Bot API and return its result."""
        address = f"{self.simulator.api_url}{self.simulator.token}/{method}"
        answer = self._post(address, params)
        assert answer["ok"], answer
        return answer["result"]

    def says(self, user: int, text: str, *rows: list[dict[str, str]], **more: object) -> int:
        """Let the bot write to a person; return the message's id."""
        markup = {"reply_markup": {"inline_keyboard": list(rows)}} if rows else {}
        sent = self.bot("sendMessage", chat_id=user, text=text, parse_mode="HTML", **markup, **more)
        return int(sent["message_id"])

    def sends_document(self, user: int, name: str, content: bytes) -> None:
        """Let the bot send a file to a person."""
        mark = "town-of-the-tests"
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n{user}\r\n'
            f'--{mark}\r\nContent-Disposition: form-data; name="document"; filename="{name}"'
            "\r\nContent-Type: application/octet-stream\r\n\r\n"
        )
        request = urllib.request.Request(  # noqa: S310 - always the loopback server above
            f"{self.simulator.api_url}{self.simulator.token}/sendDocument",
            head.encode() + content + f"\r\n--{mark}--\r\n".encode(),
            {"Content-Type": f"multipart/form-data; boundary={mark}"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            assert json.load(answer)["ok"]

    def next_update(self, kind: str) -> dict[str, Any]:
        """Return the next update of a kind, as a polling bot receives it."""
        for _ in range(20):
            for update in self.bot("getUpdates", offset=self._offset, timeout=1, limit=1):
                self._offset = update["update_id"] + 1
                if kind in update:
                    found: dict[str, Any] = update[kind]
                    return found
        raise AssertionError(f"no {kind} arrived")

    def cut_streams(self) -> None:
        """End every open event stream of the page, as a lost connection does."""
        self._call(self.simulator.world.hub.close_all)

    def stop(self) -> None:
        """Stop the server and keep its address for `restart`."""
        self._run(self.simulator.stop())

    def restart(self) -> None:
        """Start an empty server again on the same address."""
        port = self.simulator.port
        self.simulator = self._new()
        self._offset = 0
        self._run(self.simulator.start(port))

    def _new(self) -> Simulator:
        simulator = Simulator(pace_polling=False)
        simulator.world.limits.enforce = False
        simulator.add_person(
            CAMILLE,
            "Camille",
            last_name="Moreau",
            role="Commerciale",
            language_code="fr",
            started=True,
        )
        simulator.add_person(
            HELENE, "Hélène", last_name="Vasseur", role="Cheffe", language_code="fr", started=True
        )
        simulator.add_person(
            JAMES, "James", role="Sales rep", language_code="en", start="invitation-42"
        )
        simulator.set_banner(fr=["Ouvrez Camille."], en=["Open Camille."])
        return simulator

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    def _call(self, work: Callable[[], object]) -> None:
        done = threading.Event()
        self._loop.call_soon_threadsafe(work)
        self._loop.call_soon_threadsafe(done.set)
        assert done.wait(PATIENCE)

    def add_person(self, id: int, first_name: str, **fields: object) -> None:  # noqa: A002
        """Add a person while the page is open."""
        self._call(lambda: self.simulator.add_person(id, first_name, **fields))

    @staticmethod
    def _post(address: str, body: dict[str, object]) -> Any:
        request = urllib.request.Request(  # noqa: S310 - always the loopback server above
            address, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            return json.load(answer)


def key(text: str, data: str, style: str = "") -> dict[str, str]:
    """Build a callback button."""
    return {"text": text, "callback_data": data, **({"style": style} if style else {})}
