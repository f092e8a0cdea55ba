"""The book: what the ledger's files stated, read in bulk for comparison with the next file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, case, func, literal_column, select

from storage.book_load import chunks
from storage.bulk import Among
from storage.tables import customer, import_run, item, payment, settlement
from storage.work import Work

UNAPPLIED = "payment:"
"""How the key begins of the items that a payments file made: cash that met no invoice."""


class KnownItem(NamedTuple):
    """An item as the book has it; amounts in minor units, credits negative.

    `stated_on` is the day of the last file that stated it. A whole export states every open
    item or changes it: what it states unchanged is not written again, the export's day counts.
    `since` is the import that wrote it last.
    """

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
    since: int = 0

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
    import_id: int


_DAY = item.c.stated_on.type
_STATED = case(
    (
        and_(
            item.c.open_minor != literal_column("0"),
            item.c.last_import < bindparam("floor_version"),
            item.c.stated_on < bindparam("floor_day", type_=_DAY),
        ),
        bindparam("floor_day", type_=_DAY),
    ),
    else_=item.c.stated_on,
)
ITEM = (
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
    _STATED.label("stated_on"),
    item.c.last_import,
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
_NUMBERED = select(*ITEM).where(item.c.number.in_(bindparam("numbers", expanding=True)))
_UNNUMBERED = select(*ITEM).where(
    item.c.number.is_(None), item.c.customer_id.in_(bindparam("customers", expanding=True))
)
_BY_IDS = select(*ITEM).where(item.c.id.in_(bindparam("ids", expanding=True)))
_UNAPPLIED_OF = select(*ITEM).where(
    item.c.customer_id.in_(bindparam("customers", expanding=True)),
    item.c.key.startswith(UNAPPLIED),
)
_CREDITS = (
    select(*ITEM)
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
        settlement.c.id,
        settlement.c.item_id,
        settlement.c.settled_on,
        settlement.c.amount_minor,
        settlement.c.import_id,
    )
    .where(
        settlement.c.item_id.in_(bindparam("items", expanding=True)),
        settlement.c.payment_id.is_(None),
        settlement.c.amount_minor > 0,
    )
    .order_by(settlement.c.item_id, settlement.c.settled_on, settlement.c.id)
)
_PAYMENTS = select(*_PAYMENT).where(
    Among(payment.c.customer_id), payment.c.received_on.between(bindparam("a"), bindparam("b"))
)
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
    select(import_run.c.id, import_run.c.as_of)
    .where(import_run.c.kind == "receivables", import_run.c.partial.is_(False))
    .order_by(import_run.c.as_of, import_run.c.id)
)


def codes(work: Work) -> dict[str, int]:
    """Map every customer's code to its id."""
    return {row.code: row.id for row in work.all(_CODES)}


def read_items(work: Work, statement: Any, values: Mapping[str, Any]) -> list[KnownItem]:  # noqa: ANN401 - any select of `ITEM`
    """Read items as the last files stated them."""
    return _read(work, statement, floors(work), values)


def same_numbers(work: Work, numbers: Iterable[str]) -> list[KnownItem]:
    """Read every item, settled ones too, that has one of these numbers."""
    return _read_some(work, _NUMBERED, "numbers", sorted(set(numbers)))


def without_number(work: Work, customers: Iterable[int]) -> list[KnownItem]:
    """Read every item without a number of these customers, settled ones too."""
    return _read_some(work, _UNNUMBERED, "customers", sorted(set(customers)))


def by_ids(work: Work, ids: Iterable[int]) -> list[KnownItem]:
    """Read items by their ids."""
    return _read_some(work, _BY_IDS, "ids", sorted(set(ids)))


def unapplied(work: Work, customers: Iterable[int]) -> list[KnownItem]:
    """Read the credits that payments files made of these customers, used up ones too."""
    return _read_some(work, _UNAPPLIED_OF, "customers", sorted(set(customers)))


def open_credits(work: Work, customers: Iterable[int]) -> list[KnownItem]:
    """Read the open credits that the ledger itself lists of these customers."""
    return _read_some(work, _CREDITS, "customers", sorted(set(customers)))


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


def payments_between(
    work: Work, customers: Iterable[int], first: date, last: date
) -> list[KnownPayment]:
    """Read the payments of customers received in a span of days, both included."""
    values = {"ids": list(customers), "a": first, "b": last}
    return [KnownPayment._make(row) for row in work.all(_PAYMENTS, values)]


def unused_payments(work: Work, items: Iterable[int]) -> list[KnownPayment]:
    """Read the payments allocated to these items that have reduced nothing yet."""
    return [
        KnownPayment._make(row)
        for some in chunks(sorted(set(items)))
        for row in work.all(_UNUSED_PAYMENTS, {"items": some})
    ]


def full_exports(work: Work) -> list[date]:
    """Return the days of which a whole export of open items was imported, oldest first."""
    return [export.as_of for export in _whole_exports(work)]


class Floor(NamedTuple):
    """A whole export: it has stated, of its day, every open item written before it."""

    version: int
    as_of: date


def floors(work: Work) -> list[Floor]:
    """Return the whole exports that count: the latest day first, then older ones read later."""
    kept: list[Floor] = []
    for export in reversed(_whole_exports(work)):
        if not kept or export.version > kept[-1].version:
            kept.append(export)
    return kept


def last_stated(exports: Iterable[Floor], row: Any) -> date:  # noqa: ANN401 - any row of an item
    """Return the day of the last file that stated an item, as it is or by a whole export."""
    since = (one.as_of for one in exports if row.open_minor and row.since < one.version)
    own: date = row.stated_on
    return max(next(since, own), own)


def _whole_exports(work: Work) -> list[Floor]:
    return [Floor._make(row) for row in work.all(_FULL_EXPORTS)]


def _read_some(work: Work, statement: Any, name: str, keys: Sequence[object]) -> list[KnownItem]:  # noqa: ANN401 - any select of items
    exports = floors(work) if keys else []
    return [one for some in chunks(keys) for one in _read(work, statement, exports, {name: some})]


def _read(
    work: Work,
    statement: Any,  # noqa: ANN401 - any select of items
    exports: Sequence[Floor],
    values: Mapping[str, Any],
) -> list[KnownItem]:
    first = exports[0] if exports else Floor(0, date.min)
    bound = {**values, "floor_version": first.version, "floor_day": first.as_of}
    items = [KnownItem._make(row) for row in work.all(statement, bound)]
    if len(exports) > 1:  # seldom: an older export was read after a newer one
        return [one._replace(stated_on=last_stated(exports, one)) for one in items]
    return items
