"""One process at a time: a lease in the database, renewed while it is held."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.delivery.owner import is_gone, own_name
from storage import facts, workers
from storage.database import Database

if TYPE_CHECKING:
    from bot.delivery.carrier import Now
    from credit.moment import Moment
    from storage.work import Work

log = logging.getLogger(__name__)

SPAN: Final = timedelta(seconds=12)
RENEW_SECONDS: Final = 3.0


class Lease:
    """Hold a name that no other process holds, as long as this one lives and renews it."""

    def __init__(self, database: Database, name: str, now: Now, owner: str = "") -> None:
        self._database = database
        self._name = name
        self._now = now
        self.owner = owner or database.owner or own_name()
        self._renewer: asyncio.Task[None] | None = None
        self._lost = asyncio.Event()

    @property
    def held(self) -> bool:
        """Tell whether it is held, as far as the last renewal knows."""
        return self._renewer is not None and not self._lost.is_set()

    async def acquire(self) -> None:
        """Wait until the lease is held."""
        waited = False
        while not await self._renewed():
            if not waited:
                log.warning("another process holds the lease", extra={"lease": self._name})
            waited = True
            await asyncio.sleep(RENEW_SECONDS)
        self._lost.clear()
        self._renewer = asyncio.create_task(self._renew())

    async def release(self) -> None:
        """Give the lease back; one that the database takes no note of ends by itself."""
        if self._renewer is None:
            return
        self._renewer.cancel()
        await asyncio.wait([self._renewer])
        self._renewer = None
        try:
            await self._database.transact(facts.release, self._name, self.owner)
        except Exception as error:  # noqa: BLE001 - what is stopped after it must be stopped too
            log.warning("lease not given back", extra={"error": type(error).__name__})

    async def lost(self) -> None:
        """Wait until somebody else has taken the lease."""
        await self._lost.wait()

    async def _renew(self) -> None:
        loop = asyncio.get_running_loop()
        good_until = loop.time() + SPAN.total_seconds()
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            asked_at = loop.time()
            try:
                kept = await self._renewed()
            except Exception as error:  # noqa: BLE001 - it holds until its time is up
                log.warning("lease not renewed", extra={"error": type(error).__name__})
                # a file that this process cannot write to is locked or full: who took it all
                # the same is met at the next renewal, and a stop would leave messages in doubt
                alone = self._database.dialect == "sqlite"
                kept = alone or asked_at < good_until - RENEW_SECONDS
            else:
                good_until = asked_at + SPAN.total_seconds()
            if not kept:
                log.error("lease lost", extra={"lease": self._name})
                self._lost.set()
                return

    async def _renewed(self) -> bool:
        holder = await self._database.read(facts.holder, self._name)
        dead = holder if holder and is_gone(holder, self.owner) else ""
        return await self._database.transact(self._acquired, self._now(), dead)

    def _acquired(self, work: Work, now: Moment, dead: str) -> bool:
        shared = replace(now, at=workers.shared_now(work, now.at))  # two machines' clocks differ
        return facts.acquire(work, self._name, self.owner, shared, SPAN, dead)
