"""Conversations as rows: the call as it stands, its version, what it has recorded so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from storage.tables import conversation
from storage.work import Work

ACTIVE, LEFT, DONE = "active", "left", "done"

_ADD = insert(conversation)
_BY_ID = select(conversation).where(conversation.c.id == bindparam("id"))
_ACTIVE = (
    select(conversation)
    .where(conversation.c.person_id == bindparam("person"), conversation.c.state == ACTIVE)
    .order_by(conversation.c.id.desc())
)
_UNFINISHED = (
    select(conversation)
    .where(
        conversation.c.person_id == bindparam("person"),
        conversation.c.state.in_((ACTIVE, LEFT)),
    )
    .order_by(conversation.c.changed_at.desc(), conversation.c.id.desc())
    .limit(1)
)
_ENDED = (
    select(conversation)
    .where(conversation.c.person_id == bindparam("person"), conversation.c.state == DONE)
    .order_by(conversation.c.changed_at.desc(), conversation.c.id.desc())
    .limit(1)
)
_UNFINISHED_ON = (
    select(conversation)
    .where(
        conversation.c.person_id == bindparam("person"),
        conversation.c.customer_id == bindparam("customer"),
        conversation.c.script == bindparam("script"),
        conversation.c.state.in_((ACTIVE, LEFT)),
    )
    .order_by(conversation.c.changed_at.desc(), conversation.c.id.desc())
    .limit(1)
)
_SAVE = (
    update(conversation)
    .where(conversation.c.id == bindparam("c"))
    .values(
        digest=bindparam("digest_"),
        step=bindparam("step_"),
        call=bindparam("call_"),
        version=bindparam("version_"),
        state=bindparam("state_"),
        outcome=bindparam("outcome_"),
        changed_at=bindparam("at"),
    )
)


@dataclass(frozen=True, slots=True)
class Held:
    """One conversation: `call` is the engine's plain state, `made` what was recorded by it.

    `made` lists (what, id, detail) in the order of recording.
    """

    id: int
    person_id: int
    customer_id: int | None
    subject_id: int | None
    script: str
    state: str
    call: Mapping[str, Any]
    made: tuple[tuple[str, int, str], ...]
    message_id: int | None
    started_at: datetime
    changed_at: datetime


def add(
    work: Work,
    *,
    person_id: int,
    customer_id: int | None,
    subject_id: int | None,
    call: Mapping[str, Any],
    at: datetime,
) -> int:
    """Keep a conversation that begins; `call` is the engine's plain state."""
    return work.insert(
        _ADD,
        {
            "person_id": person_id,
            "customer_id": customer_id,
            "subject_id": subject_id,
            "script": call["script"],
            "digest": call["digest"],
            "step": call["step"],
            "call": {**call, "made": []},
            "version": call["version"],
            "state": call["state"],
            "outcome": call["outcome"],
            "started_at": at,
            "changed_at": at,
        },
    )


def save(
    work: Work,
    conversation_id: int,
    call: Mapping[str, Any],
    made: tuple[tuple[str, int, str], ...],
    at: datetime,
) -> None:
    """Write a conversation as it stands after a turn."""
    values = {
        "c": conversation_id,
        "digest_": call["digest"],
        "step_": call["step"],
        "call_": {**call, "made": [list(one) for one in made]},
        "version_": call["version"],
        "state_": call["state"],
        "outcome_": call["outcome"],
        "at": at,
    }
    work.execute(_SAVE, values)


def by_id(work: Work, conversation_id: int) -> Held | None:
    """Find a conversation."""
    return _held(work.first(_BY_ID, {"id": conversation_id}))


def active_of(work: Work, person_id: int) -> list[Held]:
    """Read the conversations that a person holds now: one at most, by the rules."""
    rows = work.all(_ACTIVE, {"person": person_id})
    return [held for row in rows if (held := _held(row)) is not None]


def unfinished_of(work: Work, person_id: int) -> Held | None:
    """Find a person's latest conversation that has not ended."""
    return _held(work.first(_UNFINISHED, {"person": person_id}))


def ended_of(work: Work, person_id: int) -> Held | None:
    """Find a person's latest conversation that has ended."""
    return _held(work.first(_ENDED, {"person": person_id}))


def unfinished_on(work: Work, person_id: int, customer_id: int, script: str) -> Held | None:
    """Find a person's latest conversation of a script on an account that has not ended."""
    values = {"person": person_id, "customer": customer_id, "script": script}
    return _held(work.first(_UNFINISHED_ON, values))


def _held(row: Row[Any] | None) -> Held | None:
    if row is None:
        return None
    call = dict(row.call)
    made = tuple((str(what), int(key), str(detail)) for what, key, detail in call.pop("made", ()))
    return Held(
        id=row.id,
        person_id=row.person_id,
        customer_id=row.customer_id,
        subject_id=row.subject_id,
        script=row.script,
        state=row.state,
        call=call,
        made=made,
        message_id=row.message_id,
        started_at=row.started_at,
        changed_at=row.changed_at,
    )
