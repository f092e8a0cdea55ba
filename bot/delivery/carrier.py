"""Carry one message: make it ready, post it, understand the reply, remember the outcome."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from bot.delivery.api import BotApi
from bot.delivery.making import Aside, Maker, Renderer
from bot.delivery.out_doubt import Doubt, after_no_answer, before_repeating
from bot.delivery.outcome import Outcome, outcome_of
from bot.delivery.rates import Rates
from bot.delivery.request import Request
from bot.delivery.verdict import Verdict, judge
from bot.delivery.wire import MaybeArrived, NeverLeft
from bot.use_cases.outbox import report_parked
from credit.moment import Moment
from storage import binding, outbox, rates
from storage.database import Database
from storage.outage import is_outage
from storage.outbox import Outgoing, Priority, State
from storage.work import Work

log = logging.getLogger(__name__)

Binder = Callable[[Work, Outgoing, int, Mapping[str, Any]], None]
Now = Callable[[], Moment]
T = TypeVar("T")

RENDER_TRIES: Final = 3
LONGEST_PAUSE: Final = 30.0
CONNECT_PAUSE: Final = 5.0
BIND_TRIES: Final = 3
NO_BOT_PAUSE: Final = 60.0
OUTAGE_PAUSE: Final = 2.0
MOVING_PAUSE: Final = 0.5
COUNTED: Final = ("send", "edit")
"""What Telegram's limits count."""


@dataclass(frozen=True, slots=True)
class Again:
    """The message waits again: how many seconds, and whether the whole bot rests meanwhile.

    It does not wait here when another process has it: this one was believed dead.
    """

    row: Outgoing
    seconds: float
    whole: bool = False
    waits: bool = True


@dataclass(frozen=True, slots=True)
class Carried:
    """What came of an attempt, and how many requests the limits counted."""

    requests: int
    again: Again | None = None


class TakenAway(Exception):
    """Another process has the row now: this one was believed dead."""


class BindFailed(Exception):
    """What was to be written back after a message could not be."""


