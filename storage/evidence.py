"""What speaks for a customer's promises: his payments, credit notes, and what settled his items."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, literal_column, select

from credit.receivable import CREDIT_KINDS
from credit.set_offs import Note, Settled
from storage.bulk import Among
from storage.tables import import_run, item, payment, settlement
from storage.work import Work

_paid_on = func.coalesce(payment.c.received_on, settlement.c.settled_on)
_SETTLED = (
    select(
        settlement.c.id,
        settlement.c.item_id,
        item.c.currency,
        _paid_on.label("day"),
        settlement.c.amount_minor,
        settlement.c.payment_id,
        import_run.c.at,
    )
    .select_from(
        settlement.join(item)
        .outerjoin(payment, payment.c.id == settlement.c.payment_id)
        .outerjoin(import_run, import_run.c.id == settlement.c.import_id)
    )
    .where(
        item.c.customer_id == bindparam("customer"),
        item.c.kind.not_in(sorted(CREDIT_KINDS)),
        item.c.amount_minor > 0,
        settlement.c.settled_on.is_not(None),
        _paid_on >= bindparam("since"),
    )
    .order_by(_paid_on, settlement.c.id)
)
_RECEIVED = (
    select(
        payment.c.id,
        payment.c.item_id,
        payment.c.currency,
        payment.c.received_on,
        payment.c.amount_minor,
        import_run.c.at,
    )
    .select_from(payment.outerjoin(import_run, import_run.c.id == payment.c.import_id))
    .where(
        payment.c.customer_id == bindparam("customer"),
        payment.c.received_on >= bindparam("since"),
    )
    .order_by(payment.c.received_on, payment.c.id)
)
_NOTE: ColumnElement[str] = literal_column("'credit_note'")
"""Written out: an index serves these words."""
_NOTES = (
    select(item.c.currency, settlement.c.settled_on, -settlement.c.amount_minor)
    .select_from(settlement.join(item))
    .where(
        item.c.customer_id == bindparam("customer"),
        item.c.kind == _NOTE,
        settlement.c.settled_on >= bindparam("since"),
    )
    .order_by(settlement.c.settled_on, settlement.c.id)
)
_OPEN = select(item.c.id, item.c.open_minor).where(Among(item.c.id))


class Received(NamedTuple):
    """A payment; `item_id` None: matched to nothing yet."""

    id: int
    item_id: int | None
    currency: str
    on: date
    amount_minor: int
    known_at: datetime | None


def settled_since(work: Work, customer_id: int, since: date) -> list[Settled]:
    """Read what went from a customer's debts since a day, that day included, oldest first."""
    rows = work.all(_SETTLED, {"customer": customer_id, "since": since})
    return [Settled._make(row) for row in rows]


def received_since(work: Work, customer_id: int, since: date) -> list[Received]:
    """Read the money a customer sent since a day, that day included, oldest first."""
    rows = work.all(_RECEIVED, {"customer": customer_id, "since": since})
    return [Received._make(row) for row in rows]


def notes_since(work: Work, customer_id: int, since: date) -> list[Note]:
    """Read the credit notes of a customer that were set off since a day, oldest first."""
    rows = work.all(_NOTES, {"customer": customer_id, "since": since})
    return [Note._make(row) for row in rows]


def still_open(work: Work, item_ids: Iterable[int]) -> dict[int, int]:
    """Read what is open now of items, in minor units; an item the book has no more is left out."""
    return {row.id: row.open_minor for row in work.all(_OPEN, {"ids": sorted(set(item_ids))})}
