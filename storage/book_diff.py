"""What a file of items changes in the book: pure, from matched lines to rows to write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from storage.book import KnownItem
from storage.book_matching import Pair, Stated, label_of
from storage.sync.reading.rows import HistoryRow


class NewItem(NamedTuple):
    """An item that the book does not have yet, and the day the file says it was settled."""

    stated: Stated
    key: str
    amount_minor: int
    open_minor: int
    settled_on: date | None


class ItemChange(NamedTuple):
    """A known item as it stands after the file; `delta_minor` is what it fell by."""

    item: KnownItem
    delta_minor: int
    earlier_minor: int

    @property
    def settled(self) -> bool:
        """Tell whether this change settles the item."""
        return not self.item.open_minor and bool(self.delta_minor)


@dataclass(slots=True)
class Diff:
    """Everything a file of items changes; `paid` are lines of a history settled by money.

    `withdrawn` are repeats of other items that the file lists no more.
    """

    new: list[NewItem] = field(default_factory=list)
    changed: list[ItemChange] = field(default_factory=list)
    vanished: list[ItemChange] = field(default_factory=list)
    withdrawn: list[ItemChange] = field(default_factory=list)
    same: list[KnownItem] = field(default_factory=list)
    older: list[Pair] = field(default_factory=list)
    paid: list[tuple[KnownItem, HistoryRow]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Statement:
    """What is known of the file as a whole: its day, and what came after that day.

    `next_export` is the first whole export of a later day: an unknown item of this file
    was settled by then, or that export would have listed it. `keys` are the new keys of
    items that change theirs.
    """

    as_of: date
    paid_later: Mapping[int, int]
    next_export: date | None = None
    keys: Mapping[int, str] = field(default_factory=dict)


class HeldBack(NamedTuple):
    """What of a file and of the open items may be compared, and the items left as they were."""

    lines: Sequence[Stated]
    items: Sequence[KnownItem]
    unread: Sequence[KnownItem]


def hold_back(
    lines: Sequence[Stated], items: Sequence[KnownItem], unread: AbstractSet[str]
) -> HeldBack:
    """Set aside the open items whose number a rejected line names, and their other lines.

    Which instalment the rejected line spoke of is not known: none of that number moves.
    """
    held = [one for one in items if one.number in unread]
    if not held:
        return HeldBack(lines, items, held)
    names = {(one.customer_id, one.number) for one in held}
    return HeldBack(
        [one for one in lines if (one.customer_id, one.row.number) not in names],
        [one for one in items if one.number not in unread],
        held,
    )


def compare(pairs: Sequence[Pair], statement: Statement) -> Diff:
    """Compare the lines with the items they state; older data never overwrites newer."""
    diff = Diff()
    for stated, item in pairs:
        settled_on = stated.row.settled_on
        if item.stated_on > (settled_on or statement.as_of) and (item.open_minor or not settled_on):
            diff.older.append((stated, item))
        elif settled_on is not None:
            _paid(diff, stated, item)
        else:
            _restated(diff, stated, item, statement)
    return diff


def _paid(diff: Diff, stated: Stated, item: KnownItem) -> None:
    """Leave the money of a history's line to the payments; its total may be news."""
    row = stated.row
    after = _facts(stated, item, item.key)
    if after != item:
        diff.changed.append(ItemChange(after, 0, after.amount_minor - item.amount_minor))
    if isinstance(row, HistoryRow):
        diff.paid.append((after, row))


def _restated(diff: Diff, stated: Stated, item: KnownItem, statement: Statement) -> None:
    target = stated.row.open_minor
    later = statement.paid_later.get(item.id, 0)
    if later:
        # money that came after the file's day is not in its figures; never beyond nothing
        rest = target - later
        target = rest if (rest > 0) == (target > 0) else 0
    key = statement.keys.get(item.id, item.key)
    after = _facts(stated, item, key)._replace(open_minor=target)
    if after == item:
        diff.same.append(item)
        return
    delta, earlier = item.open_minor - target, after.amount_minor - item.amount_minor
    stated_now = after._replace(stated_on=statement.as_of)
    diff.changed.append(ItemChange(stated_now, delta, earlier))


def _facts(stated: Stated, item: KnownItem, key: str) -> KnownItem:
    """Return the item with what the line says of it; what the line leaves out stays."""
    row = stated.row
    total = _total(stated, item)
    return item._replace(
        key=key,
        kind=row.kind.value,
        number=row.number or item.number,
        issued_on=row.issued_on or item.issued_on,
        due_on=(stated.presumed and item.due_on) or row.due_on or item.due_on,
        amount_minor=item.amount_minor if total is None else total,
        total_known=item.total_known or total is not None,
        disputed=row.disputed,
        order_number=row.order_number or item.order_number,
    )


def _total(stated: Stated, item: KnownItem) -> int | None:
    """Return the line's total; a file that repeats what is open as the total states none."""
    total = stated.row.amount_minor
    if total is None:
        return None if item.amount_minor else stated.row.open_minor  # it was withdrawn
    repeated = total == stated.row.open_minor and abs(total) < abs(item.amount_minor)
    return None if repeated else total


def vanish(items: Sequence[KnownItem], as_of: date) -> list[ItemChange]:
    """Settle the open items that a whole export lists no more, unless newer data states them."""
    return [
        ItemChange(item._replace(open_minor=0, stated_on=as_of), item.open_minor, 0)
        for item in items
        if item.stated_on <= as_of
    ]


def withdraw(items: Sequence[KnownItem], as_of: date) -> list[ItemChange]:
    """Take items back that were stated by mistake: nothing was ever owed, nothing is paid."""
    return [
        ItemChange(item._replace(amount_minor=0, open_minor=0, stated_on=as_of), 0, 0)
        for item in items
    ]


class Occurrences:
    """Counts the lines of one number, so that each has a key of its own."""

    def __init__(self, known: Iterable[KnownItem]) -> None:
        """Go on where the items known so far end."""
        self._last: dict[tuple[int, str], int] = {}
        for item in known:
            label, _, n = item.key.rpartition("#")
            if n.isdecimal():
                place = (item.customer_id, label)
                self._last[place] = max(self._last.get(place, 0), int(n))

    def key(self, stated: Stated) -> str:
        """Return the key of one more line."""
        label = label_of(stated.row)
        place = (stated.customer_id, label)
        n = self._last[place] = self._last.get(place, 0) + 1
        return f"{label}#{n}"


def create(stated: Stated, key: str, statement: Statement) -> NewItem:
    """Make an item of a line that the book does not know."""
    row = stated.row
    amount = row.open_minor if row.amount_minor is None else row.amount_minor
    settled_on = row.settled_on
    overtaken = settled_on is None and statement.next_export is not None
    opened = 0 if overtaken else row.open_minor
    day = settled_on or (statement.next_export if overtaken else None)
    return NewItem(stated, key, amount, opened, day)
