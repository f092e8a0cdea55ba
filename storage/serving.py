"""Who serves whose updates when several processes share a PostgreSQL database.

One row per sender says which process handles his updates; whoever stores an update for a
sender whom nobody serves takes him in the same transaction, so that a process that is alone
never looks for work. The handling transaction begins with `inbox.finish`, which refuses
when another process has become the owner.

```mermaid
stateDiagram-v2
  [*] --> free: put, by a process that takes nobody
  [*] --> owned: put
  free --> owned: claim
  owned --> owned: more (there is more to handle)
  owned --> [*]: more (nothing left)
  owned --> free: give_back, free (its owner died), or its time is up
```
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import Row, text

if TYPE_CHECKING:
    from credit.moment import Moment
    from storage.work import Work

CHANNEL: Final = "inbox"
# who hangs or has lost the answer of a commit; the dead are known by their heartbeat
LEASE: Final = timedelta(seconds=60)
TURN: Final = 20  # updates of one sender that are read at a time

Waiting = Row[tuple[int, int, str, int, int]]


@dataclass(frozen=True, slots=True)
class Claimed:
    """What waits of the senders taken, and those of them whom a dead process served before."""

    rows: Sequence[Waiting]
    orphans: frozenset[int]


# taken only when nobody serves the sender and nothing waits: then memory misses nothing; nor
# when an answer to him waits elsewhere, of a process that died: who claims him lets it leave first
_PUT = text(
    """
    insert into inbox_queue (sender, head, owner, until)
    select one.sender, one.head, case when owed.sender is null then one.owner end,
           case when owed.sender is null and one.owner is not null
                then cast(:until as timestamptz) end
    from unnest(cast(:senders as bigint[]), cast(:heads as bigint[]), cast(:owners as text[]))
         as one (sender, head, owner)
    left join (
      select distinct chat_id as sender from outbox
      where state = 'waiting' and priority = 0 and chat_id = any(cast(:senders as bigint[]))
        and owner is distinct from cast(:me as text)
    ) as owed on owed.sender = one.sender
    order by one.sender
    on conflict (sender) do update set
      head = least(inbox_queue.head, excluded.head),
      owner = case when inbox_queue.owner is null and inbox_queue.head is null
                   then excluded.owner else inbox_queue.owner end,
      until = case when inbox_queue.owner is null and inbox_queue.head is null
                   then excluded.until else inbox_queue.until end
    returning sender, owner, until
    """
)
# a time far ahead was written by a clock that was wrong
_CLAIM = text(
    """
    update inbox_queue as queue set owner = :me, until = :until from (
      select sender, until from inbox_queue
      where head is not null and (owner is null or until <= :now or until > :absurd)
      order by head limit :places for update skip locked
    ) as former
    where queue.sender = former.sender
    returning queue.sender, former.until is not null as orphan
    """
)
_MINE = text(
    "select sender from inbox_queue where sender = any(:senders) and owner = :me"
    " order by sender for update"
)
_PENDING = text(
    """
    select update_id, sender, body, attempts, begun from (
      select update_id, sender, body, attempts, begun,
             row_number() over (partition by sender order by update_id) as place
      from inbox
      where sender = any(:senders) and done_at is null and not parked
    ) as waiting where place <= :turn order by update_id
    """
)
_KEEP = text("update inbox_queue set until = :until where sender = any(:senders)")
_IDLE = text("delete from inbox_queue where sender = any(:senders)")
_GIVE_BACK = text("update inbox_queue set owner = null, until = null where owner = :me")
# `until` stays: who takes the sender next learns from it that a process may have died over him
_FREE = text("update inbox_queue set owner = null where owner = any(:dead)")
_SERVED = text("select sender from inbox_queue where owner = :me")
_OWNERS = text("select distinct owner from inbox_queue where owner is not null")
# an older release stores updates and knows nothing of this table
_REPAIR = text(
    """
    insert into inbox_queue (sender, head)
    select sender, min(update_id) from inbox
    where done_at is null and not parked and received_at <= :before
    group by sender order by sender
    on conflict (sender) do update set head = excluded.head where inbox_queue.head is null
    """
)


def put(work: Work, heads: Iterable[tuple[int, int]], now: Moment, places: int) -> set[int]:
    """Queue senders with their first new update; return those that this process has taken.

    It takes `places` of them at most. The other processes are told when somebody is left.
    """
    ordered = sorted(heads)
    if not ordered:
        return set()
    mine = places if work.owner else 0
    until = now.at + LEASE
    values = {
        "senders": [sender for sender, _ in ordered],
        "heads": [head for _, head in ordered],
        "owners": [work.owner if place < mine else None for place in range(len(ordered))],
        "me": work.owner,
        "until": until,
    }
    rows = work.all(_PUT, values)
    if any(row.owner is None for row in rows):
        work.signal(CHANNEL)
    return {row.sender for row in rows if row.owner == work.owner and row.until == until}


def claim(work: Work, now: Moment, places: int) -> Claimed:
    """Take the senders who wait longest and return the first updates of each."""
    values = {
        "me": work.owner,
        "now": now.at,
        "until": now.at + LEASE,
        "absurd": now.at + 2 * LEASE,
        "places": places,
    }
    taken = work.all(_CLAIM, values)
    if not taken:
        return Claimed((), frozenset())
    rows = _waiting(work, [one.sender for one in taken], now.at + LEASE)
    return Claimed(rows, frozenset(one.sender for one in taken if one.orphan))


def more(
    work: Work, senders: Sequence[int], now: Moment, stay: Collection[int] = ()
) -> list[Waiting]:
    """Return what else waits of senders that are this process's still; let go of the rest.

    Those in `stay` are kept although nothing waits of them.
    """
    mine = work.scalars(_MINE, {"senders": list(senders), "me": work.owner})
    return _waiting(work, mine, now.at + LEASE, stay) if mine else []


def _waiting(
    work: Work, senders: list[int], until: datetime, stay: Collection[int] = ()
) -> list[Waiting]:
    # the senders are locked: what is not seen now is put by a transaction that waits for this
    rows = list(work.all(_PENDING, {"senders": senders, "turn": TURN}))
    busy = {row.sender for row in rows} | {one for one in senders if one in stay}
    if busy:
        work.execute(_KEEP, {"senders": sorted(busy), "until": until})
    if idle := [sender for sender in senders if sender not in busy]:
        work.execute(_IDLE, {"senders": idle})
    return rows


def give_back(work: Work) -> None:
    """Let go of every sender: this process ends."""
    if work.execute(_GIVE_BACK, {"me": work.owner}):
        work.signal(CHANNEL)


def free(work: Work, dead: Sequence[str]) -> int:
    """Let go of what processes that died had; return how many senders."""
    freed = work.execute(_FREE, {"dead": list(dead)})
    if freed:
        work.signal(CHANNEL)
    return freed


def served(work: Work) -> list[int]:
    """Name the senders that are this process's."""
    return work.scalars(_SERVED, {"me": work.owner})


def owners(work: Work) -> list[str]:
    """Name the processes that serve somebody now."""
    return work.scalars(_OWNERS)


def repair(work: Work, before: datetime) -> int:
    """Queue the senders of updates stored by then that are in no queue; return how many."""
    queued = work.execute(_REPAIR, {"before": before})
    if queued:
        work.signal(CHANNEL)
    return queued
