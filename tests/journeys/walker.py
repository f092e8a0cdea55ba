"""Walk through every screen that can be reached by pressing, every message sent for real.

The dispatcher runs here; what it posts goes over HTTP to the strict simulator, which refuses
what Telegram would refuse.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from sqlalchemy import func, insert, select

from bot.application import build_rules
from bot.handlers import surface
from bot.handlers.dispatch import Desk, Wish, handle
from bot.handlers.rendering import renderers
from bot.handlers.request import Attached, Incoming
from bot.screens.render import speaker
from bot.screens.screen import visible_length
from config.settings import Settings
from credit.moment import Moment
from storage import outbox, tables
from storage.work import Work
from tests.journeys.harness import PARIS, TOKEN

_HTTP = build_opener(ProxyHandler({}))
NOW = Moment(datetime(2026, 3, 10, 9, 0, tzinfo=UTC), PARIS)


@dataclass
class Walker:
    """A person of a database, his chat in a simulator, and the dispatcher between them."""

    work: Work
    api: str
    user: int
    numbers: Iterator[int] = field(init=False)
    faults: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        surface.load()
        self.numbers = count(self.user * 10_000)
        self.rules = build_rules(Settings(_env_file=None, company="Maison Durand"), "relance_bot")
        self.desk = Desk(self.rules, lambda locale: speaker(locale or "fr", self.rules.zone))

    def act(self, **wish: Any) -> list[dict[str, Any]]:
        """Carry out one update and return the messages it showed."""
        number = next(self.numbers)
        last = self.work.scalar(select(func.max(tables.outbox.c.id))) or 0
        stored = {"update_id": number, "sender": self.user, "body": "{}", "received_at": NOW.at}
        self.work.execute(insert(tables.inbox), stored)
        common: dict[str, Any] = {"telegram_id": self.user, "chat_id": self.user, "now": NOW}
        handle(
            self.work,
            Wish(update_id=number, first_name="x", language="fr", **common, **wish),
            self.desk,
        )
        return self.posted(last)

    def say(self, text: str) -> list[dict[str, Any]]:
        """Write a text or a command."""
        told = Incoming(message_id=1, text=text, written_on=NOW.today)
        if text.startswith("/"):
            return self.act(command=text[1:], incoming=told)
        return self.act(incoming=told)

    def send_photo(self) -> list[dict[str, Any]]:
        """Send a picture."""
        photo = Attached("file", "unique", mime="image/jpeg")
        return self.act(kind="photo", incoming=Incoming(1, "", NOW.today, photo=photo))

    def posted(self, after: int) -> list[dict[str, Any]]:
        """Post what the outbox holds since a row, facts worded as they leave."""
        told = renderers(self.rules, self.desk.speaker)
        shown = []
        rows = self.work.all(
            select(tables.outbox).where(tables.outbox.c.id > after).order_by(tables.outbox.c.id)
        )
        for row in rows:
            names = outbox.Outgoing.__dataclass_fields__
            one = outbox.Outgoing(**{k: v for k, v in row._mapping.items() if k in names})
            body = one.body if one.ready else told[one.kind](self.work, one, NOW)
            if body and row.chat_id == self.user:
                shown += self.post(dict(body))
        return shown

    def post(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Send one body to the simulator; an edit becomes a message of its own."""
        params = dict(body["params"])
        method = {"editMessageText": "sendMessage"}.get(body["method"], body["method"])
        if method in {"answerCallbackQuery", "editMessageReplyMarkup", "sendDocument"}:
            assert visible_length(str(params.get("text", ""))) <= 4096
            return []
        params.pop("message_id", None)
        request = Request(  # noqa: S310 - loopback
            f"{self.api}{TOKEN}/{method}",
            json.dumps(params).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with _HTTP.open(request, timeout=10) as reply:
                result = json.load(reply)["result"]
                return [result] if isinstance(result, dict) else []
        except HTTPError as error:
            self.faults.append(f"{error.read().decode()} for {params}")
            return []

    def wander(self, start: list[dict[str, Any]], most: int) -> int:
        """Press every button of another kind that comes into sight; return how many."""
        waiting, pressed = [self._buttons(one) for one in start], 0
        queue = [data for buttons in waiting for data in buttons]
        while queue and pressed < most:
            data = queue.pop(0)
            shown = self.act(press=data, query_id="7", tapped=5)
            pressed += 1
            for one in shown:
                queue += self._buttons(one)
        return pressed

    def _buttons(self, message: dict[str, Any]) -> list[str]:
        """Return the buttons of a message not pressed before in a place that looks the same."""
        place = re.sub(r"[\d\s.,\u00a0\u202f]+", "#", str(message.get("text", "")))[:160]
        found = []
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            for key in row:
                mark = f"{place}|{key['text'][:24]}"
                if "callback_data" in key and mark not in self.seen:
                    self.seen.add(mark)
                    found.append(key["callback_data"])
        return found
