"""Taking a file into the book: items compared, money allocated, everything written at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from storage import book, book_repeats
from storage.book import KnownItem, KnownPayment
from storage.book_diff import (
    Diff,
    HeldBack,
    Occurrences,
    Statement,
    compare,
    create,
    hold_back,
    vanish,
    withdraw,
)
from storage.book_lines import Lines
from storage.book_load import reserve
from storage.book_matching import Stated, match_open, match_settled, match_unapplied
from storage.book_money import Received, take_received
from storage.book_writing import (
    Run,
    SettlementRow,
    add_items,
    add_settlements,
    as_known,
    change_items,
    leave_items,
    state_again,
)
from storage.sync.reading.rows import HistoryRow
from storage.tables import item_row
from storage.work import Work


@dataclass(slots=True)
class Outcome:
    """What a file did to the book: lines by what became of them, customers it touched."""

    new: int = 0
    changed: int = 0
    settled: int = 0
    unchanged: int = 0
    older: int = 0
    vanished: int = 0
    withdrawn: int = 0
    unread: int = 0
    open_before: int = 0
    touched: set[int] = field(default_factory=set)


def take_items(
    work: Work,
    lines: Lines,
    run: Run,
    unread: AbstractSet[str] = frozenset(),
    only: AbstractSet[int] | None = None,
) -> Outcome:
    """Bring the items of an export (`run.whole`) or of a history into the book.

    What a whole export lists no more is settled; open items of an `unread` number, which a
    rejected line names, stay as they were. `only`: the customers whose lines these are, when
    the others' are left out. Raises nothing: lines are typed already.
    """
    known = _Known(book.paid_later(work, run.as_of), _next_export(work, run), unread)
    outcome = Outcome()
    left = lines.count
    if known.next_export is None:
        outcome.unchanged = lines.sort_out(run, _doubtful(work, known))
        outcome.open_before = outcome.unchanged
        outcome.new, fresh = lines.add_fresh(run)
        outcome.touched.update(fresh)
        left -= outcome.unchanged + outcome.new
    else:
        lines.compare_all()
    for customers in lines.left(run, all_told=not left, only=only):
        stated = lines.of(customers), lines.items_of(customers)
        _take_some(work, stated, run, known, outcome)
    return outcome


class _Known(NamedTuple):
    """What is known besides the items: money that came after the file's day, later exports."""

    paid_later: Mapping[int, int]
    next_export: date | None
    unread: AbstractSet[str]


def _doubtful(work: Work, known: _Known) -> list[tuple[int, str]]:
    """Name the documents that are compared with care although nothing seems to have changed."""
    paid = book.by_ids(work, known.paid_later)
    held = book.same_numbers(work, known.unread)
    return [(one.customer_id, one.number) for one in (*paid, *held) if one.number]


def _take_some(
    work: Work,
    some: tuple[Sequence[Stated], Sequence[KnownItem]],
    run: Run,
    known: _Known,
    outcome: Outcome,
) -> None:
    """Compare the lines of some customers with their items, and write what they change."""
    stated, items = some
    held = hold_back(stated, items, known.unread)
    diff = _difference(work, held, run, known)
    outcome.open_before += sum(one.stated_on <= run.as_of for one in items)
    outcome.unread += len(held.unread)
    fresh = _write_new(work, diff, run)
    _write_changes(work, diff, run)
    state_again(work, _to_state(diff, run), run)
    if run.whole:
        leave_items(work, (one.id for one in held.unread), run)
    paid = [*_paid(diff), *_new_paid(diff, fresh)]
    moved = take_received(work, paid, run, {one.id for one in fresh}).moved
    _count(outcome, diff, held.lines, moved)


def _to_state(diff: Diff, run: Run) -> list[int]:
    """Choose whose day is written: of an open item, a whole export's own day counts."""
    older = [one for one in diff.same if one.stated_on < run.as_of]
    return [one.id for one in older if not (run.whole and one.open_minor)]


def _difference(work: Work, held: HeldBack, run: Run, known: _Known) -> Diff:
    matched = match_open(held.lines, held.items)
    cash = match_unapplied(matched.lines, matched.items)
    numbers = {one.row.number for one in cash.lines if one.row.number}
    bare = {one.customer_id for one in cash.lines if not one.row.number}
    candidates = [*book.same_numbers(work, numbers), *book.without_number(work, bare)]
    back = match_settled(cash.lines, candidates)
    occurrences = Occurrences([*held.items, *held.unread, *candidates])
    statement = Statement(
        run.as_of,
        known.paid_later,
        known.next_export,
        {one.id: occurrences.key(stated) for stated, one in cash.pairs},
    )
    diff = compare([*matched.pairs, *cash.pairs, *back.pairs], statement)
    # in the file's order, as accounts are numbered that are new as a whole
    unknown = sorted(back.lines, key=lambda one: one.row.line)
    diff.new = [create(one, occurrences.key(one), statement) for one in unknown]
    if run.whole:
        old = [one for one in cash.items if one.stated_on <= run.as_of]
        gone = book_repeats.sort_out(work, old, {one.item.id for one in diff.changed})
        diff.vanished = vanish(gone.settled, run.as_of)
        diff.withdrawn = withdraw(gone.withdrawn, run.as_of)
    return diff


