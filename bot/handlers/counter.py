"""The counter: a stored update in, PTB's routing, one transaction, the answer in the outbox."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.ext import Application

from bot.handlers import surface, telegram
from bot.handlers.dispatch import Desk, Wish, handle
from bot.screens import refusal
from bot.screens.posting import sending
from bot.use_cases import unhandled
from storage import inbox, outbox, people
from storage.inbox import AlreadyHandled, Received
from storage.outage import is_outage

if TYPE_CHECKING:
    from credit.moment import Clock
    from storage.database import Database
    from storage.work import Work

log = logging.getLogger(__name__)
Bot = Application[Any, Any, Any, Any, Any, Any]
LAST_TRY = 2  # tries before the last one


class UnreadableUpdate(ValueError):
    """What was stored is no update that PTB can read: trying again is of no use."""


class Counter:
    """Serve updates one by one through PTB; a failure comes out for the line to try again."""

    def __init__(self, application: Bot, database: Database, desk: Desk, clock: Clock) -> None:
        surface.load()
        self._application = application
        self._database = database
        self._desk = desk
        self._clock = clock
        self._new: dict[int, Received] = {}
        self._served: set[int] = set()
        self._failed: dict[int, Exception] = {}
        telegram.register(application, self._carry, clock)

    async def serve(self, one: Received, *, new: bool = False) -> bool:
        """Handle one update; False when nothing listens to its kind.

        One that is `new` is not stored yet: the transaction that handles it stores it first,
        and a failure leaves nothing of it.
        """
        update = self._read(one)
        try:
            if new:
                self._new[one.update_id] = one
            await self._application.process_update(update)
            if error := self._failed.pop(one.update_id, None):
                await self._apologise(one, error)
            return one.update_id in self._served
        finally:
            self._new.pop(one.update_id, None)
            self._served.discard(one.update_id)
            self._failed.pop(one.update_id, None)

    def _read(self, one: Received) -> Update:
        try:
            update = telegram.update_of(one.body, self._application.bot)
        except Exception as error:  # whatever it is, reading it again ends the same
            raise UnreadableUpdate(type(error).__name__) from error
        return update

    async def _carry(self, wish: Wish) -> None:
        """Run the one transaction of a wish; PTB would swallow its error, so it is kept."""
        self._served.add(wish.update_id)
        try:
            new = self._new.get(wish.update_id)
            await self._database.promptly(_carry_out, new, wish, self._desk)
        except Exception as error:  # noqa: BLE001 - kept for `serve`, which raises it
            self._failed[wish.update_id] = error

    async def _apologise(self, one: Received, error: Exception) -> None:
        """On the last try tell the person, with the reference that the log has; then raise."""
        if isinstance(error, AlreadyHandled) or is_outage(error):
            raise error  # no defect: it was done before, or is tried until the database is back
        reference = unhandled.reference(one.update_id)
        told = {"reference": reference, "update_id": one.update_id}
        log.error("defect", extra={**told, "attempts": one.attempts + 1}, exc_info=error)
        if one.attempts >= LAST_TRY:
            await self._database.promptly(self._own_up, one, reference)
        raise error

    def _own_up(self, work: Work, one: Received, reference: str) -> None:
        person = people.by_telegram(work, one.sender)
        if person is None or not person.active:
            return  # strangers get one polite line and nothing else
        now = self._clock.now()
        screen = refusal.defect(self._desk.speaker(person.locale), reference)
        outbox.post(
            work,
            kind="answer",
            person_id=person.id,
            chat_id=one.sender,
            body=sending(screen, one.sender),
            priority=outbox.Priority.ANSWER,
            at=now,
            dedupe=f"defect:{one.update_id}",
        )


def _carry_out(work: Work, new: Received | None, wish: Wish, desk: Desk) -> None:
    if new is not None and not inbox.store(work, [new], wish.now):
        raise AlreadyHandled(new.update_id)
    handle(work, wish, desk)
