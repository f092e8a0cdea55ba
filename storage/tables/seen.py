"""The views through which everybody reads the book: the rows of the version it stands at.

They belong to a metadata of their own, for no table is to be made of them; columns of true
tables point at them so that joins find their way, and no database enforces that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, ForeignKey, MetaData, Table

from storage.tables.book import customer_row, item_row, payment_row, settlement_row
from storage.tables.schema import Key

views = MetaData()
_INNER = frozenset({"since", "until"})


def _seen(name: str, rows: Table, to: Mapping[str, Column[Any]]) -> Table:
    """Describe the view of a table; `to` tells whose id a column holds."""
    return Table(
        name,
        views,
        *(
            Column(
                one.name,
                one.type,
                *([ForeignKey(to[one.name])] if one.name in to else []),
                primary_key=one.name == "id",
                nullable=one.nullable,
            )
            for one in rows.c
            if one.name not in _INNER
        ),
    )


customer = _seen("customer", customer_row, {})
item = _seen("item", item_row, {"customer_id": customer.c.id})
item.append_column(Column("last_import", Key, nullable=False))  # the one that changed it last
payment = _seen("payment", payment_row, {"customer_id": customer.c.id, "item_id": item.c.id})
settlement = _seen("settlement", settlement_row, {"item_id": item.c.id, "payment_id": payment.c.id})


def of_customer() -> tuple[ForeignKey, ForeignKey]:
    """Point at a customer: at his row for the database, at what is seen of it for joins."""
    return (ForeignKey(customer_row.c.id), ForeignKey(customer.c.id))


def of_item() -> ForeignKey:
    """Point at what is seen of an item, for joins only."""
    return ForeignKey(item.c.id)
