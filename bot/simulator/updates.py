"""The queue of updates for the bot: kept until confirmed or too old."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.simulator.errors import ApiError
from bot.simulator.values import JsonObject

LIFETIME = 24 * 3600.0
PRESS_LIFETIME = 150.0
# Telegram delivers the presses of a person apart from the messages of their chat.
PRESS_QUEUE = 3 << 33
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


def chat_of(queue: int) -> int:
    """Return the chat that a queue of updates belongs to."""
    return queue - PRESS_QUEUE if queue > PRESS_QUEUE else queue


@dataclass(frozen=True, slots=True)
class Update:
    """One update; webhooks deliver each `queue` in order, different queues at once."""

    id: int
    kind: str
    payload: JsonObject
    queue: int
    expires_at: float
    times: int = 1  # it is brought, whatever the bot confirms

    def as_json(self) -> JsonObject:
        """Return the update as the Bot API sends it."""
        return {"update_id": self.id, self.kind: self.payload}


@dataclass(slots=True)
class Updates:
    """The updates that the bot has not confirmed."""

    clock: Callable[[], float]
    next_id: int
    allowed: list[str] = field(default_factory=list)
    waiting: dict[int, Update] = field(default_factory=dict)
    listeners: list[Callable[[], None]] = field(default_factory=list)
    poll: asyncio.Future[None] | None = None
    times: int = 1  # each new update is brought

    def push(self, kind: str, payload: JsonObject, queue: int) -> None:
        """Add an update, unless the bot did not ask for its kind."""
        wanted = kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT
        if not wanted:
            return
        lifetime = PRESS_LIFETIME if kind == "callback_query" else LIFETIME
        expires_at = self.clock() + lifetime
        update = Update(self.next_id, kind, payload, queue, expires_at, self.times)
        self.waiting[update.id] = update
        self.next_id += 1
        if self.poll is not None and not self.poll.done():
            self.poll.set_result(None)
        for listener in self.listeners:
            listener()

    def pending(self) -> list[Update]:
        """Return what waits, oldest first, forgetting what became too old."""
        now = self.clock()
        for update in [u for u in self.waiting.values() if u.expires_at <= now]:
            del self.waiting[update.id]
        return list(self.waiting.values())

    def confirm(self, offset: int) -> None:
        """Forget the updates before `offset`; a negative one keeps only that many."""
        pending = self.pending()
        if offset < 0:
            done = pending[:offset]
        else:
            done = [update for update in pending if update.id < offset]
        for update in done:
            self.remove(update.id)

    def remove(self, update_id: int) -> None:
        """Forget one delivered update, unless it is to be brought again."""
        update = self.waiting.pop(update_id, None)
        if update is not None and update.times > 1:
            self.waiting[update_id] = replace(update, times=update.times - 1)

    def clear(self) -> None:
        """Forget everything that waits."""
        self.waiting.clear()

    async def wait(self, seconds: float) -> None:
        """Wait for news as the only poller; raise the 409 that ends a wait taken over."""
        self.poll = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait_for(self.poll, seconds)
        except TimeoutError:
            return

    def end_poll(self, reason: ApiError) -> None:
        """End the wait of the present poller with a refusal."""
        if self.poll is not None and not self.poll.done():
            self.poll.set_exception(reason)
