"""The statements that read what accounts of many customers are made of, now or on a past day.

The rows are plain tuples, in the order that `bot.alerts.figures` tells: a scan reads a
million of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from credit.receivable import CREDIT_KINDS, ItemKind
from storage.bulk import Among, Bulk, Scattered
from storage.customers import OWNER
from storage.disputes import holds_back, rests
from storage.limits import LIMIT_CURRENCY, LIMIT_MINOR, RATED
from storage.tables import (
    contact_record,
    customer,
    dispute,
    item,
    payment,
    promise,
    promise_line,
    settlement,
)

ZERO: ColumnElement[int] = literal_column("0", Integer)
INVOICE = item.c.kind == ItemKind.INVOICE.value
CREDITS = frozenset(kind.value for kind in CREDIT_KINDS)
BROKEN = ("broken", "partly_kept")
IS_BEHIND, IS_OVER = 1, 2
"""A customer can be late, so his lines are read; he can only be over his limit."""
BEHIND: ColumnElement[int] = literal_column(str(IS_BEHIND), Integer)
OVER: ColumnElement[int] = literal_column(str(IS_OVER), Integer)
DAY = bindparam("day", type_=item.c.due_on.type)
"""The day of the look: what was due before it is late."""


def since(what: str) -> ColumnElement[date]:
    """Name the day after which (contacts: from which) rows of a kind count."""
    return bindparam(f"since_{what}", type_=item.c.due_on.type)


def of_customers(doubt: ColumnElement[int]) -> Bulk:
    """Read whose they are, their limits, and what is in question, if anything."""
    return Bulk(
        select(customer.c.id, OWNER.label("owner"), LIMIT_MINOR, LIMIT_CURRENCY, doubt)
        .select_from(RATED)
        .where(Among(customer.c.id))
    )


def of_rest(left: ColumnElement[int], *known: ColumnElement[bool]) -> Bulk:
    """Sum what is open and not late by customer; tell when an invoice came first.

    `left` is what is open of an item: so it is everywhere here. Sums of several currencies mean
    nothing, and have none: they are read again by `of_rest_apart`. Most have one, whose rows
    the index brings together by itself, where two columns would have to be sorted.
    """
    first, last = func.min(item.c.currency), func.max(item.c.currency)
    return Bulk(_rest(case((first == last, first)), left, *known).group_by(item.c.customer_id))


def of_rest_apart(left: ColumnElement[int], *known: ColumnElement[bool]) -> Bulk:
    """Sum the same by customer and currency."""
    by_both = _rest(item.c.currency, left, *known).group_by(item.c.customer_id, item.c.currency)
    return Bulk(by_both)


def _rest(
    currency: ColumnElement[str], left: ColumnElement[int], *known: ColumnElement[bool]
) -> Select[Any]:
    debt = and_(left > ZERO, item.c.kind.not_in(sorted(CREDITS)))
    return select(
        item.c.customer_id,
        currency,
        func.sum(left),
        func.sum(case((debt, left), else_=ZERO)),
        func.min(case((INVOICE, item.c.issued_on))),
    ).where(
        Among(item.c.customer_id),
        *known,
        left != ZERO,
        or_(left < ZERO, item.c.due_on.is_(None), item.c.due_on >= DAY),
    )


def of_settled(left: ColumnElement[int]) -> Bulk:
    """Find when the first of the invoices of which nothing is open was issued."""
    return Bulk(
        select(item.c.customer_id, func.min(item.c.issued_on))
        .where(Among(item.c.customer_id), INVOICE, left == ZERO)
        .group_by(item.c.customer_id)
    )


def of_late(left: ColumnElement[int], *known: ColumnElement[bool]) -> Bulk:
    """Read the lines whose day is over; credits are not late, but are a part of the sums."""
    return Bulk(
        select(
            item.c.customer_id,
            item.c.id,
            item.c.kind,
            item.c.currency,
            item.c.number,
            item.c.due_on,
            item.c.amount_minor,
            left.label("left_minor"),
            item.c.disputed_in_ledger,
            item.c.issued_on,
        ).where(
            Among(item.c.customer_id),
            *known,
            left > ZERO,
            item.c.due_on < DAY,
        )
    )


def of_invoices(left: ColumnElement[int], *known: ColumnElement[bool]) -> Bulk:
    """Read what the open invoices were made out for, late or not."""
    columns = (item.c.customer_id, item.c.id, item.c.currency, item.c.due_on, item.c.amount_minor)
    return Bulk(select(*columns).where(Among(item.c.customer_id), *known, INVOICE, left != ZERO))


def of_paid(left: ColumnElement[int], *known: ColumnElement[bool]) -> Bulk:
    """Read what was paid of items, and what is left of them."""
    return Bulk(
        select(
            item.c.customer_id,
            item.c.id,
            item.c.kind,
            item.c.currency,
            item.c.due_on,
            item.c.amount_minor,
            left.label("left_minor"),
            settlement.c.settled_on,
            settlement.c.amount_minor.label("paid_minor"),
            settlement.c.payment_id,
        )
        .select_from(item.join(settlement, settlement.c.item_id == item.c.id))
        .where(Among(item.c.customer_id), settlement.c.settled_on > since("settled"), *known)
    )


def of_payments(*known: ColumnElement[bool]) -> Bulk:
    """Read the money that came in."""
    return Bulk(
        select(payment.c.customer_id, payment.c.currency, payment.c.amount_minor).where(
            Among(payment.c.customer_id), payment.c.received_on > since("received"), *known
        )
    )


def of_disputes(state: ColumnElement[str], *known: ColumnElement[bool]) -> Scattered:
    """Read the disputes that count; `state` is how they stand."""
    statement = select(
        dispute.c.id,
        dispute.c.customer_id,
        dispute.c.item_id,
        dispute.c.reason,
        dispute.c.currency,
        dispute.c.amount_minor,
        dispute.c.founded_minor,
        dispute.c.opened_on,
        dispute.c.late,
        dispute.c.resume_on,
        state.label("state"),
        rests(DAY, state).label("resting"),
    ).where(
        Among(dispute.c.customer_id),
        dispute.c.state != "withdrawn",
        or_(holds_back(DAY, state), dispute.c.opened_on > since("opened")),
        *known,
    )
    return Scattered(statement)


def of_contacts(*known: ColumnElement[bool]) -> Scattered:
    """Read the contacts, newest first."""
    columns = (contact_record.c.customer_id, contact_record.c.on, contact_record.c.answered)
    statement = (
        select(*columns, contact_record.c.reason)
        .where(
            Among(contact_record.c.customer_id),
            contact_record.c.on >= since("contact"),
            contact_record.c.withdrawn_at.is_(None),
            *known,
        )
        .order_by(contact_record.c.at.desc(), contact_record.c.id.desc())
    )
    return Scattered(statement)


def of_broken(*known: ColumnElement[bool]) -> Bulk:
    """Count the promises of which an instalment fell due after that day and was not kept.

    The day of the promise says nothing: who promised three months ago breaks it today.
    """
    failed = exists().where(
        promise_line.c.promise_id == promise.c.id,
        promise_line.c.state.in_(BROKEN),
        promise_line.c.due_on > since("promised"),
    )
    return Bulk(
        select(promise.c.customer_id, func.count())
        .where(
            Among(promise.c.customer_id),
            promise.c.state.in_(BROKEN),
            failed.correlate(promise),
            *known,
        )
        .group_by(promise.c.customer_id),
        scattered=True,
    )


@dataclass(frozen=True, slots=True)
class Reads:
    """The statements that read the accounts of customers, as of now or of a past day.

    `customers` spare summing up those who cannot be late nor over their limit.
    """

    customers: Bulk
    rest: Bulk
    rest_apart: Bulk
    late: Bulk
    settled: Bulk
    paid: Bulk
    invoices: Bulk
    payments: Bulk
    disputes: Scattered
    contacts: Scattered
    broken: Bulk
