"""Contacts with customers, and what is to be done next, as rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from storage.customers import OWNER
from storage.tables import contact_record, customer, dispute, person, task
from storage.work import Work

_ADD = insert(contact_record)
_SINCE = (
    select(contact_record, person.c.name.label("author"))
    .select_from(contact_record.join(person))
    .where(
        contact_record.c.customer_id == bindparam("customer"),
        contact_record.c.on >= bindparam("since"),
        contact_record.c.withdrawn_at.is_(None),
    )
    .order_by(contact_record.c.at.desc(), contact_record.c.id.desc())
)
_LAST = _SINCE.limit(bindparam("most"))
_WITHDRAW = (
    update(contact_record)
    .where(contact_record.c.id == bindparam("c"), contact_record.c.withdrawn_at.is_(None))
    .values(withdrawn_at=bindparam("gone"))
)
_BY_ID = select(contact_record).where(contact_record.c.id == bindparam("id"))
_EXPORT = (
    select(
        contact_record,
        customer.c.code,
        customer.c.name.label("customer"),
        person.c.name.label("author"),
    )
    .select_from(contact_record.join(customer).join(person))
    .order_by(contact_record.c.id)
)
_ADD_TASK = insert(task)
# a task about a dispute notes its uid
_TASKS_DUE = (
    select(
        task,
        customer.c.name.label("customer"),
        customer.c.code,
        OWNER.label("owner"),
        dispute.c.id.label("dispute_id"),
    )
    .select_from(task.join(customer).outerjoin(dispute, dispute.c.uid == task.c.note))
    .where(
        task.c.person_id == bindparam("person"),
        task.c.done_at.is_(None),
        task.c.due_on <= bindparam("today"),
    )
    .order_by(task.c.due_on, task.c.id)
)
_TASKS_OF = (
    select(task)
    .where(task.c.customer_id == bindparam("customer"), task.c.done_at.is_(None))
    .order_by(task.c.due_on, task.c.id)
)
_DONE = (
    update(task)
    .where(task.c.id == bindparam("t"), task.c.done_at.is_(None))
    .values(done_at=bindparam("at"))
)
_UNDONE = update(task).where(task.c.id == bindparam("t")).values(done_at=None)
_DONE_OF_PROMISE = (
    update(task)
    .where(task.c.promise_id == bindparam("promise"), task.c.done_at.is_(None))
    .values(done_at=bindparam("at"))
)
_TASK = select(task).where(task.c.id == bindparam("id"))


def add(work: Work, values: dict[str, Any]) -> int:
    """Keep one contact; `values` are its columns."""
    return work.insert(_ADD, values)


def since(work: Work, customer_id: int, day: date) -> list[Row[Any]]:
    """Read a customer's contacts from a day on, newest first."""
    return list(work.all(_SINCE, {"customer": customer_id, "since": day}))


def last(work: Work, customer_id: int, most: int = 3) -> list[Row[Any]]:
    """Read a customer's last contacts, newest first."""
    return list(work.all(_LAST, {"customer": customer_id, "since": date(1900, 1, 1), "most": most}))


def by_id(work: Work, contact_id: int) -> Row[Any] | None:
    """Find one contact."""
    return work.first(_BY_ID, {"id": contact_id})


def withdraw(work: Work, contact_id: int, at: datetime) -> bool:
    """Take a contact back; False when it was taken back already."""
    return work.execute(_WITHDRAW, {"c": contact_id, "gone": at}) == 1


def export(work: Work) -> list[Row[Any]]:
    """Read every contact for the way back."""
    return list(work.all(_EXPORT))


def add_task(work: Work, values: dict[str, Any]) -> int:
    """Plan something to do for an account."""
    return work.insert(_ADD_TASK, values)


def task_by_id(work: Work, task_id: int) -> Row[Any] | None:
    """Find one task."""
    return work.first(_TASK, {"id": task_id})


def tasks_due(work: Work, person_id: int, today: date) -> list[Row[Any]]:
    """Read a person's undone tasks up to today, oldest first."""
    return list(work.all(_TASKS_DUE, {"person": person_id, "today": today}))


def tasks_of(work: Work, customer_id: int) -> list[Row[Any]]:
    """Read a customer's undone tasks, oldest first."""
    return list(work.all(_TASKS_OF, {"customer": customer_id}))


def done(work: Work, task_id: int, at: datetime) -> bool:
    """Mark a task done; False when it was done already."""
    return work.execute(_DONE, {"t": task_id, "at": at}) == 1


def undone(work: Work, task_id: int) -> None:
    """Bring a task back that was marked done too early."""
    work.execute(_UNDONE, {"t": task_id})


def drop_tasks_of_promise(work: Work, promise_id: int, at: datetime) -> None:
    """Close the follow-up tasks of a promise that runs no more."""
    work.execute(_DONE_OF_PROMISE, {"promise": promise_id, "at": at})
