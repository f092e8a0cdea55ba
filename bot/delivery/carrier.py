"""Carry one message: make it ready, post it, understand the reply, remember the outcome.

What is done when nobody knows whether a message arrived (the answer was lost, the server
failed, the process was killed while a row was `sending`):

- an edit is repeated: a second one is "not modified", which is success;
- an answer to a tap is repeated once while it is young, since somebody is looking at the
  screen: its buttons carry the version of their step, so a second copy is harmless. An old
  one is dropped: the next tap shows the step again;
- an alert, a digest, a broadcast is parked for a person to decide. The window is small: a row
  is claimed (`sending`) when it is rendered and its turn has come, right before the request.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from bot.delivery.api import BotApi, Reply
from bot.delivery.request import Request, request_of
from bot.delivery.transport import MaybeArrived, NeverLeft
from bot.delivery.verdict import Verdict, judge
from credit.moment import Moment
from storage import outbox
from storage.database import Database
from storage.outbox import Outgoing, Priority, State
from storage.work import Work

log = logging.getLogger(__name__)

Renderer = Callable[[Work, Outgoing, Moment], Mapping[str, Any] | None]
Binder = Callable[[Work, Outgoing, int, Mapping[str, Any]], None]
Now = Callable[[], Moment]

CLAIM: Final = timedelta(minutes=2)
ANSWER_LIFE: Final = timedelta(seconds=60)
MOST_TRIES: Final = 5
RENDER_TRIES: Final = 3
LONGEST_PAUSE: Final = 30.0
CONNECT_PAUSE: Final = 5.0
BIND_TRIES: Final = 3
NO_BOT_PAUSE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Again:
    """The message goes back to its lane: how many seconds, and who rests meanwhile.

    `whole` lets the whole bot rest; `limit` leaves that to the rates, which know better
    whose limit was passed.
    """

    row: Outgoing
    seconds: float
    whole: bool = False
    limit: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request, in the shape in which it was last posted."""

    verdict: Verdict
    request: Request
    error: str = ""
    pause: float = 0.0
    message_id: int | None = None


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
    ) -> None:
        self._database = database
        self._api = api
        self._renderers = renderers
        self._bind = bind
        self._now = now
        self._toasts: set[asyncio.Task[None]] = set()

    async def carry(self, row: Outgoing) -> Again | None:
        """Deliver a row; return what to do again, or None when its life is over here."""
        try:
            request = await self._prepared(row)
        except Exception as error:  # noqa: BLE001 - one bad row must not stop the others
            return await self._unprintable(row, error)
        if request is None:
            await self._end(row, State.DROPPED, "overtaken, or nobody to read it")
            return None
        if row.doubtful and not request.repeatable and (doubt := self._after_a_crash(row)):
            await self._end(row, *doubt)
            return None
        if row.priority != Priority.ANSWER and not await self._claimed(row):
            return None  # another process carries it
        if request.query:
            self._toast(request.query)
        return await self._close(row, await self._post(request))

    async def stop(self) -> None:
        """Wait for the toasts that are on their way."""
        if self._toasts:
            await asyncio.wait(self._toasts)

    async def _prepared(self, row: Outgoing) -> Request | None:
        if row.ready and row.priority == Priority.ANSWER:
            return request_of(row.body)  # asked for, made ready: nothing to look up
        return await self._database.read(self._made_ready, row, self._now())

    def _made_ready(self, work: Work, row: Outgoing, now: Moment) -> Request | None:
        if row.priority != Priority.ANSWER and not outbox.may_read(work, row.person_id):
            return None
        body = row.body if row.ready else self._renderers[row.kind](work, row, now)
        return None if body is None else request_of(body)

    def _after_a_crash(self, row: Outgoing) -> tuple[State, str] | None:
        if row.priority != Priority.ANSWER:
            return State.PARKED, outbox.IN_DOUBT
        if self._now().at - row.created_at > ANSWER_LIFE:
            return State.DROPPED, "too old to answer: the next tap shows the step again"
        return None

    async def _claimed(self, row: Outgoing) -> bool:
        until = self._now().at + CLAIM
        return await self._database.transact(outbox.claim, row.id, until)

    def _toast(self, query: Mapping[str, Any]) -> None:
        task = asyncio.create_task(self._answer_query(query))
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

    async def _post(self, request: Request) -> Outcome:
        """Post a request, changed as long as the reply asks for another shape of it."""
        while request.method:
            try:
                reply = await self._api.call(request.method, request.params, request.file)
            except NeverLeft as error:
                return Outcome(Verdict.NEVER_LEFT, request, str(error))
            except MaybeArrived as error:
                return Outcome(Verdict.DOUBTFUL, request, str(error))
            verdict = judge(request, reply)
            if verdict is Verdict.AS_NEW:
                request = request.as_new_message()
            elif verdict is Verdict.AS_PLAIN:
                log.error("format refused", extra={"said": reply.description})
                request = request.as_plain_text()
            else:
                return _outcome(verdict, request, reply)
        return Outcome(Verdict.SENT, request)  # a toast was all there was to say

    async def _close(self, row: Outgoing, outcome: Outcome) -> Again | None:
        match outcome.verdict:
            case Verdict.SENT:
                await self._sent(row, outcome)
            case Verdict.UNREACHABLE:
                await self._insist(outbox.unreachable, row, self._now().at, outcome.error)
            case Verdict.FAILED:
                log.error("message refused", extra={"row": row.id, "said": outcome.error})
                await self._end(row, State.FAILED, outcome.error)
            case Verdict.DOUBTFUL:
                return await self._doubt(row, outcome)
            case _:
                return await self._not_arrived(row, outcome)
        return None

    async def _not_arrived(self, row: Outgoing, outcome: Outcome) -> Again:
        match outcome.verdict:
            case Verdict.LATER:
                return await self._again(row, outcome.pause, outcome.error, limit=True)
            case Verdict.NO_BOT:
                log.critical("the token is refused", extra={"said": outcome.error})
                return await self._again(row, NO_BOT_PAUSE, outcome.error, whole=True)
        pause = min(_pause(row), CONNECT_PAUSE)
        return await self._again(row, pause, outcome.error, whole=True, tried=True)

    async def _doubt(self, row: Outgoing, outcome: Outcome) -> Again | None:
        if outcome.request.repeatable:
            if row.attempts < MOST_TRIES:
                return await self._again(row, _pause(row), outcome.error, tried=True)
        elif self._awaited(row):
            again = await self._again(row, _pause(row), outcome.error, tried=True)
            return replace(again, row=replace(again.row, doubtful=True))
        log.warning("message in doubt", extra={"row": row.id, "kind": row.kind})
        await self._end(row, State.PARKED, f"in doubt: {outcome.error}")
        return None

    def _awaited(self, row: Outgoing) -> bool:
        young = self._now().at - row.created_at <= ANSWER_LIFE
        return row.priority == Priority.ANSWER and young and not row.doubtful

    async def _unprintable(self, row: Outgoing, error: Exception) -> Again | None:
        log.error("message cannot be made", extra={"row": row.id}, exc_info=error)
        if row.attempts + 1 < RENDER_TRIES:
            return await self._again(row, _pause(row), repr(error), tried=True)
        await self._end(row, State.PARKED, repr(error))
        return None

    async def _sent(self, row: Outgoing, outcome: Outcome) -> None:
        try:
            await self._insist(self._remember, row, outcome, self._now().at)
        except BindFailed as error:
            log.exception("nothing written back", extra={"row": row.id}, exc_info=error)
            await self._insist(
                outbox.settle, row, State.SENT, self._now().at, outcome.message_id, repr(error)
            )

    def _remember(self, work: Work, row: Outgoing, outcome: Outcome, at: datetime) -> None:
        ended = outbox.settle(work, row, State.SENT, at, outcome.message_id)
        if not ended or outcome.message_id is None:
            return
        for entry in outcome.request.binds:
            try:
                self._bind(work, row, outcome.message_id, entry)
            except Exception as error:
                raise BindFailed(type(error).__name__) from error

    async def _end(self, row: Outgoing, state: State, error: str) -> None:
        await self._insist(outbox.settle, row, state, self._now().at, None, error)

    async def _again(
        self,
        row: Outgoing,
        seconds: float,
        reason: str,
        *,
        whole: bool = False,
        limit: bool = False,
        tried: bool = False,
    ) -> Again:
        attempts = row.attempts + tried
        then = self._now().at + timedelta(seconds=seconds)
        await self._insist(outbox.put_back, row.id, then, attempts, reason)
        return Again(replace(row, attempts=attempts), seconds, whole=whole, limit=limit)

    async def _insist(self, function: Callable[..., object], *args: object) -> None:
        """Write down what happened, for as long as the database will not take it."""
        tries = 0
        while True:
            try:
                await self._database.transact(function, *args)
            except BindFailed:
                if tries >= BIND_TRIES:
                    raise
            except Exception as error:  # noqa: BLE001 - forgetting that it was sent would repeat it
                log.warning("outcome not written yet", extra={"error": type(error).__name__})
            else:
                return
            await asyncio.sleep(min(0.2 * 2**tries, LONGEST_PAUSE))
            tries += 1


def _pause(row: Outgoing) -> float:
    return min(0.5 * 2.0**row.attempts, LONGEST_PAUSE)


def _outcome(verdict: Verdict, request: Request, reply: Reply) -> Outcome:
    made = reply.result.get("message_id") if isinstance(reply.result, dict) else None
    return Outcome(
        verdict,
        request,
        error=f"{reply.code} {reply.description}",
        pause=max(reply.retry_after, 1.0),
        message_id=made if isinstance(made, int) else request.params.get("message_id"),
    )
