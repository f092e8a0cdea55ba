"""The whole book as it stood at the end of a past day, in a few statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Integer, Row, bindparam, case, func, or_, select
from sqlalchemy import literal_column as literal

from credit.dispute import SUSPENDING, DisputeRules
from credit.receivable import ItemKind, OpenItem, Payment, Settlement
from storage import items
from storage.tables import (
    contact_record,
    customer,
    dispute,
    item,
    payment,
    promise,
    settlement,
)
from storage.work import Work

T = TypeVar("T")
_ZERO: ColumnElement[int] = literal("0", Integer)
_DAY = bindparam("day", type_=item.c.due_on.type)
_END = bindparam("end", type_=dispute.c.closed_at.type)
_SINCE = bindparam("since", type_=item.c.due_on.type)

_BY_THEN = (
    select(settlement.c.item_id, func.sum(settlement.c.amount_minor).label("minor"))
    .where(or_(settlement.c.settled_on.is_(None), settlement.c.settled_on <= _DAY))
    .group_by(settlement.c.item_id)
    .subquery("by_then")
)
_OPEN = (item.c.amount_minor - func.coalesce(_BY_THEN.c.minor, _ZERO)).label("open_minor")
_COLUMNS = [column for column in item.c if column.name != "open_minor"]
_KNOWN = or_(item.c.issued_on.is_(None), item.c.issued_on <= _DAY)
_ITEMS = (
    select(*_COLUMNS, _OPEN)
    .select_from(item.outerjoin(_BY_THEN, _BY_THEN.c.item_id == item.c.id))
    .where(_KNOWN, item.c.amount_minor - func.coalesce(_BY_THEN.c.minor, _ZERO) != _ZERO)
    .order_by(item.c.due_on, item.c.id)
)
_SETTLED = (
    select(
        item.c.customer_id,
        *(column.label(f"item_{column.name}") for column in _COLUMNS),
        _OPEN.label("item_open_minor"),
        settlement.c.settled_on.label("paid_on"),
        settlement.c.amount_minor.label("paid_minor"),
    )
    .select_from(settlement.join(item).outerjoin(_BY_THEN, _BY_THEN.c.item_id == item.c.id))
    .where(settlement.c.settled_on > _SINCE, settlement.c.settled_on <= _DAY)
    .order_by(settlement.c.settled_on, settlement.c.id)
)
# A decision that came later was still to come then.
_DISPUTES = select(
    dispute.c.id,
    dispute.c.customer_id,
    dispute.c.item_id,
    dispute.c.reason,
    dispute.c.amount_minor,
    dispute.c.founded_minor,
    dispute.c.opened_on,
    dispute.c.late,
    case((dispute.c.closed_at > _END, "open"), else_=dispute.c.state).label("state"),
).where(dispute.c.opened_on <= _DAY, dispute.c.state != "withdrawn")
_PAYMENTS = (
    select(payment)
    .where(payment.c.received_on > _SINCE, payment.c.received_on <= _DAY)
    .order_by(payment.c.received_on, payment.c.id)
)
_CONTACTS = (
    select(
        contact_record.c.customer_id,
        contact_record.c.on,
        contact_record.c.answered,
        contact_record.c.reason,
    )
    .where(
        contact_record.c.on >= _SINCE,
        contact_record.c.on <= _DAY,
        contact_record.c.withdrawn_at.is_(None),
    )
    .order_by(contact_record.c.at.desc(), contact_record.c.id.desc())
)
_BROKEN = (
    select(promise.c.customer_id, func.count().label("n"))
    .where(
        promise.c.state.in_(("broken", "partly_kept")),
        promise.c.made_on > _SINCE,
        promise.c.judged_at <= _END,
    )
    .group_by(promise.c.customer_id)
)
_ORDER = func.row_number().over(
    partition_by=item.c.customer_id, order_by=(item.c.issued_on, item.c.id)
)
_RANKED = (
    select(item.c.id, item.c.customer_id, _ORDER.label("place"))
    .where(item.c.kind == ItemKind.INVOICE.value)
    .subquery("ranked")
)
_FIRST = select(_RANKED.c.customer_id, _RANKED.c.id).where(_RANKED.c.place == 1)
_CUSTOMERS = select(
    customer.c.id,
    customer.c.code,
    customer.c.name,
    customer.c.rep_code,
    customer.c.credit_limit_minor,
    customer.c.limit_currency,
).order_by(customer.c.code)


@dataclass(frozen=True, slots=True)
class Windows:
    """From when on events count; each ends with the day that is looked back to."""

    settlements: date
    payments: date
    contacts: date
    promises: date


@dataclass(frozen=True, slots=True)
class Book:
    """Everybody's account at the end of a day, by customer id."""

    customers: tuple[Row[Any], ...]
    items: dict[int, list[OpenItem]]
    settlements: dict[int, list[Settlement]]
    payments: dict[int, list[Payment]]
    disputes: dict[int, list[Row[Any]]]
    contacts: dict[int, list[Row[Any]]]
    broken: dict[int, int]
    first: dict[int, int]  # the id of the first invoice ever


def book(work: Work, day: date, end: datetime, windows: Windows, rules: DisputeRules) -> Book:
    """Read the book as it stood; `end` is the last instant of that day."""
    then = {"day": day, "end": end}
    disputes = _by_customer(work.all(_DISPUTES, then), lambda row: row)
    rows = _by_customer(work.all(_ITEMS, {"day": day}), lambda row: row)
    settled = work.all(_SETTLED, {"day": day, "since": windows.settlements})
    paid = work.all(_PAYMENTS, {"day": day, "since": windows.payments})
    tried = work.all(_CONTACTS, {"day": day, "since": windows.contacts})
    broken = work.all(_BROKEN, {"end": end, "since": windows.promises})
    return Book(
        customers=tuple(work.all(_CUSTOMERS)),
        items={
            one: items.assembled(lines, _suspending(disputes.get(one, ())), (), (), rules)
            for one, lines in rows.items()
        },
        settlements=_by_customer(settled, items.settled),
        payments=_by_customer(paid, _payment),
        disputes=disputes,
        contacts=_by_customer(tried, lambda row: row),
        broken={row.customer_id: row.n for row in broken},
        first={row.customer_id: row.id for row in work.all(_FIRST)},
    )


def _suspending(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    return [row for row in rows if row.state in SUSPENDING]


def _by_customer(rows: Iterable[Row[Any]], make: Callable[[Row[Any]], T]) -> dict[int, list[T]]:
    sorted_out: dict[int, list[T]] = {}
    for row in rows:
        sorted_out.setdefault(row.customer_id, []).append(make(row))
    return sorted_out


def _payment(row: Row[Any]) -> Payment:
    return Payment(
        row.id, row.customer_id, row.received_on, row.currency, row.amount_minor, row.item_id
    )
