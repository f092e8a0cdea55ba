"""A stored update is read as python-telegram-bot reads it, though less of it is looked at."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from telegram import Bot, Update

from bot.handlers.telegram import update_of, wish_of
from credit.moment import Moment
from tests.bench.updates import TOKEN, press

BOT = Bot(TOKEN)


class Stopped:
    """A clock that stands still."""

    offset_seconds = 0
    zone = ZoneInfo("Europe/Paris")

    def now(self) -> Moment:
        return Moment(datetime(2026, 11, 23, 8, 0, tzinfo=UTC), self.zone)


def without(*path: str) -> dict[str, Any]:
    """Make a press that lacks a field."""
    update: Any = json.loads(json.dumps(press(7, 500_007, "1tk.1Z")))
    part = update
    for name in path[:-1]:
        part = part[name]
    del part[path[-1]]
    whole: dict[str, Any] = update
    return whole


@pytest.mark.parametrize(
    "update",
    [
        press(7, 500_007, "1tk.1Z"),
        without("callback_query", "data"),
        without("callback_query", "message"),
        without("callback_query", "from", "language_code"),
        press(7, 500_007, "1tk.1Z") | {"chat_join_request": None},
    ],
)
def test_a_press_says_what_the_librarys_own_reading_says(update: dict[str, Any]) -> None:
    whole = Update.de_json(json.loads(json.dumps(update)), BOT)
    short = update_of(json.dumps(update), BOT)
    assert wish_of(short, Stopped()) == wish_of(whole, Stopped())


@pytest.mark.parametrize("missing", ["id", "chat_instance"])
def test_a_press_without_what_every_press_has_cannot_be_read(missing: str) -> None:
    with pytest.raises((KeyError, TypeError)):
        update_of(json.dumps(without("callback_query", missing)), BOT)
