"""The Server-Sent Events of the page, and the people list that follows changes."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from aiohttp import web

from bot.simulator.page_views import page_people
from bot.simulator.world import World

BEAT_SECONDS = 15.0
PEOPLE_EVERY = 0.1


async def stream_events(world: World, request: web.Request, user: int) -> web.StreamResponse:
    """Stream a person's events until the page goes away; a comment every 15 s keeps it open."""
    world.person(user)
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    queue = world.hub.open(user)
    try:
        await response.prepare(request)
        await response.write(b": open\n\n")
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), BEAT_SECONDS)
            except TimeoutError:
                await response.write(b": beat\n\n")
                continue
            if event is None:
                return response
            await response.write(f"event: {event[0]}\ndata: {event[1]}\n\n".encode())
    except ConnectionError:
        return response
    finally:
        world.hub.close(user, queue)


class PeopleNews:
    """Sends the people list to every page, at most ten times a second."""

    def __init__(self, world: World) -> None:
        """Listen to the changes of the world."""
        self._world = world
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        world.people_changed = self._changed.set

    def start(self) -> None:
        """Begin to send."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop sending."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            await self._changed.wait()
            await asyncio.sleep(PEOPLE_EVERY)
            self._changed.clear()
            if self._world.hub.is_watched:
                self._world.hub.broadcast("people", {"people": page_people(self._world)})
