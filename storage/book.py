"""The book: what the ledger's files stated, read in bulk for comparison with the next file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, literal_column, select, update

from storage.book_load import chunks
from storage.tables import customer, import_run, item, payment, settlement
from storage.work import Work

UNAPPLIED = "payment:"
"""How the key begins of the items that a payments file made: cash that met no invoice."""


class KnownItem(NamedTuple):
    """An item as the book has it; amounts in minor units, credits negative."""

    id: int
    customer_id: int
    key: str
    kind: str
    number: str | None
    issued_on: date | None
    due_on: date | None
    currency: str
    amount_minor: int
    open_minor: int
    total_known: bool
    disputed: bool
    order_number: str | None
    stated_on: date

    @property
    def is_credit(self) -> bool:
        """Tell whether the item lowers what the customer owes."""
        return self.amount_minor < 0 or self.kind in {"credit_note", "payment"}


class KnownPayment(NamedTuple):
    """A payment as the book has it; `item_id` None: accounting has matched it to nothing."""

    id: int
    customer_id: int
    key: str
    received_on: date
    currency: str
    amount_minor: int
    invoice_number: str | None
    item_id: int | None
    reference: str | None

    @property
    def named(self) -> bool:
        """Tell whether the file gave it a reference of its own."""
        return bool(self.reference)


class KnownSettlement(NamedTuple):
    """A part of an item that is paid; `settled_on` None: before the item was first seen."""

    id: int
    item_id: int
    settled_on: date | None
    amount_minor: int


_ITEM = (
    item.c.id,
    item.c.customer_id,
    item.c.key,
    item.c.kind,
    item.c.number,
    item.c.issued_on,
    item.c.due_on,
    item.c.currency,
    item.c.amount_minor,
    item.c.open_minor,
    item.c.total_known,
    item.c.disputed_in_ledger,
    item.c.order_number,
    item.c.stated_on,
)
_PAYMENT = (
    payment.c.id,
    payment.c.customer_id,
    payment.c.key,
    payment.c.received_on,
    payment.c.currency,
    payment.c.amount_minor,
    payment.c.invoice_number,
    payment.c.item_id,
    payment.c.reference,
)
_IS_OPEN = item.c.open_minor != literal_column("0")
_OPEN = select(*_ITEM).where(_IS_OPEN).order_by(item.c.id)
_NUMBERED = select(*_ITEM).where(item.c.number.in_(bindparam("numbers", expanding=True)))
_UNNUMBERED = select(*_ITEM).where(
    item.c.number.is_(None), item.c.customer_id.in_(bindparam("customers", expanding=True))
)
_BY_IDS = select(*_ITEM).where(item.c.id.in_(bindparam("ids", expanding=True)))
_UNAPPLIED_OF = select(*_ITEM).where(
    item.c.customer_id.in_(bindparam("customers", expanding=True)),
    item.c.key.startswith(UNAPPLIED),
)
_CREDITS = (
    select(*_ITEM)
    .where(
        item.c.customer_id.in_(bindparam("customers", expanding=True)),
        item.c.open_minor < 0,
        ~item.c.key.startswith(UNAPPLIED),
    )
    .order_by(item.c.id)
)
_CODES = select(customer.c.code, customer.c.id)
_PAID_LATER = (
    select(settlement.c.item_id, func.sum(settlement.c.amount_minor).label("minor"))
    .where(settlement.c.settled_on > bindparam("day"), settlement.c.payment_id.is_not(None))
    .group_by(settlement.c.item_id)
)
_INFERRED = (
    select(
        settlement.c.id, settlement.c.item_id, settlement.c.settled_on, settlement.c.amount_minor
    )
    .where(
        settlement.c.item_id.in_(bindparam("items", expanding=True)),
        settlement.c.payment_id.is_(None),
        settlement.c.amount_minor > 0,
    )
    .order_by(settlement.c.item_id, settlement.c.settled_on, settlement.c.id)
)
_PAYMENTS = select(*_PAYMENT).where(payment.c.received_on.between(bindparam("a"), bindparam("b")))
_UNUSED_PAYMENTS = (
    select(*_PAYMENT)
    .where(
        payment.c.item_id.in_(bindparam("items", expanding=True)),
        payment.c.amount_minor > 0,
        ~select(settlement.c.id).where(settlement.c.payment_id == payment.c.id).exists(),
    )
    .order_by(payment.c.received_on, payment.c.id)
)
_FULL_EXPORTS = (
    select(import_run.c.as_of, import_run.c.report)
    .where(import_run.c.kind == "receivables")
    .order_by(import_run.c.as_of)
)
_STATE_AGAIN = (
    update(item)
    .where(item.c.id.in_(bindparam("ids", expanding=True)))
    .values(stated_on=bindparam("on"), last_import=bindparam("run"))
)


def codes(work: Work) -> dict[str, int]:
    """Map every customer's code to its id."""
    return {row.code: row.id for row in work.all(_CODES)}


