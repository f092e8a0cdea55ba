"""Open items as the credit room knows them: what the ledger says, less disputes and promises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, bindparam, func, literal_column, select

from credit.dispute import (
    Dispute,
    DisputeReason,
    DisputeRules,
    DisputeState,
    suspended_minor,
    suspends,
)
from credit.receivable import ItemKind, OpenItem
from storage.promises import RUNNING, STILL_PROMISED
from storage.tables import (
    item,
    promise,
    promise_item,
    promise_line,
)
from storage.work import Work

# The literal keeps the index usable: a bound zero would not.
WHOLE_ACCOUNT = 0
_STILL_OPEN = item.c.open_minor != literal_column("0")

_LAST_DAY = (
    select(func.max(promise_line.c.due_on))
    .where(promise_line.c.promise_id == promise.c.id)
    .correlate(promise)
    .scalar_subquery()
)
# Read apart: joined to the lines, it was gathered in a table of its own for each account.
_PROMISED = (
    select(promise_item.c.item_id, STILL_PROMISED.label("minor"), _LAST_DAY.label("until"))
    .select_from(promise.join(promise_item))
    .where(
        promise.c.customer_id == bindparam("customer"),
        RUNNING,
        promise.c.engaged.is_(True),
    )
)
# An open line: only what `_open` asks for, in its order. A tap reads all of a customer's.
LINE: Final[tuple[ColumnElement[Any], ...]] = (
    item.c.id,
    item.c.customer_id,
    item.c.kind,
    item.c.number,
    item.c.issued_on,
    item.c.due_on,
    item.c.currency,
    item.c.amount_minor,
    item.c.open_minor,
    item.c.disputed_in_ledger,
)
_KINDS: Final = {kind.value: kind for kind in ItemKind}
_OPEN_OF = (
    select(*LINE)
    .where(item.c.customer_id == bindparam("customer"), _STILL_OPEN)
    .order_by(item.c.due_on.nulls_last(), item.c.id)
)
_BY_ID = select(*LINE).where(item.c.id == bindparam("id"))
_BY_NUMBER = (
    select(item.c.id, item.c.customer_id, item.c.number)
    .where(item.c.number.in_(bindparam("numbers", expanding=True)))
    .order_by(item.c.due_on)
    .limit(50)
)


def open_of(
    work: Work,
    customer_id: int,
    rules: DisputeRules,
    contested: Iterable[Row[Any]],
) -> list[OpenItem]:
    """Read a customer's open lines, oldest due first, with what is disputed and promised.

    `contested` are his disputes that take from what is claimed (`storage.disputes.of_customer`).
    """
    key = {"customer": customer_id}
    promised = work.all(_PROMISED, key)
    return assembled(work.all(_OPEN_OF, key), contested, promised, promised, rules)


def assembled(
    lines: Iterable[Sequence[Any]],
    dispute_rows: Iterable[Row[Any]],
    promised_rows: Iterable[Row[Any]],
    until_rows: Iterable[Row[Any]],
    rules: DisputeRules,
) -> list[OpenItem]:
    """Make one customer's open lines of what several statements read of him.

    `lines` begin with the values of `LINE`. Two promises may cover one line: their amounts are
    added, the last of their days counts.
    """
    contested = list(dispute_rows)
    disputes = [_dispute(row) for row in contested]
    promised: dict[int, int] = {}
    for row in promised_rows:
        promised[row.item_id] = promised.get(row.item_id, 0) + int(row.minor)
    until: dict[int, date] = {}
    for row in until_rows:
        until[row.item_id] = max(row.until, until.get(row.item_id, row.until))
    items = [_open(line, promised, until) for line in lines]
    items = [_disputed(one, disputes, rules) for one in items] if disputes else items
    return _spread(items, _at_large(contested, rules))


def withheld(
    lines: Iterable[Sequence[Any]], dispute_rows: Iterable[Row[Any]], rules: DisputeRules
) -> dict[int, int]:
    """Return what disputes take from each open line, in minor units, by the item's id.

    `lines` are plain rows of one customer, in the order of `storage.reads.of_late`.
    """
    contested = list(dispute_rows)
    disputes = [_dispute(row) for row in contested]
    items = [_disputed(_plain(line), disputes, rules) for line in lines]
    items.sort(key=lambda one: (one.due_on or date.max, one.id))
    spread = _spread(items, _at_large(contested, rules))
    return {one.id: one.disputed_minor for one in spread if one.disputed_minor}


def _plain(line: Sequence[Any]) -> OpenItem:
    customer, item_id, kind, currency, number, due, amount, left, contested, _ = line
    return OpenItem(
        id=item_id,
        customer=customer,
        kind=ItemKind(kind),
        number=number or "",
        issued_on=None,
        due_on=date.fromisoformat(due) if isinstance(due, str) else due,
        currency=currency,
        amount_minor=amount,
        open_minor=left,
        disputed_minor=max(0, left) if contested else 0,
    )


def by_id(work: Work, item_id: int) -> tuple[int, OpenItem] | None:
    """Find an item and its customer's id; disputes and promises are not looked up."""
    row = work.first(_BY_ID, {"id": item_id})
    return row and (row.customer_id, _open(row, {}, {}))


