"""Decisions on class and limit: one in force for each customer, the former ones as history.

```mermaid
stateDiagram-v2
  [*] --> in_force: add
  in_force --> ended: add (the next decision takes its place)
```
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, bindparam, exists, func, insert, select, update

from storage.limits import LIMIT_CURRENCY, LIMIT_MINOR, RATED, RISK_CLASS
from storage.scope import Scoped
from storage.tables import credit_decision, credit_known, customer, item, opening_file, person
from storage.upsert import Upsert
from storage.work import Work

REVIEW, EARLY, CRITICAL, REJECT = "review", "early", "critical", "reject"
OPENING = "opening"
"""Why a decision was taken: a review that was due, before its time, a K signal, a reject, the
file that opened the account."""
EACH_ORDER = "E"
"""The class that is looked at with each order: no calendar calls for it (handbook 5.4)."""

_ADD = insert(credit_decision)
_END = (
    update(credit_decision)
    .where(
        credit_decision.c.customer_id == bindparam("customer"),
        credit_decision.c.ended_at.is_(None),
    )
    .values(ended_at=bindparam("at"))
)
_HISTORY = (
    select(credit_decision, person.c.name.label("author"))
    .select_from(credit_decision.outerjoin(person, person.c.id == credit_decision.c.person_id))
    .where(credit_decision.c.customer_id == bindparam("customer"))
    .order_by(credit_decision.c.decided_at.desc(), credit_decision.c.id.desc())
    .limit(bindparam("most"))
)
_KNOWN = select(credit_known.c.data, credit_known.c.at).where(
    credit_known.c.customer_id == bindparam("customer")
)
_KEEP = Upsert(credit_known, keys=["customer_id"], update=("data", "person_id", "at"))

_UNTIL = credit_decision.c.valid_until
_CALENDAR = and_(
    credit_decision.c.ended_at.is_(None),
    credit_decision.c.risk_class != EACH_ORDER,
    bindparam("day", type_=_UNTIL.type) >= _UNTIL,
)
_DUE = (
    select(customer.c.id, customer.c.code, customer.c.name, RISK_CLASS, _UNTIL)
    .select_from(RATED)
    .where(_CALENDAR)
    .order_by(_UNTIL, customer.c.name, customer.c.id)
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
)
_DUE_COUNT = select(func.count()).select_from(credit_decision).where(_CALENDAR)
_OWES = exists().where(item.c.customer_id == customer.c.id, item.c.open_minor != 0)
_NEVER = and_(credit_decision.c.id.is_(None), _OWES)
_NEVER_COUNT = select(func.count()).select_from(RATED).where(_NEVER)
_NEVER_SEEN = (
    select(customer.c.id, customer.c.code, customer.c.name, RISK_CLASS, LIMIT_MINOR, LIMIT_CURRENCY)
    .select_from(RATED)
    .where(_NEVER)
    .order_by(LIMIT_MINOR.desc().nulls_last(), customer.c.name, customer.c.id)
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
)
_NEW = and_(
    opening_file.c.state == "accepted",
    ~exists().where(credit_decision.c.customer_id == customer.c.id),
)
# Two plain joins: each finds its customers by an index, one with an « or » would not.
_OPENED = [
    select(
        customer.c.id.label("customer_id"),
        opening_file.c.risk_class,
        opening_file.c.limit_minor,
        opening_file.c.currency,
        opening_file.c.valid_until,
        opening_file.c.decided_by,
    )
    .select_from(opening_file.join(customer, same))
    .where(_NEW, opening_file.c.valid_until.is_not(None))
    .order_by(opening_file.c.decided_at.desc(), opening_file.c.id.desc())
    for same in (customer.c.code == opening_file.c.code, customer.c.siren == opening_file.c.siren)
]
_CLASSES = Scoped(
    select(RISK_CLASS, func.count().label("n")).select_from(RATED).group_by(RISK_CLASS)
)


def add(work: Work, values: Mapping[str, Any]) -> int:
    """Put a decision in force; the one before it ends at the same instant."""
    work.execute(_END, {"customer": values["customer_id"], "at": values["decided_at"]})
    return work.insert(_ADD, values)


def history(work: Work, customer_id: int, most: int) -> list[Row[Any]]:
    """Read the last decisions on a customer with their authors, the one in force first."""
    return list(work.all(_HISTORY, {"customer": customer_id, "most": most}))


def known(work: Work, customer_id: int) -> dict[str, Any]:
    """Read what a credit manager said of a company: plain values by name."""
    row = work.first(_KNOWN, {"customer": customer_id})
    return dict(row.data) if row else {}


def keep_known(work: Work, values: Mapping[str, Any]) -> None:
    """Remember what a credit manager said of a company, in the place of what he said before."""
    work.execute(_KEEP, values)


def due(work: Work, day: date, skip: int, most: int) -> tuple[int, list[Row[Any]]]:
    """Count the reviews due by a day and read a page of them, the most overdue first."""
    rows = work.all(_DUE, {"day": day, "skip": skip, "most": most})
    return int(work.scalar(_DUE_COUNT, {"day": day})), list(rows)


def never(work: Work, skip: int, most: int) -> tuple[int, list[Row[Any]]]:
    """Count the customers who owe and were never decided on, and read a page of them."""
    rows = work.all(_NEVER_SEEN, {"skip": skip, "most": most})
    return int(work.scalar(_NEVER_COUNT)), list(rows)


def opened(work: Work) -> list[Row[Any]]:
    """Read what accepted files decided of customers of the ledger who have no decision yet.

    Those known by the code that the credit manager gave come first, the latest file in front.
    """
    return [row for statement in _OPENED for row in work.all(statement)]


def due_count(work: Work, day: date) -> int:
    """Count the reviews due by a day."""
    return int(work.scalar(_DUE_COUNT, {"day": day}))


def by_class(work: Work, codes: frozenset[str] | None) -> dict[str, int]:
    """Count the customers of some portfolios by class; "" holds those without one."""
    return {row.class_now or "": int(row.n) for row in _CLASSES.rows(work, codes)}
