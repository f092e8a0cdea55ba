"""The durable inbox: every update from Telegram is stored before it is acknowledged.

```mermaid
stateDiagram-v2
  [*] --> waiting: store
  waiting --> done: finish (same transaction as the work)
  waiting --> waiting: fail (tried again)
  waiting --> waiting: begin (taken over from a dead process, counted before it is handled)
  waiting --> parked: fail (no further try)
```
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, bindparam, exists, func, or_, select, update

from credit.moment import Moment
from storage import serving
from storage.reason import reason
from storage.tables import inbox, inbox_queue
from storage.upsert import Upsert
from storage.work import Work

# Telegram numbers anew, anywhere, after a week without updates.
NUMBERED_ON = timedelta(days=7)
ANOTHER_CLOCK: Final = timedelta(minutes=2)
EVER: Final = datetime.max.replace(tzinfo=UTC)


class AlreadyHandled(Exception):
    """The update was handled before: what this transaction did is to be forgotten."""

    def __init__(self, update_id: int) -> None:
        super().__init__(f"update {update_id} is already handled")
        self.update_id = update_id


@dataclass(frozen=True, slots=True)
class Received:
    """An update as it came: raw JSON, whose order it keeps (0: nobody's), tries so far.

    One that carries an `error` from the start is stored for the record only. What a process
    left when it died or ended is `taken_over`; `begun` says how often that was handled since,
    without coming to an end.
    """

    update_id: int
    sender: int
    body: str
    attempts: int = 0
    error: str | None = None
    begun: int = 0
    taken_over: bool = False


_KNOWN = select(inbox.c.update_id).where(inbox.c.update_id.in_(bindparam("ids", expanding=True)))
_STORE = Upsert(inbox, keys=["update_id"])
_FINISH = (
    update(inbox)
    .where(
        inbox.c.update_id == bindparam("id"),
        inbox.c.done_at.is_(None),
        inbox.c.parked.is_(False),
    )
    .values(done_at=bindparam("at"), error=None)
)
# Two processes that believe to serve one sender meet at the row of his oldest update: the
# second waits for the first, then finds it done. So it is enough to look at the owner.
_FINISH_OWNED = _FINISH.where(
    ~exists().where(
        inbox_queue.c.sender == inbox.c.sender,
        inbox_queue.c.owner != bindparam("me"),  # nobody's: not served by another one either
    )
)
_FAIL = (
    update(inbox)
    .where(inbox.c.update_id == bindparam("id"), inbox.c.done_at.is_(None))
    .values(attempts=bindparam("tries"), error=bindparam("reason"), parked=bindparam("no_more"))
)
_BEGIN = (
    update(inbox)
    .where(inbox.c.update_id == bindparam("id"), inbox.c.done_at.is_(None))
    .values(begun=inbox.c.begun + 1)
)
_PENDING = (
    select(inbox.c.update_id, inbox.c.sender, inbox.c.body, inbox.c.attempts, inbox.c.begun)
    .where(
        inbox.c.done_at.is_(None),
        inbox.c.update_id > bindparam("after"),
        or_(
            inbox.c.received_at <= bindparam("before"),
            inbox.c.received_at > bindparam("absurd"),  # stored by a clock that was wrong
        ),
        inbox.c.parked.is_(False),
    )
    .order_by(inbox.c.update_id)
    .limit(bindparam("limit"))
)
_LAST = select(func.max(inbox.c.update_id)).where(inbox.c.received_at > bindparam("since"))


def store(work: Work, updates: Sequence[Received], at: Moment, places: int = 0) -> list[Received]:
    """Store a batch and return those not seen before that this process is to handle.

    The same update is known by its number being equal: numbers may start again lower.
    On SQLite there is one process, which handles everything; on PostgreSQL it takes
    `places` senders at most, whom no other process serves, and leaves the others to all.
    """
    known = set(work.scalars(_KNOWN, {"ids": [one.update_id for one in updates]}))
    fresh = {one.update_id: one for one in updates if one.update_id not in known}
    work.execute_many(_STORE, [_row(one, at) for one in fresh.values()])
    good = [one for one in fresh.values() if one.error is None]
    if work.dialect != "postgresql":
        return good
    heads: dict[int, int] = {}
    for one in good:
        heads[one.sender] = min(one.update_id, heads.get(one.sender, one.update_id))
    taken = serving.put(work, heads.items(), at, places)
    return [one for one in good if one.sender in taken]


def finish(work: Work, update_id: int, at: Moment) -> None:
    """Mark an update as handled, first thing in the transaction that handles it.

    Raise `AlreadyHandled` when another run was faster, or when another process serves its
    sender now: let it out, so that this transaction leaves nothing behind.
    """
    values = {"id": update_id, "at": at.at}
    if work.dialect == "postgresql":
        done = work.execute(_FINISH_OWNED, {**values, "me": work.owner})
    else:
        done = work.execute(_FINISH, values)
    if not done:
        raise AlreadyHandled(update_id)


def begin(work: Work, update_id: int) -> None:
    """Count, before it is handled, an update over which a process may have died."""
    work.execute(_BEGIN, {"id": update_id})


def fail(work: Work, update_id: int, attempts: int, error: str, *, parked: bool) -> bool:
    """Note that handling failed, so many times so far; a parked update is not tried again.

    False when it is done all the same: another process has handled it, or it has been forgotten.
    """
    values = {"id": update_id, "tries": attempts, "reason": reason(error)}
    return work.execute(_FAIL, {**values, "no_more": parked}) == 1


def pending(
    work: Work, received_by: datetime | None, limit: int, after: int = -1
) -> list[Received]:
    """Return the oldest updates that another process left, numbered after one.

    Those received by then, or whenever it was (None).
    """
    before = received_by or EVER
    absurd = received_by + ANOTHER_CLOCK if received_by else EVER
    values = {"before": before, "absurd": absurd, "limit": limit, "after": after}
    rows = work.all(_PENDING, values)
    return [replace(one, taken_over=True) for one in received_rows(rows)]


def received_rows(rows: Iterable[Row[Any]], orphans: Collection[int] = ()) -> list[Received]:
    """Turn rows of the inbox into values; those of `orphans` are taken over from the dead."""
    return [Received(**row._asdict(), taken_over=row.sender in orphans) for row in rows]


def next_offset(work: Work, now: Moment) -> int | None:
    """Return the number to ask Telegram for next; None when it cannot be known."""
    last: int | None = work.scalar(_LAST, {"since": now.at - NUMBERED_ON})
    return None if last is None or last < 0 else last + 1


def _row(one: Received, at: Moment) -> dict[str, object]:
    return {
        "update_id": one.update_id,
        "sender": one.sender,
        "body": one.body,
        "received_at": at.at,
        "error": reason(one.error) if one.error else None,
        "parked": one.error is not None,
    }
