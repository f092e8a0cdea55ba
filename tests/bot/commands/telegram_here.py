"""The command line run against a Telegram of our own, from one test."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any

from bot.cli import main
from bot.simulator.server import Simulator

NAMES = ("BOT_TOKEN", "BOT_API_URL", "BOT_FILE_URL", "DATABASE_URL", "DATA_DIR", "STORE_URL")
OTHERS = ("TIMEZONE", "LOCALE", "CLOCK_OFFSET", "COMPANY", "POLICY_FILE", "HOLIDAYS", "LOG_LEVEL")


def forget_settings(monkeypatch: Any) -> None:
    """Leave nothing of this machine's own settings."""
    for name in (*NAMES, *OTHERS):
        monkeypatch.delenv(f"RELANCE_{name}", raising=False)


def with_telegram(told: Callable[[Simulator], int]) -> int:
    """Run a function in a thread while a Bot API server answers."""

    async def story() -> int:
        simulator = Simulator()
        await simulator.start()
        try:
            os.environ["RELANCE_BOT_API_URL"] = simulator.api_url
            return await asyncio.to_thread(told, simulator)
        finally:
            os.environ.pop("RELANCE_BOT_API_URL", None)
            await simulator.stop()

    return asyncio.run(story())


def relance(*words: str) -> int:
    """Run one verb in this process."""
    return main(list(words))
