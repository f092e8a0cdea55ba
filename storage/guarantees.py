"""Guarantees as rows: taken, running to their last day, ended.

```mermaid
stateDiagram-v2
  [*] --> running: add
  running --> ended: end (released, called, entered by mistake)
```
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from credit.guarantees import Guarantee, GuaranteeKind, Mentions
from credit.money import Money
from storage.customers import OWNER
from storage.scope import Codes, Scoped
from storage.tables import customer, guarantee, person
from storage.work import Work

RELEASED, CALLED, MISTAKE = "released", "called", "mistake"
"""Why one ended: given back, paid by who stood surety, never was."""

_ADD = insert(guarantee)
_OF = (
    select(guarantee)
    .where(guarantee.c.customer_id == bindparam("customer"), guarantee.c.ended_at.is_(None))
    .order_by(guarantee.c.valid_until.nulls_last(), guarantee.c.id)
)
_BY_ID = (
    select(
        guarantee,
        customer.c.name.label("customer"),
        customer.c.code,
        person.c.name.label("author"),
    )
    .select_from(
        guarantee.join(customer, customer.c.id == guarantee.c.customer_id).join(
            person, person.c.id == guarantee.c.person_id
        )
    )
    .where(guarantee.c.id == bindparam("id"))
)
_END = (
    update(guarantee)
    .where(guarantee.c.id == bindparam("guarantee"), guarantee.c.ended_at.is_(None))
    .values(ended_at=bindparam("at"), ended_by=bindparam("by"), ended_why=bindparam("why"))
)
_UNTIL = guarantee.c.valid_until
_ENDING = (
    select(guarantee)
    .where(
        guarantee.c.ended_at.is_(None),
        bindparam("day", type_=_UNTIL.type) <= _UNTIL,
        bindparam("last", type_=_UNTIL.type) >= _UNTIL,
    )
    .order_by(_UNTIL, guarantee.c.id)
)
_ALL = Scoped(
    select(guarantee, customer.c.name.label("customer"), customer.c.code, OWNER.label("owner"))
    .select_from(guarantee.join(customer, customer.c.id == guarantee.c.customer_id))
    .where(guarantee.c.ended_at.is_(None))
    .order_by(_UNTIL.nulls_last(), customer.c.name, guarantee.c.id)
)


def add(work: Work, values: Mapping[str, Any]) -> int:
    """Keep a guarantee and return its id."""
    return work.insert(_ADD, values)


def of(work: Work, customer_id: int) -> list[Row[Any]]:
    """Read a customer's running guarantees, the one that ends first in front."""
    return list(work.all(_OF, {"customer": customer_id}))


def value_of(row: Row[Any]) -> Guarantee:
    """Read a row of the register as the credit room knows it."""
    amount = None
    if row.amount_minor is not None:
        amount = Money.from_minor(row.amount_minor, row.currency)
    mentions = Mentions(row.mentions) if row.mentions else None
    return Guarantee(GuaranteeKind(row.kind), amount, row.valid_until, mentions)


def by_id(work: Work, guarantee_id: int) -> Row[Any] | None:
    """Read a guarantee with its customer's name and its author's."""
    return work.first(_BY_ID, {"id": guarantee_id})


def end(work: Work, guarantee_id: int, person_id: int, why: str, at: datetime) -> bool:
    """End a guarantee; False when it had ended before."""
    values = {"guarantee": guarantee_id, "by": person_id, "why": why, "at": at}
    return work.execute(_END, values) == 1


def ending(work: Work, day: date, last: date) -> list[Row[Any]]:
    """Read the running guarantees whose last day falls between two days."""
    return list(work.all(_ENDING, {"day": day, "last": last}))


def running(work: Work, codes: Codes) -> list[Row[Any]]:
    """Read the running guarantees of some portfolios, the one that ends first in front."""
    return _ALL.rows(work, codes)
