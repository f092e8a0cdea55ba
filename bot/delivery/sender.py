"""The sender: gives every waiting message its turn, by urgency, chat and rate."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from bot.delivery.carrier import Again, Carrier, Now
from bot.delivery.lanes import Lanes
from bot.delivery.rates import Pace, Rates
from storage import outbox
from storage.database import Database
from storage.outbox import Outgoing, Priority

log = logging.getLogger(__name__)

POLL_SECONDS: Final = 1.0
RECOVER_SECONDS: Final = 30.0
MOST_IN_FLIGHT: Final = 128
MOST_PUSHES: Final = 48  # alerts, digests and broadcasts: answers always find a way
MOST_HELD: Final = 1_000
# Answers are handed over by those who write them: in the table only orphans are looked for.
ORPHAN: Final = timedelta(seconds=5)
AFTER_A_BUG: Final = 2.0


class Sender:
    """Send what the outbox holds: what is offered at once, what others wrote within a second.

    `alone` tells that no other process sends from this database.
    """

    def __init__(
        self,
        database: Database,
        carrier: Carrier,
        now: Now,
        pace: Pace | None = None,
        *,
        alone: bool = True,
    ) -> None:
        self._database = database
        self._carrier = carrier
        self._now = now
        self._alone = alone
        self.rates = Rates(pace or Pace())
        self._lanes = Lanes()
        self._flights: set[asyncio.Task[None]] = set()
        self._pushes = 0
        self._timer: asyncio.TimerHandle | None = None
        self._nudge = asyncio.Event()
        self._poller: asyncio.Task[None] | None = None
        self._running = False
        self._only_answers = False
        database.listen(self._on_note)

    async def start(self) -> None:
        """Take up what was left, then keep looking."""
        now = self._now().at
        left = await self._database.transact(outbox.recover, now, alone=self._alone)
        if left:
            log.warning("taken back from a process that died", extra={"rows": left})
        self._running, self._only_answers = True, False
        rows = await self._database.read(outbox.due, now, now, MOST_HELD)
        self.offer(rows)
        self._poller = asyncio.create_task(self._poll())

    async def stop(self, seconds: float) -> None:
        """Send the answers that are held, for so long at most; the rest stays in the outbox."""
        self._only_answers = True
        if self._poller is not None:
            self._poller.cancel()
            await asyncio.wait([self._poller])
        until = asyncio.get_running_loop().time() + seconds
        while (self._flights or self._lanes.answers) and (left := _left(until)) > 0:
            await asyncio.wait(
                self._flights or {asyncio.create_task(asyncio.sleep(0.02))},
                timeout=left,
                return_when=asyncio.FIRST_COMPLETED,
            )
        self._running = False
        if self._timer is not None:
            self._timer.cancel()
        for flight in self._flights:
            flight.cancel()
        if self._flights:
            await asyncio.wait(self._flights)
        await self._carrier.stop()

    def offer(self, rows: Iterable[Outgoing]) -> None:
        """Take rows whose transaction is committed; they leave as soon as they may."""
        for row in rows:
            if row.priority == Priority.ANSWER or len(self._lanes) < MOST_HELD:
                self._lanes.add(row)  # the others are found in the table when there is room
        self._pump()

    def wake(self) -> None:
        """Look into the table now: another part has written there."""
        self._nudge.set()

    @property
    def held(self) -> int:
        """Return how many messages are in memory."""
        return len(self._lanes)

    def _on_note(self, note: object) -> None:
        if self._running and isinstance(note, Outgoing):
            self.offer((note,))

    async def _poll(self) -> None:
        since = 0.0
        while True:
            try:
                await asyncio.wait_for(self._nudge.wait(), POLL_SECONDS)
            except TimeoutError:
                since += POLL_SECONDS
            self._nudge.clear()
            try:
                if not self._alone and since >= RECOVER_SECONDS:
                    since = 0.0
                    await self._database.transact(outbox.recover, self._now().at, alone=False)
                await self._look()
            except Exception as error:  # noqa: BLE001 - the database may be back in a second
                log.warning("outbox unreadable", extra={"error": type(error).__name__})

    async def _look(self) -> None:
        now = self._now().at
        limit = len(self._lanes) + MOST_HELD
        self.offer(await self._database.read(outbox.due, now, now - ORPHAN, limit))

    def _pump(self) -> None:
        """Let leave whatever may leave now, and come back when the next may."""
        if not self._running:
            return
        now = _time()
        self._lanes.wake(now)
        pause: float | None = None
        while pause is None and (row := self._lanes.head()) is not None:
            pause = self._try(row, now)
        moments = [moment for moment in (pause and now + pause, self._lanes.next_wake()) if moment]
        self._alarm(min(moments) if moments else None)

    def _try(self, row: Outgoing, now: float) -> float | None:
        """Start the head, or let its chat rest; return what all must wait (0: a free place)."""
        answer = row.priority == Priority.ANSWER
        if len(self._flights) >= MOST_IN_FLIGHT:
            return 0.0
        if not answer and (self._pushes >= MOST_PUSHES or self._only_answers):
            return 0.0
        if pause := self.rates.overall_wait(now, answer=answer):
            return pause
        if rest := self.rates.chat_wait(row.chat_id, now, answer=answer):
            self._lanes.rest(row.chat_id, now + rest, yielding=not answer)
            return None
        self._start(row, now)
        return None

    def _start(self, row: Outgoing, now: float) -> None:
        self._lanes.take(row)
        self.rates.take(row.chat_id, now)
        self._pushes += row.priority != Priority.ANSWER
        flight = asyncio.create_task(self._fly(row))
        self._flights.add(flight)
        flight.add_done_callback(lambda task: self._landed(task, row))

    async def _fly(self, row: Outgoing) -> None:
        again: Again | None = Again(row, AFTER_A_BUG)
        try:
            again = await self._carrier.carry(row)
        except Exception as error:
            log.exception("carrier failed", extra={"row": row.id, "error": type(error).__name__})
        finally:
            if again is not None:
                self._heed(again)
            self._lanes.free(row, again.row if again else None)

    def _heed(self, again: Again) -> None:
        now = _time()
        if again.limit:
            self.rates.refuse(again.row.chat_id, now, again.seconds)
        elif again.whole:
            self.rates.overall.close(now, again.seconds)
        self._lanes.rest(again.row.chat_id, now + again.seconds)

    def _landed(self, flight: asyncio.Task[None], row: Outgoing) -> None:
        self._flights.discard(flight)
        self._pushes -= row.priority != Priority.ANSWER
        self._pump()

    def _alarm(self, at: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if at is not None:
            self._timer = asyncio.get_running_loop().call_at(at, self._pump)


def _time() -> float:
    return asyncio.get_running_loop().time()


def _left(until: float) -> float:
    return until - _time()
