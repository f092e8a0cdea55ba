"""What the early-warning rules need of many customers at once, in a handful of statements.

The rows are plain tuples, in the order that `bot.alerts.figures` tells: a scan reads a
million of them. `storage.past` reads the same of a book as it stood.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from credit.dispute import SUSPENDING, DisputeRules
from credit.receivable import CREDIT_KINDS, ItemKind
from storage import items
from storage.bulk import Among, Bulk, Scattered, Tuples, picked
from storage.customers import OWNER
from storage.disputes import holds_back, rests
from storage.limits import LIMIT_CURRENCY, LIMIT_MINOR, RATED
from storage.tables import (
    contact_record,
    customer,
    dispute,
    item,
    item_row,
    payment,
    promise,
    settlement,
)
from storage.work import Work

Rows = Mapping[int, Sequence[Sequence[Any]]]
"""Plain rows by the customer they begin with."""

ZERO: ColumnElement[int] = literal_column("0", Integer)
INVOICE = item.c.kind == ItemKind.INVOICE.value
_CREDITS = sorted(kind.value for kind in CREDIT_KINDS)
DAY = bindparam("day", type_=item.c.due_on.type)
"""The day of the look: what was due before it is late."""

_CUSTOMERS = Bulk(
    select(
        customer.c.id,
        OWNER.label("owner"),
        LIMIT_MINOR,
        LIMIT_CURRENCY,
    )
    .select_from(RATED)
    .where(Among(customer.c.id))
)


def since(what: str) -> ColumnElement[date]:
    """Name the day after which (contacts: from which) rows of a kind count."""
    return bindparam(f"since_{what}", type_=item.c.due_on.type)


def of_sums(left: ColumnElement[int], *known: ColumnElement[bool]) -> Bulk:
    """Sum what is open by customer and currency, and tell whether any of it is late.

    `left` is what is open of an item: so it is everywhere here.
    """
    debt = and_(left > ZERO, item.c.kind.not_in(_CREDITS))
    return Bulk(
        select(
            item.c.customer_id,
            item.c.currency,
            func.sum(left),
            func.sum(case((debt, left), else_=ZERO)),
            func.max(case((and_(debt, item.c.due_on < DAY), literal_column("1")), else_=ZERO)),
        )
        .where(Among(item.c.customer_id), *known, left != ZERO)
        .group_by(item.c.customer_id, item.c.currency)
    )


# The most that each customer can owe, and whether he can be late, by walking the index alone.
# It reads what the view of items reads, and rows of other versions of the book besides: so
# it may say too much, never too little.
_AT_MOST = Bulk(
    select(
        item_row.c.customer_id,
        func.sum(item_row.c.open_minor),
        func.max(case((item_row.c.due_on < DAY, literal_column("1")), else_=ZERO)),
    )
    .where(Among(item_row.c.customer_id), item_row.c.open_minor > ZERO)
    .group_by(item_row.c.customer_id)
)


def of_late(left: ColumnElement[int], *known: ColumnElement[bool]) -> Bulk:
    """Read the lines that are late."""
    return Bulk(
        select(
            item.c.customer_id,
            item.c.id,
            item.c.kind,
            item.c.currency,
            item.c.number,
            item.c.due_on,
            item.c.amount_minor,
            left.label("left_minor"),
            item.c.disputed_in_ledger,
            item.c.issued_on,
        ).where(
            Among(item.c.customer_id),
            *known,
            left > ZERO,
            item.c.due_on < DAY,
            item.c.kind.not_in(_CREDITS),
        )
    )


def of_invoices(left: ColumnElement[int], *known: ColumnElement[bool]) -> Bulk:
    """Read what the open invoices were made out for, late or not."""
    columns = (item.c.customer_id, item.c.id, item.c.currency, item.c.due_on, item.c.amount_minor)
    return Bulk(select(*columns).where(Among(item.c.customer_id), *known, INVOICE, left != ZERO))


def of_paid(left: ColumnElement[int], *known: ColumnElement[bool]) -> Bulk:
    """Read what was paid of items, and what is left of them."""
    return Bulk(
        select(
            item.c.customer_id,
            item.c.id,
            item.c.kind,
            item.c.currency,
            item.c.due_on,
            item.c.amount_minor,
            left.label("left_minor"),
            settlement.c.settled_on,
            settlement.c.amount_minor.label("paid_minor"),
        )
        .select_from(item.join(settlement, settlement.c.item_id == item.c.id))
        .where(Among(item.c.customer_id), settlement.c.settled_on > since("settled"), *known)
    )


def of_payments(*known: ColumnElement[bool]) -> Bulk:
    """Read the money that came in."""
    return Bulk(
        select(payment.c.customer_id, payment.c.currency, payment.c.amount_minor).where(
            Among(payment.c.customer_id), payment.c.received_on > since("received"), *known
        )
    )


def of_disputes(state: ColumnElement[str], *known: ColumnElement[bool]) -> Scattered:
    """Read the disputes that count; `state` is how they stand."""
    statement = select(
        dispute.c.id,
        dispute.c.customer_id,
        dispute.c.item_id,
        dispute.c.reason,
        dispute.c.currency,
        dispute.c.amount_minor,
        dispute.c.founded_minor,
        dispute.c.opened_on,
        dispute.c.late,
        dispute.c.resume_on,
        state.label("state"),
        rests(DAY, state).label("resting"),
    ).where(
        Among(dispute.c.customer_id),
        dispute.c.state != "withdrawn",
        or_(holds_back(DAY, state), dispute.c.opened_on > since("opened")),
        *known,
    )
    return Scattered(statement)


def of_contacts(*known: ColumnElement[bool]) -> Scattered:
    """Read the contacts, newest first."""
    columns = (contact_record.c.customer_id, contact_record.c.on, contact_record.c.answered)
    statement = (
        select(*columns, contact_record.c.reason)
        .where(
            Among(contact_record.c.customer_id),
            contact_record.c.on >= since("contact"),
            contact_record.c.withdrawn_at.is_(None),
            *known,
        )
        .order_by(contact_record.c.at.desc(), contact_record.c.id.desc())
    )
    return Scattered(statement)


def of_broken(*known: ColumnElement[bool]) -> Bulk:
    """Count the promises that were not kept."""
    return Bulk(
        select(promise.c.customer_id, func.count())
        .where(
            Among(promise.c.customer_id),
            promise.c.state.in_(("broken", "partly_kept")),
            promise.c.made_on > since("promised"),
            *known,
        )
        .group_by(promise.c.customer_id),
        scattered=True,
    )


@dataclass(frozen=True, slots=True)
class Reads:
    """The statements that read the accounts of customers, as of now or of a past day.

    `at_most` spares summing up those who cannot be late nor over their limit; None: nothing
    does.
    """

    at_most: Bulk | None
    sums: Bulk
    late: Bulk
    paid: Bulk
    invoices: Bulk
    payments: Bulk
    disputes: Scattered
    contacts: Scattered
    broken: Bulk


NOW = Reads(
    _AT_MOST,
    of_sums(item.c.open_minor),
    of_late(item.c.open_minor),
    of_paid(item.c.open_minor),
    of_invoices(item.c.open_minor),
    of_payments(),
    of_disputes(dispute.c.state),
    of_contacts(),
    of_broken(),
)
# A ledger without payments is not asked about each of its items.
_MONEY = select(
    exists(select(payment.c.id)).label("payments"),
    exists(select(settlement.c.id)).label("settlements"),
)


@dataclass(frozen=True, slots=True)
class Windows:
    """From when on events count."""

    settled: date
    received: date
    contact: date
    promised: date
    opened: date

    def values(self) -> dict[str, Any]:
        """Return them as the statements name them."""
        return {f"since_{name}": getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of some customers, by their ids; who has nothing of a kind is not in it.

    `sums` are read of those in `summed`: of whoever can be late or over his limit.
    """

    reads: Reads
    given: Mapping[str, Any]
    customers: Tuples  # id, rep code, credit limit and its currency
    summed: AbstractSet[int]
    sums: Rows
    late: Rows
    paid: Rows
    invoices: Rows  # of those who sent money
    payments: Rows
    disputes: Mapping[int, Sequence[Row[Any]]]
    contacts: Mapping[int, Sequence[Row[Any]]]
    broken: Mapping[int, int]

    def summing(self, work: Work, customer_ids: AbstractSet[int]) -> Accounts:
        """Read the sums of these customers too."""
        more = customer_ids - self.summed
        if not more:
            return self
        rows = self.reads.sums.rows(work, {**self.given, "ids": sorted(more)})
        return replace(self, summed=self.summed | more, sums={**self.sums, **_sorted_out(rows)})

    def withheld(self, customer_id: int, rules: DisputeRules) -> dict[int, int]:
        """Return what disputes take from each of a customer's late lines, in minor units.

        Lines that are not late come after them when a dispute about no invoice is laid on.
        """
        known = self.disputes.get(customer_id, ())
        contested = [row for row in known if row.resting or row.state in SUSPENDING]
        if not contested:
            return {}
        return items.withheld(self.late.get(customer_id, ()), contested, rules)


