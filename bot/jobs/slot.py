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

log = logging.getLogger(__name__)

RENEW_SECONDS: Final = slots.HOLD.total_seconds() / 3
AFTER_A_FAILURE: Final = timedelta(minutes=10)
EARLY: Final = 0.9  # or a look that comes a moment before the hour would miss a whole period


async def run(
    bench: Bench, name: str, job: Callable[[Bench], Awaitable[Any]], seconds: float
) -> bool:
    """Run a job if it is due and nobody else does; tell whether it was run here."""
    period = timedelta(seconds=seconds)
    began = bench.clock.now()
    if not await _claimed(bench, name, period):
        return False
    keeping = asyncio.create_task(_keep(bench, name))
    next_one = began
    try:
        await job(bench)
        next_one = began.plus(EARLY * period)
    except Exception:
        next_one = began.plus(EARLY * min(period, AFTER_A_FAILURE))
        raise
    finally:  # cancelled: this process ends, and another one may begin at once
        keeping.cancel()
        await asyncio.wait([keeping])
        await bench.database.transact(slots.done, name, bench.database.owner, next_one)
    return True


async def _claimed(bench: Bench, name: str, period: timedelta) -> bool:
    """Claim the slot; what a killed process of this machine held is free at once."""
    database, now = bench.database, bench.clock.now()
    due = await database.read(slots.due, name, now, period)
    holder = None if due else await database.read(slots.owner, name)
    dead = holder if holder and bench.is_gone(holder) else None
    if not due and dead is None:
        return False
    return await database.transact(slots.claim, name, database.owner, now, period, dead)


async def _keep(bench: Bench, name: str) -> None:
    """Renew the claim for as long as the job runs."""
    owner = bench.database.owner
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        try:
            kept = await bench.database.transact(slots.renew, name, owner, bench.clock.now())
        except Exception as error:  # noqa: BLE001 - the database may be back next time
            log.warning("slot not renewed", extra={"job": name, "error": type(error).__name__})
        else:
            if not kept:
                log.error("another process has taken over a job", extra={"job": name})
                return
