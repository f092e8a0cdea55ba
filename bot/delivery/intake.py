"""The intake: updates are asked for, stored, and only then acknowledged to Telegram."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bot.delivery.api import UNREADABLE, BotApi, Reply
from bot.delivery.lease import Lease
from bot.delivery.line import Line
from bot.delivery.meters import Meters
from bot.delivery.received import received
from bot.delivery.wire import MaybeArrived, NeverLeft
from bot.use_cases import unhandled
from storage import inbox
from storage.database import Database
from storage.inbox import Received

if TYPE_CHECKING:
    from bot.delivery.carrier import Now

log = logging.getLogger(__name__)

T = TypeVar("T")

# what the product listens to; bot.handlers.telegram says the same, and a test compares
ALLOWED: Final = ("message", "edited_message", "callback_query", "my_chat_member")
POLL_SECONDS: Final = 30
CONFLICT_SECONDS: Final = 5.0
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 30.0
LONGEST_TOLD: Final = 3_600.0
SILENT_SECONDS: Final = 60.0


class Fault(Exception):
    """The Bot API gave no updates; ask again after a pause (None: longer each time)."""

    def __init__(self, why: str, pause: float | None = None) -> None:
        super().__init__(why)
        self.pause = pause


class Intake:
    """Store what comes and hand it to the line; polling and the webhook share `store_batch`."""

    def __init__(
        self, database: Database, line: Line | None, now: Now, meters: Meters | None = None
    ) -> None:
        """Without a line, other processes handle what this one stores."""
        self._database = database
        self._line = line
        self._now = now
        self._meters = meters or Meters()
        self._told: date | None = None  # on which day, of what was set aside

    def attach(self, line: Line) -> None:
        """Hand what comes from now on to a line; what came before, its start takes up."""
        self._line = line

    async def store_batch(self, updates: Sequence[object], *, at_once: bool = False) -> int | None:
        """Store updates in one durable transaction, then hand the new ones to the line.

        `at_once`: one that comes alone may be handled by that same transaction. Return the
        number to ask for next, None when no update carries one. Whoever brought them may be
        told that they are safe once this returns.
        """
        rows = [received(update) for update in updates]
        if at_once and len(rows) == 1 and await self._handled(rows[0]):
            return rows[0].update_id + 1
        places = self._line.places if self._line else 0
        now = self._now()
        tell = self._told != now.today
        mine = await self._database.promptly(unhandled.store, rows, now, places, tell=tell)
        if any(row.error for row in rows):
            self._told = now.today
        self._meters.updates.add("received", times=len(rows))
        for row in rows:
            if row.error:
                self._meters.updates.add("parked")
                log.error("update parked", extra={"update_id": row.update_id, "why": row.error})
        if self._line is not None:
            self._line.put(mine)
            await self._line.room()
        last = max((row.update_id for row in rows), default=-1)
        return last + 1 if last >= 0 else None

    async def _handled(self, one: Received) -> bool:
        """Let the line store and handle an update; a kill before the commit leaves nothing."""
        if one.error or self._line is None or not await self._line.at_once(one):
            return False
        self._meters.updates.add("received")
        await asyncio.sleep(0)  # its answer leaves before the next updates are asked for
        return True


class Poller:
    """Ask for updates, one process at a time, for as long as it runs."""

    def __init__(
        self,
        api: BotApi,
        intake: Intake,
        database: Database,
        lease: Lease,
        now: Now,
        *,
        seconds: int = POLL_SECONDS,
    ) -> None:
        self._api = api
        self._intake = intake
        self._database = database
        self._lease = lease
        self._now = now
        self._seconds = seconds
        self._task: asyncio.Task[None] | None = None
        self._begun = 0.0
        self.asked = asyncio.Event()  # the first time
        self.last_answer: float | None = None  # monotonic; None until Telegram has answered

    def start(self) -> None:
        """Begin to poll as soon as the lease is held."""
        self._begun = asyncio.get_running_loop().time()
        self._task = asyncio.create_task(self._run())

    @property
    def well(self) -> bool:
        """Tell whether it asks and is answered, or waits for its turn to ask."""
        if self._task is None or self._task.done():
            return False
        silent = asyncio.get_running_loop().time() - (self.last_answer or self._begun)
        return not self._lease.held or silent < SILENT_SECONDS + self._seconds

    async def stop(self) -> None:
        """Stop asking: what was not stored was not acknowledged, so nothing is lost."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
        await self._lease.release()

    async def _run(self) -> None:
        while True:
            await self._persistently(self._lease.acquire)
            polling = asyncio.create_task(self._poll())
            losing = asyncio.create_task(self._lease.lost())
            try:
                await asyncio.wait({polling, losing}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (polling, losing):
                    task.cancel()
                await asyncio.wait({polling, losing})

    async def _poll(self) -> None:
        offset = await self._persistently(self._known_offset)
        pause, at_once = FIRST_PAUSE, False
        while True:
            try:
                updates = await self._ask(offset)
                if updates:
                    offset = await self._stored(updates, at_once=at_once)
                    # Over which update a process died is not known before it is stored. It was
                    # the only one not acknowledged, so it is in the first that the next asks for.
                    at_once = True
                pause = FIRST_PAUSE
            except (Fault, NeverLeft, MaybeArrived) as error:
                wait = error.pause if isinstance(error, Fault) else None
                log.warning("no updates", extra={"why": str(error), "wait": wait or pause})
                await asyncio.sleep(wait or pause)
                pause = pause if wait else min(2 * pause, LONGEST_PAUSE)
            except Exception:
                log.exception("updates not stored, not acknowledged", extra={"wait": pause})
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    async def _stored(self, updates: list[object], *, at_once: bool) -> int:
        following = await self._intake.store_batch(updates, at_once=at_once)
        if following is None:  # nothing to go on from: the same ones would come at once, for ever
            raise Fault("updates without a number")
        return following

    async def _known_offset(self) -> int | None:
        return await self._database.read(inbox.next_offset, self._now())

    async def _persistently(self, ask: Callable[[], Awaitable[T]]) -> T:
        while True:
            try:
                return await ask()
            except Exception as error:  # noqa: BLE001 - the database may be back in a moment
                log.warning("database away", extra={"error": type(error).__name__})
                await asyncio.sleep(FIRST_PAUSE)

    async def _ask(self, offset: int | None) -> list[object]:
        params: dict[str, Any] = {"timeout": self._seconds, "allowed_updates": list(ALLOWED)}
        if offset is not None:
            params["offset"] = offset
        patience = self._api.wire.patience.waiting_longer(self._seconds)
        self.asked.set()
        reply = await self._api.call("getUpdates", params, patience=patience)
        if not reply.ok:
            await self._refused(reply)
        if not isinstance(reply.result, list):
            raise Fault("no list of updates")
        self.last_answer = asyncio.get_running_loop().time()
        return reply.result

    async def _refused(self, reply: Reply) -> None:
        why = f"{reply.code} {reply.description}"
        if reply.code == 409:  # noqa: PLR2004 - Conflict
            if "webhook" in reply.description:
                log.warning("a webhook was set: removing it to poll")
                await self._api.call("deleteWebhook", {})
            else:
                log.error("two bots poll with one token", extra={"said": reply.description})
            raise Fault(why, CONFLICT_SECONDS)
        if reply.code in {401, 404}:
            strange = reply.description == UNREADABLE
            told = "no Bot API at this address" if strange else "the token is refused"
            log.critical(told, extra={"said": reply.description})
        raise Fault(why, min(max(0.0, reply.retry_after), LONGEST_TOLD) or None)
