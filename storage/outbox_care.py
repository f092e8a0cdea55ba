"""What waits or is stuck in the outbox, counted and listed; what a person decides of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select, update

from storage.outbox import BY_HAND, CHANNEL, IN_DOUBT, State
from storage.tables import broadcast_recipient, outbox, person
from storage.work import Work

DOUBT: Final = IN_DOUBT.partition(":")[0]
"""How the error of every message begins that may have arrived."""
HIGHEST: Final = 2**63 - 1
IDLE: Final = (State.WAITING.value, State.PARKED.value)
_UNDECIDED: Final = (outbox.c.state == State.PARKED.value) | (
    (outbox.c.state == State.WAITING.value) & (outbox.c.error == IN_DOUBT)
)
"""Parked, or come back in doubt with a copy: no bot may have looked at it yet."""


@dataclass(frozen=True, slots=True)
class Depth:
    """How many messages of a kind are in a state, and since when the oldest."""

    state: str
    kind: str
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Stuck:
    """A message on its way, in doubt or parked: nothing of what it says, no name."""

    id: int
    state: str
    kind: str
    person_id: int | None
    role: str | None
    since: datetime
    attempts: int
    error: str | None

    @property
    def uncertain(self) -> bool:
        """Tell whether it may have reached its reader."""
        return self.state != State.SENDING and (self.error or "").startswith(DOUBT)


_DEPTHS = (
    select(
        outbox.c.state,
        outbox.c.kind,
        func.count().label("count"),
        func.min(outbox.c.created_at).label("oldest"),
    )
    .where(outbox.c.state.in_([*IDLE, State.SENDING.value]))
    .group_by(outbox.c.state, outbox.c.kind)
    .order_by(outbox.c.state, outbox.c.kind)
)
_STUCK = (
    select(
        outbox.c.id,
        outbox.c.state,
        outbox.c.kind,
        outbox.c.person_id,
        person.c.role,
        outbox.c.created_at.label("since"),
        outbox.c.attempts,
        outbox.c.error,
    )
    .select_from(outbox.outerjoin(person))
    .where((outbox.c.state == State.SENDING.value) | _UNDECIDED)
    .order_by(outbox.c.id)
)
# locked: a sender that takes one of them meanwhile has it
_ALL = select(outbox.c.id).where(_UNDECIDED).order_by(outbox.c.id).with_for_update()
_ROWS = outbox.c.id.in_(bindparam("rows", expanding=True))
_CHOSEN = _ALL.where(_ROWS)
_NAMED = (
    select(outbox.c.id)
    .where(_ROWS, outbox.c.state.in_(IDLE))
    .order_by(outbox.c.id)
    .with_for_update()
)
# asked of what another one may have decided meanwhile: what was sent is not sent again
_AGAIN = (
    update(outbox)
    .where(_ROWS, _UNDECIDED)
    .values(
        state=State.WAITING.value,
        owner=None,
        attempts=0,
        doubts=0,
        deaths=0,
        posted_at=None,
        not_before=bindparam("now"),
        error=BY_HAND,
    )
)
_DISCARD = (
    update(outbox)
    .where(_ROWS, outbox.c.state.in_(IDLE))
    .values(state=State.DROPPED.value, error=bindparam("reason"))
)
_BROADCASTS = select(outbox.c.body, outbox.c.person_id).where(_ROWS, outbox.c.kind == "broadcast")
_GIVEN_UP = (
    update(broadcast_recipient)
    .where(
        broadcast_recipient.c.broadcast_id == bindparam("broadcast"),
        broadcast_recipient.c.person_id == bindparam("person"),
        broadcast_recipient.c.state == "waiting",
    )
    .values(state="failed", at=bindparam("moment"))
)


def depths(work: Work) -> list[Depth]:
    """Count what waits, is on its way or parked, by kind."""
    return [Depth(**row._asdict()) for row in work.all(_DEPTHS)]


def stuck(work: Work) -> list[Stuck]:
    """List what is on its way, in doubt or parked, the oldest first."""
    return [Stuck(**row._asdict()) for row in work.all(_STUCK)]


def undecided(work: Work, ids: Iterable[int] | None) -> list[int]:
    """Name the messages that are parked or in doubt, all or those among some."""
    return work.scalars(_ALL) if ids is None else work.scalars(_CHOSEN, {"rows": _keys(ids)})


def idle(work: Work, ids: Iterable[int]) -> list[int]:
    """Name those of some messages that are parked or wait."""
    return work.scalars(_NAMED, {"rows": _keys(ids)})


def _keys(ids: Iterable[int]) -> list[int]:
    """Leave out what no database can hold as a number of a row."""
    return [one for one in ids if one <= HIGHEST]


def again(work: Work, row_ids: Sequence[int], now: datetime) -> None:
    """Let messages wait for their turn again, no longer in doubt."""
    work.execute(_AGAIN, {"rows": list(row_ids), "now": now})
    work.signal(CHANNEL)


def discard(work: Work, row_ids: Sequence[int], reason: str, now: datetime) -> None:
    """Give messages up; a broadcast counts them as failed."""
    rows = {"rows": list(row_ids)}
    lost = [
        {"broadcast": row.body["broadcast_id"], "person": row.person_id, "moment": now}
        for row in work.all(_BROADCASTS, rows)
    ]
    work.execute_many(_GIVEN_UP, lost)
    work.execute(_DISCARD, {**rows, "reason": reason})
