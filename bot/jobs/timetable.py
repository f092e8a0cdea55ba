"""The timetable: every job with its period, in one process at a time, woken by APScheduler."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.jobs import daily, looking, retention, slot, store, trials, watch
from bot.jobs.store import Entrance
from storage.events import Origin

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.moment import Clock
    from storage.database import Database

log = logging.getLogger(__name__)
Fetch = Callable[[str, Path], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Bench:
    """What a job works with; `origin` signs it with the job's name and the instant.

    `is_gone` tells that a process which held something was killed on this machine.
    """

    database: Database
    rules: Rules
    clock: Clock
    folder: Path
    uploads: Path
    fetch: Fetch | None = None  # how a file leaves Telegram; None on the command line
    entrance: Entrance = field(default_factory=Entrance)
    is_gone: Callable[[str], bool] = lambda _owner: False

    def origin(self, job: str) -> Origin:
        """Sign a job's work with the instant of its run."""
        now = self.clock.now()
        return Origin(None, None, now, f"job:{job}:{now.at:%Y-%m-%dT%H:%M:%S.%f}")


Job = Callable[[Bench], Awaitable[Any]]

# Seconds between two runs. Every job asks the database what is due, so a run that was
# missed is caught up by the next one, and a run too many finds nothing to do.
JOBS: dict[str, tuple[Job, float]] = {
    "alerts": (watch.run, 20),
    "look": (looking.run, 60),
    "digests": (daily.digests, 20),
    "promises": (daily.promises, 300),
    "guarantees": (daily.guarantees, 300),
    "openings": (daily.openings, 300),
    "reports": (watch.reports, 2),
    "trials": (trials.run, 2),
    "uploads": (store.fetch_uploads, 1),
    "store_in": (store.bring_in, 3),
    "store_out": (store.carry_out, 5),
    "retention": (retention.run, 86_400),
}


PATIENCE = 10.0  # seconds that running jobs get to end by themselves
# A period this long outlives a process: when the job is due next stands in the database.
LONG = 7_200.0
LOOK_SECONDS = 300.0  # and is looked at so often
CLOCK_SECONDS = 5.0  # a clock that was set back is noticed so soon
SLACK = timedelta(seconds=1)


class Every(BaseTrigger):  # type: ignore[misc]
    """A period after each run, however far the clock went meanwhile.

    The library's own would count every second between two years.
    """

    def __init__(self, seconds: float) -> None:
        self.period = timedelta(seconds=seconds)

    def get_next_fire_time(self, _before: datetime | None, now: datetime) -> datetime:
        """Return when the job is due next."""
        return now + self.period


class Timetable:
    """Run the jobs at their periods; a job that fails is logged and comes again."""

    def __init__(self, bench: Bench, jobs: Mapping[str, tuple[Job, float]] = JOBS) -> None:
        self._bench = bench
        self._jobs = jobs
        self._scheduler = AsyncIOScheduler(timezone=bench.rules.zone)
        self._running: set[asyncio.Task[Any]] = set()
        self._righting: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; each job runs at once, then at its period, never twice at a time."""
        # It tells every run, and warns of each one skipped because the last still runs.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        at_once = self._now()
        for name, (job, seconds) in self._jobs.items():
            self._scheduler.add_job(
                self._run,
                Every(min(seconds, LOOK_SECONDS)),
                args=(name, job, seconds),
                id=name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
                next_run_time=at_once,
            )
        self._scheduler.start()
        self._righting = asyncio.create_task(self._set_right())

    async def stop(self) -> None:
        """Begin nothing more, let what runs end, and cancel what does not end in time."""
        if self._righting is not None:
            self._righting.cancel()
            await asyncio.wait([self._righting])
        self._scheduler.pause()
        running = set(self._running)
        if running:
            await asyncio.wait(running, timeout=PATIENCE)
        self._scheduler.shutdown(wait=False)
        if running:
            await asyncio.wait(running)

    def _now(self) -> datetime:
        """Return what the scheduler's clock says, which knows of no rehearsal."""
        clock = self._bench.clock
        return clock.now().at - timedelta(seconds=clock.offset_seconds)

    async def _set_right(self) -> None:
        """Let jobs run that are due later than a period from now: the clock was set back."""
        while True:
            await asyncio.sleep(CLOCK_SECONDS)
            now = self._now()
            for job in self._scheduler.get_jobs():
                if job.next_run_time > now + job.trigger.period + SLACK:
                    log.warning("the clock was set back", extra={"job": job.id})
                    job.modify(next_run_time=now)

    def _shared(self, seconds: float) -> bool:
        """Tell whether a job needs its slot: on a file this process is the only one."""
        return seconds >= LONG or self._bench.database.dialect == "postgresql"

    async def _run(self, name: str, job: Job, seconds: float) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        try:
            if self._shared(seconds):
                await slot.run(self._bench, name, job, seconds)
            else:
                await job(self._bench)
        except asyncio.CancelledError:  # by `stop`: the library would tell it as a defect
            log.info("job cut short", extra={"job": name})
        except Exception as error:
            log.exception("job failed", extra={"job": name, "error": type(error).__name__})
