"""Slots of periodic work: whoever moves a slot on does the work, so that it is done once.

A slot says when its work is due next. Who claims it moves it on for as long as it may be
silent, renews that while it works, and in the end states when the work is due again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import bindparam, or_, select, update

from credit.moment import Moment
from storage import workers
from storage.tables import job_slot
from storage.upsert import Upsert
from storage.work import Work

HOLD: Final = timedelta(seconds=30)
"""Silent for so long, whoever had claimed a slot is dead."""

_SLOT = select(job_slot.c.due_at, job_slot.c.owner).where(job_slot.c.name == bindparam("name"))
_CLAIM = Upsert(
    job_slot,
    keys=["name"],
    update=["due_at", "owner"],
    # further off than its period: it was stated by a clock that was wrong, or of a longer period
    where=lambda _: or_(
        job_slot.c.due_at <= bindparam("now", type_=job_slot.c.due_at.type),
        job_slot.c.due_at > bindparam("absurd", type_=job_slot.c.due_at.type),
        job_slot.c.owner == bindparam("dead", type_=job_slot.c.owner.type),
    ),
    returning=[job_slot.c.name],
)
_TAKE = Upsert(job_slot, keys=["name"], update=["due_at", "owner"])
_RENEW = (
    update(job_slot)
    .where(job_slot.c.name == bindparam("slot"), job_slot.c.owner == bindparam("mine"))
    .values(due_at=bindparam("then"))
)
_STATE = (
    update(job_slot)
    .where(job_slot.c.name == bindparam("slot"), job_slot.c.owner == bindparam("mine"))
    .values(due_at=bindparam("then"), owner=None)
)


def shared(work: Work, now: Moment, ahead: timedelta = timedelta()) -> Moment:
    """Return the moment that all processes agree on, so much `ahead` for a rehearsal."""
    return replace(now, at=workers.shared_now(work, now.at - ahead) + ahead)


def due(work: Work, name: str, now: Moment, period: timedelta) -> bool:
    """Tell whether a claim may succeed: nothing is written."""
    found = work.first(_SLOT, {"name": name})
    return found is None or found.due_at <= now.at or found.due_at > _absurd(now, period)


def owner(work: Work, name: str) -> str | None:
    """Name who does the work of a slot at this moment."""
    found = work.first(_SLOT, {"name": name})
    return None if found is None else found.owner


def claim(
    work: Work, name: str, by: str, now: Moment, period: timedelta, dead: str | None = None
) -> bool:
    """Take a slot whose work is due; tell whether it is to be done by the caller.

    `dead` is an owner known to be gone: his slot is taken at once.
    """
    values = {
        "name": name,
        "due_at": now.at + HOLD,
        "owner": by,
        "now": now.at,
        "absurd": _absurd(now, period),
        "dead": dead,
    }
    return work.first(_CLAIM, values) is not None


def take(work: Work, name: str, by: str, now: Moment) -> None:
    """Take a slot whoever has it: what is to be done has changed."""
    work.execute(_TAKE, {"name": name, "due_at": now.at + HOLD, "owner": by})


def renew(work: Work, name: str, by: str, now: Moment) -> bool:
    """Say that the work goes on; tell whether it is still the caller's."""
    return work.execute(_RENEW, {"slot": name, "mine": by, "then": now.at + HOLD}) == 1


def done(work: Work, name: str, by: str, due_at: Moment) -> None:
    """Say that the work is done, and when it is due again."""
    work.execute(_STATE, {"slot": name, "mine": by, "then": due_at.at})


def _absurd(now: Moment, period: timedelta) -> object:
    return now.at + 2 * max(period, HOLD)
