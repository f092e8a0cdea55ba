"""What happened in portfolios since a day or a moment: the lines that digests are made of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)

from credit.money import Money
from storage import set_offs
from storage.alerts import RAISED
from storage.customers import OWNER
from storage.disputes import WAITING
from storage.promises import LEFT, RUNNING
from storage.scope import Codes, Scoped, first_of_each
from storage.tables import (
    alert,
    customer,
    dispute,
    event,
    import_run,
    item,
    payment,
    person,
    promise,
    promise_line,
    settlement,
)
from storage.work import Work

_ZERO: ColumnElement[int] = literal_column("0", Integer)
_WHO = (customer.c.id.label("customer_id"), customer.c.code, customer.c.name)
KEPT = ("kept", "kept_late")
MISSED = ("broken", "partly_kept")
MOOT = "moot"
"""A credit note took what was promised: told, but neither kept nor missed."""


class Paid(NamedTuple):
    """A part of an invoice that money paid on a day, in minor units."""

    id: int
    customer_id: int
    code: str
    name: str
    due_on: date
    settled_on: date
    currency: str
    amount_minor: int


_RECEIVED = Scoped(
    select(payment.c.currency, func.sum(payment.c.amount_minor).label("minor"))
    .select_from(payment.join(customer))
    .where(payment.c.received_on.between(bindparam("first"), bindparam("last")))
    .group_by(payment.c.currency)
)


def _settled(unpaid: ColumnElement[bool]) -> Select[Any]:
    return (
        select(item.c.currency, func.sum(settlement.c.amount_minor).label("minor"))
        .select_from(settlement.join(item).join(customer))
        .where(
            settlement.c.settled_on.between(bindparam("first"), bindparam("last")),
            unpaid,
            item.c.kind.in_(("invoice", "credit_note")),  # what a note took is no money
        )
        .group_by(item.c.currency)
    )


# In a book without payments all of it is without one: a few portfolios are not found by that.
_SETTLED = Scoped(
    _settled(settlement.c.payment_id.is_(None)),
    narrow=_settled(func.coalesce(settlement.c.payment_id, _ZERO) == _ZERO),
)
# Units of two currencies are not to be compared: the largest of each are read.
_NEW_OVERDUE = Scoped(
    select(
        *_WHO,
        item.c.currency,
        func.sum(item.c.open_minor).label("minor"),
        func.count().label("n"),
        func.row_number()
        .over(
            partition_by=item.c.currency,
            order_by=(func.sum(item.c.open_minor).desc(), customer.c.id),
        )
        .label("place"),
    )
    .select_from(item.join(customer))
    .where(
        item.c.due_on.between(bindparam("first"), bindparam("last")),
        item.c.open_minor > _ZERO,
    )
    .group_by(*_WHO, item.c.currency),
    kept=first_of_each,
)
_LINES_DUE = Scoped(
    select(
        *_WHO,
        OWNER.label("owner"),
        promise.c.id.label("promise_id"),
        promise.c.person_id,
        promise.c.currency,
        promise.c.engaged,
        promise.c.made_on,
        promise_line.c.n,
        promise_line.c.due_on,
        LEFT.label("minor"),
    )
    .select_from(
        promise_line.join(promise, promise.c.id == promise_line.c.promise_id).join(
            customer, customer.c.id == promise.c.customer_id
        )
    )
    .where(
        RUNNING,
        promise_line.c.state == "open",
        promise_line.c.due_on.between(bindparam("first"), bindparam("last")),
    )
    .order_by(promise_line.c.due_on, promise.c.id, promise_line.c.n),
)
_JUDGED = Scoped(
    select(
        *_WHO,
        OWNER.label("owner"),
        promise.c.id.label("promise_id"),
        promise.c.currency,
        promise.c.amount_minor,
        promise.c.paid_minor,
        promise.c.state,
    )
    .select_from(promise.join(customer, customer.c.id == promise.c.customer_id))
    .where(promise.c.judged_at > bindparam("since"), promise.c.state.in_((*KEPT, *MISSED, MOOT)))
    .order_by(promise.c.judged_at, promise.c.id),
)
_LATE_DISPUTES = Scoped(
    select(
        *_WHO,
        OWNER.label("owner"),
        dispute.c.id.label("dispute_id"),
        dispute.c.currency,
        dispute.c.amount_minor,
        dispute.c.reason,
        dispute.c.target_on,
    )
    .select_from(dispute.join(customer, customer.c.id == dispute.c.customer_id))
    .where(dispute.c.state.in_(WAITING), dispute.c.target_on < bindparam("today"))
    .order_by(dispute.c.target_on, dispute.c.id)
)
_EASED = Scoped(
    select(*_WHO, func.max(event.c.id).label("event_id"))
    .select_from(event.join(customer).join(alert, alert.c.customer_id == customer.c.id))
    .where(
        event.c.kind == "alert.cleared",
        event.c.at > bindparam("since"),
        alert.c.level == _ZERO,
    )
    .group_by(*_WHO)
    .order_by(func.max(event.c.id))
)
_UNANSWERED = Scoped(
    select(OWNER.label("owner"), func.count().label("n"))
    .select_from(alert.join(customer))
    .where(
        alert.c.level > _ZERO,
        alert.c.state == RAISED,
        or_(alert.c.answer_by <= bindparam("now"), alert.c.escalated_at.is_not(None)),
    )
    .group_by(OWNER)
)
_OUTCOMES = Scoped(
    select(promise.c.state, func.count().label("n"))
    .select_from(promise.join(customer, customer.c.id == promise.c.customer_id))
    .where(promise.c.judged_at > bindparam("since"), promise.c.state.in_((*KEPT, *MISSED)))
    .group_by(promise.c.state),
)


# Days are subtracted in Python: the two databases have no common word for it.
_PAID_LATE = Scoped(
    select(
        settlement.c.id,
        *_WHO,
        item.c.due_on,
        settlement.c.settled_on,
        item.c.currency,
        settlement.c.amount_minor,
    )
    .select_from(
        settlement.join(item, item.c.id == settlement.c.item_id).join(
            customer, customer.c.id == item.c.customer_id
        )
    )
    .where(
        settlement.c.settled_on > bindparam("since"),
        item.c.due_on.is_not(None),
        item.c.kind == "invoice",
        settlement.c.amount_minor > _ZERO,
    )
)
_IMPORTS = (
    select(
        import_run.c.file,
        import_run.c.kind,
        import_run.c.as_of,
        import_run.c.at,
        import_run.c.new,
        import_run.c.settled,
        import_run.c.rejected,
    )
    .where(import_run.c.at > bindparam("since"))
    .order_by(import_run.c.id)
)
_COUNTS = (
    select(event.c.kind, func.count().label("n"))
    .where(event.c.kind.in_(bindparam("kinds", expanding=True)), event.c.at > bindparam("since"))
    .group_by(event.c.kind)
)
_UNREACHABLE = (
    select(person.c.id, person.c.name)
    .where(and_(person.c.active.is_(True), person.c.unreachable_since.is_not(None)))
    .order_by(person.c.name)
)


def received(work: Work, codes: Codes, first: date, last: date) -> list[Money]:
    """Sum the money that came in on those days, per currency.

    Without payments in the book, invoices that left the export tell it: never both, so that
    nothing counts twice.
    """
    span = {"first": first, "last": last}
    rows = _RECEIVED.rows(work, codes, span) or _SETTLED.rows(work, codes, span)
    sums = {row.currency: int(row.minor) for row in rows}
    return [Money.from_minor(minor, code) for code, minor in sorted(sums.items()) if minor > 0]


def new_overdue(work: Work, codes: Codes, first: date, last: date, most: int) -> list[Row[Any]]:
    """Read the accounts with invoices that fell due on those days, the largest of each currency.

    Which of two currencies weighs more is for the caller to say.
    """
    return _NEW_OVERDUE.rows(work, codes, {"first": first, "last": last, "most": most})


def lines_due(work: Work, codes: Codes, first: date, last: date) -> list[Row[Any]]:
    """Read the unpaid instalments of running promises due on those days, oldest first."""
    return _LINES_DUE.rows(work, codes, {"first": first, "last": last})


def judged(work: Work, codes: Codes, since: datetime) -> list[Row[Any]]:
    """Read the promises that payments and credit notes decided since a moment."""
    return _JUDGED.rows(work, codes, {"since": since})


def late_disputes(work: Work, codes: Codes, today: date) -> list[Row[Any]]:
    """Read the undecided disputes past their target, oldest target first."""
    return _LATE_DISPUTES.rows(work, codes, {"today": today})


def cleared(work: Work, codes: Codes, since: datetime) -> list[Row[Any]]:
    """Read the accounts that came back to normal since a moment."""
    return _EASED.rows(work, codes, {"since": since})


def unanswered(work: Work, codes: Codes, now: datetime) -> dict[str | None, int]:
    """Count the alerts nobody answered in time, per rep code."""
    return {row.owner or None: row.n for row in _UNANSWERED.rows(work, codes, {"now": now})}


def outcomes(work: Work, codes: Codes, since: datetime) -> dict[str, int]:
    """Count the promises decided since a moment, per state."""
    return {row.state: row.n for row in _OUTCOMES.rows(work, codes, {"since": since})}


def paid_late(work: Work, codes: Codes, since: date) -> list[Paid]:
    """Read what money paid after a day, with its due date."""
    took = set_offs.of_codes(work, codes, since)
    rows = [Paid._make(row) for row in _PAID_LATE.rows(work, codes, {"since": since})]
    return [
        one._replace(amount_minor=minor)
        for one in rows
        if (minor := one.amount_minor - took.get(one.id, 0)) > 0
    ]


def imports(work: Work, since: datetime) -> list[Row[Any]]:
    """Read the imports since a moment, oldest first."""
    return list(work.all(_IMPORTS, {"since": since}))


def counts(work: Work, kinds: Iterable[str], since: datetime) -> dict[str, int]:
    """Count the events of some kinds since a moment."""
    rows = work.all(_COUNTS, {"kinds": sorted(kinds), "since": since})
    return {row.kind: row.n for row in rows}


def unreachable(work: Work) -> list[str]:
    """Name the people whom messages do not reach."""
    return [row.name for row in work.all(_UNREACHABLE)]
