"""Taking payments into the book: known ones recognised, new ones allocated and written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from storage import book
from storage.book import UNAPPLIED, KnownItem, KnownPayment, KnownSettlement
from storage.book_load import reserve
from storage.book_payments import Accounts, Money, allocate, keyed
from storage.book_writing import (
    Run,
    SettlementRow,
    add_parts,
    add_payments,
    add_settlements,
    add_unapplied,
    reallocate,
    reduce_items,
)
from storage.tables import payment_row
from storage.work import Work


class Received(NamedTuple):
    """Money that a file tells of; `item_id` when a history says what it paid."""

    customer_id: int
    received_on: date
    currency: str
    amount_minor: int
    means: str | None
    invoice_number: str | None
    reference: str | None
    item_id: int | None = None


@dataclass(slots=True)
class Taken:
    """What payments did: how many were new, matched at last, or known; what they moved."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    settled: int = 0
    unapplied: int = 0
    moved: set[int] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)


def take_received(
    work: Work,
    rows: Sequence[Received],
    run: Run,
    fresh: Collection[int] = (),
) -> Taken:
    """Bring payments into the book; `fresh` are items just written as settled by them."""
    if not rows:
        return Taken()
    known = _Known(work, rows)
    new: list[tuple[Received, str]] = []
    matched: list[Money] = []
    settles: list[tuple[Received, int]] = []
    for row, key in zip(rows, keyed(_names(row) for row in rows), strict=True):
        before = known.find(row, key)
        if before is None:
            new.append((row, key))
        elif row.item_id in fresh:
            settles.append((row, before.id))
        elif before.item_id is None and before.invoice_number is None and row.invoice_number:
            matched.append(_money(row, key, before.id))
    ids = reserve(work, payment_row, len(new))
    arrived = [_money(row, key, one) for (row, key), one in zip(new, ids, strict=True)]
    settles += [(row, one.id) for (row, _), one in zip(new, arrived, strict=True)]
    taken = _apply(work, arrived, matched, fresh, run)
    _settle_fresh(work, [(row, one) for row, one in settles if row.item_id in fresh], run)
    taken.unchanged = len(rows) - taken.new - taken.changed
    return taken


class _Known:
    """The payments that the book has of the days that a file speaks of."""

    def __init__(self, work: Work, rows: Sequence[Received]) -> None:
        days = [row.received_on for row in rows]
        customers = {row.customer_id for row in rows}
        self._by_key: dict[tuple[int, str], KnownPayment] = {}
        self._by_invoice: dict[tuple[int, str, date, int], KnownPayment] = {}
        for one in book.payments_between(work, customers, min(days), max(days)):
            self._by_key[one.customer_id, one.key] = one
            if one.invoice_number:
                place = (one.customer_id, one.invoice_number, one.received_on, one.amount_minor)
                self._by_invoice[place] = one

    def find(self, row: Received, key: str) -> KnownPayment | None:
        """Find a payment by its key, else by its invoice, day and amount; the latter only once.

        A history names no reference, a payments file does: the same money has two keys.
        """
        one = self._by_key.get((row.customer_id, key))
        if one is not None or not row.invoice_number:
            return one
        place = (row.customer_id, row.invoice_number, row.received_on, row.amount_minor)
        other = self._by_invoice.get(place)
        if other is None or bool(row.reference) == other.named:
            return None
        return self._by_invoice.pop(place)


def _names(row: Received) -> tuple[int, str | None, date, str, int]:
    name = row.reference or row.invoice_number
    return (row.customer_id, name, row.received_on, row.currency, row.amount_minor)


def _money(row: Received, key: str, payment_id: int) -> Money:
    return Money(
        payment_id,
        row.customer_id,
        key,
        row.received_on,
        row.currency,
        row.amount_minor,
        row.means,
        row.invoice_number,
        row.reference and row.reference[:200],
        row.item_id,
    )