def _next_export(work: Work, run: Run) -> date | None:
    return next((day for day in book.full_exports(work) if day > run.as_of), None)


def _write_new(work: Work, diff: Diff, run: Run) -> list[KnownItem]:
    """Write the new items, and what had been paid of them before they were first seen."""
    ids = reserve(work, item_row, len(diff.new))
    fresh = [as_known(new, item_id, run) for new, item_id in zip(diff.new, ids, strict=True)]
    pairs = list(zip(fresh, diff.new, strict=True))
    add_items(work, fresh, {one.id: new.settled_on for one, new in pairs}, run)
    rows: list[SettlementRow] = []
    for one, new in pairs:
        opened = new.stated.row.open_minor
        if not _by_money(new.stated, one):
            earlier = one.amount_minor - opened
            on = new.settled_on if isinstance(new.stated.row, HistoryRow) else None
            rows.append(SettlementRow(one.id, on, earlier))
            rows.append(SettlementRow(one.id, new.settled_on, opened - one.open_minor))
    add_settlements(work, rows, run)
    return fresh


def _by_money(stated: Stated, one: KnownItem) -> bool:
    """Tell whether a payment settled the line: a debit of a history."""
    settled_on = stated.row.settled_on
    return settled_on is not None and not one.is_credit and one.amount_minor > 0


def _write_changes(work: Work, diff: Diff, run: Run) -> None:
    """Write known items anew; an amount that fell is dated by its payment when one is known."""
    changes = [*diff.changed, *diff.vanished, *diff.withdrawn]
    fallen = {c.item.id: c.delta_minor for c in changes if c.delta_minor > 0}
    payments: dict[int, KnownPayment] = {}
    for one in book.unused_payments(work, fallen):
        if one.item_id is not None and one.amount_minor == fallen.get(one.item_id):
            payments.setdefault(one.item_id, one)
    days: dict[int, date | None] = {c.item.id: run.as_of for c in changes if c.settled}
    days |= {c.item.id: run.as_of for c in diff.withdrawn}
    days |= {item_id: one.received_on for item_id, one in payments.items()}
    days |= {one.id: row.settled_on for one, row in diff.paid}
    change_items(work, [c.item for c in changes], days, run)
    rows = []
    for change in changes:
        item_id, paid = change.item.id, payments.get(change.item.id)
        rows.append(SettlementRow(item_id, None, change.earlier_minor))
        on = paid.received_on if paid else run.as_of
        rows.append(SettlementRow(item_id, on, change.delta_minor, paid.id if paid else None))
    add_settlements(work, rows, run)


def _paid(diff: Diff) -> list[Received]:
    return [
        _received(one, row) for one, row in diff.paid if not one.is_credit and one.amount_minor > 0
    ]


def _new_paid(diff: Diff, fresh: Iterable[KnownItem]) -> list[Received]:
    return [
        _received(one, new.stated.row)
        for one, new in zip(fresh, diff.new, strict=True)
        if isinstance(new.stated.row, HistoryRow) and _by_money(new.stated, one)
    ]


def _received(one: KnownItem, row: HistoryRow) -> Received:
    on = row.settled_on or one.stated_on
    return Received(
        one.customer_id, on, row.currency, one.amount_minor, None, row.number, None, one.id
    )


def _count(outcome: Outcome, diff: Diff, lines: Sequence[Stated], moved: set[int]) -> None:
    changed = {c.item.id for c in diff.changed if not c.settled}
    known = {one.id for one, _ in diff.paid}
    changes = len(changed | (moved & known))
    stated_settled = sum(c.settled for c in diff.changed)
    outcome.new += len(diff.new)
    outcome.older += len(diff.older)
    outcome.vanished += len(diff.vanished)
    outcome.withdrawn += len(diff.withdrawn)
    outcome.changed += changes
    outcome.settled += stated_settled + len(diff.vanished)
    taken = len(diff.new) + len(diff.older) + changes + stated_settled
    outcome.unchanged += len(lines) - taken
    outcome.touched |= {
        *(new.stated.customer_id for new in diff.new),
        *(c.item.customer_id for c in [*diff.changed, *diff.vanished, *diff.withdrawn]),
        *(one.customer_id for one, _ in diff.paid if one.id in moved),
    }
