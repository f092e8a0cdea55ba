"""Orders as the order desk exports them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from storage.bulk import Among, Scattered
from storage.stated import Stated, Statement, Values
from storage.tables import sales_order
from storage.work import Work

CANCELLED = "cancelled"
OPEN = "open"
_TAKE = Statement(
    sales_order,
    by="customer_id",
    keys=("customer_id", "number"),
    rest=("ordered_on", "currency", "amount_minor", "status", "siret", "address", "buyer"),
)
_DAY = sales_order.c.ordered_on.type
_OF = Scattered(
    select(sales_order)
    .where(
        Among(sales_order.c.customer_id),
        sales_order.c.ordered_on > bindparam("since", type_=_DAY),
        sales_order.c.ordered_on <= bindparam("day", type_=_DAY),
        func.coalesce(sales_order.c.status, "") != CANCELLED,
    )
    .order_by(sales_order.c.customer_id, sales_order.c.ordered_on, sales_order.c.id)
)
_OPEN = (
    select(sales_order.c.currency, func.sum(sales_order.c.amount_minor).label("minor"))
    .where(sales_order.c.customer_id == bindparam("customer"), sales_order.c.status == OPEN)
    .group_by(sales_order.c.currency)
)


def take(work: Work, rows: Iterable[Values]) -> Stated:
    """Write the orders of a file."""
    return _TAKE.take(work, rows)


def of(work: Work, customer_ids: Iterable[int], since: date, day: date) -> list[Row[Any]]:
    """Read the orders after `since` up to `day`, those cancelled left out, oldest first."""
    return list(_OF.rows(work, {"ids": customer_ids, "since": since, "day": day}))


def open_of(work: Work, customer_id: int) -> dict[str, int]:
    """Sum a customer's orders that are not delivered yet, in minor units per currency."""
    return {row.currency: int(row.minor) for row in work.all(_OPEN, {"customer": customer_id})}
