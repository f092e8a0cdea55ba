"""Writing the book: items, what settled them, the payments behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, func, null, update

from storage import book_versions
from storage.book import UNAPPLIED, KnownItem, KnownSettlement, floors, last_stated
from storage.book_diff import NewItem
from storage.book_load import insert_rows, reserve
from storage.book_payments import Allocation, Money, Part
from storage.tables import OPEN_END, item_row, payment_row, settlement_row
from storage.work import Work


@dataclass(frozen=True, slots=True)
class Run:
    """One import while it happens: its id, the day its file speaks of, the moment it is read.

    Its id is the version of the book that it makes.
    """

    id: int
    as_of: date
    at: datetime
    whole: bool


class SettlementRow(NamedTuple):
    """A settlement to be written; a negative one opens the item again.

    `import_id` is the import that told of it first; None: the one that writes it.
    """

    item_id: int
    settled_on: date | None
    amount_minor: int
    payment_id: int | None = None
    import_id: int | None = None


_ITEM_COLUMNS = (
    "id",
    "customer_id",
    "key",
    "kind",
    "number",
    "issued_on",
    "due_on",
    "currency",
    "amount_minor",
    "open_minor",
    "total_known",
    "disputed_in_ledger",
    "order_number",
    "stated_on",
    "first_import",
    "since",
    "settled_on",
)
_SETTLEMENT_COLUMNS = (
    "id",
    "item_id",
    "settled_on",
    "amount_minor",
    "payment_id",
    "import_id",
    "since",
)
_PAYMENT_COLUMNS = (
    "id",
    "customer_id",
    "key",
    "received_on",
    "currency",
    "amount_minor",
    "means",
    "invoice_number",
    "reference",
    "item_id",
    "import_id",
    "since",
)
_ITEM = update(item_row).where(item_row.c.id == bindparam("i"), item_row.c.until == OPEN_END)


def _told(name: str, column: Any) -> Any:  # noqa: ANN401 - a parameter
    return bindparam(name, type_=column.type)


_CHANGED = {
    item_row.c.key: _told("to_key", item_row.c.key),
    item_row.c.kind: _told("to_kind", item_row.c.kind),
    item_row.c.number: _told("to_number", item_row.c.number),
    item_row.c.issued_on: _told("to_issued", item_row.c.issued_on),
    item_row.c.due_on: _told("to_due", item_row.c.due_on),
    item_row.c.amount_minor: _told("to_amount", item_row.c.amount_minor),
    item_row.c.open_minor: _told("to_open", item_row.c.open_minor),
    item_row.c.total_known: _told("to_total", item_row.c.total_known),
    item_row.c.disputed_in_ledger: _told("to_disputed", item_row.c.disputed_in_ledger),
    item_row.c.order_number: _told("to_order", item_row.c.order_number),
    item_row.c.stated_on: _told("on", item_row.c.stated_on),
    item_row.c.settled_on: case(
        (_told("to_open", item_row.c.open_minor) != 0, null()),
        else_=func.coalesce(_told("settled", item_row.c.settled_on), item_row.c.settled_on),
    ),
}
_CHANGE = _ITEM.values({column.name: value for column, value in _CHANGED.items()})
_REDUCE = _ITEM.values(open_minor=bindparam("to_open"), settled_on=bindparam("settled"))
_STATE = _ITEM.values(stated_on=bindparam("on"))
_SHRINK_INFERRED = (
    update(settlement_row)
    .where(settlement_row.c.id == bindparam("s"), settlement_row.c.until == OPEN_END)
    .values(amount_minor=bindparam("rest"))
)
_REALLOCATE = (
    update(payment_row)
    .where(payment_row.c.id == bindparam("p"), payment_row.c.until == OPEN_END)
    .values(item_id=bindparam("to_item"), invoice_number=bindparam("to_number"))
)


def as_known(new: NewItem, item_id: int, run: Run) -> KnownItem:
    """Return a new item as the book will have it, before any money is allocated to it."""
    row = new.stated.row
    history = getattr(row, "settled_on", None)
    return KnownItem(
        id=item_id,
        customer_id=new.stated.customer_id,
        key=new.key,
        kind=row.kind.value,
        number=row.number,
        issued_on=row.issued_on,
        due_on=row.due_on,
        currency=row.currency,
        amount_minor=new.amount_minor,
        open_minor=new.open_minor,
        total_known=row.amount_minor is not None,
        disputed=row.disputed,
        order_number=row.order_number,
        stated_on=history or run.as_of,
    )


def add_items(
    work: Work, items: Sequence[KnownItem], settled: Mapping[int, date | None], run: Run
) -> None:
    """Write new items; `settled` gives the day of those that nothing is open of."""
    rows = [(*_columns(one), run.id, run.id, settled.get(one.id)) for one in items]
    insert_rows(work, item_row, _ITEM_COLUMNS, rows)


def change_items(
    work: Work, items: Iterable[KnownItem], settled: Mapping[int, date | None], run: Run
) -> None:
    """Write known items as the file states them; `settled` gives the day of those just settled."""
    changed = {one.id: one for one in items}
    ended = book_versions.end(work, item_row, changed, run.id)
    former = {one.id for one in ended}
    own = [_changed(one, settled) for one in changed.values() if one.id not in former]
    work.execute_many(_CHANGE, own)
    # as plain rows: to copy each from its former one takes SQLite three times as long
    anew = [_anew(changed[one.id], one, settled, run) for one in ended]
    insert_rows(work, item_row, _ITEM_COLUMNS, anew)


def _anew(
    one: KnownItem,
    former: Any,  # noqa: ANN401 - a row
    settled: Mapping[int, date | None],
    run: Run,
) -> tuple[Any, ...]:
    """Return an item as this version has it; it keeps its first import and, settled, the day."""
    day = None if one.open_minor else settled.get(one.id) or former.settled_on
    return (*_columns(one), former.first_import, run.id, day)


def _columns(one: KnownItem) -> tuple[Any, ...]:
    """Return what an item says itself, in the order of its columns."""
    return (*one[:12], _cut(one.order_number), one.stated_on)


def _changed(one: KnownItem, settled: Mapping[int, date | None]) -> dict[str, Any]:
    return {
        "i": one.id,
        "to_key": one.key,
        "to_kind": one.kind,
        "to_number": one.number,
        "to_issued": one.issued_on,
        "to_due": one.due_on,
        "to_amount": one.amount_minor,
        "to_open": one.open_minor,
        "to_total": one.total_known,
        "to_disputed": one.disputed,
        "to_order": _cut(one.order_number),
        "on": one.stated_on,
        "settled": settled.get(one.id),
    }


def state_again(work: Work, ids: Iterable[int], run: Run) -> None:
    """Note that a file stated these items, unchanged."""
    kept = list(ids)
    book_versions.renew(work, item_row, kept, run.id)
    work.execute_many(_STATE, [{"i": one, "on": run.as_of} for one in kept])


def leave_items(work: Work, ids: Iterable[int], run: Run) -> None:
    """Keep a whole export from speaking of open items that it names but that were not read."""
    _renew_items(work, ids, run)


def _renew_items(work: Work, ids: Iterable[int], run: Run) -> None:
    """Give items a version of their own; the day they were last stated is written down."""
    former = book_versions.renew(work, item_row, ids, run.id)
    exports = floors(work) if former else []
    stated = [(one.id, last_stated(exports, one)) for one in former]
    work.execute_many(_STATE, [{"i": one, "on": on} for one, on in stated])


def reduce_items(work: Work, opened: Mapping[int, int], days: Mapping[int, date], run: Run) -> None:
    """Write what payments left open of known items."""
    _renew_items(work, opened, run)
    work.execute_many(
        _REDUCE,
        [
            {"i": item_id, "to_open": left, "settled": None if left else days.get(item_id)}
            for item_id, left in opened.items()
        ],
    )


def add_settlements(work: Work, rows: Iterable[SettlementRow], run: Run) -> None:
    """Write what reduced items; amounts of nothing are left out."""
    kept = [row for row in rows if row.amount_minor]
    ids = reserve(work, settlement_row, len(kept))
    filled = [
        (one, *row[:-1], row.import_id or run.id, run.id)
        for one, row in zip(ids, kept, strict=True)
    ]
    insert_rows(work, settlement_row, _SETTLEMENT_COLUMNS, filled)


def add_payments(
    work: Work, payments: Iterable[Money], allocated: Mapping[int, int], run: Run
) -> None:
    """Write payments with the item that each is allocated to, if any."""
    rows = [(*one[:9], allocated.get(one.id), run.id, run.id) for one in payments]
    insert_rows(work, payment_row, _PAYMENT_COLUMNS, rows)


def reallocate(
    work: Work, payments: Iterable[Money], allocated: Mapping[int, int], run: Run
) -> None:
    """Note that accounting has matched payments that were unapplied until now."""
    matched = list(payments)
    book_versions.renew(work, payment_row, (one.id for one in matched), run.id)
    rows = [
        {"p": one.id, "to_item": allocated.get(one.id), "to_number": one.invoice_number}
        for one in matched
    ]
    work.execute_many(_REALLOCATE, rows)


def add_parts(
    work: Work, done: Allocation, inferred: Mapping[int, KnownSettlement], run: Run
) -> None:
    """Write what payments paid; what was inferred gives way to what is known."""
    parts = [_settlement(part, inferred.get(part.replaces or 0)) for part in done.parts]
    left = {one: inferred[one].amount_minor - minor for one, minor in done.explained.items()}
    book_versions.drop(work, settlement_row, (one for one in left if not left[one]), run.id)
    shrunk = [{"s": one, "rest": rest} for one, rest in left.items() if rest]
    book_versions.renew(work, settlement_row, (one for one in left if left[one]), run.id)
    work.execute_many(_SHRINK_INFERRED, shrunk)
    add_settlements(work, parts, run)


def _settlement(part: Part, explained: KnownSettlement | None) -> SettlementRow:
    """Write a part down; what it explains was known since the import that told of that."""
    known = None if explained is None else explained.import_id
    return SettlementRow(part.item_id, part.on, part.amount_minor, part.payment_id, known)


def add_unapplied(work: Work, left: Sequence[tuple[Money, int]], run: Run) -> None:
    """Keep money that no item took as a credit of its account: paid but unmatched."""
    items = [
        KnownItem(
            id=fresh,
            customer_id=money.customer_id,
            key=f"{UNAPPLIED}{money.id}",
            kind="payment",
            number=(money.reference or money.invoice_number or "")[:120] or None,
            issued_on=money.received_on,
            due_on=money.received_on,
            currency=money.currency,
            amount_minor=-minor,
            open_minor=-minor,
            total_known=True,
            disputed=False,
            order_number=None,
            stated_on=money.received_on,
        )
        for (money, minor), fresh in zip(left, reserve(work, item_row, len(left)), strict=True)
    ]
    add_items(work, items, {}, run)


def _cut(text: str | None) -> str | None:
    return text and text[:120]