def read(
    work: Work,
    customer_ids: Iterable[int],
    day: date,
    windows: Windows,
    reads: Reads = NOW,
    values: Mapping[str, Any] | None = None,
) -> Accounts:
    """Read the accounts of these customers; `values` are what `reads` needs besides."""
    given = {"ids": picked(customer_ids), "day": day, **windows.values(), **(values or {})}
    customers = _CUSTOMERS.rows(work, given)
    summed = _in_question(work, reads, given, customers)
    sums = _sorted_out(reads.sums.rows(work, {**given, "ids": sorted(summed)}) if summed else ())
    late = [one for one, rows in sums.items() if any(row[4] for row in rows)]
    money = work.all(_MONEY)[0]
    payments = _sorted_out(reads.payments.rows(work, given) if money.payments else ())
    return Accounts(
        reads=reads,
        given=given,
        customers=customers,
        summed=summed,
        sums=sums,
        late=_sorted_out(reads.late.rows(work, {**given, "ids": late}) if late else ()),
        paid=_sorted_out(reads.paid.rows(work, given) if money.settlements else ()),
        invoices=_sorted_out(
            reads.invoices.rows(work, {**given, "ids": list(payments)}) if payments else ()
        ),
        payments=payments,
        disputes=_sorted_out(reads.disputes.rows(work, given), 1),
        contacts=_sorted_out(reads.contacts.rows(work, given)),
        broken={row[0]: row[1] for row in reads.broken.rows(work, given)},
    )


def _in_question(work: Work, reads: Reads, given: Mapping[str, Any], customers: Tuples) -> set[int]:
    """Tell who can be late, or over his limit whatever its currency."""
    if reads.at_most is None:
        return {row[0] for row in customers}
    limits = {row[0]: row[2] for row in customers}
    found = set()
    for one, most, late in reads.at_most.rows(work, given):
        limit = limits.get(one)
        if late or (limit is not None and most > limit):
            found.add(one)
    return found & limits.keys()


def _sorted_out(rows: Iterable[Any], place: int = 0) -> dict[int, list[Any]]:
    """Sort rows out by the customer whose id stands at a place."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[place]].append(row)
    return found
