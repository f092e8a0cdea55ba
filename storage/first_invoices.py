"""Which invoice is a customer's first ever."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from storage.bulk import Among, Bulk
from storage.reads import INVOICE
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


def first_invoices(work: Work, customer_ids: Iterable[int]) -> dict[int, int]:
    """Find the first invoice ever seen of each customer, paid or not."""
    return {row[0]: row[1] for row in _FIRST.rows(work, {"ids": list(customer_ids)})}