def by_number(work: Work, numbers: Iterable[str]) -> list[tuple[int, int, str]]:
    """Find items by their number, the first spelling first: (item id, customer id, number).

    A number is found as it is given and in the cases in which ledgers write: « fa-12 »,
    « FA-12 », « Fa-12 ». The index serves these; folding every number of the book would not.
    """
    order = {one.strip().lower(): place for place, one in enumerate(numbers)}
    cases = [case for one in order for case in (one, one.upper(), one.capitalize())]
    rows = work.all(_BY_NUMBER, {"numbers": list(dict.fromkeys(cases))})
    found = [(row.id, row.customer_id, row.number) for row in rows]
    return sorted(found, key=lambda one: order.get(one[2].lower(), len(order)))


def _open(line: Sequence[Any], promised: Mapping[int, int], until: Mapping[int, date]) -> OpenItem:
    item_id, customer, kind, number, issued, due, currency, amount, left, contested, *_ = line
    covered = promised.get(item_id)
    return OpenItem(
        item_id,
        customer,
        _KINDS[kind],
        number or "",
        issued,
        due,
        currency,
        amount,
        left,
        max(0, left) if contested else 0,
        None if covered is None else until.get(item_id),
        covered,
    )


def _dispute(row: Row[Any]) -> Dispute:
    return Dispute(
        id=row.id,
        item_id=row.item_id or WHOLE_ACCOUNT,
        reason=DisputeReason(row.reason),
        amount_minor=row.amount_minor,
        opened_on=row.opened_on,
        state=DisputeState(row.state),
        founded_minor=row.founded_minor,
        resting=bool(row.resting),
    )


def _disputed(one: OpenItem, disputes: list[Dispute], rules: DisputeRules) -> OpenItem:
    part = suspended_minor(one, disputes, rules)
    return replace(one, disputed_minor=max(part, one.disputed_minor)) if part else one


def _at_large(rows: Iterable[Row[Any]], rules: DisputeRules) -> dict[str, int]:
    """Sum per currency what is contested about no invoice in particular."""
    sums: dict[str, int] = {}
    for row in rows:
        one = _dispute(row)
        takes = suspends(one.state, rules[one.reason].effect)
        if one.item_id == WHOLE_ACCOUNT and takes:
            sums[row.currency] = sums.get(row.currency, 0) + one.withheld_minor
    return sums


def _spread(items: list[OpenItem], at_large: dict[str, int]) -> list[OpenItem]:
    """Lay a dispute about no invoice in particular on the oldest claimable lines of its money."""
    if not at_large:
        return items
    spread: list[OpenItem] = []
    for one in items:
        part = min(at_large.get(one.currency, 0), one.undisputed_minor)
        if part:
            at_large[one.currency] -= part
        spread.append(replace(one, disputed_minor=one.disputed_minor + part) if part else one)
    return spread
