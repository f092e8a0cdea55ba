"""The durable outbox: every message to a person is a row before it leaves.

```mermaid
stateDiagram-v2
  [*] --> waiting: post
  waiting --> sending: draw (with a token of the shared rates; answers skip it)
  waiting --> sent: settle (an answer)
  sending --> sent: settle
  sending --> waiting: put_back (it did not arrive: 429, no connection)
  waiting --> dropped: settle (overtaken, nobody to read it)
  sending --> failed: settle (refused for good)
  sending --> parked: settle (it may have arrived: a person decides)
  sending --> sending: leaves (its request is about to be posted)
  sending --> waiting: recover (the process died), in doubt when it had left
  parked --> waiting: again (a person asks for it)
  parked --> dropped: discard (a person gives it up)
```

Who sends a row is its `owner`. An answer belongs to the process that wrote it, which has it
in memory; everything else is nobody's until a process draws it. While a row is `sending`,
`not_before` says when it was drawn, `posted_at` when its request left: what a dead owner had
drawn and not posted waits again as if nothing had been. What he left is anybody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, Final

from sqlalchemy import bindparam, insert, select, update

from credit.moment import Moment
from storage import people
from storage.reason import reason as legible
from storage.tables import broadcast_recipient, outbox, person
from storage.upsert import Upsert
from storage.work import Work

IN_DOUBT: Final = "in doubt: it may have been sent since the copy was made"
"""Of what waits in a restored database: a person decides."""
LEFT: Final = "in doubt: the process died before the answer came"
BY_HAND: Final = "asked for again by hand"
ASIDE: Final = "aside"
"""In a body of facts: the message is worth a process of its own that makes it."""
CHANNEL: Final = "outbox"
"""Where processes tell each other that something waits (PostgreSQL)."""


class Priority(IntEnum):
    """What goes first."""

    ANSWER = 0
    ALERT = 1
    DIGEST = 2
    BROADCAST = 3


class State(StrEnum):
    """Where a message is in its life."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"
    PARKED = "parked"


OVER: Final = (State.SENT, State.DROPPED, State.FAILED)
RECIPIENT: Final = {
    State.SENT: "sent",
    State.FAILED: "failed",
    State.DROPPED: "blocked",
    State.PARKED: "failed",
}
"""What the outcome of a broadcast's message means for its recipient."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message waiting to leave: stored ready to post, or as facts to render.

    `doubtful`: an answer that a dead process held, or what a restored copy says is due.
    """

    id: int
    priority: int
    kind: str
    person_id: int | None
    chat_id: int
    ready: bool
    body: Mapping[str, Any]
    created_at: datetime
    not_before: datetime
    attempts: int = 0
    doubts: int = 0  # how many times it may have arrived
    deaths: int = 0  # how many processes died while they made it ready
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """The note that a message's life is over: which kind, and how it ended."""

    kind: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Posted:
    """The note that many messages wait at once."""

    kind: str
    count: int


_POST = insert(outbox)
_POST_ONCE = Upsert(outbox, keys=["dedupe"], returning=[outbox.c.id])
COLUMNS: Final = (
    outbox.c.id,
    outbox.c.priority,
    outbox.c.kind,
    outbox.c.person_id,
    outbox.c.chat_id,
    outbox.c.ready,
    outbox.c.body,
    outbox.c.created_at,
    outbox.c.not_before,
    outbox.c.attempts,
    outbox.c.doubts,
    outbox.c.deaths,
    outbox.c.error,
)
_LEAVES = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("row"),
        outbox.c.state == State.SENDING.value,
        outbox.c.owner == bindparam("by"),
    )
    .values(posted_at=bindparam("at"))
)
_PUT_BACK = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("row"),
        outbox.c.state.in_([State.WAITING.value, State.SENDING.value]),
        # else another process sends it meanwhile: this one was believed dead
        outbox.c.owner.is_not_distinct_from(bindparam("me")),
    )
    .values(
        state=State.WAITING.value,
        owner=bindparam("by"),
        chat_id=bindparam("chat"),
        not_before=bindparam("then"),
        attempts=bindparam("tries"),
        doubts=bindparam("times"),
        posted_at=None,
        deaths=0,
        error=bindparam("reason"),
    )
)
_SETTLE = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("row"),
        outbox.c.state.in_([State.WAITING.value, State.SENDING.value]),
    )
    .values(
        state=bindparam("outcome"),
        sent_at=bindparam("at"),
        message_id=bindparam("message"),
        error=bindparam("reason"),
    )
)
_MIGRATE = (
    update(outbox)
    .where(
        outbox.c.chat_id == bindparam("old"),
        outbox.c.state.in_([State.WAITING.value, State.SENDING.value, State.PARKED.value]),
    )
    .values(chat_id=bindparam("new"))
)
_READER = select(person.c.active, person.c.revoked_at, person.c.unreachable_since).where(
    person.c.id == bindparam("person")
)
_RECIPIENT = (
    update(broadcast_recipient)
    .where(
        broadcast_recipient.c.broadcast_id == bindparam("broadcast"),
        broadcast_recipient.c.person_id == bindparam("person"),
        broadcast_recipient.c.state.in_(["waiting", "failed"]),  # failed: asked for again
    )
    .values(state=bindparam("outcome"), at=bindparam("moment"))
)


