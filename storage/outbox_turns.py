"""Whose turn it is to send what: messages drawn with their tokens, dead owners' taken over."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, case, or_, select, update

from storage import rates, workers
from storage.outbox import BY_HAND, COLUMNS, IN_DOUBT, LEFT, Outgoing, Priority, State, settle
from storage.rates import Pace
from storage.tables import outbox
from storage.work import Work

# Nobody's answers: one that an older release wrote is in that release's memory.
ORPHAN: Final = timedelta(seconds=5)
NEAR: Final = 48
MOST_DEATHS: Final = 4
APART: Final = timedelta(seconds=2)
AHEAD: Final = timedelta(minutes=1)
"""Written later than so long from now: by a clock that was wrong."""
LONGEST_PAUSE: Final = timedelta(days=7)
"""No news waits for longer: a bridge of holidays is shorter."""
DEADLY: Final = "the process died each time it was made ready"


@dataclass(frozen=True, slots=True)
class Drawn:
    """Messages that a process may send now, and seconds until more may be drawn (0: ask)."""

    rows: Sequence[Outgoing]
    pause: float


@dataclass(frozen=True, slots=True)
class Recovered:
    """How many messages of dead processes wait again, and how many were parked: they kill."""

    waiting: int
    parked: int


_PUSH = (outbox.c.state == State.WAITING.value, outbox.c.priority > Priority.ANSWER.value)
_ANY_PUSH = select(outbox.c.id).where(*_PUSH, outbox.c.not_before <= bindparam("now")).limit(1)
_NEXT = (
    select(*COLUMNS)
    .where(
        *_PUSH,
        outbox.c.not_before <= bindparam("now"),
        outbox.c.chat_id.not_in(bindparam("busy", expanding=True)),
    )
    .order_by(outbox.c.priority, outbox.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
# The first ones as an index knows them by itself, and the same among these: a long queue is not
# looked through for each draw. Only when most of them may not leave now are all asked.
_FIRST = (
    select(outbox.c.id)
    .where(*_PUSH, outbox.c.not_before <= bindparam("now"))
    .order_by(outbox.c.priority, outbox.c.id)
    .limit(NEAR)
)
_NEAR = _NEXT.where(outbox.c.id.in_(bindparam("near", expanding=True)))
_BUSY = select(outbox.c.chat_id).where(outbox.c.state == State.SENDING.value).distinct()
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("rows", expanding=True)))
    .values(
        state=State.SENDING.value,
        owner=bindparam("by"),
        not_before=bindparam("now"),
        posted_at=None,
    )
)
_ORPHANS = (
    select(*COLUMNS, outbox.c.owner)
    .where(
        outbox.c.state == State.WAITING.value,
        outbox.c.priority == Priority.ANSWER.value,
        # what somebody owned and is to rest is taken with its rest: younger ones wait behind it
        or_(
            outbox.c.owner.not_in(bindparam("living", expanding=True)),
            outbox.c.owner.is_(None)
            & (outbox.c.created_at <= bindparam("before"))
            & (outbox.c.not_before <= bindparam("now")),
        ),
    )
    .order_by(outbox.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_ADOPT = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("rows", expanding=True)))
    .values(owner=bindparam("by"))
)
_ELSEWHERE = (
    select(outbox.c.id)
    .where(
        outbox.c.state == State.WAITING.value,
        outbox.c.priority == Priority.ANSWER.value,
        outbox.c.chat_id.in_(bindparam("chats", expanding=True)),
        outbox.c.owner.is_(None) | (outbox.c.owner != bindparam("by")),
    )
    .limit(1)
)
_OWN = select(outbox.c.id).where(
    outbox.c.id.in_(bindparam("rows", expanding=True)),
    outbox.c.owner == bindparam("by"),
    outbox.c.state.in_([State.WAITING.value, State.SENDING.value]),
)
# What its owner has and does not know of: the commit that gave it to him lost its answer.
_MINE = select(outbox.c.id).where(
    outbox.c.owner == bindparam("by"),
    or_(
        outbox.c.state == State.SENDING.value,
        and_(
            outbox.c.state == State.WAITING.value,
            outbox.c.priority == Priority.ANSWER.value,
            outbox.c.created_at <= bindparam("before"),
        ),
    ),
)
_MINE_TO = select(outbox.c.id).where(
    outbox.c.owner == bindparam("by"),
    outbox.c.state == State.WAITING.value,
    outbox.c.priority == Priority.ANSWER.value,
    outbox.c.chat_id.in_(bindparam("chats", expanding=True)),
)
_UNSENT = (
    select(*COLUMNS)
    .where(
        outbox.c.id.in_(bindparam("rows", expanding=True)),
        outbox.c.state == State.WAITING.value,
        outbox.c.owner == bindparam("by"),
    )
    .order_by(outbox.c.id)
)
_DRAWN = (
    outbox.c.id.in_(bindparam("rows", expanding=True)),
    outbox.c.state == State.SENDING.value,
    outbox.c.owner == bindparam("by"),
)
_UNDRAW = (
    update(outbox)
    .where(*_DRAWN)
    .values(
        state=State.WAITING.value,
        owner=None,
        doubts=outbox.c.doubts + case((outbox.c.posted_at.is_not(None), 1), else_=0),
        posted_at=None,
    )
)
_RELEASE = update(outbox).where(*_DRAWN).values(state=State.WAITING.value, owner=None)
_LEFT_BEHIND = (
    select(*COLUMNS, outbox.c.posted_at)
    .where(
        outbox.c.state == State.SENDING.value,
        outbox.c.owner.is_(None) | outbox.c.owner.not_in(bindparam("living", expanding=True)),
    )
    .order_by(outbox.c.priority, outbox.c.id)
    .with_for_update(skip_locked=True)
)
_RECOVER = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        state=State.WAITING.value,
        owner=None,
        posted_at=None,
        not_before=bindparam("then"),
        doubts=bindparam("times"),
        deaths=bindparam("died"),
        error=bindparam("reason"),
    )
)
# What was to leave at once, and what a clock years ahead put off. What it put off for less waits
# for an hour at which its reader works, as it was meant to; a digest is of its day, which comes.
_SET_RIGHT = (
    update(outbox)
    .where(
        *_PUSH,
        outbox.c.priority != Priority.DIGEST.value,
        outbox.c.created_at > bindparam("ahead"),
        or_(outbox.c.not_before <= outbox.c.created_at, outbox.c.not_before > bindparam("far")),
    )
    .values(created_at=bindparam("now"), not_before=bindparam("now"))
)


def push_waits(work: Work, now: datetime) -> bool:
    """Tell whether a message that nobody asked for may be drawn."""
    return work.scalar(_ANY_PUSH, {"now": now}) is not None


def set_right(work: Work, now: datetime) -> int:
    """Let what a clock that ran ahead wrote leave now; return how many messages."""
    now = max(now, workers.shared_now(work, now))  # this machine's clock may be behind
    values = {"now": now, "ahead": now + AHEAD, "far": now + LONGEST_PAUSE}
    return work.execute(_SET_RIGHT, values)


def draw(
    work: Work,
    pace: Pace,
    now: datetime,
    *,
    most: int,
    spent: int,
    busy: Collection[int],
    digests: int | None = None,
) -> Drawn:
    """Take up to `most` messages nobody asked for, each with its token of the shared rates.

    The most urgent first, then the oldest; one of each chat, none of a chat that has one on
    its way, rests, or is in `busy`. `spent` is what the caller has sent beside these. In
    one chat messages of equal urgency keep their order, whoever draws them. Of `digests`,
    which take long to make, no more than so many are taken when it is given.
    """
    till = rates.Till(work, pace, now)
    till.overall.take(till.now, spent)
    wait = till.overall.wait(till.now)
    rows: list[Outgoing] = []
    if wait <= rates.EPSILON:
        most = min(most, max(1, int(till.overall.level + rates.EPSILON)))
        rows = _heads(work, now, most, {*busy, *till.resting(), *work.scalars(_BUSY)})
        rows = rows if digests is None else _with_few(rows, digests)
        till.take(row.chat_id for row in rows)
        if rows:
            values = {"rows": [row.id for row in rows], "by": work.owner or None, "now": now}
            work.execute(_CLAIM, values)
        wait = till.overall.wait(till.now) if len(rows) == most else 0.0
    till.keep()
    return Drawn(rows, wait)


def _with_few(rows: list[Outgoing], digests: int) -> list[Outgoing]:
    """Leave out the digests after so many."""
    over = [row.id for row in rows if row.priority == Priority.DIGEST][digests:]
    return [row for row in rows if row.id not in over]


def _heads(work: Work, now: datetime, most: int, busy: set[int]) -> list[Outgoing]:
    """Find the next message of each of so many chats that are free."""
    heads: dict[int, Outgoing] = {}
    near = work.scalars(_FIRST, {"now": now})
    _add_heads(work, heads, _NEAR, most, {"now": now, "near": near, "busy": busy})
    if len(near) == NEAR:
        _add_heads(work, heads, _NEXT, most, {"now": now, "busy": busy})
    return list(heads.values())


def _add_heads(
    work: Work,
    heads: dict[int, Outgoing],
    statement: Select[Any],
    most: int,
    values: Mapping[str, Any],
) -> None:
    while len(heads) < most:
        asked = {**values, "busy": [*values["busy"], *heads], "limit": most}
        page = [_outgoing(row._asdict()) for row in work.all(statement, asked)]
        for row in page:
            if len(heads) < most:
                heads.setdefault(row.chat_id, row)
        if len(page) < most:
            return


def adopt(work: Work, now: datetime, living: Sequence[str], limit: int) -> list[Outgoing]:
    """Take over the answers that no living process has in memory, those that rest too.

    Nobody knows whether they left: they are in doubt, unless a person asks for them again.
    """
    values = {"now": now, "living": list(living), "before": now - ORPHAN, "limit": limit}
    rows = [row._asdict() for row in work.all(_ORPHANS, values)]
    if rows:
        taken = {"rows": [row["id"] for row in rows], "by": work.owner or None}
        work.execute(_ADOPT, taken)
    return [_adopted(row) for row in rows]


def answers_elsewhere(work: Work, chats: Collection[int]) -> bool:
    """Tell whether another process, dead or living, still has an answer for one of these chats."""
    values = {"chats": list(chats), "by": work.owner or None}
    return work.scalar(_ELSEWHERE, values) is not None


def own(work: Work, row_ids: Sequence[int]) -> set[int]:
    """Tell which rows still belong to this process and are not over."""
    return set(work.scalars(_OWN, {"rows": list(row_ids), "by": work.owner or None}))


def mine(work: Work, now: datetime, chats: Collection[int] = ()) -> list[int]:
    """Name what this process is to send: drawn messages, answers that are not quite new.

    With `chats`, every answer to these and nothing else.
    """
    by = work.owner or None
    if chats:
        return work.scalars(_MINE_TO, {"by": by, "chats": list(chats)})
    return work.scalars(_MINE, {"by": by, "before": now - ORPHAN})


def recall(work: Work, row_ids: Sequence[int]) -> list[Outgoing]:
    """Take up what is this process's and not in its memory: it never learned of the commit.

    Drawn messages wait again for anybody; return the answers, which have not left.
    """
    values = {"rows": list(row_ids), "by": work.owner or None}
    work.execute(_UNDRAW, values)
    return [_outgoing(row._asdict()) for row in work.all(_UNSENT, values)]


def release(work: Work, row_ids: Sequence[int]) -> int:
    """Give back what was drawn and did not leave; return how many rows."""
    return work.execute(_RELEASE, {"rows": list(row_ids), "by": work.owner or None})


def recover(work: Work, now: datetime, living: Sequence[str]) -> Recovered:
    """Take back what no living process sends any more: in doubt only what had left.

    What had not left when its process died, for the second time, waits apart from the
    others, so that the one message that kills is found: after four deaths it is parked.
    """
    back: list[dict[str, object]] = []
    deadly = 0
    for found in work.all(_LEFT_BEHIND, {"living": list(living)}):
        columns = found._asdict()
        left, reason = columns.pop("posted_at") is not None, columns["error"]
        row = _outgoing(columns)
        deaths = 0 if left else row.deaths + 1
        if deaths >= MOST_DEATHS:
            settle(work, row, State.PARKED, now, error=DEADLY)
            deadly += 1
            continue
        values = {
            "row": row.id,
            "times": row.doubts + left,
            "died": deaths,
            "reason": LEFT if left and reason != IN_DOUBT else reason,
        }
        then = max(now, row.created_at)  # not before it was written: clocks go back
        if deaths > 1:
            then += APART * len(back)
        back.append({**values, "then": then})
    work.execute_many(_RECOVER, back)
    return Recovered(len(back), deadly)


def _outgoing(columns: dict[str, Any]) -> Outgoing:
    doubtful = columns.pop("error") == IN_DOUBT
    return Outgoing(**columns, doubtful=doubtful)


def _adopted(columns: dict[str, Any]) -> Outgoing:
    doubtful = columns.pop("owner") is not None or columns["error"] != BY_HAND
    return replace(_outgoing(columns), doubtful=doubtful)
