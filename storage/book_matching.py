"""Which line of a file is which known item: by customer, number and currency, then by due date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple, TypeAlias

from credit.receivable import CREDIT_KINDS
from storage.book import UNAPPLIED, KnownItem
from storage.sync.reading.rows import HistoryRow, ReceivableRow

Family: TypeAlias = tuple[int, str, str, bool]
_LAST = date.max


class Stated(NamedTuple):
    """A line of a file and the customer it is about.

    `presumed`: its due date is what the customer has usually agreed, the line states none.
    """

    customer_id: int
    row: ReceivableRow | HistoryRow
    presumed: bool = False


Pair: TypeAlias = tuple[Stated, KnownItem]


@dataclass(slots=True)
class Matched:
    """Lines beside the items that they state, and what is left on both sides."""

    pairs: list[Pair] = field(default_factory=list)
    lines: list[Stated] = field(default_factory=list)
    items: list[KnownItem] = field(default_factory=list)


def label_of(row: ReceivableRow | HistoryRow) -> str:
    """Return what names an item in its customer's account: the number, else its dates.

    The amount is left to the pairing: it falls when a part is paid.
    """
    return row.number or f"~{row.issued_on}|{row.due_on}"


def known_label(item: KnownItem) -> str:
    """Return the same of a known item; the n-th occurrence is cut off its key."""
    return item.key if item.key.startswith(UNAPPLIED) else item.key.rpartition("#")[0]


def family_of(stated: Stated) -> Family:
    """Return what a line shares with every instalment of the same document."""
    row = stated.row
    credit = row.kind in CREDIT_KINDS or row.open_minor < 0 or (row.amount_minor or 0) < 0
    return (stated.customer_id, label_of(row), row.currency, credit)


def known_family(item: KnownItem) -> Family:
    """Return the same of a known item."""
    return (item.customer_id, known_label(item), item.currency, item.is_credit)


def match_open(lines: Sequence[Stated], items: Iterable[KnownItem]) -> Matched:
    """Pair lines with open items: by due date and amount, then either, then in order.

    A number that stands once on both sides is the same item whatever its date: a corrected
    due date is a change. Instalments are told apart by their dates.
    """
    matched = Matched()
    known: dict[Family, list[KnownItem]] = defaultdict(list)
    for item in items:
        known[known_family(item)].append(item)
    for family, some in _grouped(lines).items():
        _pair(some, known.pop(family, []), matched)
    for rest in known.values():
        matched.items.extend(rest)
    return matched


def match_settled(lines: Sequence[Stated], items: Iterable[KnownItem]) -> Matched:
    """Pair the lines that no open item met with settled ones: those come back.

    The due date is the same, or both sides have one line issued on the same day; anything
    else is another document that uses the number again.
    """
    matched = Matched()
    known: dict[Family, list[KnownItem]] = defaultdict(list)
    for item in items:
        if not item.open_minor:
            known[known_family(item)].append(item)
    for family, some in _grouped(lines).items():
        settled = known.get(family, [])
        left = _pass(some, settled, matched, _due, lambda i: i.due_on, _same_issue)
        alone = len(left) == 1 and len(settled) == 1
        if alone and left[0].row.issued_on == settled[0].issued_on is not None:
            matched.pairs.append((left[0], settled.pop()))
            left = []
        matched.lines.extend(left)
    return matched


def match_unapplied(lines: Sequence[Stated], items: Sequence[KnownItem]) -> Matched:
    """Pair the ledger's own lines of unapplied cash with those a payments file had made.

    They are the same when customer, currency and amount agree, and the reference or the day.
    """
    matched = Matched(items=[i for i in items if not i.key.startswith(UNAPPLIED)])
    ours: dict[tuple[int, str, int], list[KnownItem]] = defaultdict(list)
    for item in items:
        if item.key.startswith(UNAPPLIED):
            ours[item.customer_id, item.currency, item.open_minor].append(item)
    for line in lines:
        row = line.row
        some = ours.get((line.customer_id, row.currency, row.open_minor), [])
        same = next((i for i in some if is_same_cash(row, i.number, i.issued_on)), None)
        if same is None:
            matched.lines.append(line)
        else:
            some.remove(same)
            matched.pairs.append((line, same))
    for rest in ours.values():
        matched.items.extend(rest)
    return matched


def is_same_cash(
    row: ReceivableRow | HistoryRow, reference: str | None, received_on: date | None
) -> bool:
    """Tell whether a credit line speaks of the money received under a reference on a day."""
    names = {row.number, row.reference} - {None, ""}
    return reference in names or received_on in {row.issued_on, row.due_on} - {None}


def _grouped(lines: Iterable[Stated]) -> dict[Family, list[Stated]]:
    groups: dict[Family, list[Stated]] = {}
    for line in lines:
        groups.setdefault(family_of(line), []).append(line)
    return groups


def _due(line: Stated) -> date | None:
    return line.row.due_on


def _same_issue(line: Stated, item: KnownItem) -> bool:
    issued = line.row.issued_on
    return issued is None or item.issued_on is None or issued == item.issued_on


def _pair(lines: list[Stated], items: list[KnownItem], into: Matched) -> None:
    if len(lines) == 1 == len(items):
        if _is_corrected(lines[0], items[0]):
            into.pairs.append((lines[0], items.pop()))
            lines = []
    elif items:
        lines.sort(key=lambda one: (one.row.due_on or _LAST, one.row.open_minor, one.row.line))
        items.sort(key=lambda one: (one.due_on or _LAST, one.open_minor, one.id))
        for of_line, of_item in _PASSES:
            lines = _pass(lines, items, into, of_line, of_item, _same_issue)
    into.lines.extend(lines)
    into.items.extend(items)


def _is_corrected(line: Stated, item: KnownItem) -> bool:
    """Tell whether a number that stands once on both sides is one document.

    One issued on another day, due on another day and of another amount uses the number again,
    and so does one issued after a file had already stated the item.
    """
    issued = line.row.issued_on
    if issued is not None and issued != item.issued_on and issued > item.stated_on:
        return False
    same = line.row.due_on == item.due_on or line.row.open_minor == item.open_minor
    return same or _same_issue(line, item)


def _pass(
    lines: list[Stated],
    items: list[KnownItem],
    into: Matched,
    of_line: Callable[[Stated], object],
    of_item: Callable[[KnownItem], object],
    allowed: Callable[[Stated, KnownItem], bool],
) -> list[Stated]:
    """Pair what has the same key, in order; take the items paired away, return the lines left."""
    free: dict[object, list[KnownItem]] = defaultdict(list)
    for item in reversed(items):
        free[of_item(item)].append(item)
    left, taken = [], set()
    for line in lines:
        some = free.get(of_line(line))
        if some and allowed(line, some[-1]):
            found = some.pop()
            taken.add(found.id)
            into.pairs.append((line, found))
        else:
            left.append(line)
    items[:] = [item for item in items if item.id not in taken]
    return left


_PASSES: Final[tuple[tuple[Callable[[Stated], object], Callable[[KnownItem], object]], ...]] = (
    (
        lambda line: (line.row.issued_on, line.row.due_on, line.row.open_minor),
        lambda item: (item.issued_on, item.due_on, item.open_minor),
    ),
    (
        lambda line: (line.row.issued_on, line.row.due_on),
        lambda item: (item.issued_on, item.due_on),
    ),
    (_due, lambda item: item.due_on),
    (
        lambda line: (line.row.issued_on, line.row.open_minor),
        lambda item: (item.issued_on, item.open_minor),
    ),
    (lambda line: line.row.issued_on, lambda item: item.issued_on),
    (lambda _line: 0, lambda _item: 0),
)
"""What instalments of one number are told apart by, the surest first."""
