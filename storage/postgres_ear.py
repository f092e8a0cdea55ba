"""An ear of its own on PostgreSQL: what any process signals is heard at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

import psycopg
from psycopg import sql
from sqlalchemy import URL

log = logging.getLogger(__name__)

PAUSE_SECONDS: Final = 1.0


class Ear:
    """Listen on channels over one connection, made when somebody wants to hear."""

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._callbacks: dict[str, list[Callable[[], None]]] = {}
        self._task: asyncio.Task[None] | None = None

    def hear(self, channel: str, callback: Callable[[], None]) -> None:
        """Call a function after each signal on a channel."""
        known = channel in self._callbacks
        self._callbacks.setdefault(channel, []).append(callback)
        if known:
            return
        if self._task is not None:
            self._task.cancel()  # it listens to the channels it knew
        self._task = asyncio.create_task(self._listen(self._task))

    async def close(self) -> None:
        """Hear no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    async def _listen(self, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        while True:
            try:
                await self._as_long_as_connected()
            except (psycopg.Error, OSError) as error:
                log.warning("signals not heard", extra={"error": type(error).__name__})
            await asyncio.sleep(PAUSE_SECONDS)

    async def _as_long_as_connected(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
            for channel in list(self._callbacks):
                await connection.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
            for channel in list(self._callbacks):
                self._tell(channel)  # something may have been said before
            async for heard in connection.notifies():
                self._tell(heard.channel)

    def _tell(self, channel: str) -> None:
        for callback in self._callbacks.get(channel, ()):
            callback()
