"""The audit trail: who did what, when, from which update; rows are only ever added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha1
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, bindparam, func, insert, select, text

from credit.moment import Moment
from storage.bulk import Many
from storage.tables import customer, event, person
from storage.types import as_text, spelled, stored_moment
from storage.work import Work

NAMESPACE = UUID("6f1c1c0e-6a0b-5d35-9a53-3c1f5f9d7a11")
_NAMESPACE = NAMESPACE.bytes  # which is worked out each time

# What leaves the house in the journal; everything else stays inside.
JOURNAL_KINDS = frozenset(
    {
        "promise.made",
        "promise.withdrawn",
        "promise.superseded",
        "promise.judged",
        "dispute.opened",
        "dispute.withdrawn",
        "dispute.closed",
        "dispute.asked",
        "dispute.answered",
        "dispute.decided",
        "dispute.undone",
        "contact.recorded",
        "contact.withdrawn",
        "alert.acknowledged",
        "alert.dismissed",
        "alert.snoozed",
        "customer.assigned",
        "broadcast.sent",
    }
)

_INSERT = insert(event)
_COLUMNS = [one.name for one in event.c if not one.primary_key]
# A look spells what it says of many customers once.
_INSERT_MANY = Many(insert(as_text(event)), _COLUMNS)
_AFTER = (
    select(
        event.c.id,
        event.c.uid,
        event.c.at,
        event.c.kind,
        event.c.data,
        event.c.update_id,
        customer.c.code.label("customer"),
        person.c.name.label("author"),
        person.c.id.label("author_id"),
    )
    .select_from(event.outerjoin(customer).outerjoin(person))
    .where(
        event.c.id > bindparam("after"),
        event.c.id <= bindparam("until"),
        event.c.kind.in_(sorted(JOURNAL_KINDS)),
    )
    .order_by(event.c.id)
    .limit(bindparam("most"))
)
_OF_CUSTOMER = (
    select(event.c.at, event.c.kind, event.c.data, person.c.name.label("author"))
    .select_from(event.outerjoin(person))
    .where(event.c.customer_id == bindparam("customer"))
    .order_by(event.c.id.desc())
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
)
_LAST_OF = (
    select(event.c.at, event.c.kind, event.c.data)
    .where(
        event.c.customer_id == bindparam("customer"),
        event.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(event.c.id.desc())
    .limit(1)
)
_SINCE = select(event.c.customer_id, event.c.kind).where(event.c.id > bindparam("after"))
_LATEST = select(func.max(event.c.id))
# PostgreSQL gives a number before the commit, so a higher one may be seen first. Who has taken one
# holds the table's lock until he is seen, and who takes the lock after this looked is numbered
# later than all it sees: so holders are the only holes, and those of other databases, or who have
# not written here yet, are none. Before a holder only what is much older than he has no hole (he
# may have begun before what he was numbered before); one who is no transaction yet may be any.
# (Numbers of transactions are 32 bits wide and begin again.)
_UNSETTLED = text(
    """
    with locks as materialized (select * from pg_locks where granted and pid <> pg_backend_pid()),
    running as (
      select coalesce(
        known.transactionid::text::bigint,
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint & 4294967295
      ) as xid
      from locks as holder left join locks as known
        on known.pid = holder.pid and known.locktype = 'transactionid'
        and known.mode = 'ExclusiveLock'
      where holder.locktype = 'relation' and holder.mode = 'RowExclusiveLock'
        and holder.relation = cast('event' as regclass)
        and holder.database = (select oid from pg_database where datname = current_database())
    )
    select min(event.id) from event join running
      on ((running.xid - event.xmin::text::bigint) & 4294967295) not between :older and 2147483647
    where event.id > :after
      and event.xmin::text::bigint is distinct from  -- one's own are no holes
          (pg_current_xact_id_if_assigned()::text::bigint & 4294967295)
    """
)
_SEEN_BEFORE = select(func.max(event.c.id)).where(event.c.id < bindparam("first"))
OLDER: Final = 10_000
"""Transactions: no shorter one than the time of so many is numbered so late that it is missed."""
RECENT: Final = 10_000
"""Events: no transaction lasts as long as so many take."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who is behind a change, and the key its identities are derived from."""

    person_id: int | None  # None: the command line or the clock
    update_id: int | None  # the Telegram update, when there is one
    at: Moment
    key: str  # "u123456", "cli:<uuid4>", "job:scan:2026-11-22"

    def uid(self, what: str) -> str:
        """Derive the identity of `what`: running the same change twice gives the same one."""
        return _named(f"{self.key}:{what}")


