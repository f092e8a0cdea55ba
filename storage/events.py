"""The audit trail: who did what, when, from which update; rows are only ever added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Row, bindparam, func, insert, select, text

from credit.moment import Moment
from storage.tables import customer, event, person
from storage.work import Work

NAMESPACE = UUID("6f1c1c0e-6a0b-5d35-9a53-3c1f5f9d7a11")

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
# PostgreSQL gives a number before the commit, so a higher one may be seen first. Only what is
# older than every transaction that still runs has no hole before it (numbers of transactions
# are 32 bits wide and begin again).
_UNSETTLED = text(
    "select min(id) from event where id > :after and ((pg_snapshot_xmin(pg_current_snapshot())"
    "::text::bigint - xmin::text::bigint) & 4294967295) not between 1 and 2147483647"
    " and xmin::text::bigint is distinct from"
    " (pg_current_xact_id_if_assigned()::text::bigint & 4294967295)"  # one's own are no holes
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Who is behind a change, and the key its identities are derived from."""

    person_id: int | None  # None: the command line or the clock
    update_id: int | None  # the Telegram update, when there is one
    at: Moment
    key: str  # "u123456", "cli:<uuid4>", "job:scan:2026-11-22"

    def uid(self, what: str) -> str:
        """Derive the identity of `what`: running the same change twice gives the same one."""
        return str(uuid5(NAMESPACE, f"{self.key}:{what}"))


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
    """Append many events at once: kind, data and customer of each."""
    work.execute_many(_INSERT, [_row(origin, *one) for one in happened])


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


def journal_after(work: Work, last: int, most: int = 500) -> list[Row[Any]]:
    """Read the journal's next events after the id `last`, oldest first, as far as settled."""
    until = settled(work, last)
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
    """Return the id, `last` or later, up to which no event can appear any more."""
    first = None
    if work.dialect == "postgresql":
        first = work.scalar(_UNSETTLED, {"after": last})
    return latest(work) if first is None else int(first) - 1
