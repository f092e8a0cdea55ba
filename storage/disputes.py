"""Disputes as rows, with the photos that prove them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, exists, func, insert, select, update

from credit.dispute import SUSPENDING
from storage.tables import attachment, customer, dispute, item, person
from storage.work import Work

WAITING = ("open", "under_review")

_ADD = insert(dispute)
_ATTACH = insert(attachment)
_BY_ID = (
    select(dispute, item.c.number, func.coalesce(item.c.open_minor, 0).label("open_minor"))
    .select_from(dispute.outerjoin(item))
    .where(dispute.c.id == bindparam("id"))
)
_OF_CUSTOMER = (
    select(dispute, item.c.number)
    .select_from(dispute.outerjoin(item))
    .where(dispute.c.customer_id == bindparam("customer"), dispute.c.state.in_(sorted(SUSPENDING)))
    .order_by(dispute.c.opened_at)
)
# asked per dispute: a join would look through the settled items, of which there are many more
_PAID = select(dispute.c.id, dispute.c.customer_id, dispute.c.uid).where(
    dispute.c.state.in_((*WAITING, "founded", "partly_founded", "unfounded")),
    exists().where(item.c.id == dispute.c.item_id, item.c.open_minor == 0),
)
_SET_STATE = (
    update(dispute)
    .where(dispute.c.id == bindparam("d"), dispute.c.state == bindparam("was"))
    .values(state=bindparam("s"), closed_at=bindparam("at"))
)
_PHOTOS = (
    select(attachment.c.file_id)
    .where(attachment.c.dispute_id == bindparam("dispute"))
    .order_by(attachment.c.id)
)
_EXPORT = (
    select(
        dispute,
        customer.c.code,
        customer.c.name.label("customer"),
        person.c.name.label("author"),
        item.c.number,
    )
    .select_from(
        dispute.join(customer).join(person).outerjoin(item, item.c.id == dispute.c.item_id)
    )
    .order_by(dispute.c.id)
)
_PHOTO_COUNTS = select(attachment.c.dispute_id, func.count().label("n")).group_by(
    attachment.c.dispute_id
)


def add(work: Work, values: dict[str, Any]) -> int:
    """Open a dispute; `values` are its columns."""
    return work.insert(_ADD, values)


def attach(work: Work, dispute_id: int, file_id: str, unique_id: str, at: datetime) -> None:
    """Add a photo to a dispute, by Telegram's file id."""
    work.execute(
        _ATTACH,
        {"dispute_id": dispute_id, "file_id": file_id, "unique_id": unique_id, "at": at},
    )


def by_id(work: Work, dispute_id: int) -> Row[Any] | None:
    """Find a dispute with its invoice's number and open amount."""
    return work.first(_BY_ID, {"id": dispute_id})


def customer_of(work: Work, dispute_id: int) -> int | None:
    """Find whose dispute it is."""
    row = work.first(_BY_ID, {"id": dispute_id})
    return row and int(row.customer_id)


def of_customer(work: Work, customer_id: int) -> list[Row[Any]]:
    """Read a customer's disputes that take from what is claimed, decided ones too, by age."""
    return list(work.all(_OF_CUSTOMER, {"customer": customer_id}))


def paid_meanwhile(work: Work) -> list[Row[Any]]:
    """Read the disputes whose invoice is settled: they close by themselves."""
    return list(work.all(_PAID))


def set_state(work: Work, dispute_id: int, was: str, state: str, at: datetime | None) -> bool:
    """Move a dispute along its life cycle; False when it is no longer where it `was`."""
    values = {"d": dispute_id, "was": was, "s": state, "at": at}
    return work.execute(_SET_STATE, values) == 1


def photos(work: Work, dispute_id: int) -> list[str]:
    """Read the file ids of a dispute's photos."""
    return work.scalars(_PHOTOS, {"dispute": dispute_id})


def export(work: Work) -> list[dict[str, Any]]:
    """Read the full state of every dispute for the way back."""
    photos_of = {row.dispute_id: row.n for row in work.all(_PHOTO_COUNTS)}
    return [
        {**row._mapping, "photos": photos_of.get(row.id, 0)}  # noqa: SLF001
        for row in work.all(_EXPORT)
    ]
