"""Webhooks: secret, order, retries."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from tests.simulator.stage import LEA, MARC, Stage, on_stage

Answer = Callable[[dict[str, Any]], Any]


class Receiver:
    """A bot's own little web server, with the statuses it is told to give."""

    def __init__(self, statuses: list[int], delay: float = 0.0) -> None:
        self.statuses = statuses
        self.delay = delay
        self.received: list[dict[str, Any]] = []
        self.secrets: set[str | None] = set()
        self.at_once = 0
        self.most_at_once = 0
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.received.append(json.loads(await request.text()))
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        await asyncio.sleep(self.delay)
        self.at_once -= 1
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def until(self, count: int) -> list[str]:
        async with asyncio.timeout(60):
            while len(self.received) < count:
                await asyncio.sleep(0.01)
        return [update["message"]["text"] for update in self.received if "message" in update]


@asynccontextmanager
async def receiver(*statuses: int, delay: float = 0.0) -> AsyncIterator[Receiver]:
    made = Receiver(list(statuses), delay)
    app = web.Application()
    app.router.add_post("/hook", made.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield made
    finally:
        await runner.cleanup()


def test_updates_are_posted_with_the_secret_and_then_gone() -> None:
    async def play(stage: Stage) -> None:
        async with receiver() as hook:
            stage.write("avant")
            await stage.bot.set_webhook(hook.url, secret_token="s3cret_-")
            stage.write("après")
            assert await hook.until(2) == ["avant", "après"]
            assert hook.secrets == {"s3cret_-"}
            await asyncio.sleep(0.05)
            assert (await stage.bot.get_webhook_info()).pending_update_count == 0

    on_stage(play)


def test_a_refused_update_comes_again_before_the_next_of_its_chat() -> None:
    async def play(stage: Stage) -> None:
        async with receiver(500, 503) as hook:
            await stage.bot.set_webhook(hook.url)
            stage.write("a")
            stage.write("b")
            assert await hook.until(4) == ["a", "a", "a", "b"]
            info = await stage.bot.get_webhook_info()
            assert (
                info.last_error_message
                == "Wrong response from the webhook: 503 Service Unavailable"
            )

    on_stage(play)


def test_different_chats_and_presses_are_delivered_at_once() -> None:
    async def play(stage: Stage) -> None:
        async with receiver(delay=0.2) as hook:
            keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Oui", callback_data="y")]])
            sent = await stage.bot.send_message(LEA, "?", reply_markup=keyboard)
            await stage.bot.set_webhook(hook.url)
            stage.write("a")
            stage.write("b")
            stage.write("c", MARC)
            stage.press(sent.message_id)
            await hook.until(4)
            assert hook.most_at_once == 3

    on_stage(play)


def test_one_connection_delivers_one_update_at_a_time() -> None:
    async def play(stage: Stage) -> None:
        async with receiver(delay=0.05) as hook:
            await stage.bot.set_webhook(hook.url, max_connections=1)
            stage.write("a")
            stage.write("b", MARC)
            await hook.until(2)
            assert hook.most_at_once == 1

    on_stage(play)


def test_a_bot_that_is_down_gets_its_updates_when_it_is_back() -> None:
    async def play(stage: Stage) -> None:
        async with receiver() as gone:
            pass
        await stage.bot.set_webhook(gone.url)
        stage.write("a")
        await asyncio.sleep(0.1)
        info = await stage.bot.get_webhook_info()
        assert (info.last_error_message, info.pending_update_count) == ("Connection refused", 1)
        stage.clock.now += 2
        async with receiver() as back:
            await stage.bot.set_webhook(back.url)
            assert await back.until(1) == ["a"]

    on_stage(play)


def test_a_fault_on_webhooks_brings_an_update_late_or_twice() -> None:
    async def play(stage: Stage) -> None:
        async with receiver() as hook:
            faults = [
                {"method": "webhook", "script": ["drop", "lost_answer"], "chat": LEA},
                {"method": "*", "kind": "500", "count": 0, "chat": MARC},
            ]
            await stage.chat("faults", {"faults": faults})
            await stage.bot.set_webhook(hook.url)
            stage.write("a")
            assert await hook.until(2) == ["a", "a"]
            stage.write("b", MARC)
            assert await hook.until(3) == ["a", "a", "b"]
            assert len({update["update_id"] for update in hook.received}) == 2
            told = await stage.http.get(f"{stage.simulator.url}/chat/faults")
            assert [(f["method"], f["kind"], f["count"]) for f in told.json()["injected"]] == [
                ("webhook", "drop", 1),
                ("webhook", "lost_answer", 1),
            ]

    on_stage(play)
