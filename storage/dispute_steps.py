"""What was asked, answered and decided about disputes, and the disputes that still hold money.

A step is `question`, `answer` or the state that was decided; one that was undone stays, withdrawn.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from credit.dispute import SUSPENDING
from storage.disputes import WAITING
from storage.scope import Codes, Scoped
from storage.tables import customer, dispute, dispute_step, item, person
from storage.work import Work

QUESTION, ANSWER = "question", "answer"

_STANDS = dispute_step.c.withdrawn_at.is_(None)
_ADD = insert(dispute_step)
_OF_DISPUTE = (
    select(dispute_step, person.c.name.label("author"))
    .select_from(dispute_step.join(person))
    .where(dispute_step.c.dispute_id == bindparam("dispute"), _STANDS)
    .order_by(dispute_step.c.id)
)
_BY_ID = select(dispute_step).where(dispute_step.c.id == bindparam("id"))
_WITHDRAW = (
    update(dispute_step)
    .where(dispute_step.c.id == bindparam("step"), _STANDS)
    .values(withdrawn_at=bindparam("gone"))
)
_LAST_KIND = (
    select(dispute_step.c.kind)
    .where(dispute_step.c.dispute_id == dispute.c.id, _STANDS)
    .order_by(dispute_step.c.id.desc())
    .limit(1)
    .correlate(dispute)
    .scalar_subquery()
)
_HOLDING = Scoped(
    select(
        dispute.c.id,
        dispute.c.customer_id,
        dispute.c.person_id,
        customer.c.name,
        item.c.number,
        dispute.c.reason,
        dispute.c.currency,
        dispute.c.amount_minor,
        dispute.c.founded_minor,
        dispute.c.state,
        dispute.c.opened_on,
        dispute.c.target_on,
        dispute.c.owner,
        person.c.name.label("author"),
        _LAST_KIND.label("last"),
    )
    .select_from(
        dispute.join(customer, customer.c.id == dispute.c.customer_id)
        .join(person, person.c.id == dispute.c.person_id)
        .outerjoin(item, item.c.id == dispute.c.item_id)
    )
    .where(dispute.c.state.in_(sorted(SUSPENDING)))
    .order_by(dispute.c.opened_on, dispute.c.id)
)
_TO_DECIDE = select(func.count()).where(
    dispute.c.state.in_(WAITING), func.coalesce(_LAST_KIND, "") != QUESTION
)


def add(work: Work, values: dict[str, Any]) -> int:
    """Keep a step; `values` are its columns."""
    return work.insert(_ADD, values)


def by_id(work: Work, step_id: int) -> Row[Any] | None:
    """Find a step, withdrawn or not."""
    return work.first(_BY_ID, {"id": step_id})


def of_dispute(work: Work, dispute_id: int) -> list[Row[Any]]:
    """Read the steps of a dispute that stand, the first one first, with who took them."""
    return list(work.all(_OF_DISPUTE, {"dispute": dispute_id}))


def withdraw(work: Work, step_id: int, at: datetime) -> bool:
    """Undo a step; False when it was undone before."""
    return work.execute(_WITHDRAW, {"step": step_id, "gone": at}) == 1


def holding(work: Work, codes: Codes) -> list[Row[Any]]:
    """Read the disputes of some portfolios that hold money back, oldest first."""
    return _HOLDING.rows(work, codes)


def to_decide(work: Work) -> int:
    """Count the disputes that wait for the credit manager."""
    return int(work.scalar(_TO_DECIDE) or 0)
