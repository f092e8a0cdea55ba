"""What the early-warning rules need of many customers at once, in a handful of statements.

The rows are plain tuples, in the order that `bot.alerts.figures` tells: a scan reads a
million of them. `storage.past` reads the same of a book as it stood.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)

from credit.dispute import SUSPENDING, DisputeRules
from credit.receivable import ItemKind
from storage import items
from storage.bulk import Among, Bulk, Tuples
from storage.customers import OWNER
from storage.tables import contact_record, customer, dispute, item, payment, promise, settlement
from storage.work import Work

Rows = Mapping[int, Sequence[Sequence[Any]]]
"""Plain rows by the customer they begin with."""

_ZERO: ColumnElement[int] = literal_column("0", Integer)
_INVOICE = item.c.kind == ItemKind.INVOICE.value
_CUSTOMERS = Bulk(
    select(
        customer.c.id,
        OWNER.label("owner"),
        customer.c.credit_limit_minor,
        customer.c.limit_currency,
    ).where(Among(customer.c.id))
)


def since(what: str) -> ColumnElement[date]:
    """Name the day after which (contacts: from which) rows of a kind count."""
    return bindparam(f"since_{what}", type_=item.c.due_on.type)


def of_lines(left: ColumnElement[int], *known: ColumnElement[bool]) -> Bulk:
    """Read the lines of which something is open; `left` is what."""
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
        ).where(Among(item.c.customer_id), *known, left != _ZERO)
    )


def of_paid(left: ColumnElement[int], *known: ColumnElement[bool]) -> Bulk:
    """Read what was paid of items; `left` is what is open of them now."""
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


def of_disputes(state: ColumnElement[str], *known: ColumnElement[bool]) -> Select[Any]:
    """Read the disputes that count; `state` is how they stand."""
    return select(
        dispute.c.id,
        dispute.c.customer_id,
        dispute.c.item_id,
        dispute.c.reason,
        dispute.c.currency,
        dispute.c.amount_minor,
        dispute.c.founded_minor,
        dispute.c.opened_on,
        dispute.c.late,
        state.label("state"),
    ).where(
        Among(dispute.c.customer_id),
        dispute.c.state != "withdrawn",
        or_(state.in_(sorted(SUSPENDING)), dispute.c.opened_on > since("opened")),
        *known,
    )


def of_contacts(*known: ColumnElement[bool]) -> Select[Any]:
    """Read the contacts, newest first."""
    columns = (contact_record.c.customer_id, contact_record.c.on, contact_record.c.answered)
    return (
        select(*columns, contact_record.c.reason)
        .where(
            Among(contact_record.c.customer_id),
            contact_record.c.on >= since("contact"),
            contact_record.c.withdrawn_at.is_(None),
            *known,
        )
        .order_by(contact_record.c.at.desc(), contact_record.c.id.desc())
    )


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
        .group_by(promise.c.customer_id)
    )


@dataclass(frozen=True, slots=True)
class Reads:
    """The statements that read the accounts of customers, as of now or of a past day."""

    lines: Bulk
    paid: Bulk
    payments: Bulk
    disputes: Select[Any]
    contacts: Select[Any]
    broken: Bulk


NOW = Reads(
    of_lines(item.c.open_minor),
    of_paid(item.c.open_minor),
    of_payments(),
    of_disputes(dispute.c.state),
    of_contacts(),
    of_broken(),
)
_RANKED = (
    select(
        item.c.customer_id,
        item.c.id,
        func.row_number()
        .over(
            partition_by=item.c.customer_id,
            order_by=(item.c.issued_on.nulls_last(), item.c.id),
        )
        .label("place"),
    )
    .where(Among(item.c.customer_id), _INVOICE)
    .subquery("ranked")
)
_FIRST = Bulk(select(_RANKED.c.customer_id, _RANKED.c.id).where(_RANKED.c.place == 1))
_SETTLED_FIRST = Bulk(
    select(item.c.customer_id, func.min(item.c.issued_on))
    .where(Among(item.c.customer_id), _INVOICE, item.c.open_minor == _ZERO)
    .group_by(item.c.customer_id)
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
    """The accounts of some customers, by their ids; who has nothing of a kind is not in it."""

    customers: Tuples  # id, rep code, credit limit and its currency
    lines: Rows
    paid: Rows
    payments: Rows
    disputes: Mapping[int, Sequence[Row[Any]]]
    contacts: Mapping[int, Sequence[Row[Any]]]
    broken: Mapping[int, int]

    def withheld(self, customer_id: int, rules: DisputeRules) -> dict[int, int]:
        """Return what disputes take from each of a customer's open lines, in minor units."""
        contested = [row for row in self.disputes.get(customer_id, ()) if row.state in SUSPENDING]
        if not contested:
            return {}
        return items.withheld(self.lines.get(customer_id, ()), contested, rules)


def read(
    work: Work,
    customer_ids: Iterable[int],
    windows: Windows,
    reads: Reads = NOW,
    values: Mapping[str, Any] | None = None,
) -> Accounts:
    """Read the accounts of these customers; `values` are what `reads` needs besides."""
    given = {"ids": list(customer_ids), **windows.values(), **(values or {})}
    return Accounts(
        customers=_CUSTOMERS.rows(work, given),
        lines=_sorted_out(reads.lines.rows(work, given)),
        paid=_sorted_out(reads.paid.rows(work, given)),
        payments=_sorted_out(reads.payments.rows(work, given)),
        disputes=_sorted_out(work.all(reads.disputes, given), 1),
        contacts=_sorted_out(work.all(reads.contacts, given)),
        broken={row[0]: row[1] for row in reads.broken.rows(work, given)},
    )


def first_invoices(work: Work, customer_ids: Iterable[int]) -> dict[int, int]:
    """Find the first invoice ever seen of each customer, paid or not."""
    return {row[0]: row[1] for row in _FIRST.rows(work, {"ids": list(customer_ids)})}


def settled_firsts(work: Work, customer_ids: Iterable[int]) -> dict[int, Any]:
    """Find when the first invoice that is wholly paid was issued, as the driver tells days.

    Far cheaper than `first_invoices`: who never paid an invoice has no row.
    """
    return {row[0]: row[1] for row in _SETTLED_FIRST.rows(work, {"ids": list(customer_ids)})}


def _sorted_out(rows: Iterable[Any], place: int = 0) -> dict[int, list[Any]]:
    """Sort rows out by the customer whose id stands at a place."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[place]].append(row)
    return found
