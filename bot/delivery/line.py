"""The line: every person's updates are handled in order, many persons at a time."""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.delivery.meters import Meters
from bot.delivery.sharing import Sharing
from bot.use_cases import unhandled
from storage import inbox
from storage.database import Database
from storage.inbox import AlreadyHandled, Received
from storage.outage import is_outage

if TYPE_CHECKING:
    from bot.delivery.carrier import Now

log = logging.getLogger(__name__)

Handle = Callable[[Received], Awaitable[bool]]

IN_FLIGHT: Final = 128
TRIES: Final = 3
PAUSES: Final = (0.5, 2.0)
DATABASE_PAUSE: Final = 1.0
TURN: Final = 20  # updates of one person before the next has his turn
SWEEP_SECONDS: Final = 3.0
ORPHAN: Final = timedelta(seconds=5)
PAGE: Final = 1_000
FULL: Final = 5_000


class Unreadable(Exception):
    """The update will never be handled, however often it is tried."""


class Line:
    """Hand stored updates to `handle`, in the order of their numbers for each sender.

    `handle` does its work in one transaction that begins with `inbox.finish`, and returns
    True; False says that nothing wanted the update. It lets `AlreadyHandled` out, raises
    `Unreadable` to give up at once; after any other error it is called again, three times
    in all, before the update is parked. A database that is away does not count.

    What a dead process left is counted before it is handled. What was counted before is
    handled apart from all others like it, so that the one that kills is known: it is parked.

    `at_once` handles as well what is not stored yet, and stores it in that one transaction; it
    is for the only process of a database, and while nothing else is in hand.

    With `sharing`, other processes serve other senders: who is served here, and what he has
    sent, is asked from the database; without it, everything that is stored is handled here.
    """

    def __init__(
        self,
        database: Database,
        handle: Handle,
        now: Now,
        *,
        at_once: Handle | None = None,
        sharing: Sharing | None = None,
        meters: Meters | None = None,
        in_flight: int = IN_FLIGHT,
        pauses: tuple[float, ...] = PAUSES,
    ) -> None:
        self._database = database
        self._handle = handle
        self._now = now
        self._at_once = at_once
        self._sharing = sharing
        self._meters = meters or Meters()
        self._in_flight = in_flight
        self._pauses = pauses
        self._queues: dict[int, list[tuple[int, Received]]] = {}
        self._turns: deque[int] = deque()
        self._servers: set[asyncio.Task[None]] = set()
        self._held: set[int] = set()
        self._eased = asyncio.Event()
        self._sweeper: asyncio.Task[None] | None = None
        self._suspects = asyncio.Lock()
        self._stopping = False
        # what comes before the start: with `sharing` only those come whom nobody served
        self._early: list[Received] | None = None if sharing else []

    @property
    def held(self) -> int:
        """Return how many updates are in memory."""
        return len(self._held)

    @property
    def places(self) -> int:
        """Return how many senders may be taken over by who stores their updates."""
        return self._sharing.places if self._sharing and not self._stopping else 0

    def put(self, updates: Iterable[Received]) -> None:
        """Queue stored updates; those in memory already stay where they are.

        While a start takes up what was left, what comes meanwhile waits behind it.
        """
        if self._early is None:
            self._queue(updates)
        else:
            self._early += updates

    def _queue(self, updates: Iterable[Received]) -> None:
        for one in () if self._stopping else updates:
            if one.update_id in self._held:
                continue
            self._held.add(one.update_id)
            if one.sender not in self._queues:
                self._queues[one.sender] = []
                self._turns.append(one.sender)
            heapq.heappush(self._queues[one.sender], (one.update_id, one))
        self._serve_more()

    async def at_once(self, one: Received) -> bool:
        """Store and handle an update in one transaction; False: it is to be stored as ever.

        One that fails leaves nothing: it is stored, then tried and counted like any other.
        Raise what the database raises when it is away.
        """
        if self._at_once is None or self._held or self._early is not None or self._stopping:
            return False
        try:
            with self._meters.handling():
                handled = await self._at_once(one)
        except Exception as error:
            if is_outage(error):
                raise
            return False
        if handled:
            self._meters.updates.add("handled")
        return handled

    async def room(self) -> None:
        """Wait until memory holds less than a few thousand updates."""
        while len(self._held) >= FULL:
            self._eased.clear()
            await self._eased.wait()

    async def start(self) -> None:
        """Take up everything not handled yet, oldest first, and begin to sweep."""
        self._stopping = False
        if self._sharing is not None:
            has = self._queues.__contains__
            await self._sharing.start(self.put, lambda: len(self._queues), has)
            return
        await self._take_up()
        self._sweeper = asyncio.create_task(self._sweep())

    async def _take_up(self) -> None:
        """Queue what was left before anything that comes now, whatever clock it was stored by."""
        early: list[Received] = self._early or []
        self._early = early
        last, taken = -1, 0
        while page := await self._database.read(inbox.pending, None, PAGE, last):
            await self.room()
            self._queue(page)
            last, taken = page[-1].update_id, taken + len(page)
        self._early = None
        self._queue(early)
        if taken:
            log.info("taken up", extra={"updates": taken})

    async def stop(self, seconds: float) -> None:
        """Let what is being handled end, for so long at most; the rest stays in the inbox."""
        self._stopping = True
        if self._sharing is not None:
            await self._sharing.stop_taking()
        if self._sweeper is not None:
            self._sweeper.cancel()
            await asyncio.wait([self._sweeper])
        if self._servers:
            await asyncio.wait(self._servers, timeout=seconds)
        for server in self._servers:
            server.cancel()
        if self._servers:
            await asyncio.wait(self._servers)
        self._queues.clear()
        self._turns.clear()
        self._held.clear()
        if self._sharing is not None:
            await self._sharing.give_back()

    def _serve_more(self) -> None:
        while self._turns and len(self._servers) < self._in_flight and not self._stopping:
            server = asyncio.create_task(self._serve(self._turns.popleft()))
            self._servers.add(server)
            server.add_done_callback(self._served)

    def _served(self, server: asyncio.Task[None]) -> None:
        self._servers.discard(server)
        self._serve_more()

    async def _serve(self, sender: int) -> None:
        queue = self._queues[sender]
        for _ in range(TURN):
            if not queue or self._stopping:
                break
            number, one = heapq.heappop(queue)
            if not await self._work_off(one) and self._sharing is not None:
                self._forget(queue)  # somebody else serves this sender, perhaps
                self._sharing.overtaken(sender)
            self._held.discard(number)
            self._eased.set()
        if queue:
            self._turns.append(sender)
            return
        del self._queues[sender]
        if self._sharing is not None:
            self._sharing.done(sender)

    def _forget(self, queue: list[tuple[int, Received]]) -> None:
        self._held.difference_update(number for number, _ in queue)
        queue.clear()

    async def _work_off(self, one: Received) -> bool:
        """Handle one update until it is done or parked; the sender's others wait.

        Return False when it was handled elsewhere, or is another process's to handle.
        """
        if not one.taken_over:
            return await self._tried(one)
        async with self._suspects if one.begun else nullcontext():
            try:
                return not await self._may_begin(one) or await self._tried(one)
            except AlreadyHandled:
                return False

    async def _may_begin(self, one: Received) -> bool:
        """Count an update that a dead process left; False when it is parked, or nobody works.

        Raises `AlreadyHandled` when another process was done with it meanwhile.
        """
        while not self._stopping:
            try:
                begun = await self._database.transact(unhandled.begin, one, self._now())
            except AlreadyHandled:
                raise
            except Exception as error:  # noqa: BLE001 - the database may be back in a second
                log.warning("database away", extra={"error": type(error).__name__})
                await asyncio.sleep(DATABASE_PAUSE)
                continue
            if not begun:
                reference = unhandled.reference(one.update_id)
                told = {"reference": reference, "update_id": one.update_id, "begun": one.begun}
                log.error("update parked: processes died over it", extra=told)
                self._meters.updates.add("parked")
            return begun
        return False

    async def _tried(self, one: Received) -> bool:
        while not self._stopping:
            try:
                with self._meters.handling():
                    if not await self._handle(one):
                        await self._database.promptly(inbox.finish, one.update_id, self._now())
            except AlreadyHandled:
                return False
            except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
                attempts = await self._failed(one, error)
                if attempts is None:
                    return True
                one = replace(one, attempts=attempts)
            else:
                self._meters.updates.add("handled")
                return True
        return True

    async def _failed(self, one: Received, error: Exception) -> int | None:
        """Note a failure and pause; return the tries so far, None when it is parked."""
        if is_outage(error):
            log.warning("database away", extra={"error": type(error).__name__})
            await asyncio.sleep(DATABASE_PAUSE)
            return one.attempts
        attempts = one.attempts + 1
        parked = attempts >= TRIES or isinstance(error, Unreadable)
        level = logging.ERROR if parked else logging.WARNING
        told = {"update_id": one.update_id, "attempts": attempts, "parked": parked}
        log.log(level, "update not handled", extra=told, exc_info=error)
        self._meters.updates.add("parked" if parked else "failed")
        try:
            await self._database.transact(
                unhandled.failed, one, attempts, repr(error), self._now() if parked else None
            )
        except Exception as trouble:  # noqa: BLE001 - the database is away: that try does not count
            log.warning("failure not noted", extra={"error": type(trouble).__name__})
            await asyncio.sleep(DATABASE_PAUSE)
            return one.attempts
        if parked:
            return None
        await asyncio.sleep(self._pauses[min(attempts, len(self._pauses)) - 1])
        return attempts

    async def _sweep(self) -> None:
        """Look for what another process stored and left."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            # what is done while they are read is no longer held, and among them all the same
            held = set(self._held)
            try:
                before = self._now().at - ORPHAN
                limit = len(held) + PAGE
                left = await self._database.read(inbox.pending, before, limit)
            except Exception as error:  # noqa: BLE001 - the database may be back next time
                log.warning("inbox unreadable", extra={"error": type(error).__name__})
            else:
                self.put(one for one in left if one.update_id not in held)
