"""Open items that only repeated another one, and are listed no more: withdrawn, nobody paid them.

A list that was put together twice states an item twice; once it is put right, one of the two is
gone. Taken for paid it would be a sale too many in the DSO, and late money that a rep collected.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, NamedTuple

from storage import book

if TYPE_CHECKING:
    from storage.book import KnownItem
    from storage.work import Work


class Gone(NamedTuple):
    """Items that a whole export lists no more: settled, or repeats that were withdrawn."""

    settled: list[KnownItem]
    withdrawn: list[KnownItem]


def sort_out(work: Work, missing: Sequence[KnownItem], changed: AbstractSet[int]) -> Gone:
    """Tell which of the `missing` items repeated one that stands, neither missing nor `changed`.

    They say the same in everything, nothing of them was paid, and no payment names them.
    """
    suspects = [one for one in missing if _is_further(one)]
    if not suspects:
        return Gone(list(missing), [])
    away = {one.id for one in missing} | changed
    alike = book.same_numbers(work, {one.number for one in suspects if one.number})
    standing = {_facts(one) for one in alike if one.open_minor and one.id not in away}
    paid = _paid(work, suspects)
    again = {one.id for one in suspects if _facts(one) in standing and one.id not in paid}
    return Gone(
        [one for one in missing if one.id not in again],
        [one for one in missing if one.id in again],
    )


def _is_further(one: KnownItem) -> bool:
    """Tell a second or later line of one number, of which nothing was paid.

    Without a number, two lines alike may well be two debts.
    """
    n = one.key.rpartition("#")[2] if one.number else ""
    return n.isdecimal() and int(n) > 1 and one.amount_minor == one.open_minor


def _facts(one: KnownItem) -> tuple[object, ...]:
    label = one.key.rpartition("#")[0]
    return (
        *(one.customer_id, label, one.kind, one.issued_on, one.due_on, one.currency),
        *(one.amount_minor, one.open_minor, one.order_number),
    )


def _paid(work: Work, items: Iterable[KnownItem]) -> set[int]:
    amounts = {one.id: one.amount_minor for one in items}
    payments = book.unused_payments(work, amounts)
    return {
        one.item_id
        for one in payments
        if one.item_id is not None and one.amount_minor == amounts.get(one.item_id)
    }
