"""A broadcast on its way into the outbox: some hundreds of messages in one transaction.

A wave is a message that goes to all recipients in a state: the first time to those who wait,
later to those who have not seen it. What is left of it is a row that goes with the last piece.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    String,
    bindparam,
    cast,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    select,
    update,
)

from storage.outbox import CHANNEL, Posted, Priority, State
from storage.tables import broadcast_recipient, broadcast_wave, outbox, person
from storage.upsert import Upsert
from storage.work import Work

KIND: Final = "broadcast"
PIECE: Final = 500
"""Recipients looked at in one transaction: some milliseconds, and many seconds of sending."""

_RECIPIENTS = broadcast_recipient.join(person)
_BROADCAST = broadcast_recipient.c.broadcast_id == bindparam("broadcast")
_AFTER = broadcast_recipient.c.person_id > bindparam("after", type_=person.c.id.type)
_DEDUPE = (
    bindparam("prefix", type_=String)
    + cast(person.c.id, String)
    + bindparam("suffix", type_=String)
)
_MAY_GO: Final[tuple[ColumnElement[bool], ...]] = (
    _BROADCAST,
    broadcast_recipient.c.state == bindparam("state"),
    person.c.active,
    person.c.telegram_id.is_not(None),
    ~exists().where(outbox.c.dedupe == _DEDUPE),
)
_POST = insert(outbox).from_select(
    (
        *("priority", "kind", "person_id", "chat_id", "dedupe", "ready"),
        *("body", "created_at", "not_before", "state"),
    ),
    select(
        literal(int(Priority.BROADCAST)),
        literal(KIND),
        person.c.id,
        person.c.telegram_id,
        _DEDUPE,
        false(),
        bindparam("facts", type_=outbox.c.body.type),
        bindparam("now", type_=outbox.c.created_at.type),
        bindparam("when", type_=outbox.c.not_before.type),
        literal(State.WAITING.value),
    )
    .select_from(_RECIPIENTS)
    .where(
        *_MAY_GO,
        _AFTER,
        broadcast_recipient.c.person_id <= bindparam("last", type_=person.c.id.type),
    )
    .order_by(person.c.name, person.c.id),
)
_COUNT = select(func.count()).select_from(_RECIPIENTS).where(*_MAY_GO)
_NEXT = (
    select(broadcast_recipient.c.person_id)
    .where(_BROADCAST, _AFTER)
    .order_by(broadcast_recipient.c.person_id)
    .limit(bindparam("most"))
    .subquery()
)
_LAST = select(func.max(_NEXT.c.person_id).label("last"), func.count().label("n"))
_BEGIN = Upsert(broadcast_wave, keys=("broadcast_id", "again"))
_UNFINISHED = select(broadcast_wave.c.broadcast_id).distinct().order_by("broadcast_id")
_OF = (
    select(broadcast_wave)
    .where(broadcast_wave.c.broadcast_id == bindparam("broadcast"))
    .order_by(broadcast_wave.c.again)
    .limit(1)
    .with_for_update()  # the command line and a bot may both go on
)
_WAVE = (
    broadcast_wave.c.broadcast_id == bindparam("b"),
    broadcast_wave.c.again == bindparam("repeated"),
)
_MOVE = update(broadcast_wave).where(*_WAVE).values(after=bindparam("came_to"))
_END = delete(broadcast_wave).where(*_WAVE)


def begin(
    work: Work, broadcast_id: int, state: str, at: datetime, when: datetime, again: str = ""
) -> None:
    """Let the message go to all recipients in a state; the first of them have it at once.

    `again` tells a repetition from the first time, and from another repetition; the same one
    is posted once.
    """
    wave = {"broadcast_id": broadcast_id, "again": again, "state": state}
    work.execute(_BEGIN, {**wave, "not_before": when, "after": 0})
    go_on(work, broadcast_id, at)


def expected(work: Work, broadcast_id: int, state: str, again: str) -> int:
    """Count to how many a wave would go; 0 once it has gone to all."""
    return int(work.scalar(_COUNT, {"state": state, **_named(broadcast_id, again)}))


def unfinished(work: Work) -> list[int]:
    """Name the broadcasts of which not everything is in the outbox."""
    return work.scalars(_UNFINISHED)


def go_on(work: Work, broadcast_id: int, at: datetime) -> bool:
    """Post the next messages of a broadcast; False when none is left."""
    wave = work.first(_OF, {"broadcast": broadcast_id})
    if wave is None:
        return False
    piece = {"broadcast": broadcast_id, "after": wave.after}
    found = work.all(_LAST, {**piece, "most": PIECE})[0]
    mine = {"b": broadcast_id, "repeated": wave.again}
    if found.n < PIECE:
        work.execute(_END, mine)
    else:
        work.execute(_MOVE, {**mine, "came_to": found.last})
    facts = {"broadcast_id": broadcast_id, "again": bool(wave.again)}
    values = {
        **piece,
        "last": found.last or 0,
        "state": wave.state,
        **_named(broadcast_id, wave.again),
    }
    posted = work.execute(_POST, {**values, "facts": facts, "now": at, "when": wave.not_before})
    if posted and wave.not_before <= at:
        work.after_commit(Posted(KIND, posted))
        if not work.owner:
            work.signal(CHANNEL)
    return True


def _named(broadcast_id: int, again: str) -> dict[str, object]:
    return {"broadcast": broadcast_id, "prefix": f"{KIND}:{broadcast_id}:", "suffix": again}
