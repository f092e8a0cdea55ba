"""Delivery as a whole: what starts and stops together, in which order."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

from bot.delivery.intake import Poller
from bot.delivery.line import Line
from bot.delivery.sender import Sender

log = logging.getLogger(__name__)

STOP_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """The poller (None when updates come by webhook), the line and the sender of one bot."""

    poller: Poller | None
    line: Line
    sender: Sender

    async def start(self) -> None:
        """Take up what was left, answers before new updates."""
        await self.sender.start()
        await self.line.start()
        if self.poller is not None:
            self.poller.start()

    async def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Stop the intake, end what is being handled, send its answers, then stop."""
        if self.poller is not None:
            await self.poller.stop()
        await self.line.stop(seconds)
        await self.sender.stop(seconds)
        log.info("delivery stopped")
