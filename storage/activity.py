"""What people did in portfolios, counted: contacts, requests about orders, notices, deadlines."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Row,
    Select,
    Subquery,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
)

from credit.receivable import CREDIT_KINDS
from storage.customers import OWNER
from storage.promises import TO_KEEP
from storage.releases import ASKED, DRAFT, REPLACED
from storage.scope import Codes, Scoped
from storage.set_offs import TAKEN, TAKEN_OF_SOME
from storage.tables import (
    contact_record,
    customer,
    dispute,
    formal_notice,
    freeze,
    guarantee,
    item,
    observation,
    promise,
    release_request,
    sales_order,
    settlement,
    task,
)
from storage.work import Work

HELD = "held"
"""How the order desk calls an order that waits for credit."""
_ZERO: ColumnElement[int] = literal_column("0", Integer)
_DAY = item.c.due_on.type
_SINCE = bindparam("since", type_=_DAY)
_TODAY = bindparam("today", type_=_DAY)
_AT = bindparam("at", type_=release_request.c.asked_at.type)
_NAMED = (customer.c.id.label("customer_id"), customer.c.code, customer.c.name)

_CONTACTS = Scoped(
    select(
        contact_record.c.channel,
        func.count().label("n"),
        func.sum(case((contact_record.c.answered.is_(True), 1), else_=_ZERO)).label("answered"),
    )
    .select_from(contact_record.join(customer, customer.c.id == contact_record.c.customer_id))
    .where(contact_record.c.on >= _SINCE, contact_record.c.withdrawn_at.is_(None))
    .group_by(contact_record.c.channel)
)
_SPOKEN = select(contact_record.c.customer_id).where(contact_record.c.withdrawn_at.is_(None))
_OLDEST = (
    select(item.c.customer_id, func.min(item.c.due_on).label("due_on"))
    .where(
        item.c.open_minor > _ZERO,
        item.c.due_on < _TODAY,
        item.c.kind.not_in(sorted(CREDIT_KINDS)),
        item.c.customer_id.in_(_SPOKEN),
    )
    .group_by(item.c.customer_id)
    .subquery("oldest")
)
_SINCE_WHEN = (
    select(func.min(item.c.due_on))
    .where(
        item.c.customer_id == customer.c.id,
        item.c.open_minor > _ZERO,
        item.c.due_on < _TODAY,
        item.c.kind.not_in(sorted(CREDIT_KINDS)),
    )
    .correlate(customer)
    .scalar_subquery()
)
_FIRST = Scoped(
    select(
        customer.c.id.label("customer_id"),
        _OLDEST.c.due_on,
        func.min(contact_record.c.on).label("on"),
    )
    .select_from(
        _OLDEST.join(customer, customer.c.id == _OLDEST.c.customer_id).join(
            contact_record, contact_record.c.customer_id == customer.c.id
        )
    )
    .where(contact_record.c.on > _OLDEST.c.due_on, contact_record.c.withdrawn_at.is_(None))
    .group_by(customer.c.id, _OLDEST.c.due_on),
    # of a few, each is asked for his oldest line; of all, everybody's are found at once
    narrow=select(
        customer.c.id.label("customer_id"),
        _SINCE_WHEN.label("due_on"),
        func.min(contact_record.c.on).label("on"),
    )
    .select_from(customer.join(contact_record, contact_record.c.customer_id == customer.c.id))
    .where(contact_record.c.on > _SINCE_WHEN, contact_record.c.withdrawn_at.is_(None))
    .group_by(customer.c.id),
)
_MADE = Scoped(
    select(
        promise.c.currency, func.count().label("n"), func.sum(promise.c.amount_minor).label("minor")
    )
    .select_from(promise.join(customer, customer.c.id == promise.c.customer_id))
    .where(promise.c.engaged.is_(True), promise.c.made_on >= _SINCE, promise.c.state != "withdrawn")
    .group_by(promise.c.currency)
)
_JUDGED = Scoped(
    select(
        promise.c.currency,
        promise.c.state,
        func.count().label("n"),
        func.sum(TO_KEEP).label("minor"),
    )
    .select_from(promise.join(customer, customer.c.id == promise.c.customer_id))
    .where(promise.c.engaged.is_(True), promise.c.judged_at >= _AT)
    .group_by(promise.c.currency, promise.c.state)
)
_REQUESTS = Scoped(
    select(
        *_NAMED,
        release_request.c.id,
        release_request.c.currency,
        release_request.c.amount_minor,
        release_request.c.rules,
        release_request.c.state,
        release_request.c.asked_at,
        release_request.c.decided_at,
        release_request.c.deposit_minor,
        OWNER.label("owner"),
    )
    .select_from(release_request.join(customer, customer.c.id == release_request.c.customer_id))
    .where(
        or_(release_request.c.asked_at >= _AT, release_request.c.state == ASKED),
        release_request.c.state.not_in((DRAFT, REPLACED)),
    )
    .order_by(release_request.c.asked_at, release_request.c.id),
)
_HELD = Scoped(
    select(
        *_NAMED,
        sales_order.c.id,
        sales_order.c.number,
        sales_order.c.ordered_on,
        sales_order.c.currency,
        sales_order.c.amount_minor,
        OWNER.label("owner"),
    )
    .select_from(sales_order.join(customer, customer.c.id == sales_order.c.customer_id))
    .where(sales_order.c.status == HELD)
    .order_by(sales_order.c.ordered_on, sales_order.c.id)
)
_NOTICES = Scoped(
    select(
        formal_notice.c.currency,
        formal_notice.c.amount_minor,
        formal_notice.c.others,
    )
    .select_from(formal_notice.join(customer, customer.c.id == formal_notice.c.customer_id))
    .where(
        formal_notice.c.kind == "formal",
        formal_notice.c.sent_on >= _SINCE,
        formal_notice.c.ended_at.is_(None),
    )
)
_FROZEN = Scoped(
    select(freeze.c.customer_id)
    .select_from(freeze.join(customer, customer.c.id == freeze.c.customer_id))
    .where(freeze.c.lifted_at.is_(None))
    .distinct()
)
_DEADLINES = Scoped(
    select(*_NAMED, task.c.kind, task.c.note, task.c.due_on, OWNER.label("owner"))
    .select_from(task.join(customer, customer.c.id == task.c.customer_id))
    .where(
        task.c.kind.in_(bindparam("kinds", expanding=True)),
        task.c.done_at.is_(None),
        task.c.note.is_not(None),
    )
    .distinct()
    .order_by(task.c.note, customer.c.id, task.c.kind)
)
_OLD = Scoped(
    select(*_NAMED, item.c.id, item.c.due_on, item.c.currency, item.c.open_minor)
    .select_from(item.join(customer))
    .where(
        item.c.open_minor > _ZERO,
        item.c.due_on <= bindparam("last", type_=_DAY),
        item.c.kind.not_in(sorted(CREDIT_KINDS)),
    )
    .order_by(item.c.due_on, item.c.id)
)
_CAUSES = Scoped(
    select(
        dispute.c.reason,
        func.count().label("n"),
        func.sum(
            case(
                (
                    or_(
                        dispute.c.state.in_(("founded", "partly_founded")),
                        dispute.c.founded_minor > _ZERO,
                    ),
                    1,
                ),
                else_=_ZERO,
            )
        ).label("founded"),
    )
    .select_from(dispute.join(customer, customer.c.id == dispute.c.customer_id))
    .where(dispute.c.opened_on >= _SINCE, dispute.c.state != "withdrawn")
    .group_by(dispute.c.reason)
    .order_by(func.count().desc(), dispute.c.reason)
)
_AGES = Scoped(
    select(dispute.c.opened_on, func.count().label("n"))
    .select_from(dispute.join(customer, customer.c.id == dispute.c.customer_id))
    .where(dispute.c.state.in_(("open", "under_review")))
    .group_by(dispute.c.opened_on)
)
_GUARANTEED = Scoped(
    select(
        guarantee.c.customer_id,
        guarantee.c.currency,
        func.sum(guarantee.c.amount_minor).label("minor"),
    )
    .select_from(guarantee.join(customer, customer.c.id == guarantee.c.customer_id))
    .where(
        guarantee.c.ended_at.is_(None),
        guarantee.c.amount_minor.is_not(None),
        func.coalesce(guarantee.c.valid_until, _TODAY) >= _TODAY,
    )
    .group_by(guarantee.c.customer_id, guarantee.c.currency)
)
_SEEN = Scoped(
    select(OWNER.label("owner"), func.count().label("n"))
    .select_from(observation.join(customer, customer.c.id == observation.c.customer_id))
    .where(observation.c.on >= _SINCE, observation.c.withdrawn_at.is_(None))
    .group_by(OWNER)
)


_WENT_LATE = (
    settlement.c.settled_on >= _SINCE,
    settlement.c.settled_on > item.c.due_on,
    settlement.c.amount_minor > _ZERO,
    item.c.kind.not_in(sorted(CREDIT_KINDS)),
)


def _late(went: FromClause, minor: ColumnElement[Any]) -> Select[Any]:
    """Sum what went of debts after they were due."""
    return (
        select(OWNER.label("owner"), item.c.currency, func.sum(minor).label("minor"))
        .select_from(went.join(customer, customer.c.id == item.c.customer_id))
        .where(*_WENT_LATE)
        .group_by(OWNER, item.c.currency)
    )


def _late_credited(taken: Subquery) -> Select[Any]:
    """Sum what credit notes took of it: nobody collected that."""
    of_notes = taken.join(settlement, settlement.c.id == taken.c.id)
    return _late(of_notes.join(item, item.c.id == settlement.c.item_id), taken.c.minor)


_LATE = Scoped(
    _late(settlement.join(item, item.c.id == settlement.c.item_id), settlement.c.amount_minor)
)
_LATE_CREDITED = {
    dialect: Scoped(_late_credited(taken), narrow=_late_credited(TAKEN_OF_SOME))
    for dialect, taken in TAKEN.items()
}


class LateMoney(NamedTuple):
    """What came late, in minor units, to the portfolio of a rep; "" or None: of nobody."""

    owner: str | None
    currency: str
    minor: int


def contacts(work: Work, codes: Codes, since: date) -> list[Row[Any]]:
    """Count the contacts from a day on, and those where somebody answered, per channel."""
    return _CONTACTS.rows(work, codes, {"since": since})


def first_contacts(work: Work, codes: Codes, today: date) -> list[Row[Any]]:
    """Read, per customer overdue today, his oldest due date and the first contact after it."""
    return _FIRST.rows(work, codes, {"today": today})


def promised(work: Work, codes: Codes, since: date) -> list[Row[Any]]:
    """Count and sum the firm promises made from a day on, per currency."""
    return _MADE.rows(work, codes, {"since": since})


def judged(work: Work, codes: Codes, since: datetime) -> list[Row[Any]]:
    """Count and sum the firm promises decided from a moment on, per currency and state."""
    return _JUDGED.rows(work, codes, {"at": since})


def requests(work: Work, codes: Codes, since: datetime) -> list[Row[Any]]:
    """Read the requests to release an order: those that wait, and those asked since a moment."""
    return _REQUESTS.rows(work, codes, {"at": since})


def held_orders(work: Work, codes: Codes) -> list[Row[Any]]:
    """Read the orders that the order desk holds, the oldest first."""
    return _HELD.rows(work, codes)


def formal_notices(work: Work, codes: Codes, since: date) -> list[Row[Any]]:
    """Read what the formal notices claim that were sent from a day on."""
    return _NOTICES.rows(work, codes, {"since": since})


def frozen(work: Work, codes: Codes) -> set[int]:
    """Return the customers whose account is frozen."""
    return {row.customer_id for row in _FROZEN.rows(work, codes)}


def deadlines(work: Work, codes: Codes, kinds: Collection[str]) -> list[Row[Any]]:
    """Read what is still to be done by a legal deadline: `note` is its last day, in ISO."""
    return _DEADLINES.rows(work, codes, {"kinds": sorted(kinds)})


def due_by(work: Work, codes: Codes, last: date) -> list[Row[Any]]:
    """Read the open debts that fell due by a day, the oldest first."""
    return _OLD.rows(work, codes, {"last": last})


def dispute_causes(work: Work, codes: Codes, since: date) -> list[Row[Any]]:
    """Count the disputes opened from a day on and the founded ones, per reason."""
    return _CAUSES.rows(work, codes, {"since": since})


def dispute_days(work: Work, codes: Codes) -> list[Row[Any]]:
    """Count the disputes that wait for a decision, per day they were opened."""
    return _AGES.rows(work, codes)


def guaranteed(work: Work, codes: Codes, today: date) -> dict[tuple[int, str], int]:
    """Sum the running guarantees per customer and currency, in minor units."""
    rows = _GUARANTEED.rows(work, codes, {"today": today})
    return {(row.customer_id, row.currency): int(row.minor) for row in rows}


def observations(work: Work, codes: Codes, since: date) -> dict[str | None, int]:
    """Count what was seen on site from a day on, per rep code."""
    return {row.owner or None: row.n for row in _SEEN.rows(work, codes, {"since": since})}


def late_money(work: Work, codes: Codes, since: date) -> list[LateMoney]:
    """Sum the money that came after its due date from a day on, per rep code and currency."""
    given = {"since": since}
    sums = {(row.owner, row.currency): int(row.minor) for row in _LATE.rows(work, codes, given)}
    for row in _LATE_CREDITED[work.dialect].rows(work, codes, given):
        # an import may be seen between two statements of a transaction that writes
        whose = row.owner, row.currency
        sums[whose] = sums.get(whose, 0) - int(row.minor)
    return [LateMoney(*of, minor) for of, minor in sums.items() if minor > 0]
