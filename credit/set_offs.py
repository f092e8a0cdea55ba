"""What credit notes took of a customer's debts, told apart from what money settled.

A credit note is no money (handbook 1, 2.6): what it took was paid neither in time nor late,
by nobody, and was collected by nobody. A ledger says how much of an invoice went on a day and
which notes were set off that day, not which note met which invoice (`lettrage`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple


class Settled(NamedTuple):
    """A part of an item that went on a day; `payment_id` None: nobody saw the money itself.

    `known_at` is when the import that told of it began.
    """

    id: int
    item_id: int
    currency: str
    on: date
    amount_minor: int
    payment_id: int | None
    known_at: datetime | None = None


class Note(NamedTuple):
    """A credit note, or a part of it, that was set off on a day; minor units, positive."""

    currency: str
    on: date
    amount_minor: int


def taken(settled: Iterable[Settled], notes: Iterable[Note]) -> dict[int, int]:
    """Return what credit notes took of one customer's debts: minor units by settlement.

    A debt that a payment is known to have paid was taken by no note. Of the others of its
    currency and day, a note took

    1. the one that went down by just its amount, of several the one known longest (the oldest
       debt is met first, art. 1342-10 C. civ.: handbook 8.1);
    2. together with the others left, all that went, when the sums are equal;
    3. together with the others left, a part of the only debt that went down by more.

    Where that leaves a doubt, what went counts as money: nobody is blamed on a guess.
    """
    free: dict[tuple[str, date], list[Settled]] = defaultdict(list)
    for one in sorted(settled, key=lambda one: (one.item_id, one.id)):
        if one.payment_id is None:
            free[one.currency, one.on].append(one)
    found: dict[int, int] = {}
    for day, minors in _by_day(notes).items():
        found |= _of_a_day(free.get(day, []), minors)
    return found


def tell_apart(
    settled: Sequence[Settled], notes: Iterable[Note]
) -> tuple[list[Settled], list[Settled]]:
    """Part what money settled from what credit notes took; one line may be of both."""
    took = taken(settled, notes)
    by_money = [
        one._replace(amount_minor=one.amount_minor - took.get(one.id, 0))
        for one in settled
        if took.get(one.id) != one.amount_minor
    ]
    return by_money, [one._replace(amount_minor=took[one.id]) for one in settled if one.id in took]


def _by_day(notes: Iterable[Note]) -> Mapping[tuple[str, date], list[int]]:
    days: dict[tuple[str, date], list[int]] = defaultdict(list)
    for note in notes:
        days[note.currency, note.on].append(note.amount_minor)
    return days


def _of_a_day(debts: Iterable[Settled], notes: Iterable[int]) -> dict[int, int]:
    """Meet debts of their amount first, the one known longest; share what is left of the notes."""
    alike: dict[int, list[Settled]] = defaultdict(list)
    for one in debts:
        alike[one.amount_minor].append(one)
    found, left = {}, 0
    for minor in notes:
        if alike[minor]:
            found[alike[minor].pop(0).id] = minor
        else:
            left += minor
    return found | _shared([one for some in alike.values() for one in some], left)


def _shared(free: Iterable[Settled], notes: int) -> dict[int, int]:
    """Lay notes that meet no debt of their amount on the day's debts, where there is no doubt."""
    debts = [one for one in free if one.amount_minor > 0]
    if notes > 0 and sum(one.amount_minor for one in debts) == notes:
        return {one.id: one.amount_minor for one in debts}
    if len(debts) == 1 and 0 < notes < debts[0].amount_minor:
        return {debts[0].id: notes}
    return {}
