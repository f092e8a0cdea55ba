"""Disputes as rows, with the photos that prove them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from credit.dispute import GRANTED, MAY_REST, RULINGS, SUSPENDING
from storage.tables import (
    attachment,
    customer,
    dispute,
    dispute_step,
    item,
    outbox,
    person,
    settlement,
)
from storage.work import Work

WAITING = ("open", "under_review")
_STATE: ColumnElement[str] = dispute.c.state
_TODAY = bindparam("today", type_=dispute.c.resume_on.type)


def holds_back(
    day: ColumnElement[date] = _TODAY, state: ColumnElement[str] = _STATE
) -> ColumnElement[bool]:
    """Say in SQL that a dispute takes from what is claimed: it stands, or rests once refused."""
    return or_(state.in_(sorted(SUSPENDING)), rests(day, state))


def rests(
    day: ColumnElement[date] = _TODAY, state: ColumnElement[str] = _STATE
) -> ColumnElement[bool]:
    """Say in SQL what `credit.dispute.is_resting` says of one dispute."""
    return and_(state.in_(sorted(MAY_REST)), dispute.c.resume_on > day)


_ADD = insert(dispute)
_ATTACH = insert(attachment)
_BY_ID = (
    select(
        dispute,
        item.c.number,
        item.c.due_on,
        func.coalesce(item.c.open_minor, 0).label("open_minor"),
        person.c.name.label("author"),
    )
    .select_from(
        dispute.join(person, person.c.id == dispute.c.person_id).outerjoin(
            item, item.c.id == dispute.c.item_id
        )
    )
    .where(dispute.c.id == bindparam("id"))
)
_OF_CUSTOMER = (
    select(dispute, item.c.number, item.c.open_minor, rests().label("resting"))
    .select_from(dispute.outerjoin(item))
    .where(dispute.c.customer_id == bindparam("customer"), holds_back())
    .order_by(dispute.c.opened_at)
)
# asked per dispute: a join would look through the settled items, of which there are many more
_PAID = select(dispute.c.id, dispute.c.customer_id, dispute.c.uid).where(
    dispute.c.state.in_(sorted(SUSPENDING)),
    exists().where(item.c.id == dispute.c.item_id, item.c.open_minor == 0),
)
_NOTE, _OTHER = item.alias("note"), dispute.alias("other")
_TAKEN = (
    exists()
    .where(_OTHER.c.customer_id == dispute.c.customer_id, _OTHER.c.credit_note == _NOTE.c.number)
    .correlate(dispute, _NOTE)
)
# The number of a credit note of just the amount accepted, set off and no other dispute's.
_NUMBER = (
    select(func.min(_NOTE.c.number))
    .where(
        _NOTE.c.customer_id == dispute.c.customer_id,
        _NOTE.c.kind == "credit_note",
        _NOTE.c.currency == dispute.c.currency,
        _NOTE.c.issued_on >= dispute.c.opened_on,
        _NOTE.c.amount_minor == -dispute.c.founded_minor,
        _NOTE.c.open_minor == 0,
        ~_TAKEN,
    )
    .correlate(dispute)
    .scalar_subquery()
)
# A file of open items never shows a credit note that was set off at once: its invoice goes
# down by just that amount, without a payment. When the rest equals what is accepted, the
# customer may as well have paid the other half: only a credit note that is seen closes then.
_MORE_OPEN = (
    exists()
    .where(item.c.id == dispute.c.item_id, item.c.open_minor != dispute.c.founded_minor)
    .correlate(dispute)
)
# what one fall of the invoice has closed, it does not close twice
_FALLS = (
    select(func.count())
    .select_from(settlement)
    .where(
        settlement.c.item_id == dispute.c.item_id,
        settlement.c.settled_on >= dispute.c.opened_on,
        settlement.c.amount_minor == dispute.c.founded_minor,
        settlement.c.payment_id.is_(None),
    )
    .correlate(dispute)
    .scalar_subquery()
)
_SERVED = (
    select(func.count())
    .select_from(_OTHER)
    .where(
        _OTHER.c.item_id == dispute.c.item_id,
        _OTHER.c.id != dispute.c.id,
        _OTHER.c.state == "closed",
        _OTHER.c.founded_minor == dispute.c.founded_minor,
        _OTHER.c.closed_at >= dispute.c.opened_at,
    )
    .correlate(dispute)
    .scalar_subquery()
)
_SET_OFF = and_(_MORE_OPEN, _FALLS > _SERVED)
_CREDITED = (
    select(
        *(dispute.c.id, dispute.c.customer_id, dispute.c.uid, dispute.c.state),
        *(dispute.c.item_id, dispute.c.founded_minor, _NUMBER.label("note")),
    )
    .where(
        dispute.c.state.in_(sorted(GRANTED)),
        dispute.c.founded_minor.is_not(None),
        or_(_NUMBER.is_not(None), _SET_OFF),
    )
    .order_by(dispute.c.id)
)
_RULE = (
    update(dispute)
    .where(dispute.c.id == bindparam("d"), dispute.c.state == bindparam("was"))
    .values(
        state=bindparam("s"),
        founded_minor=bindparam("founded"),
        closed_at=bindparam("at"),
        resume_on=bindparam("resume"),
    )
)
_CREDIT = (
    update(dispute)
    .where(dispute.c.id == bindparam("d"), dispute.c.state == bindparam("was"))
    .values(state="closed", credit_note=bindparam("note"), closed_at=bindparam("at"))
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
_TOLD_BY = select(outbox.c.message_id).where(outbox.c.dedupe == bindparam("key"))
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
_DECIDED = (
    select(dispute_step, person.c.name.label("decider"))
    .select_from(dispute_step.join(person))
    .where(dispute_step.c.kind.in_(sorted(RULINGS)), dispute_step.c.withdrawn_at.is_(None))
    .order_by(dispute_step.c.id)
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
    """Find a dispute with its invoice's number and open amount, and who opened it."""
    return work.first(_BY_ID, {"id": dispute_id})


