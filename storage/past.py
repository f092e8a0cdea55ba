"""The accounts of many customers as they stood at the end of a past day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, Integer, bindparam, case, func, or_, select
from sqlalchemy import literal_column as literal

from storage import figures, reads
from storage.figures import Accounts, Windows
from storage.reads import BEHIND, DAY, Reads
from storage.tables import (
    contact_record,
    dispute,
    item,
    payment,
    promise,
    settlement,
)
from storage.work import Work

_ZERO: ColumnElement[int] = literal("0", Integer)
_END = bindparam("end", type_=dispute.c.closed_at.type)

_gone = settlement.alias("gone")
_BY_THEN = (
    select(func.coalesce(func.sum(_gone.c.amount_minor), _ZERO))
    .where(
        _gone.c.item_id == item.c.id,
        or_(_gone.c.settled_on.is_(None), _gone.c.settled_on <= DAY),
    )
    .correlate(item)
    .scalar_subquery()
)
_LEFT = item.c.amount_minor - _BY_THEN
# A decision that came later was still to come then.
_STATE = case((dispute.c.closed_at > _END, "open"), else_=dispute.c.state)
_KNOWN = or_(item.c.issued_on.is_(None), item.c.issued_on <= DAY)
THEN = Reads(
    reads.of_customers(BEHIND),
    reads.of_rest(_LEFT, _KNOWN),
    reads.of_rest_apart(_LEFT, _KNOWN),
    reads.of_late(_LEFT, _KNOWN),
    reads.of_settled(_LEFT),
    reads.of_paid(_LEFT, settlement.c.settled_on <= DAY),
    reads.of_invoices(_LEFT, _KNOWN),
    reads.of_payments(payment.c.received_on <= DAY),
    reads.of_disputes(_STATE, dispute.c.opened_on <= DAY),
    reads.of_contacts(contact_record.c.on <= DAY),
    reads.of_broken(promise.c.judged_at <= _END),
)


def read(
    work: Work, customer_ids: Iterable[int], day: date, end: datetime, windows: Windows
) -> Accounts:
    """Read these customers' accounts as they stood; `end` is the last instant of that day."""
    return figures.read(work, customer_ids, day, windows, THEN, {"end": end})
