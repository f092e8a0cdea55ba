"""The events for the pages that are open: one bounded queue per page."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict

MOST_WAITING = 1000
Event = tuple[str, str]


class Hub:
    """Hands each event to the open pages of a person; a page that does not read is dropped."""

    def __init__(self) -> None:
        """Start with no page open."""
        self._pages: dict[int, set[asyncio.Queue[Event | None]]] = defaultdict(set)

    @property
    def is_watched(self) -> bool:
        """Tell whether any page is open."""
        return any(self._pages.values())

    def open(self, user: int) -> asyncio.Queue[Event | None]:
        """Open the event queue of a page; None in it means that the stream is over."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue(MOST_WAITING)
        self._pages[user].add(queue)
        return queue

    def close(self, user: int, queue: asyncio.Queue[Event | None]) -> None:
        """Close the event queue of a page."""
        self._pages[user].discard(queue)

    def close_all(self) -> None:
        """End every stream, when the server stops."""
        for queues in self._pages.values():
            for queue in queues:
                _end(queue)

    def publish(self, user: int, event: str, data: object) -> None:
        """Hand an event to the pages of one person."""
        queues = self._pages.get(user)
        if queues:
            self._put(queues, (event, json.dumps(data, ensure_ascii=False)))

    def broadcast(self, event: str, data: object) -> None:
        """Hand an event to every page."""
        body = json.dumps(data, ensure_ascii=False)
        for queues in self._pages.values():
            self._put(queues, (event, body))

    @staticmethod
    def _put(queues: set[asyncio.Queue[Event | None]], event: Event) -> None:
        for queue in list(queues):
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:
                queues.discard(queue)
                _end(queue)


def _end(queue: asyncio.Queue[Event | None]) -> None:
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(None)
