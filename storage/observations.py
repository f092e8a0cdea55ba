"""What reps saw and heard, as rows; one is taken back, never overwritten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from storage.bulk import Among, Scattered
from storage.tables import observation, observation_count, person
from storage.upsert import Upsert
from storage.work import Work

_ADD = insert(observation)
_DAY = observation.c.on.type
_OF = Scattered(
    select(
        observation.c.customer_id, observation.c.code, observation.c.on, observation.c.person_id
    ).where(
        Among(observation.c.customer_id),
        observation.c.on > bindparam("since", type_=_DAY),
        observation.c.on <= bindparam("day", type_=_DAY),
        observation.c.withdrawn_at.is_(None),
    )
)
_LAST = (
    select(observation, person.c.name.label("author"))
    .select_from(observation.join(person))
    .where(
        observation.c.customer_id == bindparam("customer"),
        observation.c.on > bindparam("since", type_=_DAY),
        observation.c.withdrawn_at.is_(None),
    )
    .order_by(observation.c.at.desc(), observation.c.id.desc())
)
_BY_ID = select(observation).where(observation.c.id == bindparam("id"))
_WITHDRAW = (
    update(observation)
    .where(observation.c.id == bindparam("o"), observation.c.withdrawn_at.is_(None))
    .values(withdrawn_at=bindparam("gone"))
)
_DESCRIBE = (
    update(observation)
    .where(observation.c.id == bindparam("o"))
    .values(note=bindparam("said"), files=bindparam("shown"))
)
_FORGET = (
    delete(observation)
    .where(observation.c.id.in_(bindparam("ids", expanding=True)))
    .returning(observation.c.code, observation.c.on, observation.c.withdrawn_at)
)
_COUNT = Upsert(
    observation_count,
    keys=["month", "code"],
    update=lambda offered: {"n": observation_count.c.n + offered.n},
)
_LIVING = (
    select(observation.c.code, func.count().label("n"), func.min(observation.c.on).label("since"))
    .where(observation.c.withdrawn_at.is_(None))
    .group_by(observation.c.code)
)
_COUNTED = select(
    observation_count.c.code,
    func.sum(observation_count.c.n).label("n"),
    func.min(observation_count.c.month).label("since"),
).group_by(observation_count.c.code)


@dataclass(frozen=True, slots=True)
class Often:
    """How often something was seen by anybody at anybody's, and since when that is counted."""

    n: int
    since: date


def add(work: Work, values: dict[str, Any]) -> int:
    """Keep one observation; `values` are its columns."""
    return work.insert(_ADD, values)


def of(work: Work, customer_ids: Iterable[int], since: date, day: date) -> list[Row[Any]]:
    """Read what was seen at these customers' after `since` up to `day`."""
    return list(_OF.rows(work, {"ids": customer_ids, "since": since, "day": day}))


def last(work: Work, customer_id: int, since: date) -> list[Row[Any]]:
    """Read what was seen at a customer's after a day, newest first, with its author."""
    return list(work.all(_LAST, {"customer": customer_id, "since": since}))


def by_id(work: Work, observation_id: int) -> Row[Any] | None:
    """Find one observation."""
    return work.first(_BY_ID, {"id": observation_id})


def withdraw(work: Work, observation_id: int, at: datetime) -> bool:
    """Take an observation back; False when it was taken back already."""
    return work.execute(_WITHDRAW, {"o": observation_id, "gone": at}) == 1


def describe(
    work: Work, observation_id: int, note: str | None, files: Sequence[Mapping[str, str]]
) -> None:
    """Write an observation's remark and its photos."""
    shown = [dict(one) for one in files]
    work.execute(_DESCRIBE, {"o": observation_id, "said": note, "shown": shown})


def forget(work: Work, ids: Sequence[int]) -> int:
    """Delete observations whose time is over and return how many.

    What stays of them is a number by month and code, without those taken back (handbook 11.2).
    """
    gone = work.all(_FORGET, {"ids": list(ids)})
    seen = Counter((row.on.replace(day=1), row.code) for row in gone if row.withdrawn_at is None)
    rows = [{"month": month, "code": code, "n": n} for (month, code), n in sorted(seen.items())]
    work.execute_many(_COUNT, rows)
    return len(gone)


def often(work: Work) -> dict[str, Often]:
    """Count by code what was ever seen, at whatever customer's; no person is read."""
    found: dict[str, Often] = {}
    for row in (*work.all(_LIVING), *work.all(_COUNTED)):
        known = found.get(row.code, Often(0, row.since))
        found[row.code] = Often(known.n + int(row.n), min(known.since, row.since))
    return found
