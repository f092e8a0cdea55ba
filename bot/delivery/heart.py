"""The heart: says every few seconds that this process lives, and says farewell in the end."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from storage import workers
from storage.database import Database

if TYPE_CHECKING:
    from bot.delivery.carrier import Now

log = logging.getLogger(__name__)

BEAT_SECONDS: Final = 3.0


class Heart:
    """Beat for the process that a database's `owner` names, in its role."""

    def __init__(self, database: Database, role: str, now: Now) -> None:
        self._database = database
        self._role = role
        self._now = now
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Beat once, before anything is claimed, then go on."""
        await self._beat()
        self._task = asyncio.create_task(self._go_on())

    async def stop(self) -> None:
        """Say that this process ends: nobody needs to wait for what it held."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.wait([self._task])
        self._task = None
        await self._database.transact(workers.leave, self._database.owner)

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            try:
                await self._beat()
            except Exception as error:  # noqa: BLE001 - the next beat may succeed
                log.warning("heartbeat missed", extra={"error": type(error).__name__})

    async def _beat(self) -> None:
        owner = self._database.owner
        await self._database.transact(workers.beat, owner, self._role, self._now())
