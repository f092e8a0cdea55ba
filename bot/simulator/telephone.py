"""A person with a telephone in hand, for tests: gestures, looks and waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from bot.simulator.transcript import conversation
from bot.simulator.wire import Wire

_POLL_SECONDS = 0.03


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as the page shows it; `raw` is the Message of the chat API."""

    raw: dict[str, object]

    @property
    def id(self) -> int:
        """Return the message number."""
        return int(str(self.raw["message_id"]))

    @property
    def text(self) -> str:
        """Return the plain text or caption."""
        return str(self.raw["text"])

    @property
    def html(self) -> str:
        """Return the safe HTML of the text or caption."""
        return str(self.raw["html"])

    @property
    def is_from_bot(self) -> bool:
        """Tell whether the bot wrote it."""
        return not self.raw["out"]

    @property
    def buttons(self) -> list[dict[str, object]]:
        """Return the inline buttons, in reading order."""
        rows = self.raw["buttons"]
        return [button for row in rows for button in row] if isinstance(rows, list) else []

    @property
    def labels(self) -> list[str]:
        """Return the texts of the inline buttons, in reading order."""
        return [str(button["text"]) for button in self.buttons]

    @property
    def file(self) -> dict[str, object] | None:
        """Return the photo, document or voice note."""
        for kind in ("photo", "document", "voice"):
            if isinstance(found := self.raw[kind], dict):
                return found
        return None


Wanted = str | Callable[[Shown], object]


