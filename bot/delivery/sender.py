"""The sender: gives every waiting message its turn, by urgency, chat and rate.

Answers are handed over in memory by those who write them and leave at once. Everything else
is drawn from the table, a few at a time, each with a token of the rates that all processes
share; so it does not matter which process draws what.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Final

from bot.delivery import around
from bot.delivery.carrier import Again, Carried, Carrier, Now
from bot.delivery.lanes import Lanes
from bot.delivery.owner import own_name
from bot.delivery.rates import Pace, Rates
from storage import outbox, outbox_turns, rates
from storage.database import Database
from storage.outbox import Outgoing, Posted, Priority
from storage.work import Work

log = logging.getLogger(__name__)

POLL_SECONDS: Final = 0.25
GATHER_SECONDS: Final = 0.15  # a draw is a transaction: tokens that come meanwhile share it
SWEEP_SECONDS: Final = 3.0
AFTER_AN_OUTAGE: Final = 1.0
LONGEST_SLEEP: Final = 0.5
MOST_IN_FLIGHT: Final = 128
MOST_PUSHES: Final = 48  # alerts, digests and broadcasts: answers always find a way
MOST_UNMADE: Final = 12  # digests that wait to be made: alerts find a way beside them
SETTLED_WITHIN: Final = 3.0
LONGEST_REST: Final = 60.0  # what is to rest for longer was written by another clock


class Sender:
    """Send what the outbox holds: what is offered at once, what others wrote soon after.

    `alone` tells that no other process sends from this database. Else this process has to
    be known as living (`storage.workers.beat`) before it starts.
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
        self._database.owner = database.owner or own_name()
        self._carrier = carrier
        self._now = now
        self._alone = alone
        self.rates = Rates(pace or Pace())
        self._around = around.Around(database, now, self.rates.pace, alone=alone)
        self._lanes = Lanes()
        self._flights: set[asyncio.Task[None]] = set()
        self._when_landed: defaultdict[int, list[Callable[[], None]]] = defaultdict(list)
        self._pushes = 0
        self._timer: asyncio.TimerHandle | None = None
        self._nudge = asyncio.Event()
        self._server: asyncio.Task[None] | None = None
        self._running = False
        self._only_answers = False
        database.listen(self._on_note)
        database.hear(outbox.CHANNEL, self.wake)

    async def start(self) -> None:
        """Take up what was left, then keep looking."""
        self._running, self._only_answers = True, False
        adopted = await self._sweep(fresh=True)
        while adopted == around.MOST_ADOPTED:  # else what is answered now overtakes what is owed
            adopted = await self._sweep(fresh=False)
        self._server = asyncio.create_task(self._serve())

    async def stop(self, seconds: float) -> None:
        """Send the answers that are held, for so long at most; the rest stays in the outbox."""
        self._only_answers = True
        self._nudge.set()
        until = _time() + seconds
        while (self._flights or self._lanes.answers) and (left := until - _time()) > 0:
            await asyncio.wait(
                self._flights or {asyncio.create_task(asyncio.sleep(0.02))},
                timeout=left,
                return_when=asyncio.FIRST_COMPLETED,
            )
        await self._end_serving(max(0.0, until - _time()))
        self._running = False
        if self._timer is not None:
            self._timer.cancel()
        for flight in self._flights:
            flight.cancel()
        if self._flights:
            await asyncio.wait(self._flights)
        await self._carrier.stop()

    def offer(self, rows: Iterable[Outgoing]) -> None:
        """Take answers whose transaction is committed; they leave as soon as they may."""
        for row in rows:
            self._lanes.add(row)
        self._pump()

    def wake(self) -> None:
        """Look into the table now: another part has written there."""
        self._nudge.set()

    def owes(self, chat_id: int) -> bool:
        """Tell whether this chat's answers have not all left: who is served there stays."""
        return self._lanes.owes(chat_id)

    def when_landed(self, chat_id: int, then: Callable[[], None]) -> bool:
        """Call back when what is on its way to a chat has landed; False: nothing is."""
        flying = self._lanes.on_its_way(chat_id)
        if flying:
            self._when_landed[chat_id].append(then)
        return flying

    async def settle(self, chats: Collection[int]) -> None:
        """Let the answers that other processes owe these chats leave before newer ones.

        What dead processes owe is taken over. An answer that cannot leave holds nobody up
        for longer than a few seconds.
        """
        until = _time() + SETTLED_WITHIN
        try:
            while _time() < until and await self._database.read(
                outbox_turns.answers_elsewhere, chats
            ):
                await self._sweep(fresh=False)
                await asyncio.sleep(GATHER_SECONDS)
        except Exception as error:  # noqa: BLE001 - whoever is served must not wait for it
            log.warning("outbox unreadable", extra={"error": type(error).__name__})

    async def recall(self, chats: Collection[int] = ()) -> None:
        """Take up what this process is to send and does not know of (all, or answers to chats).

        The connection was cut while the server committed: the rows are there, their notes
        are lost. It is not called while a draw is under way, nor for chats that are served.
        """
        now = self._now().at
        ids = await self._database.read(outbox_turns.mine, now, chats)
        if astray := [row_id for row_id in ids if row_id not in self._lanes]:
            log.warning("taken up: nobody told of its commit", extra={"rows": len(astray)})
            self.offer(await self._database.transact(outbox_turns.recall, astray))

    @property
    def held(self) -> int:
        """Return how many messages are in memory."""
        return len(self._lanes)

    def _on_note(self, note: object) -> None:
        if not self._running:
            return
        if isinstance(note, Outgoing) and note.priority == Priority.ANSWER:
            self.offer((note,))
        elif isinstance(note, Outgoing | Posted):
            self._nudge.set()

    async def _serve(self) -> None:
        """Draw, count and sweep until the end; what the database refuses is tried again."""
        while not self._only_answers:
            try:
                pause = await self._turn()
            except Exception as error:  # noqa: BLE001 - the database may be back in a second
                log.warning("outbox unreadable", extra={"error": type(error).__name__})
                pause = AFTER_AN_OUTAGE
            if pause < 0:
                # waiting for a token: no news brings it sooner
                await asyncio.sleep(min(-pause, LONGEST_SLEEP))
                continue
            try:
                await asyncio.wait_for(self._nudge.wait(), pause)
            except TimeoutError:
                continue

    async def _turn(self) -> float:
        """Do what is to be done now; return how long to wait, negative when nothing helps."""
        self._nudge.clear()
        if self._around.age >= SWEEP_SECONDS:
            await self._sweep(fresh=False)
            if not self._alone:
                await self.recall()
        now = self._now().at
        waits, closed = await self._database.read(_look, now)
        if closed:
            self.rates.close(_time(), closed)
        free = MOST_PUSHES - self._pushes
        if waits and free > 0 and not self.rates.pause(_time()):
            return await self._draw(free)
        if self.rates.spent:
            spent = self.rates.spent
            await self._database.promptly(rates.owe, self.rates.pace, now, spent)
            self.rates.spent -= spent
        return POLL_SECONDS

    async def _draw(self, free: int) -> float:
        spent = self.rates.spent
        drawn = await self._database.transact(
            outbox_turns.draw,
            self.rates.pace,
            self._now().at,
            most=free,
            spent=spent,
            digests=max(0, MOST_UNMADE - self._carrier.unmade),
            busy=self._lanes.chats | self.rates.crowded(_time()),
        )
        self.rates.spent -= spent
        self._pushes += len(drawn.rows)
        self.offer(drawn.rows)
        if drawn.pause:
            return -max(drawn.pause, GATHER_SECONDS)
        return POLL_SECONDS if len(drawn.rows) < free else 0.0

    async def _sweep(self, *, fresh: bool) -> int:
        """Take up what dead processes left; let go of what others have taken from this one.

        Return how many answers were taken over.
        """
        swept = await self._around.look(self._lanes.waiting(), fresh=fresh)
        for row in self._lanes.waiting():
            if row.id in swept.lost:
                self._forget(row)
        self._let_rest(swept.adopted, swept.now.at)
        self.offer(swept.adopted)
        return len(swept.adopted)

    def _let_rest(self, adopted: Iterable[Outgoing], now: datetime) -> None:
        """Let the chats rest whose answer a dead process had put back.

        One that never was put back is due when it was made, by whatever clock that was.
        """
        for row in adopted:
            left = row.not_before - max(now, row.created_at)
            if (seconds := left.total_seconds()) > 0:
                self._lanes.rest(row.chat_id, _time() + min(seconds, LONGEST_REST))

    async def _end_serving(self, seconds: float) -> None:
        """Let the last draw end, then give back what has not left."""
        if self._server is not None:
            await asyncio.wait([self._server], timeout=seconds)
            self._server.cancel()
            await asyncio.wait([self._server])
        rows = [row for row in self._lanes.waiting() if row.priority != Priority.ANSWER]
        for row in rows:
            self._forget(row)
        if not rows:
            return
        try:
            await self._database.transact(outbox_turns.release, [row.id for row in rows])
        except Exception as error:  # noqa: BLE001 - they are freed when this process is seen dead
            log.warning("messages not given back", extra={"error": type(error).__name__})

    def _forget(self, row: Outgoing) -> None:
        self._lanes.forget(row)
        self._pushes -= row.priority != Priority.ANSWER

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
        """Start the head, or let its chat rest; return what all must wait (0: for a flight)."""
        answer = row.priority == Priority.ANSWER
        if len(self._flights) >= MOST_IN_FLIGHT or (self._only_answers and not answer):
            return 0.0
        if self._around.unsure:
            self._nudge.set()
            return GATHER_SECONDS
        if pause := self.rates.pause(now):
            return pause
        overtaken = self._lanes.overtaken(row)
        if answer and not overtaken and (rest := self.rates.chat_wait(row.chat_id, now)):
            self._lanes.rest(row.chat_id, now + rest)
            return None
        self._start(row, now, overtaken=overtaken)
        return None

    def _start(self, row: Outgoing, now: float, *, overtaken: bool) -> None:
        self._lanes.take(row)
        if not overtaken:
            self.rates.take(row.chat_id, now)
        flight = asyncio.create_task(self._fly(row, overtaken=overtaken))
        self._flights.add(flight)
        flight.add_done_callback(lambda task: self._landed(task, row))

    async def _fly(self, row: Outgoing, *, overtaken: bool) -> None:
        carried = Carried(1)
        try:
            carried = await self._carrier.carry(row, self.rates, overtaken=overtaken)
        finally:
            answer = row.priority == Priority.ANSWER
            self.rates.spent += carried.requests - (not answer)  # its token was drawn before
            if carried.again is not None:
                self._heed(carried.again)
            again = carried.again if answer else None
            self._lanes.free(row, again.row if again and again.waits else None)

    def _heed(self, again: Again) -> None:
        if again.whole:
            self.rates.close(_time(), again.seconds)
        if again.seconds:
            self._lanes.rest(again.row.chat_id, _time() + again.seconds)

    def _landed(self, flight: asyncio.Task[None], row: Outgoing) -> None:
        self._flights.discard(flight)
        if row.priority != Priority.ANSWER:
            full = self._pushes >= MOST_PUSHES
            self._pushes -= 1
            if full:
                self._nudge.set()
        self._pump()
        for call in self._when_landed.pop(row.chat_id, ()):
            call()

    def _alarm(self, at: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if at is not None:
            self._timer = asyncio.get_running_loop().call_at(at, self._pump)


def _time() -> float:
    return asyncio.get_running_loop().time()


def _look(work: Work, now: datetime) -> tuple[bool, float]:
    return outbox_turns.push_waits(work, now), rates.closed_for(work, now)
