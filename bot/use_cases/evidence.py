"""One purse of money from two witnesses: payments, and items that went without a payment seen.

What went because a credit note was set off against it is told apart: it is no money.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from credit.receivable import Payment

if TYPE_CHECKING:
    from datetime import date

    from storage.evidence import Note, Received, Settled


def money_of(
    customer_id: int, received: Sequence[Received], settled: Sequence[Settled]
) -> list[Payment]:
    """Join payments and settlements into the payments that promises are judged by.

    A ledger without a payments file shows a payment only as an item that went: it counts as
    money of that day for that item. The same money seen twice, as a payment and as an item
    that went later, counts once, as the payment.
    """
    used: dict[int, int] = {}
    for one in settled:
        if one.payment_id is not None:
            used[one.payment_id] = used.get(one.payment_id, 0) + one.amount_minor
    free = {one.id: one.amount_minor - used.get(one.id, 0) for one in received}
    money = [
        Payment(one.id, customer_id, one.on, one.currency, free[one.id], one.item_id, one.known_at)
        for one in received
        if free[one.id]
    ]
    unexplained = {one.id: one.amount_minor for one in settled if one.payment_id is None}
    _overlap(received, settled, dict(free), unexplained)
    left = [
        one._replace(amount_minor=minor)
        for one in settled
        if (minor := unexplained.get(one.id, one.amount_minor))
    ]
    return [*money, *as_payments(customer_id, left)]


def tell_apart(
    settled: Sequence[Settled], notes: Iterable[Note]
) -> tuple[list[Settled], list[Settled]]:
    """Part what money settled from what credit notes took.

    A ledger does not say what a note was set off against. It took the debt of its day and
    currency that went by just its amount, unless a payment is known to have paid that; of
    several the one known longest (`storage.set_offs`). A note that meets no such debt took a
    part of the one debt that went that day by more than it, or, with others, all that went.
    """
    taken: dict[int, int] = {}
    for (currency, day), minors in _by_day(notes).items():
        free = [
            one
            for one in settled
            if one.payment_id is None and (one.currency, one.on) == (currency, day)
        ]
        left = []
        for minor in minors:
            alike = [one for one in free if one.amount_minor == minor]
            if alike:
                first = min(alike, key=lambda one: (one.item_id, one.id))
                free.remove(first)
                taken[first.id] = minor
            else:
                left.append(minor)
        taken |= _shared(free, sum(left))
    by_money = [
        one._replace(amount_minor=one.amount_minor - taken.get(one.id, 0))
        for one in settled
        if taken.get(one.id) != one.amount_minor
    ]
    credited = [one._replace(amount_minor=taken[one.id]) for one in settled if taken.get(one.id)]
    return by_money, credited


def as_payments(customer_id: int, settled: Iterable[Settled]) -> tuple[Payment, ...]:
    """Say what went from items in the words of payments of those items."""
    return tuple(
        Payment(
            one.id, customer_id, one.on, one.currency, one.amount_minor, one.item_id, one.known_at
        )
        for one in settled
    )


def _by_day(notes: Iterable[Note]) -> dict[tuple[str, date], list[int]]:
    days: dict[tuple[str, date], list[int]] = defaultdict(list)
    for note in notes:
        days[note.currency, note.on].append(note.amount_minor)
    return days


def _shared(free: Sequence[Settled], notes: int) -> dict[int, int]:
    """Lay notes that meet no debt of their amount on the day's debts, where there is no doubt."""
    debts = [one for one in free if one.amount_minor > 0]
    if notes > 0 and sum(one.amount_minor for one in debts) == notes:
        return {one.id: one.amount_minor for one in debts}
    if len(debts) == 1 and 0 < notes < debts[0].amount_minor:
        return {debts[0].id: notes}
    return {}


def _overlap(
    received: Sequence[Received],
    settled: Sequence[Settled],
    free: dict[int, int],
    unexplained: dict[int, int],
) -> None:
    """Take from what went unexplained the payments that came before and explain it."""
    for one in settled:
        for payment in received:
            about = payment.item_id in {None, one.item_id} and payment.currency == one.currency
            if one.payment_id is None and about and payment.on <= one.on:
                same = min(unexplained[one.id], free[payment.id])
                if same > 0:
                    unexplained[one.id] -= same
                    free[payment.id] -= same
