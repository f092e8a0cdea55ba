"""Frozen accounts as rows: one per cause, until a credit manager lifts it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from storage.bulk import Among
from storage.tables import freeze, task
from storage.upsert import Upsert
from storage.work import Work

_FREEZE = Upsert(freeze, keys=["customer_id", "cause"], returning=[freeze.c.id])
_TASK = Upsert(task, keys=["uid"])
_ACTIVE = (
    select(freeze)
    .where(freeze.c.customer_id == bindparam("customer"), freeze.c.lifted_at.is_(None))
    .order_by(freeze.c.id.desc())
)
_FROZEN = select(freeze.c.customer_id).where(freeze.c.lifted_at.is_(None)).distinct()
_LIFTED = select(freeze.c.customer_id, freeze.c.cause).where(
    Among(freeze.c.customer_id), freeze.c.lifted_at.is_not(None)
)
_LIFT = (
    update(freeze)
    .where(freeze.c.customer_id == bindparam("customer"), freeze.c.lifted_at.is_(None))
    .values(lifted_at=bindparam("now"), lifted_by=bindparam("by"), reason=bindparam("why"))
)


def add(work: Work, values: dict[str, Any]) -> bool:
    """Freeze an account for a cause; False when this very cause has frozen it before."""
    return work.first(_FREEZE, values) is not None


def active(work: Work, customer_id: int) -> Row[Any] | None:
    """Find what freezes an account now, the latest cause first."""
    return work.first(_ACTIVE, {"customer": customer_id})


def frozen(work: Work) -> set[int]:
    """Read whose accounts are frozen now: seldom many."""
    return set(work.scalars(_FROZEN))


def lifted(work: Work, customer_ids: Iterable[int]) -> list[Row[Any]]:
    """Read the causes that were lifted, per customer."""
    return list(work.all(_LIFTED, {"ids": list(customer_ids)}))


def lift(work: Work, customer_id: int, person_id: int, why: str, at: datetime) -> bool:
    """Lift every freeze of an account; False when none holds."""
    values = {"customer": customer_id, "by": person_id, "why": why, "now": at}
    return work.execute(_LIFT, values) > 0


def plan_once(work: Work, values: dict[str, Any]) -> None:
    """Plan a task by its uid; one planned before stays as it is, done or not."""
    work.execute(_TASK, values)
