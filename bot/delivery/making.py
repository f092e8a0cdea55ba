"""Facts made into messages: digests one after the other, many of them in another process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from bot.delivery.request import Request, request_of
from credit.moment import Moment
from storage import outbox
from storage.database import Database
from storage.outbox import Outgoing, Priority
from storage.work import Work

Body = Mapping[str, Any]
Renderer = Callable[[Work, Outgoing, Moment], Body | None]
Aside = Callable[[tuple[Outgoing, Moment]], Awaitable[Body | None]]

MANY: Final = 8
"""Digests waiting from which on another process makes them: one that begins takes a second."""


class Maker:
    """Make what waits as facts into requests, when their turn to be sent has come.

    A digest keeps a processor and a reader of the database busy for some tenths of a second,
    and every morning there is one for everybody, while people tap. `aside` makes one in
    another process; `apart` makes there what was asked for and is worth it (`outbox.ASIDE`),
    one after the other.
    """

    def __init__(
        self,
        database: Database,
        renderers: Mapping[str, Renderer],
        aside: Aside | None = None,
        apart: Aside | None = None,
    ) -> None:
        self._database = database
        self._renderers = renderers
        self._aside, self._apart = aside, apart
        self._turn = asyncio.Lock()
        self.waiting = 0
        """Digests that wait to be made, or are being made."""

    async def request(self, row: Outgoing, now: Callable[[], Moment]) -> Request | None:
        """Return what is to be posted, None when it is overtaken or nobody may read it."""
        if row.ready and row.priority == Priority.ANSWER:
            body: Body | None = row.body  # asked for, made ready: nothing to look up
        elif row.priority == Priority.DIGEST and not row.ready:
            body = await self._in_turn(row, now)
        elif self._apart is not None and not row.ready and row.body.get(outbox.ASIDE):
            body = await self._apart((row, now()))
        else:  # a card is made at once, and who asked for a page waits for nobody else's
            body = await self._made(row, now())
        return None if body is None else request_of(body).to_chat(row.chat_id)

    async def _in_turn(self, row: Outgoing, now: Callable[[], Moment]) -> Body | None:
        self.waiting += 1
        try:
            async with self._turn:
                many = self.waiting >= MANY or row.body.get(outbox.ASIDE)
                if self._aside is not None and many:
                    return await self._aside((row, now()))
                return await self._made(row, now())
        finally:
            self.waiting -= 1

    async def _made(self, row: Outgoing, now: Moment) -> Body | None:
        return await self._database.read(body_of, row, now, self._renderers)


def body_of(
    work: Work, row: Outgoing, now: Moment, renderers: Mapping[str, Renderer]
) -> Body | None:
    """Return the body of a message, None when it is overtaken or its reader has gone."""
    if row.priority != Priority.ANSWER and not outbox.may_read(work, row.person_id):
        return None
    return row.body if row.ready else renderers[row.kind](work, row, now)