def post(  # noqa: PLR0913 - a message has that many sides, all of them named by the caller
    work: Work,
    *,
    kind: str,
    person_id: int | None,
    chat_id: int,
    body: Mapping[str, Any],
    priority: int,
    at: Moment,
    not_before: datetime | None = None,
    dedupe: str | None = None,
    ready: bool = True,
) -> int | None:
    """Put a message in the outbox; return its id, or None when `dedupe` was there before.

    The sender of this process learns of it as soon as the transaction is committed.
    """
    values = {
        "kind": kind,
        "person_id": person_id,
        "chat_id": chat_id,
        "body": body,
        "priority": int(priority),
        "created_at": at.at,
        "not_before": not_before or at.at,
        "ready": ready,
    }
    at_once = not_before is None or not_before <= at.at
    mine = at_once and priority == Priority.ANSWER
    row = {
        **values,
        "dedupe": dedupe,
        "state": State.WAITING.value,
        "owner": (work.owner or None) if mine else None,
    }
    row_id = work.insert(_POST, row) if dedupe is None else work.scalar(_POST_ONCE, row)
    if row_id is not None and at_once:
        work.after_commit(Outgoing(id=row_id, **values))  # type: ignore[arg-type]
        if not work.owner:
            work.signal(CHANNEL)  # the command line: no sender has seen the note
    return row_id


def put_back(work: Work, row: Outgoing, then: datetime, reason: str) -> bool:
    """Let a row wait again: an answer for its owner, not before a moment; others for anybody.

    Who else is to wait is a matter of the rates: a push is its chat's next one as before.
    False when it is not this process's any more.
    """
    answer = row.priority == Priority.ANSWER
    values = {
        "row": row.id,
        "me": work.owner or None,
        "by": (work.owner or None) if answer else None,
        "chat": row.chat_id,
        "then": then if answer else row.created_at,
        "tries": row.attempts,
        "times": row.doubts,
        "reason": legible(reason),
    }
    return work.execute(_PUT_BACK, values) == 1


def leaves(work: Work, row: Outgoing, at: datetime) -> bool:
    """Note that a row's request leaves now; False when it is not this process's any more."""
    return work.execute(_LEAVES, {"row": row.id, "by": work.owner or None, "at": at}) == 1


def settle(
    work: Work,
    row: Outgoing,
    state: State,
    at: datetime,
    message_id: int | None = None,
    error: str | None = None,
) -> bool:
    """End a row's life, and tell its broadcast; False when it was over already."""
    values = {
        "row": row.id,
        "outcome": state.value,
        "at": at if state is State.SENT else None,
        "message": message_id,
        "reason": legible(error) if error else None,
    }
    if not work.execute(_SETTLE, values):
        return False
    work.after_commit(Settled(row.kind, state.value))
    broadcast = row.body.get("broadcast_id") if row.kind == "broadcast" else None
    if broadcast is not None and state in RECIPIENT:
        outcome = {"broadcast": broadcast, "person": row.person_id, "moment": at}
        work.execute(_RECIPIENT, {**outcome, "outcome": RECIPIENT[state]})
    return True


def unreachable(work: Work, row: Outgoing, at: datetime, error: str) -> None:
    """Drop a row whose reader has blocked the bot or left, and remember it of the person."""
    settle(work, row, State.DROPPED, at, error=error)
    people.set_unreachable(work, row.chat_id, at)


def may_read(work: Work, person_id: int | None) -> bool:
    """Tell whether messages nobody asked for may go to a person (None: no person known)."""
    if person_id is None:
        return True
    found = work.first(_READER, {"person": person_id})
    return bool(found and found.active and not (found.revoked_at or found.unreachable_since))


def migrate(work: Work, old: int, new: int) -> None:
    """Follow a chat that has got another number, with its person and all that waits for it."""
    if people.by_telegram(work, new) is None:
        people.set_telegram(work, old, new)
    work.execute(_MIGRATE, {"old": old, "new": new})
