"""Broadcasts as rows: what was written, to whom, who has seen it, the report that tells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, case, func, insert, literal, select, update

from storage.bulk import Among
from storage.tables import broadcast, broadcast_recipient, person
from storage.work import Work

WAITING, SENT, SEEN, BLOCKED, FAILED = "waiting", "sent", "seen", "blocked", "failed"

STEPS = 4
"""How often a report is brought up to date while its broadcast is on its way: each edit takes
the place of a message."""

_ADD = insert(broadcast)
_ADD_RECIPIENTS = insert(broadcast_recipient).from_select(
    ("broadcast_id", "person_id", "state", "at"),
    select(
        bindparam("broadcast", type_=broadcast_recipient.c.broadcast_id.type),
        person.c.id,
        literal(WAITING),
        bindparam("at", type_=broadcast_recipient.c.at.type),
    ).where(Among(person.c.id)),
)
_BY_ID = (
    select(broadcast, person.c.name.label("author"))
    .select_from(broadcast.join(person))
    .where(broadcast.c.id == bindparam("id"))
)
_NAMES = (
    select(person.c.name)
    .select_from(broadcast_recipient.join(person))
    .where(
        broadcast_recipient.c.broadcast_id == bindparam("broadcast"),
        broadcast_recipient.c.state.in_(bindparam("states", expanding=True)),
    )
    .order_by(person.c.name, person.c.id)
    .limit(bindparam("most"))
)
_READERS = (
    select(person.c.name, person.c.role, broadcast_recipient.c.state, broadcast_recipient.c.at)
    .select_from(broadcast_recipient.join(person))
    .where(broadcast_recipient.c.broadcast_id == bindparam("broadcast"))
    .order_by(person.c.name, person.c.id)
)
_STATE = select(broadcast_recipient.c.state).where(
    broadcast_recipient.c.broadcast_id == bindparam("broadcast"),
    broadcast_recipient.c.person_id == bindparam("person"),
)
_SEEN = (
    update(broadcast_recipient)
    .where(
        broadcast_recipient.c.broadcast_id == bindparam("b"),
        broadcast_recipient.c.person_id == bindparam("p"),
        broadcast_recipient.c.state != SEEN,
    )
    .values(state=SEEN, at=bindparam("moment"))
)
# Counted by the index, state by state: of ten thousand recipients a third of the time of sums.
_FOLLOWED = (
    select(broadcast.c.id)
    .where(broadcast.c.at > bindparam("since"), broadcast.c.report_message_id.is_not(None))
    .scalar_subquery()
)
_TALLY = (
    select(broadcast_recipient.c.broadcast_id, broadcast_recipient.c.state, func.count().label("n"))
    .where(broadcast_recipient.c.broadcast_id.in_(_FOLLOWED))
    .group_by(broadcast_recipient.c.broadcast_id, broadcast_recipient.c.state)
    .subquery("tally")
)
# Every step of a recipient makes its sum grow, so that a report knows whether it is behind.
_STEP = case((_TALLY.c.state == WAITING, 0), (_TALLY.c.state == SEEN, 2), else_=1)
_PROGRESS = func.sum(_TALLY.c.n * _STEP)
_WAITING = func.sum(case((_TALLY.c.state == WAITING, _TALLY.c.n), else_=0))
_BEHIND = (
    select(broadcast.c.id, _PROGRESS.label("progress"))
    .select_from(broadcast.join(_TALLY, _TALLY.c.broadcast_id == broadcast.c.id))
    .group_by(broadcast.c.id, broadcast.c.report_version)
    .having(
        broadcast.c.report_version != _PROGRESS,
        (_WAITING == 0)
        | ((_PROGRESS - broadcast.c.report_version) * STEPS >= func.sum(_TALLY.c.n)),
    )
    .order_by(broadcast.c.id)
)
_COUNTS = (
    select(broadcast_recipient.c.state, func.count().label("n"))
    .where(broadcast_recipient.c.broadcast_id == bindparam("broadcast"))
    .group_by(broadcast_recipient.c.state)
)
_TOLD = (
    update(broadcast)
    .where(broadcast.c.id == bindparam("b"))
    .values(report_version=bindparam("progress"))
)


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A message written once to many; `report_message_id` shows its delivery to the author."""

    id: int
    person_id: int
    author: str
    text: str
    audience: str
    at: datetime
    report_message_id: int | None
    report_version: int


def add(
    work: Work, person_id: int, text: str, audience: str, recipients: Iterable[int], at: datetime
) -> int:
    """Keep a broadcast with its recipients, all waiting."""
    values = {"person_id": person_id, "text": text, "audience": audience, "at": at}
    broadcast_id = work.insert(_ADD, values)
    everybody = {"broadcast": broadcast_id, "ids": list(recipients), "at": at}
    work.execute(_ADD_RECIPIENTS, everybody)
    return broadcast_id


def counts(work: Work, broadcast_id: int) -> dict[str, int]:
    """Count the recipients by state."""
    return {row.state: row.n for row in work.all(_COUNTS, {"broadcast": broadcast_id})}


def by_id(work: Work, broadcast_id: int) -> Broadcast | None:
    """Find a broadcast with its author's name."""
    row = work.first(_BY_ID, {"id": broadcast_id})
    return row and Broadcast(
        row.id,
        row.person_id,
        row.author,
        row.text,
        row.audience,
        row.at,
        row.report_message_id,
        row.report_version,
    )


def names(work: Work, broadcast_id: int, states: Iterable[str], most: int) -> list[str]:
    """Name the first recipients in some states, in order of name."""
    values = {"broadcast": broadcast_id, "states": sorted(states), "most": most}
    return work.scalars(_NAMES, values)


def readers(work: Work, broadcast_id: int) -> list[Row[Any]]:
    """Read every recipient in order of name: his role, how far it came, and since when."""
    return list(work.all(_READERS, {"broadcast": broadcast_id}))


def state_of(work: Work, broadcast_id: int, person_id: int) -> str | None:
    """Tell how far a broadcast came with somebody; None when it is not for him."""
    state: str | None = work.scalar(_STATE, {"broadcast": broadcast_id, "person": person_id})
    return state


def seen(work: Work, broadcast_id: int, person_id: int, at: datetime) -> bool:
    """Note that somebody pressed the button; False when he had, or it is not for him."""
    return work.execute(_SEEN, {"b": broadcast_id, "p": person_id, "moment": at}) == 1


def behind(work: Work, since: datetime) -> list[tuple[int, int]]:
    """Find the broadcasts whose report is behind: (id, progress) of those sent since."""
    return [(row.id, int(row.progress)) for row in work.all(_BEHIND, {"since": since})]


def told(work: Work, broadcast_id: int, progress: int) -> None:
    """Note how far the report has told."""
    work.execute(_TOLD, {"b": broadcast_id, "progress": progress})
