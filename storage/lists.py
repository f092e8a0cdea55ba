"""Whole lists of promises, disputes and requests, as workbooks hold them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, or_, select

from credit.dispute import SUSPENDING
from storage.customers import OWNER
from storage.promises import RUNNING
from storage.releases import ASKED, DRAFT, REPLACED
from storage.scope import Codes, Scoped
from storage.tables import (
    alert,
    customer,
    dispute,
    item,
    person,
    promise,
    promise_line,
    release_request,
)
from storage.work import Work

_WHOSE = (customer.c.code, customer.c.name, OWNER.label("owner"), person.c.name.label("author"))
_SINCE = bindparam("since", type_=promise.c.made_on.type)
_AT = bindparam("at", type_=release_request.c.asked_at.type)

_PROMISES = Scoped(
    select(
        *_WHOSE,
        promise.c.made_on,
        promise.c.means,
        promise.c.currency,
        promise.c.engaged,
        promise_line.c.due_on,
        promise_line.c.amount_minor,
        promise_line.c.paid_minor,
        promise_line.c.credited_minor,
        promise_line.c.state,
    )
    .select_from(
        promise_line.join(promise, promise.c.id == promise_line.c.promise_id)
        .join(customer, customer.c.id == promise.c.customer_id)
        .join(person, person.c.id == promise.c.person_id)
    )
    .where(
        or_(RUNNING, promise.c.made_on >= _SINCE),
        promise.c.state.not_in(("withdrawn", "superseded")),
    )
    .order_by(promise_line.c.due_on.desc(), promise.c.id.desc(), promise_line.c.n),
)
_DISPUTES = Scoped(
    select(
        *_WHOSE,
        dispute.c.reason,
        item.c.number,
        dispute.c.currency,
        dispute.c.amount_minor,
        dispute.c.opened_on,
        dispute.c.target_on,
        dispute.c.state,
        dispute.c.closed_at,
        dispute.c.founded_minor,
        dispute.c.credit_note,
    )
    .select_from(
        dispute.join(customer, customer.c.id == dispute.c.customer_id)
        .join(person, person.c.id == dispute.c.person_id)
        .outerjoin(item, item.c.id == dispute.c.item_id)
    )
    .where(
        or_(dispute.c.state.in_(sorted(SUSPENDING)), dispute.c.opened_on >= _SINCE),
        dispute.c.state != "withdrawn",
    )
    .order_by(dispute.c.opened_on.desc(), dispute.c.id.desc())
)
_REQUESTS = Scoped(
    select(
        *_WHOSE,
        release_request.c.currency,
        release_request.c.amount_minor,
        release_request.c.rules,
        release_request.c.reason,
        release_request.c.asked_at,
        release_request.c.state,
        release_request.c.decided_at,
        release_request.c.deposit_minor,
    )
    .select_from(
        release_request.join(customer, customer.c.id == release_request.c.customer_id).join(
            person, person.c.id == release_request.c.person_id
        )
    )
    .where(
        or_(release_request.c.state == ASKED, release_request.c.asked_at >= _AT),
        release_request.c.state.not_in((DRAFT, REPLACED)),
    )
    .order_by(release_request.c.asked_at.desc(), release_request.c.id.desc()),
)
_ALERTS = Scoped(
    select(
        alert.c.customer_id,
        customer.c.code,
        customer.c.name,
        OWNER.label("owner"),
        person.c.name.label("author"),
        alert.c.level,
        alert.c.state,
        alert.c.points,
        alert.c.signals,
        alert.c.raised_at,
    )
    .select_from(
        alert.join(customer, customer.c.id == alert.c.customer_id).outerjoin(
            person, person.c.id == alert.c.answered_by
        )
    )
    .where(alert.c.level > 0)
    .order_by(alert.c.level.desc(), alert.c.points.desc(), alert.c.customer_id)
)


def promises(work: Work, codes: Codes, since: date) -> list[Row[Any]]:
    """Read the instalments of running promises and of those made from a day on, newest first."""
    return _PROMISES.rows(work, codes, {"since": since})


def disputes(work: Work, codes: Codes, since: date) -> list[Row[Any]]:
    """Read the disputes that hold money back and those opened from a day on, newest first."""
    return _DISPUTES.rows(work, codes, {"since": since})


def requests(work: Work, codes: Codes, since: datetime) -> list[Row[Any]]:
    """Read the requests about orders that wait and those since a moment, newest first."""
    return _REQUESTS.rows(work, codes, {"at": since})


def alerts(work: Work, codes: Codes) -> list[Row[Any]]:
    """Read the lit alerts with who answered them, the gravest first."""
    return _ALERTS.rows(work, codes)
