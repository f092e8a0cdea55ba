"""Where money goes: from payments to the items they reduce, without counting anything twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from storage.book import KnownItem, KnownSettlement


class Money(NamedTuple):
    """A payment to be allocated; `item_id` when a history says which item it paid."""

    id: int
    customer_id: int
    key: str
    received_on: date
    currency: str
    amount_minor: int
    means: str | None
    invoice_number: str | None
    reference: str | None
    item_id: int | None = None


class Part(NamedTuple):
    """A part of an item that a payment pays; `replaces` is the inferred settlement it explains."""

    item_id: int
    payment_id: int
    on: date
    amount_minor: int
    replaces: int | None = None


@dataclass(slots=True)
class Allocation:
    """What became of the payments: parts of items, what is left of each, who was allocated."""

    parts: list[Part] = field(default_factory=list)
    allocated: dict[int, int] = field(default_factory=dict)
    left: list[tuple[Money, int]] = field(default_factory=list)
    opened: dict[int, int] = field(default_factory=dict)
    explained: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Accounts:
    """The items that money may pay, as they change while it is allocated."""

    items: Mapping[int, KnownItem]
    by_number: Mapping[tuple[int, str, str], Sequence[int]]
    inferred: Mapping[int, list[KnownSettlement]]

    @classmethod
    def of(cls, items: Iterable[KnownItem], inferred: Iterable[KnownSettlement]) -> Accounts:
        """Lay out the items by number, the oldest due first; credits take no money."""
        known = {item.id: item for item in items if not item.is_credit}
        numbers: dict[tuple[int, str, str], list[int]] = defaultdict(list)
        for item in sorted(known.values(), key=lambda one: (one.due_on or date.max, one.id)):
            if item.number:
                numbers[item.customer_id, item.number, item.currency].append(item.id)
        settled: dict[int, list[KnownSettlement]] = defaultdict(list)
        for one in inferred:
            settled[one.item_id].append(one)
        return cls(known, numbers, settled)


def allocate(payments: Sequence[Money], accounts: Accounts) -> Allocation:
    """Allocate payments, the oldest first.

    Money explains what the ledger had already deducted before it reduces anything. What was
    received after the item was last stated reduces it. What was received before reduces it
    only when the item's total is known, or on the very day when it fits; else the ledger is
    taken to have counted it. What no item can take is left over.
    """
    done = Allocation()
    for money in sorted(payments, key=lambda one: (one.received_on, one.id)):
        ids = _candidates(money, accounts)
        if money.amount_minor < 0:
            _give_back(money, ids, accounts, done)
            continue
        rest = _explain(money, ids, accounts, done)
        rest = _reduce(money, rest, ids, accounts, done)
        if ids and money.id not in done.allocated and (not rest or _counted(money, ids, accounts)):
            done.allocated[money.id] = ids[0]
        if rest and not _counted(money, ids, accounts):
            done.left.append((money, rest))
    return done


def _candidates(money: Money, accounts: Accounts) -> Sequence[int]:
    if money.item_id is not None:
        return [money.item_id] if money.item_id in accounts.items else []
    if not money.invoice_number:
        return []
    place = (money.customer_id, money.invoice_number, money.currency)
    return accounts.by_number.get(place, [])


def _explain(money: Money, ids: Sequence[int], accounts: Accounts, done: Allocation) -> int:
    """Let the payment stand for what had gone without a known reason."""
    rest = money.amount_minor
    for item_id in ids:
        if accounts.items[item_id].stated_on < money.received_on:
            continue
        for one in accounts.inferred.get(item_id, ()):
            free = one.amount_minor - done.explained.get(one.id, 0)
            taken = min(rest, free)
            if taken > 0 and (one.settled_on is None or one.settled_on >= money.received_on):
                done.explained[one.id] = done.explained.get(one.id, 0) + taken
                done.parts.append(Part(item_id, money.id, money.received_on, taken, one.id))
                done.allocated.setdefault(money.id, item_id)
                rest -= taken
    return rest


def _reduce(
    money: Money, rest: int, ids: Sequence[int], accounts: Accounts, done: Allocation
) -> int:
    for item_id in ids:
        item = accounts.items[item_id]
        opened = done.opened.get(item_id, item.open_minor)
        news = money.received_on > item.stated_on or item.total_known
        fits = money.received_on == item.stated_on and rest <= opened
        taken = min(rest, opened) if news or fits else 0
        if taken > 0:
            done.opened[item_id] = opened - taken
            done.parts.append(Part(item_id, money.id, money.received_on, taken))
            done.allocated.setdefault(money.id, item_id)
            rest -= taken
    return rest


def _counted(money: Money, ids: Sequence[int], accounts: Accounts) -> bool:
    """Tell whether the ledger is taken to have deducted the money before it stated the item."""
    return any(
        money.received_on <= accounts.items[one].stated_on and not accounts.items[one].total_known
        for one in ids
    )


def _give_back(money: Money, ids: Sequence[int], accounts: Accounts, done: Allocation) -> None:
    """Open items again by money that came back (a cheque without funds), the latest due first."""
    rest = -money.amount_minor
    for item_id in reversed(ids):
        item = accounts.items[item_id]
        opened = done.opened.get(item_id, item.open_minor)
        back = min(rest, item.amount_minor - opened)
        if back > 0 and money.received_on > item.stated_on:
            done.opened[item_id] = opened + back
            done.parts.append(Part(item_id, money.id, money.received_on, -back))
            rest -= back
        done.allocated.setdefault(money.id, item_id)


def keyed(rows: Iterable[tuple[int, str | None, date, str, int]]) -> Iterator[str]:
    """Yield the key of each payment: reference or number, day, amount, and its occurrence.

    The rows are (customer id, reference or number, day, currency, minor units).
    """
    seen: dict[tuple[int, str], int] = {}
    for customer_id, name, on, currency, minor in rows:
        label = f"{(name or '')[:120]}|{on.isoformat()}|{minor}{currency}"
        n = seen[customer_id, label] = seen.get((customer_id, label), 0) + 1
        yield f"{label}#{n}"
