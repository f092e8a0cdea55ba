"""The timetable: every job with its period, run one at a time by APScheduler."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.jobs import daily, store, watch
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
    """What a job works with; `origin` signs it with the job's name and the minute."""

    database: Database
    rules: Rules
    clock: Clock
    folder: Path
    uploads: Path
    fetch: Fetch | None = None  # how a file leaves Telegram; None on the command line
    entrance: Entrance = field(default_factory=Entrance)

    def origin(self, job: str) -> Origin:
        """Sign a job's work: once a minute at most under one key."""
        now = self.clock.now()
        return Origin(None, None, now, f"job:{job}:{now.at:%Y-%m-%dT%H:%M:%S.%f}")


Job = Callable[[Bench], Awaitable[Any]]

# Seconds between two runs. Every job asks the database what is due, so a run that was
# missed is caught up by the next one, and a run too many finds nothing to do.
JOBS: dict[str, tuple[Job, float]] = {
    "alerts": (watch.run, 20),
    "digests": (daily.digests, 20),
    "promises": (daily.promises, 300),
    "reports": (watch.reports, 2),
    "uploads": (store.fetch_uploads, 1),
    "store_in": (store.bring_in, 3),
    "store_out": (store.carry_out, 5),
}


class Timetable:
    """Run the jobs at their periods; a job that fails is logged and comes again."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._scheduler = AsyncIOScheduler(timezone=bench.rules.zone)

    def start(self) -> None:
        """Begin; each job runs at once, then at its period."""
        for name, (job, seconds) in JOBS.items():
            self._scheduler.add_job(
                self._run,
                "interval",
                seconds=seconds,
                args=(name, job),
                id=name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
                next_run_time=None,
            )
        self._scheduler.start()
        for name in JOBS:
            self._scheduler.resume_job(name)

    async def stop(self) -> None:
        """Stop; what was running ends by itself, since each job is a few transactions."""
        self._scheduler.shutdown(wait=False)

    async def _run(self, name: str, job: Job) -> None:
        try:
            await job(self._bench)
        except Exception as error:
            log.exception("job failed", extra={"job": name, "error": type(error).__name__})
