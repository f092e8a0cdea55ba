"""The doorstep: updates brought to several processes at the same instant, as no proxy would."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import count
from typing import Any

Update = dict[str, Any]
FIRST = 2_000_000_000  # above the numbers of the local Telegram


@dataclass
class Doorstep:
    """Several doors of one bot; what is brought is numbered as Telegram does."""

    doors: Sequence[int]
    secret: str
    numbers: count[int] = field(default_factory=lambda: count(FIRST))

    def text(self, person: int, words: str) -> Update:
        """Make the update of a text somebody wrote."""
        return self._numbered("message", {**_message(person), "text": words})

    def press(self, person: int, message_id: int, data: str) -> Update:
        """Make the update of a press on a message of the bot."""
        number = next(self.numbers)
        return self._numbered(
            "callback_query",
            {
                "id": str(number),
                "from": _message(person)["from"],
                "chat_instance": "1",
                "data": data,
                "message": {**_message(person), "message_id": message_id, "text": "x"},
            },
        )

    def bring_everywhere(self, updates: Iterable[Update]) -> bool:
        """Post each update at each door, all at one instant; tell whether all were accepted."""
        calls = [(door, update) for update in updates for door in self.doors]
        together = threading.Barrier(len(calls))
        said: list[int] = []

        def call(door: int, update: Update) -> None:
            connection = HTTPConnection("127.0.0.1", door, timeout=30)
            body = json.dumps(update)
            headers = {
                "Content-Type": "application/json",
                "X-Telegram-Bot-Api-Secret-Token": self.secret,
            }
            connection.connect()
            together.wait(30)
            connection.request("POST", "/hook", body, headers)
            said.append(connection.getresponse().status)
            connection.close()

        threads = [threading.Thread(target=call, args=one, daemon=True) for one in calls]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        return said == [HTTPStatus.OK] * len(calls)

    def _numbered(self, kind: str, payload: Update) -> Update:
        return {"update_id": next(self.numbers), kind: payload}


def _message(person: int) -> Update:
    return {
        "message_id": 1,
        "date": int(time.time()),
        "chat": {"id": person, "type": "private", "first_name": "x"},
        "from": {"id": person, "is_bot": False, "first_name": "x"},
    }