class Person:
    """One person's telephone; waits look at what the bot did since the last gesture."""

    def __init__(self, wire: Wire, user: int) -> None:
        """Hold the telephone of `user`."""
        self._wire = wire
        self.id = user
        self._mark = 0

    def send(self, text: str, reply_to: int | None = None) -> int:
        """Write a message; return its number."""
        return self._gesture("send", {"text": text, "reply_to": reply_to})

    def ask(self, text: str, wanted: Wanted | None = None, timeout: float = 5.0) -> Shown:
        """Write a message and wait for the bot's answer."""
        self.send(text)
        return self.wait_for(wanted, timeout)

    def press(self, message: Shown | int | None, button: str | int) -> str:
        """Press a button by its label (or a part of it) or its number; return the query's id.

        Without a message, the last one with buttons is taken.
        """
        shown = self._with_buttons(message)
        index = button if isinstance(button, int) else self._index(shown, button)
        return self._query("press", {"message_id": shown.id, "index": index})

    def tap(
        self,
        button: str | int,
        wanted: Wanted | None = None,
        *,
        message: Shown | int | None = None,
        timeout: float = 5.0,
    ) -> Shown:
        """Press a button and wait for what the bot shows next."""
        self.press(message, button)
        return self.wait_for(wanted, timeout)

    def forge(self, message: Shown | int, data: str) -> str:
        """Press with data that no button carries, as a modified client can."""
        number = message if isinstance(message, int) else message.id
        return self._query("press", {"message_id": number, "data": data})

    def upload(
        self,
        kind: str,
        source: Path | str | bytes,
        name: str = "",
        caption: str = "",
        seconds: int = 0,
    ) -> int:
        """Send a photo, document or voice note from a path or bytes; return its number.

        `seconds` is the length of a voice note, which the telephone tells Telegram.
        """
        content = source if isinstance(source, bytes) else Path(source).read_bytes()
        name = name or ("file" if isinstance(source, bytes) else Path(source).name)
        self._remember()
        fields = {"kind": kind, "caption": caption, "duration": str(seconds)}
        return self._wire.upload(f"/chat/{self.id}/upload", fields, name, content)

    def share_contact(self, phone_number: str, user_id: int | None = None) -> int:
        """Share one's own phone number, or somebody else's (`user_id`, 0 for nobody known)."""
        return self._gesture("contact", {"phone_number": phone_number, "user_id": user_id})

    def edit(self, message: Shown | int, text: str) -> int:
        """Edit a message of one's own."""
        number = message if isinstance(message, int) else message.id
        return self._gesture("edit", {"message_id": number, "text": text})

    def block(self) -> None:
        """Block the bot."""
        self._remember()
        self._wire.post(f"/chat/{self.id}/block", {})

    def unblock(self) -> None:
        """Unblock the bot."""
        self._remember()
        self._wire.post(f"/chat/{self.id}/unblock", {})

    def read(self) -> None:
        """Mark the chat as read."""
        self._wire.post(f"/chat/{self.id}/read", {})

    def messages(self) -> list[Shown]:
        """Return the last 200 messages, both sides, oldest first."""
        return self._history()[0]

    def last(self) -> Shown:
        """Return the last message of the bot."""
        found = [shown for shown in self.messages() if shown.is_from_bot]
        if not found:
            self._fail("the bot has written nothing")
        return found[-1]

    def buttons(self, message: Shown | int | None = None) -> list[str]:
        """Return the labels of a message, of the last one with buttons by default."""
        return self._with_buttons(message).labels

    def answers(self) -> list[dict[str, object]]:
        """Return the last answers to this person's presses: query, text, alert."""
        found = self._wire.get(f"/chat/{self.id}/messages")["answers"]
        return found if isinstance(found, list) else []

    def commands(self) -> list[str]:
        """Return the names in this person's command menu."""
        people = self._wire.get("/chat/state")["people"]
        found = [p for p in people if p["id"] == self.id] if isinstance(people, list) else []
        return [command["command"] for person in found for command in person["commands"]]

    def download(self, message: Shown) -> bytes:
        """Return the content of the file of a message."""
        file = message.file
        if file is None:
            self._fail(f"message {message.id} has no file")
        return self._wire.download(file)

    def wait_for(
        self, wanted: Wanted | None = None, timeout: float = 5.0, *, anywhere: bool = False
    ) -> Shown:
        """Wait for a message of the bot, new or edited since this person's last gesture.

        `wanted` is a part of its text or a predicate; `anywhere` looks at the whole history.
        """
        deadline = time.monotonic() + timeout
        while True:
            found = [s for s in self._since(0 if anywhere else self._mark) if _fits(s, wanted)]
            if found:
                return found[-1]
            if time.monotonic() > deadline:
                self._fail(f"waited {timeout:g} s for {_named(wanted)}")
            time.sleep(_POLL_SECONDS)

    def wait_for_answer(self, query: str, timeout: float = 5.0) -> dict[str, object]:
        """Wait until the bot answers a press (the spinner ends); return query, text, alert."""
        deadline = time.monotonic() + timeout
        while True:
            for answer in self.answers():
                if answer["query"] == query:
                    return answer
            if time.monotonic() > deadline:
                self._fail(f"waited {timeout:g} s for the answer to the press {query}")
            time.sleep(_POLL_SECONDS)

    def stays_silent(self, seconds: float = 0.5) -> None:
        """Fail if the bot writes or edits anything within so many seconds of the last gesture."""
        time.sleep(seconds)
        if said := self._since(self._mark):
            self._fail(f"silence was expected, the bot wrote {said[-1].text!r}")

    def _gesture(self, name: str, body: dict[str, object]) -> int:
        self._remember()
        return int(str(self._wire.post(f"/chat/{self.id}/{name}", body)["message_id"]))

    def _query(self, name: str, body: dict[str, object]) -> str:
        self._remember()
        return str(self._wire.post(f"/chat/{self.id}/{name}", body)["query"])

    def _remember(self) -> None:
        self._mark = self._history(after=2**53)[1]

    def _history(self, after: int | None = None) -> tuple[list[Shown], int]:
        query = "" if after is None else f"?after={after}"
        body = self._wire.get(f"/chat/{self.id}/messages{query}")
        messages = body["messages"] if isinstance(body["messages"], list) else []
        return [Shown(raw) for raw in messages], int(str(body["seq"]))

    def _since(self, mark: int) -> list[Shown]:
        shown, _ = self._history(after=mark)
        return [s for s in shown if s.is_from_bot and not s.raw["deleted"]]

    def _with_buttons(self, message: Shown | int | None) -> Shown:
        if isinstance(message, Shown):
            return message
        fitting = [
            shown
            for shown in self.messages()
            if shown.id == message or (message is None and shown.buttons)
        ]
        if not fitting:
            self._fail("no message with buttons" if message is None else f"no message {message}")
        return fitting[-1]

    def _index(self, shown: Shown, label: str) -> int:
        labels = shown.labels
        fitting = [n for n, text in enumerate(labels) if text == label] or [
            n for n, text in enumerate(labels) if label.casefold() in text.casefold()
        ]
        if len(fitting) != 1:
            self._fail(f"{len(fitting)} buttons fit {label!r} in message {shown.id}: {labels}")
        return fitting[0]

    def _fail(self, reason: str) -> NoReturn:
        calls = self._wire.get("/chat/log")["calls"]
        refused = [c for c in calls if not c["ok"]] if isinstance(calls, list) else []
        told = conversation([shown.raw for shown in self.messages()], self.answers(), refused)
        raise AssertionError(f"{reason}\nConversation of {self.id}:\n{told}")


def _fits(shown: Shown, wanted: Wanted | None) -> bool:
    if wanted is None:
        return True
    if isinstance(wanted, str):
        return wanted in shown.text
    return bool(wanted(shown))


def _named(wanted: Wanted | None) -> str:
    if wanted is None:
        return "a message of the bot"
    return repr(wanted) if isinstance(wanted, str) else "a message that fits the predicate"
