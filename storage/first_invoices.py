"""Which invoice is a customer's first ever, found without reading all of them when possible."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from storage.bulk import Among, Bulk
from storage.figures import DAY, INVOICE, ZERO
from storage.tables import item
from storage.work import Work

_RANKED = (
    select(
        item.c.customer_id,
        item.c.id,
        func.row_number()
        .over(
            partition_by=item.c.customer_id,
            order_by=(item.c.issued_on.nulls_last(), item.c.id),
        )
        .label("place"),
    )
    .where(Among(item.c.customer_id), INVOICE)
    .subquery("ranked")
)
_FIRST = Bulk(select(_RANKED.c.customer_id, _RANKED.c.id).where(_RANKED.c.place == 1))


def of_others(left: ColumnElement[int]) -> Bulk:
    """Find when the first of the invoices that are not late was issued."""
    return Bulk(
        select(item.c.customer_id, func.min(item.c.issued_on))
        .where(
            Among(item.c.customer_id),
            INVOICE,
            or_(left <= ZERO, item.c.due_on.is_(None), item.c.due_on >= DAY),
        )
        .group_by(item.c.customer_id)
    )


OTHERS = of_others(item.c.open_minor)


def first_of_others(
    work: Work, customer_ids: Iterable[int], day: date, others: Bulk = OTHERS
) -> dict[int, Any]:
    """Find when the first invoice that is not late was issued, as the driver tells days.

    Far cheaper than `first_invoices`; who has none but late ones has no row.
    """
    rows = others.rows(work, {"ids": list(customer_ids), "day": day})
    return {row[0]: row[1] for row in rows}


def first_invoices(work: Work, customer_ids: Iterable[int]) -> dict[int, int]:
    """Find the first invoice ever seen of each customer, paid or not."""
    return {row[0]: row[1] for row in _FIRST.rows(work, {"ids": list(customer_ids)})}