def _settle_fresh(work: Work, paid: Sequence[tuple[Received, int]], run: Run) -> None:
    """Give items that a history brought in as settled the payment behind it."""
    rows = [
        SettlementRow(row.item_id, row.received_on, row.amount_minor, payment_id)
        for row, payment_id in paid
        if row.item_id is not None
    ]
    add_settlements(work, rows, run)


def _apply(
    work: Work,
    arrived: Sequence[Money],
    matched: Sequence[Money],
    fresh: Collection[int],
    run: Run,
) -> Taken:
    """Allocate and write what arrived, and what accounting has matched since it arrived."""
    money = [one for one in arrived if one.item_id not in fresh] + list(matched)
    accounts, inferred = _accounts(work, money)
    done = allocate(money, accounts)
    for one in arrived:
        if one.item_id is not None and one.item_id in fresh:
            done.allocated[one.id] = one.item_id
    ready = [one for one in matched if one.id in done.allocated]
    add_payments(work, arrived, done.allocated, run)
    reallocate(work, ready, done.allocated, run)
    add_parts(work, done, inferred, run)
    reduce_items(work, done.opened, {part.item_id: part.on for part in done.parts}, run)
    _release(work, ready, dict(done.left), run)
    old = {one.id for one in matched}
    left = [(one, rest) for one, rest in done.left if one.id not in old]
    left = _unapplied(work, left)
    add_unapplied(work, left, run)
    return Taken(
        new=len(arrived),
        changed=len(ready),
        settled=sum(not rest for rest in done.opened.values()),
        unapplied=len(left),
        moved={part.item_id for part in done.parts},
        touched={one.customer_id for one in [*arrived, *ready]},
    )


def _accounts(work: Work, money: Sequence[Money]) -> tuple[Accounts, dict[int, KnownSettlement]]:
    numbers = {one.invoice_number for one in money if one.invoice_number and not one.item_id}
    named = {one.item_id for one in money if one.item_id is not None}
    items = [*book.same_numbers(work, numbers), *book.by_ids(work, named)]
    inferred = book.inferred(work, (one.id for one in items if not one.is_credit))
    return Accounts.of(items, inferred), {one.id: one for one in inferred}


def _release(work: Work, matched: Sequence[Money], left: Mapping[Money, int], run: Run) -> None:
    """Take back the credit of cash that has found its invoice."""
    payments = {f"{UNAPPLIED}{one.id}": one for one in matched}
    opened, days, rows = {}, {}, []
    for item in book.unapplied(work, {one.customer_id for one in matched}):
        one = payments.get(item.key)
        if one is None:
            continue
        used = min(one.amount_minor - left.get(one, 0), -item.open_minor)
        if used > 0:
            opened[item.id], days[item.id] = item.open_minor + used, one.received_on
            rows.append(SettlementRow(item.id, one.received_on, -used, one.id))
    reduce_items(work, opened, days, run)
    add_settlements(work, rows, run)


def _unapplied(work: Work, left: Sequence[tuple[Money, int]]) -> list[tuple[Money, int]]:
    """Keep the cash that no export can have counted, and that none lists as a credit.

    What was received before the last whole export is in its figures, one way or the other.
    """
    exports = book.full_exports(work)
    if not exports:
        return []
    recent = [(one, rest) for one, rest in left if one.received_on >= exports[-1]]
    listed = book.open_credits(work, {one.customer_id for one, _ in recent})
    kept = []
    for one, rest in recent:
        same = next((item for item in listed if _is_listed(one, rest, item)), None)
        if same is None:
            kept.append((one, rest))
        else:
            listed.remove(same)
    return kept


def _is_listed(one: Money, rest: int, item: KnownItem) -> bool:
    """Tell whether the ledger lists this cash already: same amount, and reference or day."""
    if (item.customer_id, item.currency, item.open_minor) != (
        one.customer_id,
        one.currency,
        -rest,
    ):
        return False
    names = {one.reference, one.invoice_number} - {None, ""}
    return item.number in names or one.received_on in {item.issued_on, item.due_on}
