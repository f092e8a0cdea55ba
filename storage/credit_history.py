"""How one customer bought and paid over the last months, as the risk grid and limits read it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from credit.receivable import CREDIT_KINDS, ItemKind, OpenItem, Settlement
from storage import set_offs
from storage.tables import item, payment, promise, settlement
from storage.work import Work

_DAY = item.c.issued_on.type
_SINCE, _UNTIL = bindparam("since", type_=_DAY), bindparam("day", type_=_DAY)
_MINE = item.c.customer_id == bindparam("customer")
_paid_on = func.coalesce(payment.c.received_on, settlement.c.settled_on, type_=_DAY)
_PAID = (
    select(
        item,
        settlement.c.id.label("settlement"),
        _paid_on.label("paid_on"),
        settlement.c.amount_minor.label("paid_minor"),
    )
    .select_from(
        settlement.join(item, item.c.id == settlement.c.item_id).outerjoin(
            payment, payment.c.id == settlement.c.payment_id
        )
    )
    .where(
        _MINE,
        item.c.currency == bindparam("currency"),
        item.c.kind.not_in(sorted(CREDIT_KINDS)),
        item.c.due_on.is_not(None),
        item.c.amount_minor > 0,
        settlement.c.settled_on.is_not(None),
        _paid_on > _SINCE,
        _paid_on <= _UNTIL,
    )
    .order_by(settlement.c.id)
)
_BOUGHT = (
    select(item.c.issued_on, item.c.due_on, item.c.amount_minor)
    .where(
        _MINE,
        item.c.currency == bindparam("currency"),
        # a bill pays invoices that were counted when they were issued: it is no sale
        item.c.kind == ItemKind.INVOICE.value,
        item.c.issued_on > _SINCE,
        item.c.issued_on <= _UNTIL,
    )
    .order_by(item.c.id)
)
_FIRST = select(func.min(item.c.issued_on)).where(_MINE)
_BROKEN = select(func.count()).where(
    promise.c.customer_id == bindparam("customer"),
    promise.c.state == "broken",
    promise.c.judged_at > bindparam("since", type_=promise.c.judged_at.type),
)


def paid(work: Work, customer_id: int, currency: str, since: date, day: date) -> list[Settlement]:
    """Read what money paid in one currency after a day, up to another."""
    values = {"customer": customer_id, "currency": currency, "since": since, "day": day}
    took = set_offs.of_customer(work, customer_id, since)
    return [
        _settlement(row, minor)
        for row in work.all(_PAID, values)
        if (minor := row.paid_minor - took.get(row.settlement, 0))
    ]


def _settlement(row: Row[Any], minor: int) -> Settlement:
    line = OpenItem(
        id=row.id,
        customer=row.customer_id,
        kind=ItemKind(row.kind),
        number=row.number or "",
        issued_on=row.issued_on,
        due_on=row.due_on,
        currency=row.currency,
        amount_minor=row.amount_minor,
        open_minor=row.open_minor,
    )
    return Settlement(line, row.paid_on, minor)


def bought(work: Work, customer_id: int, currency: str, since: date, day: date) -> list[Row[Any]]:
    """Read the invoices of one currency issued after a day: issue, due date, minor units."""
    values = {"customer": customer_id, "currency": currency, "since": since, "day": day}
    return list(work.all(_BOUGHT, values))


def first_invoice(work: Work, customer_id: int) -> date | None:
    """Return when the first invoice that the book knows was issued."""
    found: date | None = work.scalar(_FIRST, {"customer": customer_id})
    return found


def broken_promises(work: Work, customer_id: int, since: datetime) -> int:
    """Count the promises that were found broken since an instant."""
    return int(work.scalar(_BROKEN, {"customer": customer_id, "since": since}))
