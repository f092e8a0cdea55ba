"""One purse of money from two witnesses: payments, and items that went without a payment seen.

What went because a credit note was set off against it is no money: `credit.set_offs` tells it
apart before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from credit.receivable import Payment

if TYPE_CHECKING:
    from credit.set_offs import Settled
    from storage.evidence import Received


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


def as_payments(customer_id: int, settled: Iterable[Settled]) -> tuple[Payment, ...]:
    """Say what went from items in the words of payments of those items."""
    return tuple(
        Payment(
            one.id, customer_id, one.on, one.currency, one.amount_minor, one.item_id, one.known_at
        )
        for one in settled
    )


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
