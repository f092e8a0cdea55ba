"""Dated facts of a customer: insurers' limits, entries at the court, returns, ratings, accounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, case, exists, func, literal_column, or_, select

from credit.receivable import ItemKind
from storage.bulk import Among, Scattered, picked
from storage.stated import Stated, Statement, Values
from storage.tables import customer, item, notice, payment, registry_unit, sign
from storage.work import Work

COVER, PRIVILEGE, REJECT, RATING, ACCOUNTS, BANK = (
    "cover",
    "privilege",
    "reject",
    "rating",
    "accounts",
    "bank",
)
_TAKE = Statement(
    sign,
    by="key",
    keys=("kind", "key"),
    rest=("customer_id", "siren", "on", "ended_on", "code", "currency", "amount_minor", "data"),
)
_DAY = sign.c.on.type
_PEOPLE = select(customer.c.id, customer.c.siren, customer.c.address).where(Among(customer.c.id))
_PUBLISHED = _PEOPLE.where(
    or_(
        exists().where(notice.c.siren == customer.c.siren),
        exists().where(registry_unit.c.siren == customer.c.siren),
        exists().where(sign.c.siren == customer.c.siren),
    )
)
_SIGNS = select(sign).where(sign.c.on <= bindparam("day", type_=_DAY))
_OWN = Scattered(_SIGNS.where(Among(sign.c.customer_id)))
_COMPANY = _SIGNS.where(
    sign.c.customer_id.is_(None),
    sign.c.siren.in_(
        select(customer.c.siren).where(Among(customer.c.id), customer.c.siren.is_not(None))
    ),
)


def take(work: Work, rows: Iterable[Values]) -> Stated:
    """Write the facts of a file."""
    return _TAKE.take(work, rows)


def of(
    work: Work, customer_ids: Iterable[int], day: date, *, companies: bool = True
) -> list[Row[Any]]:
    """Read the facts of these customers, or of their SIREN, up to a day, oldest first.

    Without `companies` nothing is known by its SIREN alone.
    """
    given = {"ids": picked(customer_ids), "day": day}
    rows = [*_OWN.rows(work, given)]
    if companies:
        rows += work.all(_COMPANY, given)
    return sorted(rows, key=lambda row: (row.on, row.id))


def identities(work: Work, customer_ids: Iterable[int]) -> list[Row[Any]]:
    """Read the SIREN and the address of these customers."""
    return list(work.all(_PEOPLE, {"ids": picked(customer_ids)}))


def published(work: Work, customer_ids: Iterable[int]) -> list[Row[Any]]:
    """Read the same of those about whose company something is published, who are few."""
    return list(work.all(_PUBLISHED, {"ids": picked(customer_ids)}))


# What the ledger tells besides what is open.

_ON = item.c.issued_on.type
# A bill pays invoices that were counted when they were issued (handbook 6.1): it is no sale.
_INVOICED = case((item.c.kind == ItemKind.INVOICE.value, item.c.amount_minor), else_=0)
_RETURNED = case((item.c.kind == ItemKind.CREDIT_NOTE.value, -item.c.amount_minor), else_=0)


def _within(minor: Any, start: str, end: str = "day") -> Any:  # noqa: ANN401 - SQL expressions
    known = (item.c.issued_on > bindparam(start, type_=_ON)) & (
        item.c.issued_on <= bindparam(end, type_=_ON)
    )
    return func.sum(case((known, minor), else_=0))


_SALES = (
    select(
        item.c.customer_id,
        item.c.currency,
        func.min(item.c.issued_on).label("first_on"),
        _within(_INVOICED, "surging").label("surging"),
        _within(_INVOICED, "steady", "surging").label("steady"),
        _within(_INVOICED, "lately").label("lately"),
        _within(_RETURNED, "lately").label("returned_lately"),
        _within(_INVOICED, "past", "lately").label("past"),
        _within(_RETURNED, "past", "lately").label("returned_past"),
    )
    .where(Among(item.c.customer_id))
    .group_by(item.c.customer_id, item.c.currency)
)
_RETURNS = Scattered(
    select(item.c.customer_id)
    .where(
        Among(item.c.customer_id),
        literal_column("kind = 'credit_note'"),
        item.c.issued_on > bindparam("lately", type_=_ON),
    )
    .distinct()
)
_SHARES = (
    select(item.c.customer_id, item.c.currency, func.sum(item.c.amount_minor).label("minor"))
    .where(
        # money matched to nothing yet is no sale taken back
        item.c.kind.in_((ItemKind.INVOICE.value, ItemKind.CREDIT_NOTE.value)),
        item.c.issued_on > bindparam("since", type_=_ON),
        item.c.issued_on <= bindparam("day", type_=_ON),
    )
    .group_by(item.c.customer_id, item.c.currency)
)
_MEANS = (
    select(
        payment.c.customer_id,
        payment.c.means,
        func.min(payment.c.received_on).label("first_on"),
        func.max(payment.c.received_on).label("last_on"),
        func.count().label("n"),
        func.min(
            case(
                (payment.c.received_on > bindparam("turn", type_=_ON), payment.c.received_on),
                else_=None,
            )
        ).label("lately_on"),
    )
    .where(
        Among(payment.c.customer_id),
        payment.c.means.is_not(None),
        payment.c.received_on > bindparam("since", type_=_ON),
        payment.c.received_on <= bindparam("day", type_=_ON),
    )
    .group_by(payment.c.customer_id, payment.c.means)
)


def sales(work: Work, customer_ids: Iterable[int], days: dict[str, date]) -> list[Row[Any]]:
    """Sum what was invoiced and credited in the windows of C2, per customer and currency.

    `days` are the beginnings of the windows `surging`, `steady`, `lately`, `past`, and `day`.
    """
    return list(work.all(_SALES, {"ids": list(customer_ids), **days}))


def returning(work: Work, customer_ids: Iterable[int], lately: date) -> set[int]:
    """Find which of these customers had a credit note since a day."""
    values = {"ids": customer_ids, "lately": lately}
    return {row.customer_id for row in _RETURNS.rows(work, values)}


def shares(work: Work, since: date, day: date) -> list[Row[Any]]:
    """Sum what was invoiced to everybody, credits deducted, per customer and currency."""
    return list(work.all(_SHARES, {"since": since, "day": day}))


def means_used(
    work: Work, customer_ids: Iterable[int], since: date, turn: date, day: date
) -> list[Row[Any]]:
    """Read which means these customers used, and when last, before and after a turn."""
    values = {"ids": picked(customer_ids), "since": since, "turn": turn, "day": day}
    return list(work.all(_MEANS, values))
