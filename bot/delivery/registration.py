"""The webhook's address at Telegram: set by one process, watched, never taken back."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.delivery.api import BotApi
from bot.delivery.wire import MaybeArrived, NeverLeft
from credit.moment import Moment
from storage import facts, slots
from storage.database import Database
from storage.work import Work

if TYPE_CHECKING:
    from bot.delivery.carrier import Now

log = logging.getLogger(__name__)

SLOT: Final = "webhook"
FACT: Final = "webhook"  # what is wanted: the mark of the last process started
SET: Final = "webhook_set"  # what was said to Telegram last
PERIOD: Final = timedelta(minutes=2)
PAUSE_SECONDS: Final = 5.0
CONNECTIONS: Final = 40


class Refused(Exception):
    """Telegram did not accept the address, or did not answer."""


class Registration:
    """See to it that Telegram knows the address, the secret and the kinds of updates.

    The last one started decides: a process with other settings, an older release in a
    rolling restart, leaves alone what a newer one has set.
    """

    def __init__(
        self,
        api: BotApi,
        database: Database,
        now: Now,
        url: str,
        secret: str,
        allowed: Sequence[str],
    ) -> None:
        self._api = api
        self._database = database
        self._now = now
        self._url = url
        self._secret = secret
        self._allowed = list(allowed)
        # Telegram does not tell the secret in force: a change of it is known by this mark
        said = "\n".join([url, secret, *self._allowed])
        self._mark = hashlib.sha256(said.encode()).hexdigest()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Set what has to be set, then look again every few minutes."""
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Look no more; the webhook stays, for the other processes and for the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    async def _watch(self) -> None:
        begun = False
        while True:
            pause = PAUSE_SECONDS
            try:
                claim = self._claimed if begun else self._begun
                if await self._database.transact(claim, self._now()):
                    await self._set_if_needed()
                    await self._database.transact(self._done, self._now())
                begun, pause = True, PERIOD.total_seconds() / 4
            except Refused as refused:
                log.error("webhook not set", extra={"said": str(refused)})  # noqa: TRY400 - no defect
                begun = True
            except Exception as error:  # noqa: BLE001 - the database may be back in a moment
                log.warning("webhook not looked after", extra={"error": type(error).__name__})
            await asyncio.sleep(pause)

    def _begun(self, work: Work, now: Moment) -> bool:
        """Decide what is set from now on, and set it if that is new."""
        if not facts.change(work, FACT, self._mark):
            return self._claimed(work, now)
        slots.take(work, SLOT, self._name, slots.shared(work, now))
        return True

    def _claimed(self, work: Work, now: Moment) -> bool:
        if facts.get(work, FACT) != self._mark:
            return False
        own = slots.owner(work, SLOT) == self._name  # it was refused a moment ago
        again = self._name if own else None
        return slots.claim(work, SLOT, self._name, slots.shared(work, now), PERIOD, again)

    def _done(self, work: Work, now: Moment) -> None:
        slots.done(work, SLOT, self._name, slots.shared(work, now).plus(PERIOD))

    @property
    def _name(self) -> str:
        return self._database.owner

    async def _set_if_needed(self) -> None:
        known = await self._ask("getWebhookInfo", {})
        mark = await self._database.read(facts.get, SET)
        if mark == self._mark and self._agrees(known):
            return
        params = {
            "url": self._url,
            "secret_token": self._secret,
            "allowed_updates": self._allowed,
            "max_connections": CONNECTIONS,
        }
        await self._ask("setWebhook", params)
        await self._database.transact(facts.put, SET, self._mark)
        log.info("webhook set", extra={"before": bool(known.get("url"))})

    def _agrees(self, known: dict[str, Any]) -> bool:
        allowed = known.get("allowed_updates") or []
        return known.get("url") == self._url and set(allowed) == set(self._allowed)

    async def _ask(self, method: str, params: dict[str, Any]) -> Any:  # noqa: ANN401 - any result
        try:
            reply = await self._api.call(method, params)
        except (NeverLeft, MaybeArrived) as error:
            raise Refused(str(error)) from error
        if not reply.ok:
            raise Refused(f"{reply.code} {reply.description}")
        return reply.result