def open_items(work: Work) -> list[KnownItem]:
    """Read every open item of the book."""
    return [KnownItem._make(row) for row in work.all(_OPEN)]


def same_numbers(work: Work, numbers: Iterable[str]) -> list[KnownItem]:
    """Read every item, settled ones too, that has one of these numbers."""
    return _read(work, _NUMBERED, "numbers", sorted(set(numbers)))


def without_number(work: Work, customers: Iterable[int]) -> list[KnownItem]:
    """Read every item without a number of these customers, settled ones too."""
    return _read(work, _UNNUMBERED, "customers", sorted(set(customers)))


def by_ids(work: Work, ids: Iterable[int]) -> list[KnownItem]:
    """Read items by their ids."""
    return _read(work, _BY_IDS, "ids", sorted(set(ids)))


def unapplied(work: Work, customers: Iterable[int]) -> list[KnownItem]:
    """Read the credits that payments files made of these customers, used up ones too."""
    return _read(work, _UNAPPLIED_OF, "customers", sorted(set(customers)))


def open_credits(work: Work, customers: Iterable[int]) -> list[KnownItem]:
    """Read the open credits that the ledger itself lists of these customers."""
    return _read(work, _CREDITS, "customers", sorted(set(customers)))


def paid_later(work: Work, day: date) -> dict[int, int]:
    """Sum per item what payments received after a day have reduced it by, in minor units."""
    return {row.item_id: int(row.minor) for row in work.all(_PAID_LATER, {"day": day})}


def inferred(work: Work, items: Iterable[int]) -> list[KnownSettlement]:
    """Read what items were reduced by without a known payment, oldest first per item."""
    return [
        KnownSettlement._make(row)
        for some in chunks(sorted(set(items)))
        for row in work.all(_INFERRED, {"items": some})
    ]


def payments_between(work: Work, first: date, last: date) -> list[KnownPayment]:
    """Read the payments received in a span of days, both included."""
    return [KnownPayment._make(row) for row in work.all(_PAYMENTS, {"a": first, "b": last})]


def unused_payments(work: Work, items: Iterable[int]) -> list[KnownPayment]:
    """Read the payments allocated to these items that have reduced nothing yet."""
    return [
        KnownPayment._make(row)
        for some in chunks(sorted(set(items)))
        for row in work.all(_UNUSED_PAYMENTS, {"items": some})
    ]


def full_exports(work: Work) -> list[date]:
    """Return the days of which a whole export of open items was imported, oldest first."""
    return [row.as_of for row in work.all(_FULL_EXPORTS) if not row.report.get("partial")]


def state_again(work: Work, ids: Sequence[int], on: date, run: int) -> None:
    """Note that a file stated these items, unchanged."""
    for some in chunks(ids):
        work.execute(_STATE_AGAIN, {"ids": some, "on": on, "run": run})


def _read(work: Work, statement: Any, name: str, keys: Sequence[object]) -> list[KnownItem]:  # noqa: ANN401 - any select of items
    return [
        KnownItem._make(row) for some in chunks(keys) for row in work.all(statement, {name: some})
    ]