class Carrier:
    """Take one outbox row at a time from `waiting` to the end of its life."""

    def __init__(
        self,
        database: Database,
        api: BotApi,
        renderers: Mapping[str, Renderer],
        bind: Binder,
        now: Now,
        aside: Aside | None = None,
        apart: Aside | None = None,
    ) -> None:
        self._database = database
        self._api = api
        self._maker = Maker(database, renderers, aside, apart)
        self._bind = bind
        self._now = now
        self._toasts: set[asyncio.Task[None]] = set()

    @property
    def unmade(self) -> int:
        """Return how many digests wait here to be made ready."""
        return self._maker.waiting

    async def carry(self, row: Outgoing, known: Rates, *, overtaken: bool = False) -> Carried:
        """Try to deliver a row that is this process's; `known` is what its chats have had.

        Of an answer that a younger one has `overtaken` on the screen only the toast is shown.
        """
        try:
            return await self._carried(row, known, overtaken=overtaken)
        except Exception as error:
            log.exception("carrier failed", extra={"row": row.id, "error": type(error).__name__})
            await self._park(row, repr(error))
            return Carried(1)

    async def _carried(self, row: Outgoing, known: Rates, *, overtaken: bool) -> Carried:
        try:
            request = await self._maker.request(row, self._now)
        except Exception as error:  # noqa: BLE001 - one bad row must not stop the others
            return Carried(0, await self._unprintable(row, error, known))
        if request is None:
            await self._end(row, State.DROPPED, "overtaken, or nobody to read it")
            return Carried(0)
        if await self._given_up(row, request, overtaken=overtaken):
            return Carried(0)
        self._toast(request)
        try:
            outcome, requests = await self._post(row, request)
        except TakenAway:
            log.warning("not sent: another process has it", extra={"row": row.id})
            return Carried(0)
        except Exception as error:  # noqa: BLE001 - it cannot even be put on the wire
            return Carried(0, await self._unprintable(row, error, known))
        return Carried(requests, await self._close(row, outcome, known))

    async def stop(self) -> None:
        """Wait for the toasts that are on their way."""
        if self._toasts:
            await asyncio.wait(self._toasts)

    async def _given_up(self, row: Outgoing, request: Request, *, overtaken: bool) -> bool:
        if overtaken:
            self._toast(request)
            await self._replaced(row, request)
            return True
        if not (row.doubtful or row.doubts):
            return False
        match before_repeating(row, request, self._now().at):
            case Doubt.PARK:
                await self._park(row, outbox.IN_DOUBT if row.doubtful else outbox.LEFT)
                return True
            case Doubt.DROP:
                said = "too old to answer: the next tap shows the step again"
                await self._end(row, State.DROPPED, said)
                return True
        return False

    def _toast(self, request: Request) -> None:
        """Answer the press behind a message, if there is one."""
        if request.query:
            task = asyncio.create_task(self._answer_query(request.query))
            self._toasts.add(task)
            task.add_done_callback(self._toasts.discard)

    async def _answer_query(self, query: Mapping[str, Any]) -> None:
        params = {"callback_query_id": query["id"]}
        if query.get("text"):
            params.update(text=query["text"], show_alert=bool(query.get("show_alert")))
        try:
            await self._api.call("answerCallbackQuery", params)
        except (NeverLeft, MaybeArrived):
            log.info("toast lost")

    async def _post(self, row: Outgoing, request: Request) -> tuple[Outcome, int]:
        """Post a request, changed as long as the reply asks for another shape of it."""
        requests = 0
        while request.method:
            await self._mark(row, request)
            requests += request.method.startswith(COUNTED)
            try:
                reply = await self._api.call(request.method, request.params, request.file)
            except NeverLeft as error:
                return Outcome(Verdict.NEVER_LEFT, request, str(error)), 0
            except MaybeArrived as error:
                return Outcome(Verdict.DOUBTFUL, request, str(error)), requests
            verdict = judge(request, reply)
            if verdict is Verdict.AS_NEW:
                request = request.as_new_message(row.chat_id)
            elif verdict is Verdict.AS_PLAIN:
                log.error("format refused", extra={"said": reply.description})
                request = request.as_plain_text()
            else:
                return outcome_of(verdict, request, reply), requests
        return Outcome(Verdict.SENT, request), requests  # a toast was all there was to say

    async def _mark(self, row: Outgoing, request: Request) -> None:
        """Note that a message nobody asked for leaves now: before this, a crash repeats nothing.

        An answer is young or dropped, and an edit may be repeated: they need no mark.
        """
        if row.priority == Priority.ANSWER or request.repeatable:
            return
        if not await self._database.promptly(outbox.leaves, row, self._now().at):
            raise TakenAway

    async def _close(self, row: Outgoing, outcome: Outcome, known: Rates) -> Again | None:
        match outcome.verdict:
            case Verdict.SENT:
                await self._sent(row, outcome)
            case Verdict.UNREACHABLE:
                await self._insist(outbox.unreachable, row, self._now().at, outcome.error)
            case Verdict.GONE:
                await self._end(row, State.DROPPED, outcome.error)
            case Verdict.FAILED:
                log.error("message refused", extra={"row": row.id, "said": outcome.error})
                await self._end(row, State.FAILED, outcome.error)
            case Verdict.DOUBTFUL:
                return await self._doubt(row, outcome, known)
            case _:
                return await self._not_arrived(row, outcome, known)
        return None

    async def _not_arrived(self, row: Outgoing, outcome: Outcome, known: Rates) -> Again:
        match outcome.verdict:
            case Verdict.LATER:
                return await self._refused(row, outcome, known)
            case Verdict.NO_BOT:
                log.critical("the token is refused", extra={"said": outcome.error})
                return await self._again(row, NO_BOT_PAUSE, outcome.error, whole=True)
            case Verdict.MOVED:
                return await self._moved(row, outcome)
        pause = min(_pause(row), CONNECT_PAUSE)
        row = replace(row, attempts=row.attempts + 1)
        return await self._again(row, pause, outcome.error, whole=True)

    async def _refused(self, row: Outgoing, outcome: Outcome, known: Rates) -> Again:
        """Heed a 429, in the same transaction for every process."""
        crowded = known.chat(row.chat_id).crowded(asyncio.get_running_loop().time())

        def heed(work: Work, now: datetime) -> tuple[bool, bool]:
            then = now + timedelta(seconds=outcome.pause)
            waits = outbox.put_back(work, row, then, outcome.error)
            chat, pause = row.chat_id, outcome.pause
            return waits, rates.refuse(work, known.pace, now, chat, pause, crowded=crowded)

        waits, whole = await self._insist(heed, self._now().at)
        return Again(row, outcome.pause, whole=whole, waits=waits)

    async def _moved(self, row: Outgoing, outcome: Outcome) -> Again:
        new = outcome.moved_to or row.chat_id
        await self._insist(outbox.migrate, row.chat_id, new)
        row = replace(row, chat_id=new, attempts=row.attempts + 1)
        return await self._again(row, MOVING_PAUSE * row.attempts, outcome.error)

    async def _doubt(self, row: Outgoing, outcome: Outcome, known: Rates) -> Again | None:
        if after_no_answer(row, outcome.request, self._now().at) is Doubt.REPEAT:
            again = _doubted(row, outcome.request)
            return await self._rested(again, _pause(row), outcome.error, known)
        log.warning("message in doubt", extra={"row": row.id, "kind": row.kind})
        await self._park(row, f"in doubt: {outcome.error}")
        return None

    async def _unprintable(self, row: Outgoing, error: Exception, known: Rates) -> Again | None:
        """Try again what cannot be made or posted, a few times; then leave it to a person."""
        if is_outage(error):
            log.warning("database away", extra={"error": type(error).__name__})
            return await self._again(row, OUTAGE_PAUSE, "the database was away", whole=True)
        log.error("message cannot be made", extra={"row": row.id}, exc_info=error)
        if row.attempts + 1 < RENDER_TRIES:
            again = replace(row, attempts=row.attempts + 1)
            return await self._rested(again, _pause(row), repr(error), known)
        await self._park(row, repr(error))
        return None

    async def _sent(self, row: Outgoing, outcome: Outcome) -> None:
        await self._over(row, State.SENT, outcome)

    async def _replaced(self, row: Outgoing, request: Request) -> None:
        """Drop an edit that a younger one replaces: its reader has gone on from what it says."""
        unseen = tuple({**entry, binding.UNSEEN: True} for entry in request.binds)
        said = replace(request, binds=unseen)
        number = request.params.get("message_id")
        told = Outcome(Verdict.GONE, said, "overtaken by a younger answer", message_id=number)
        await self._over(row, State.DROPPED, told)

    async def _over(self, row: Outgoing, state: State, outcome: Outcome) -> None:
        """End a row's life together with what is to be written back; with the end alone if not."""
        at, error = self._now().at, outcome.error if state is not State.SENT else None
        ending = (row, state, at, outcome.message_id)
        try:
            await self._insist(self._remember, outcome.request, *ending, error)
        except BindFailed as failed:
            log.exception("nothing written back", extra={"row": row.id}, exc_info=failed)
            await self._insist(outbox.settle, *ending, repr(failed))

    def _remember(
        self,
        work: Work,
        request: Request,
        row: Outgoing,
        state: State,
        at: datetime,
        message_id: int | None,
        error: str | None,
    ) -> None:
        if not outbox.settle(work, row, state, at, message_id, error) or message_id is None:
            return
        for entry in request.binds:
            try:
                self._bind(work, row, message_id, entry)
            except Exception as failed:
                raise BindFailed(type(failed).__name__) from failed

    async def _end(self, row: Outgoing, state: State, error: str) -> None:
        await self._insist(outbox.settle, row, state, self._now().at, None, error)

    async def _park(self, row: Outgoing, error: str) -> None:
        """Leave a row to a person, and tell who may decide."""

        def parked(work: Work, now: Moment) -> None:
            if outbox.settle(work, row, State.PARKED, now.at, error=error):
                report_parked(work, now)

        await self._insist(parked, self._now())

    async def _again(
        self, row: Outgoing, seconds: float, reason: str, *, whole: bool = False
    ) -> Again:
        then = self._now().at + timedelta(seconds=seconds)
        waits = await self._insist(outbox.put_back, row, then, reason)
        return Again(row, seconds, whole=whole, waits=waits)

    async def _rested(self, row: Outgoing, seconds: float, reason: str, known: Rates) -> Again:
        """Put a row back as its chat's next one, and let the chat rest, for every process."""

        def put_back(work: Work, now: datetime) -> bool:
            rates.rest(work, known.pace, now, row.chat_id, seconds)
            return outbox.put_back(work, row, now + timedelta(seconds=seconds), reason)

        waits = await self._insist(put_back, self._now().at)
        return Again(row, seconds, waits=waits)

    async def _insist(self, function: Callable[..., T], *args: object) -> T:
        """Write down what happened, for as long as the database will not take it."""
        tries = 0
        while True:
            try:
                return await self._database.promptly(function, *args)
            except BindFailed:
                if tries >= BIND_TRIES:
                    raise
            except Exception as error:  # noqa: BLE001 - forgetting that it was sent would repeat it
                log.warning("outcome not written yet", extra={"error": type(error).__name__})
            await asyncio.sleep(min(0.2 * 2**tries, LONGEST_PAUSE))
            tries += 1


def _doubted(row: Outgoing, request: Request) -> Outgoing:
    tried = replace(row, attempts=row.attempts + 1)
    if request.repeatable:
        return tried
    return replace(tried, doubtful=row.priority == Priority.ANSWER, doubts=row.doubts + 1)


def _pause(row: Outgoing) -> float:
    return min(0.5 * 2.0**row.attempts, LONGEST_PAUSE)
