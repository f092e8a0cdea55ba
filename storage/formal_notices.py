"""Formal notices and notices of suspension: drawn up, told as sent, taken back.

```mermaid
stateDiagram-v2
  [*] --> drawn: add
  drawn --> sent: send (somebody says on which day, by which means)
  sent --> ended: end (taken back)
  drawn --> ended: end
```
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from credit.money import Money
from storage.tables import customer, formal_notice, item, person
from storage.work import Work

FORMAL, SUSPENSION = "formal", "suspension"
"""A demand to pay (art. 1344 C. civ.); word that deliveries stop (art. 1219, 1220 C. civ.)."""

_ADD = insert(formal_notice)
_OF = (
    select(formal_notice)
    .where(formal_notice.c.customer_id == bindparam("customer"), formal_notice.c.ended_at.is_(None))
    .order_by(formal_notice.c.id.desc())
)
_BY_ID = (
    select(
        formal_notice,
        customer.c.name.label("customer"),
        customer.c.code,
        person.c.name.label("author"),
    )
    .select_from(
        formal_notice.join(customer, customer.c.id == formal_notice.c.customer_id).join(
            person, person.c.id == formal_notice.c.person_id
        )
    )
    .where(formal_notice.c.id == bindparam("id"))
)
_SEND = (
    update(formal_notice)
    .where(
        formal_notice.c.id == bindparam("notice"),
        formal_notice.c.sent_on.is_(None),
        formal_notice.c.ended_at.is_(None),
    )
    .values(
        sent_on=bindparam("day"),
        means=bindparam("how"),
        reference=bindparam("number"),
        sent_by=bindparam("by"),
    )
)
_END = (
    update(formal_notice)
    .where(formal_notice.c.id == bindparam("notice"), formal_notice.c.ended_at.is_(None))
    .values(ended_at=bindparam("at"))
)
_LEFT = select(item.c.id).where(
    item.c.id.in_(bindparam("ids", expanding=True)), item.c.open_minor > 0
)


def in_all_currencies(row: Any) -> tuple[Money, ...]:  # noqa: ANN401 - a row of the database
    """Read what a notice claims per currency, the one most is claimed in first."""
    others = [Money.from_minor(minor, code) for code, minor in (row.others or {}).items()]
    return (Money.from_minor(row.amount_minor, row.currency), *others)


def add(work: Work, values: Mapping[str, Any]) -> int:
    """Keep a notice as it was drawn up and return its id."""
    return work.insert(_ADD, values)


def of(work: Work, customer_id: int) -> list[Row[Any]]:
    """Read a customer's notices, the newest first; those taken back are left out."""
    return list(work.all(_OF, {"customer": customer_id}))


def by_id(work: Work, notice_id: int) -> Row[Any] | None:
    """Read a notice with its customer's name and its author's."""
    return work.first(_BY_ID, {"id": notice_id})


def send(work: Work, notice_id: int, day: date, how: str, number: str | None, by: int) -> bool:
    """Remember that a notice was sent; False when that was said before, or it was taken back."""
    values = {"notice": notice_id, "day": day, "how": how, "number": number, "by": by}
    return work.execute(_SEND, values) == 1


def end(work: Work, notice_id: int, at: datetime) -> bool:
    """Take a notice back; False when it was before."""
    return work.execute(_END, {"notice": notice_id, "at": at}) == 1


def unpaid(work: Work, item_ids: list[int]) -> set[int]:
    """Find which of these lines still owe something."""
    if not item_ids:
        return set()
    return set(work.scalars(_LEFT, {"ids": item_ids}))
