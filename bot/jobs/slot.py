"""A job under its slot: of all the processes on one database, one runs it once a period."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from storage import slots

if TYPE_CHECKING:
    from bot.jobs.timetable import Bench
    from credit.moment import Moment
    from storage.work import Work

log = logging.getLogger(__name__)

RENEW_SECONDS: Final = slots.HOLD.total_seconds() / 3
AFTER_A_FAILURE: Final = timedelta(minutes=10)
EARLY: Final = 0.9  # or a look that comes a moment before the hour would miss a whole period


async def run(
    bench: Bench, name: str, job: Callable[[Bench], Awaitable[Any]], seconds: float
) -> bool:
    """Run a job if it is due and nobody else does; tell whether it was run here.

    Whether it is due the database's clock says, where there is one: two machines' differ.
    """
    period = timedelta(seconds=seconds)
    began = _time()
    if not await _claimed(bench, name, period):
        return False
    keeping = asyncio.create_task(_keep(bench, name))
    pause = timedelta()
    try:
        await job(bench)
        pause = EARLY * period
    except Exception:
        pause = EARLY * min(period, AFTER_A_FAILURE)
        raise
    finally:  # cancelled: this process ends, and another one may begin at once
        keeping.cancel()
        await asyncio.wait([keeping])
        left = pause - timedelta(seconds=_time() - began)
        await bench.database.transact(_done, bench, name, left)
    return True


async def _claimed(bench: Bench, name: str, period: timedelta) -> bool:
    """Claim the slot; what a killed process of this machine held is free at once."""
    database = bench.database
    due = await database.read(_is_due, bench, name, period)
    holder = None if due else await database.read(slots.owner, name)
    dead = holder if holder and bench.is_gone(holder) else None
    if not due and dead is None:
        return False
    return await database.transact(_claim, bench, name, period, dead)


async def _keep(bench: Bench, name: str) -> None:
    """Renew the claim for as long as the job runs."""
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        try:
            kept = await bench.database.transact(_renew, bench, name)
        except Exception as error:  # noqa: BLE001 - the database may be back next time
            log.warning("slot not renewed", extra={"job": name, "error": type(error).__name__})
        else:
            if not kept:
                log.error("another process has taken over a job", extra={"job": name})
                return


def _now(work: Work, bench: Bench) -> Moment:
    ahead = timedelta(seconds=bench.clock.offset_seconds)
    return slots.shared(work, bench.clock.now(), ahead)


def _is_due(work: Work, bench: Bench, name: str, period: timedelta) -> bool:
    return slots.due(work, name, _now(work, bench), period)


def _claim(work: Work, bench: Bench, name: str, period: timedelta, dead: str | None) -> bool:
    return slots.claim(work, name, bench.database.owner, _now(work, bench), period, dead)


def _renew(work: Work, bench: Bench, name: str) -> bool:
    return slots.renew(work, name, bench.database.owner, _now(work, bench))


def _done(work: Work, bench: Bench, name: str, left: timedelta) -> None:
    slots.done(work, name, bench.database.owner, _now(work, bench).plus(left))


def _time() -> float:
    return asyncio.get_running_loop().time()
