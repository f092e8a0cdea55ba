"""What can be wrong inside the database: its file, its sums, its orphans, its queues."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Executable, Select, bindparam, exists, func, select, text

from storage.outbox import State
from storage.sqlite_path import path_of
from storage.tables import (
    book,
    customer,
    dispute,
    event,
    inbox,
    item,
    outbox,
    payment,
    promise,
    promise_item,
    promise_line,
    settlement,
)
from storage.work import Work

SHOWN: Final = 3

_TOTAL = func.count().over().label("total")
_LEFT = (
    select(settlement.c.item_id, func.sum(settlement.c.amount_minor).label("minor"))
    .group_by(settlement.c.item_id)
    .subquery("settled")
)
_UNBALANCED = (
    select(func.coalesce(item.c.number, item.c.key), _TOTAL)
    .select_from(item.outerjoin(_LEFT, _LEFT.c.item_id == item.c.id))
    .where(item.c.amount_minor - func.coalesce(_LEFT.c.minor, 0) != item.c.open_minor)
    .order_by(item.c.id)
    .limit(SHOWN)
)
_LINES = (
    select(promise_line.c.promise_id, func.sum(promise_line.c.amount_minor).label("minor"))
    .group_by(promise_line.c.promise_id)
    .subquery("lines")
)
_UNEVEN = (
    select(customer.c.code, _TOTAL)
    .select_from(promise.join(customer).outerjoin(_LINES, _LINES.c.promise_id == promise.c.id))
    .where(func.coalesce(_LINES.c.minor, 0) != promise.c.amount_minor)
    .order_by(promise.c.id)
    .limit(SHOWN)
)
_STRANGE = (
    select(customer.c.code, _TOTAL)
    .select_from(promise_item.join(promise).join(item, item.c.id == promise_item.c.item_id))
    .join(customer, customer.c.id == promise.c.customer_id)
    .where(item.c.customer_id != promise.c.customer_id)
    .order_by(promise.c.id)
    .limit(SHOWN)
)


def _lost(name: Column[Any], wanted: Column[Any]) -> Select[Any]:
    """Count the rows of a table whose reference names nothing that is seen."""
    there = exists().where(wanted == name)
    return select(func.count()).select_from(name.table).where(name.is_not(None), ~there)


_LOST = {
    "promise_item.item_id": _lost(promise_item.c.item_id, item.c.id),
    "dispute.item_id": _lost(dispute.c.item_id, item.c.id),
    "settlement.item_id": _lost(settlement.c.item_id, item.c.id),
    "settlement.payment_id": _lost(settlement.c.payment_id, payment.c.id),
    "payment.item_id": _lost(payment.c.item_id, item.c.id),
}
_TWICE = {
    view.name: select(view.c.id, _TOTAL).group_by(view.c.id).having(func.count() > 1).limit(1)
    for view in (item, payment, settlement)
}
_PENDING = select(book.c.pending)
_DOUBLED = (
    select(event.c.uid, _TOTAL)
    .group_by(event.c.uid)
    .having(func.count() > 1)
    .order_by(event.c.uid)
    .limit(SHOWN)
)
_ORPHANS = text("select * from pragma_foreign_key_check limit 1000")
_UNDONE = inbox.c.done_at.is_(None)
_LATE = (
    select(func.count())
    .select_from(inbox)
    .where(_UNDONE, inbox.c.parked.is_(False), inbox.c.received_at < bindparam("before"))
)
_PARKED = select(func.count()).select_from(inbox).where(_UNDONE, inbox.c.parked.is_(True))
_PARKED_IDS = (
    select(inbox.c.update_id)
    .where(_UNDONE, inbox.c.parked.is_(True))
    .order_by(inbox.c.received_at.desc())
    .limit(SHOWN)
)
_UNSENT = (
    select(func.count())
    .select_from(outbox)
    .where(outbox.c.state == State.WAITING.value, outbox.c.not_before < bindparam("before"))
)
_NEWEST = select(func.max(event.c.at)).where(
    event.c.id > select(func.max(event.c.id)).scalar_subquery() - 1000
)
_SERVER_CLOCK = text("select clock_timestamp()")


def damage_of(url: str) -> str | None:
    """Run SQLite's own quick check; None when sound, or not there yet.

    PostgreSQL looks after itself.
    """
    if not url.startswith("sqlite:") or not path_of(url).exists():
        return None
    address = f"{path_of(url).absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as raw:
            answer = str(raw.execute("pragma quick_check").fetchone()[0])
    except sqlite3.OperationalError:
        raise  # locked, or not to be opened: nothing is known of its health
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if answer == "ok" else answer


@dataclass(frozen=True, slots=True)
class Faulty:
    """How many rows are wrong, and what the first of them are called."""

    count: int
    first: tuple[str, ...] = ()


def unbalanced_items(work: Work) -> Faulty:
    """Find items whose open amount is not what their settlements leave of their amount."""
    return _faulty(work, _UNBALANCED)


def unbalanced_promises(work: Work) -> Faulty:
    """Find promises whose instalments do not add up to their amount."""
    return _faulty(work, _UNEVEN)


def strange_promise_items(work: Work) -> Faulty:
    """Find promises about items of another account."""
    return _faulty(work, _STRANGE)


def orphans(work: Work) -> Faulty:
    """Find rows whose parent is gone; PostgreSQL does not let that happen."""
    if work.dialect != "sqlite":
        return Faulty(0)
    found = work.all(_ORPHANS)
    return Faulty(len(found), tuple(sorted({row[0] for row in found}))[:SHOWN])


def lost_references(work: Work) -> Faulty:
    """Find rows that name an item or a payment that is no more: no foreign key looks after them.

    A row of the book has versions, so an id alone is no key.
    """
    counts = {name: int(work.scalar(statement)) for name, statement in _LOST.items()}
    wrong = tuple(name for name, count in counts.items() if count)
    return Faulty(sum(counts.values()), wrong)


def doubled_rows(work: Work) -> Faulty:
    """Find items, payments and settlements that the present version of the book holds twice."""
    found = [(name, work.all(statement)) for name, statement in _TWICE.items()]
    count = sum(rows[0].total for _, rows in found if rows)
    return Faulty(count, tuple(name for name, rows in found if rows))


def unfinished_import(work: Work) -> bool:
    """Tell whether an import is being written, or was cut short and not cleaned up yet."""
    return work.scalar(_PENDING) is not None


def doubled_events(work: Work) -> Faulty:
    """Find identities that the audit trail holds twice."""
    return _faulty(work, _DOUBLED)


def late_updates(work: Work, before: datetime) -> Faulty:
    """Count the updates received before a moment that nobody has handled or given up."""
    return Faulty(int(work.scalar(_LATE, {"before": before})))


def given_up(work: Work) -> Faulty:
    """Count the updates that are tried no more."""
    return Faulty(int(work.scalar(_PARKED)), tuple(map(str, work.scalars(_PARKED_IDS))))


def late_messages(work: Work, before: datetime) -> Faulty:
    """Count the messages that should have left before a moment and wait still."""
    return Faulty(int(work.scalar(_UNSENT, {"before": before})))


def newest(work: Work) -> datetime | None:
    """Return the moment of the last thing that happened, as the database knows it."""
    at: datetime | None = work.scalar(_NEWEST)
    return at


def server_clock(work: Work) -> datetime | None:
    """Return PostgreSQL's own time; None on SQLite, which has this machine's."""
    at: datetime | None = work.scalar(_SERVER_CLOCK) if work.dialect == "postgresql" else None
    return at


def _faulty(work: Work, statement: Executable) -> Faulty:
    rows = work.all(statement)
    return Faulty(rows[0].total if rows else 0, tuple(str(row[0]) for row in rows))
