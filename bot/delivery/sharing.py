"""The senders that this process serves, when several processes share one inbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from bot.delivery.owner import is_gone
from storage import inbox, serving, workers
from storage.database import Database
from storage.inbox import Received

if TYPE_CHECKING:
    from bot.delivery.carrier import Now

log = logging.getLogger(__name__)

PLACES: Final = 32  # senders in the memory of one process: the others are left to the others
LOOK_SECONDS: Final = 1.0  # when no signal comes
SWEEP_SECONDS: Final = 3.0
SURE_SECONDS: Final = 8.0  # so long without a sweep, the database was away, perhaps for all
ORPHAN: Final = timedelta(seconds=5)

Put = Callable[[Iterable[Received]], None]
Count = Callable[[], int]
Has = Callable[[int], bool]


class Answers(Protocol):
    """What is known of the answers that people have not got yet: the sender's side."""

    def owes(self, chat_id: int) -> bool:
        """Tell whether something is on its way to a chat, or an answer waits for its turn."""

    def when_landed(self, chat_id: int, then: Callable[[], None]) -> bool:
        """Call back when what is on its way to a chat has landed; False: nothing is."""

    async def settle(self, chats: Collection[int]) -> None:
        """Let the answers that other processes owe these chats leave before newer ones."""

    async def recall(self, chats: Collection[int]) -> None:
        """Take up answers to these chats of whose commit this process never heard."""


class Sharing:
    """Take senders who wait, bring what else they have sent, and let go of those who are done.

    Whatever became idle while one look into the database ran is asked for by the next one:
    the more there is to do, the more senders share a transaction.

    Answers keep their order from one process to the next: a sender stays here as long as an
    answer is on its way or waits for his chat's turn, and is served by another only when
    what the one that stopped or died owed him has left.
    """

    def __init__(self, database: Database, now: Now, answers: Answers) -> None:
        self._database = database
        self._now = now
        self._answers = answers
        self._idle: set[int] = set()
        self._overtaken: set[int] = set()
        self._nudge = asyncio.Event()
        self._looker: asyncio.Task[None] | None = None
        self._swept_at: float | None = None
        self._patient_until = 0.0
        self._put: Put = lambda _: None
        self._serving: Count = lambda: PLACES
        self._has: Has = lambda _: True
        self._missing: set[int] = set()
        database.hear(serving.CHANNEL, self._nudge.set)

    @property
    def places(self) -> int:
        """Return how many more senders this process may take."""
        return max(0, PLACES - self._serving() - len(self._idle))

    async def start(self, put: Put, serving_now: Count, has: Has) -> None:
        """Begin to take senders and hand their updates over with `put`.

        `serving_now` counts those who have something in memory, `has` tells whether one has.
        """
        self._put, self._serving, self._has = put, serving_now, has
        await self._sweep()
        self._looker = asyncio.create_task(self._look_on())

    async def stop_taking(self) -> None:
        """Take nobody any more; what is served meanwhile stays this process's."""
        if self._looker is not None:
            self._looker.cancel()
            await asyncio.wait([self._looker])
            self._looker = None

    async def give_back(self) -> None:
        """Leave every sender to the others."""
        try:
            await self._database.transact(serving.give_back)
        except Exception as error:  # noqa: BLE001 - they are freed when this process is seen dead
            log.warning("senders not given back", extra={"error": type(error).__name__})

    def done(self, sender: int) -> None:
        """Note that nothing of a sender is in memory any more."""
        if not self._answers.when_landed(sender, partial(self.done, sender)):
            self._idle.add(sender)
            self._nudge.set()

    def overtaken(self, sender: int) -> None:
        """Note that what this one was to handle is handled: another process owes the answer.

        Or this one does: a connection was cut while the server committed.
        """
        self._overtaken.add(sender)

    async def _look_on(self) -> None:
        while True:
            # not `wait_for`, which may swallow the cancellation of `stop_taking` (Python 3.11)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._nudge.wait()
            self._nudge.clear()
            try:
                await self._look()
                if self._since_sweep() >= SWEEP_SECONDS:
                    await self._sweep()
            except Exception as error:  # noqa: BLE001 - the database may be back in a second
                log.warning("inbox unreadable", extra={"error": type(error).__name__})
                await asyncio.sleep(LOOK_SECONDS)

    async def _look(self) -> None:
        if self._idle:
            await self._ask_for_more()
        if places := self.places:
            found = await self._database.transact(serving.claim, self._now(), places)
            taken = {row.sender for row in found.rows}
            if taken:
                await self._answers.settle(taken)
            self._put(inbox.received_rows(found.rows, found.orphans))
            if len(taken) == places:
                self._nudge.set()

    async def _ask_for_more(self) -> None:
        asked = list(self._idle)
        if unsure := self._overtaken.intersection(asked):
            await self._answers.recall(unsure)
        stay = [one for one in asked if self._answers.owes(one)]
        self._idle.difference_update(asked)
        try:
            rows = await self._database.transact(serving.more, asked, self._now(), stay)
        except BaseException:
            self._idle.update(asked)
            raise
        waiting = {row.sender for row in rows}
        self._idle.update({*stay} - waiting)
        if late := self._overtaken & waiting:
            await self._answers.settle(late)
        self._overtaken.difference_update(asked)
        self._put(inbox.received_rows(rows))

    async def _sweep(self) -> None:
        """Free what dead processes had; queue what an older release stored."""
        time = asyncio.get_running_loop().time()
        if self._since_sweep() > SURE_SECONDS:  # the database was away: nobody could beat
            self._patient_until = time + workers.SPAN.total_seconds()
        now = self._now()
        owners = await self._database.read(serving.owners)
        living = {one.owner for one in await self._database.read(workers.alive, now)}
        if time < self._patient_until:
            living.update(await self._database.read(workers.dead, now))
        own = self._database.owner
        dead = [one for one in owners if one not in living or is_gone(one, own)]
        if dead:
            freed = await self._database.transact(serving.free, dead)
            log.warning("taken back from a process that died", extra={"senders": freed})
        await self._database.transact(serving.repair, now.at - ORPHAN)
        self._find_again(await self._database.read(serving.served))
        self._swept_at = asyncio.get_running_loop().time()

    def _find_again(self, served: Iterable[int]) -> None:
        """Ask for what is this process's and was not in its memory at two looks running.

        It never learned that it was given them: a commit lost its answer, or a task its time.
        """
        missing = {
            one
            for one in served
            if not (self._has(one) or one in self._idle or self._answers.owes(one))
        }
        if found := missing & self._missing:
            log.warning("taken up: nobody told of its commit", extra={"senders": len(found)})
            self._idle |= found
            self._nudge.set()
        self._missing = missing - found

    def _since_sweep(self) -> float:
        """Return the seconds since the last look around that came to an end."""
        if self._swept_at is None:
            return 0.0
        return asyncio.get_running_loop().time() - self._swept_at