def customer_of(work: Work, dispute_id: int) -> int | None:
    """Find whose dispute it is."""
    row = work.first(_BY_ID, {"id": dispute_id})
    return row and int(row.customer_id)


def of_customer(work: Work, customer_id: int, today: date) -> list[Row[Any]]:
    """Read a customer's disputes that take from what is claimed, decided ones too, by age.

    `open_minor` is what is open of the invoice, None without one.
    """
    return list(work.all(_OF_CUSTOMER, {"customer": customer_id, "today": today}))


def paid_meanwhile(work: Work) -> list[Row[Any]]:
    """Read the disputes whose invoice is settled: they close by themselves."""
    return list(work.all(_PAID))


def set_state(work: Work, dispute_id: int, was: str, state: str, at: datetime | None) -> bool:
    """Move a dispute along its life cycle; False when it is no longer where it `was`."""
    values = {"d": dispute_id, "was": was, "s": state, "at": at}
    return work.execute(_SET_STATE, values) == 1


def rule(
    work: Work,
    dispute_id: int,
    was: str,
    state: str,
    founded: int | None = None,
    *,
    at: datetime | None = None,
    resume_on: date | None = None,
) -> bool:
    """Write a decision, or its undoing, down; False when the dispute is no longer where it `was`.

    `at` is when nothing is waited for any more, None as long as a credit note is; `resume_on`
    is from when what was refused is claimed again.
    """
    values = {
        "d": dispute_id,
        "was": was,
        "s": state,
        "founded": founded,
        "at": at,
        "resume": resume_on,
    }
    return work.execute(_RULE, values) == 1


def credited_meanwhile(work: Work) -> list[Row[Any]]:
    """Read the disputes whose credit note was set off; `note` is its number when it is known."""
    return list(work.all(_CREDITED))


def credit(work: Work, dispute_id: int, was: str, note: str | None, at: datetime) -> bool:
    """Close a dispute by its credit note; False when it is no longer where it `was`."""
    return work.execute(_CREDIT, {"d": dispute_id, "was": was, "note": note, "at": at}) == 1


def photos(work: Work, dispute_id: int) -> list[str]:
    """Read the file ids of a dispute's photos."""
    return work.scalars(_PHOTOS, {"dispute": dispute_id})


def told_by(work: Work, key: str) -> int | None:
    """Find the message that news became, by the key it was posted with; None: it has not left."""
    found = work.scalar(_TOLD_BY, {"key": key})
    return None if found is None else int(found)


def export(work: Work) -> list[dict[str, Any]]:
    """Read the full state of every dispute for the way back; `ruling`: the step that decided."""
    photos_of = {row.dispute_id: row.n for row in work.all(_PHOTO_COUNTS)}
    rulings = {row.dispute_id: row for row in work.all(_DECIDED)}
    return [
        {
            **row._mapping,  # noqa: SLF001
            "photos": photos_of.get(row.id, 0),
            "ruling": rulings.get(row.id),
        }
        for row in work.all(_EXPORT)
    ]
