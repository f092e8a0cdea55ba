"""The processes that run now: each says so every few seconds, and who is silent is dead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, select, text

from credit.moment import Moment
from storage.tables import worker
from storage.upsert import Upsert
from storage.work import Work

SPAN: Final = timedelta(seconds=12)
"""Silent for so long, a process is dead: what it held is anybody's."""
FORGOTTEN: Final = timedelta(days=1)

_CLOCK = text("select clock_timestamp()")
_BEAT = Upsert(worker, keys=["owner"], update=["role", "seen_at"])
_LEAVE = delete(worker).where(worker.c.owner == bindparam("name"))
_FORGET = delete(worker).where(worker.c.seen_at < bindparam("before"))
_ALL = select(worker).order_by(worker.c.started_at, worker.c.owner)


@dataclass(frozen=True, slots=True)
class Worker:
    """A process: its name, what it does, since when, when it was last heard of."""

    owner: str
    role: str
    started_at: datetime
    seen_at: datetime


def shared_now(work: Work, now: datetime) -> datetime:
    """Return the time that all processes agree on: the server's, or this machine's on SQLite.

    Two machines' clocks differ; what one writes and another compares is read from one clock.
    """
    if work.dialect != "postgresql":
        return now
    at: datetime = work.scalar(_CLOCK)
    return at


def beat(work: Work, owner: str, role: str, now: Moment) -> None:
    """Say that a process lives."""
    at = shared_now(work, now.at)
    work.execute(_BEAT, {"owner": owner, "role": role, "started_at": at, "seen_at": at})
    work.execute(_FORGET, {"before": at - FORGOTTEN})


def leave(work: Work, owner: str) -> None:
    """Say that a process ends, or is known to be gone: what it held is anybody's at once."""
    work.execute(_LEAVE, {"name": owner})


def alive(work: Work, now: Moment) -> list[Worker]:
    """Name the processes heard of lately, the oldest first."""
    at = shared_now(work, now.at)
    return [one for one in _known(work) if _is_alive(one, at)]


def dead(work: Work, now: Moment) -> list[str]:
    """Name the processes that have fallen silent without leaving."""
    at = shared_now(work, now.at)
    return [one.owner for one in _known(work) if not _is_alive(one, at)]


def _known(work: Work) -> list[Worker]:
    return [Worker(**row._asdict()) for row in work.all(_ALL)]


def _is_alive(one: Worker, at: datetime) -> bool:
    # far in the future: it was written before the clock was set back, and is not renewed
    return at - SPAN < one.seen_at < at + 2 * SPAN
