"""Files fetched from Telegram: whole or not at all, and what will never come told apart."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from telegram import Bot, InputFile

from bot.delivery.transport import Transport
from bot.handlers import fetching
from bot.handlers.fetching import fetch
from bot.simulator.server import Simulator
from bot.use_cases.uploads import FileGone

LEA = 7
CONTENT = "Code client;Client\nC1;Négoce\n".encode()


@asynccontextmanager
async def a_bot() -> AsyncIterator[tuple[Bot, Simulator]]:
    simulator = Simulator()
    simulator.add_person(LEA, "Léa", started=True)
    await simulator.start()
    bot = Bot(
        simulator.token,
        base_url=simulator.api_url,
        base_file_url=simulator.file_url,
        request=Transport(4),
        get_updates_request=Transport(1),
    )
    try:
        async with bot:
            yield bot, simulator
    finally:
        await simulator.stop()


async def sent(bot: Bot) -> str:
    message = await bot.send_document(LEA, InputFile(io.BytesIO(CONTENT), filename="clients.csv"))
    assert message.document is not None
    return message.document.file_id


def test_a_file_comes_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "uploads" / "1.csv"

    async def play() -> None:
        async with a_bot() as (bot, _):
            await fetch(bot, await sent(bot), target)

    asyncio.run(play())
    assert target.read_bytes() == CONTENT
    assert list(target.parent.iterdir()) == [target]
    assert target.parent.stat().st_mode & 0o077 == 0


def test_a_file_that_telegram_does_not_know_will_never_come(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_bot() as (bot, _):
            await fetch(bot, "an-unknown-file", tmp_path / "1.csv")

    with pytest.raises(FileGone):
        asyncio.run(play())


def test_a_file_too_large_is_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LARGEST_BYTES", len(CONTENT) - 1)

    async def play() -> None:
        async with a_bot() as (bot, _):
            await fetch(bot, await sent(bot), tmp_path / "1.csv")

    with pytest.raises(FileGone):
        asyncio.run(play())
    assert list(tmp_path.iterdir()) == []


def test_a_file_may_come_later_when_telegram_is_away(tmp_path: Path) -> None:
    async def play() -> None:
        async with a_bot() as (bot, simulator):
            file_id = await sent(bot)
            await simulator.stop()
            with pytest.raises(ConnectionError):
                await fetch(bot, file_id, tmp_path / "1.csv")

    asyncio.run(play())
    assert list(tmp_path.iterdir()) == []
