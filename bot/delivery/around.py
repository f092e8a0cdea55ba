"""The look around: what dead processes left to send, and what others took from this one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.delivery.owner import is_gone
from bot.use_cases.outbox import report_parked
from storage import outbox_turns, rates, workers

if TYPE_CHECKING:
    from bot.delivery.carrier import Now
    from credit.moment import Moment
    from storage.database import Database
    from storage.outbox import Outgoing
    from storage.rates import Pace
    from storage.work import Work

log = logging.getLogger(__name__)

# So long without a look, others may believe this process dead and have taken its answers.
SURE_SECONDS: Final = 8.0
MOST_ADOPTED: Final = 1_000
RIGHT_SECONDS: Final = 60.0  # between two looks at the dates of all that waits


@dataclass(frozen=True, slots=True)
class Swept:
    """What a look around brought: answers taken over, those held that are another's now."""

    now: Moment
    adopted: list[Outgoing]
    lost: set[int]


class Around:
    """Look every few seconds for what belongs to processes that live no more.

    `alone` tells that no other process sends from this database: nobody takes from this one.
    """

    def __init__(self, database: Database, now: Now, pace: Pace, *, alone: bool) -> None:
        self._database = database
        self._now = now
        self._pace = pace
        self._alone = alone
        self._looked_at = 0.0
        self._patient_until = 0.0
        self._righted_at: float | None = None

    @property
    def age(self) -> float:
        """Return the seconds since the last look that came to an end."""
        return _time() - self._looked_at

    @property
    def unsure(self) -> bool:
        """Tell whether others may have taken what this process holds."""
        return not self._alone and self.age > SURE_SECONDS

    async def look(self, held: Sequence[Outgoing], *, fresh: bool) -> Swept:
        """Take up what dead processes left; name what of `held` others have taken.

        `fresh`: this process has begun, and has nothing of its own yet.
        """
        await self._set_right()  # first: what is taken up below must reach the caller
        unsure: list[int] = []
        if self.unsure:
            unsure = [row.id for row in held]
            if not fresh:  # if the database was away, nobody could say that he lives
                self._patient_until = _time() + workers.SPAN.total_seconds()
        patient = _time() < self._patient_until
        swept = await self._database.transact(
            self.take_up, self._now(), unsure, fresh=fresh, patient=patient
        )
        self._looked_at = _time()
        return swept

    async def _set_right(self) -> None:
        """Let news leave that a clock which ran ahead has dated: nobody waits for that day."""
        if self._righted_at is not None and _time() - self._righted_at < RIGHT_SECONDS:
            return
        if found := await self._database.transact(outbox_turns.set_right, self._now().at):
            log.warning("dated by a clock that was ahead", extra={"rows": found})
        self._righted_at = _time()

    def take_up(
        self, work: Work, now: Moment, unsure: list[int], *, fresh: bool, patient: bool = False
    ) -> Swept:
        """Do what a look does in the database."""
        living = [] if fresh else [work.owner]
        if not self._alone:
            living += _others(work, now, patient=patient)
        left = outbox_turns.recover(work, now.at, living)
        if left.waiting or left.parked:
            told = {"rows": left.waiting, "parked": left.parked}
            log.warning("taken back from a process that died", extra=told)
        if left.parked:
            report_parked(work, now)
        if fresh:
            rates.owe(work, self._pace, now.at, 0)
        rates.forget_rested(work, now.at)
        lost = set(unsure) - outbox_turns.own(work, unsure) if unsure else set()
        return Swept(now, outbox_turns.adopt(work, now.at, living, MOST_ADOPTED), lost)


def _others(work: Work, now: Moment, *, patient: bool) -> list[str]:
    """Name the other living processes; one of this machine that was killed is told off."""
    silent = workers.dead(work, now) if patient else []
    names = {*silent, *(one.owner for one in workers.alive(work, now))} - {work.owner}
    gone = {name for name in names if is_gone(name, work.owner)}
    for name in sorted(gone):
        workers.leave(work, name)
    return sorted(names - gone)


def _time() -> float:
    return asyncio.get_running_loop().time()