def _named(name: str) -> str:
    """Spell the identity of a name, as `uuid5` makes it, without an object of it."""
    digest = sha1(_NAMESPACE + name.encode(), usedforsecurity=False).digest()
    plain = digest.hex()
    variant = "89ab"[digest[8] >> 4 & 3]
    return f"{plain[:8]}-{plain[8:12]}-5{plain[13:16]}-{variant}{plain[17:20]}-{plain[20:32]}"


def record(
    work: Work,
    origin: Origin,
    kind: str,
    data: Mapping[str, Any],
    customer_id: int | None = None,
) -> str:
    """Append one event to the audit trail and return its uid; `data` is JSON-able."""
    row = _row(origin, kind, data, customer_id)
    work.execute(_INSERT, row)
    return str(row["uid"])


def record_all(
    work: Work, origin: Origin, happened: Iterable[tuple[str, Mapping[str, Any], int]]
) -> None:
    """Append many events at once: kind, data and customer of each.

    What several have as the very same `data` is spelled once.
    """
    kept = list(happened)  # as long as they are kept, no two of them share an id
    at = stored_moment(origin.at.at, work.dialect)
    said: dict[int, tuple[str, str]] = {}
    rows = []
    for kind, data, customer_id in kept:
        texts = said.get(id(data))
        if texts is None:
            texts = said[id(data)] = (str(sorted(data.items())), spelled(dict(data)))
        uid = origin.uid(f"{kind}:{customer_id}:{texts[0]}")
        rows.append((uid, at, origin.person_id, kind, customer_id, origin.update_id, texts[1]))
    _INSERT_MANY.write(work, rows)


def _row(
    origin: Origin, kind: str, data: Mapping[str, Any], customer_id: int | None
) -> dict[str, Any]:
    return {
        "uid": origin.uid(f"{kind}:{customer_id}:{sorted(data.items())}"),
        "at": origin.at.at,
        "person_id": origin.person_id,
        "kind": kind,
        "customer_id": customer_id,
        "update_id": origin.update_id,
        "data": dict(data),
    }


def since(work: Work, last: int) -> list[tuple[int | None, str]]:
    """Read whom the events after the id `last` concern, and their kinds."""
    return [(row.customer_id, row.kind) for row in work.all(_SINCE, {"after": last})]


def journal_after(work: Work, last: int, until: int, most: int = 500) -> list[Row[Any]]:
    """Read the journal's next events after one id up to another, oldest first."""
    return list(work.all(_AFTER, {"after": last, "until": until, "most": most}))


def of_customer(work: Work, customer_id: int, skip: int = 0, most: int = 10) -> list[Row[Any]]:
    """Read an account's history, newest first."""
    return list(work.all(_OF_CUSTOMER, {"customer": customer_id, "skip": skip, "most": most}))


def last_of(work: Work, customer_id: int, kinds: tuple[str, ...]) -> Row[Any] | None:
    """Read the newest event of these kinds on an account."""
    return work.first(_LAST_OF, {"customer": customer_id, "kinds": list(kinds)})


def latest(work: Work) -> int:
    """Return the id of the last event, 0 before the first: it grows with every change."""
    return int(work.scalar(_LATEST) or 0)


def settled(work: Work, last: int) -> int:
    """Return the id, `last` or later, up to which a later snapshot sees all there will ever be.

    This one may miss what was committed while it was taken.
    """
    seen = latest(work)  # before the holders are: none of these is numbered later
    first = None
    if work.dialect == "postgresql":
        first = work.scalar(_UNSETTLED, {"after": last, "older": OLDER})
    if first is None:
        return seen
    return max(last, int(work.scalar(_SEEN_BEFORE, {"first": first}) or 0))


def settled_now(work: Work) -> int:
    """Return the id after which `since` will tell everything that is not seen here.

    To be asked first: what is committed while a snapshot is used would not be told.
    """
    return settled(work, max(0, latest(work) - RECENT))
