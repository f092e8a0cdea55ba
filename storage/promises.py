"""Promises to pay as rows: made, read back, judged, closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Row,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal_column,
    select,
    update,
)

from credit.promise import Means, Promise, PromiseLine, PromiseState
from storage.bulk import Among
from storage.tables import (
    customer,
    item,
    person,
    promise,
    promise_item,
    promise_line,
)
from storage.work import Work

RUNNING = promise.c.state == literal_column("'open'")
"""Written out: the index of those that run is used for these words only.

Where a value is bound to a column of which an index has only some rows, SQLite prepares the
statement anew each time it is asked, which takes ten times as long as the asking.
"""

LEFT = promise_line.c.amount_minor - promise_line.c.paid_minor - promise_line.c.credited_minor
"""What is still to come of an instalment."""

TO_KEEP = promise.c.amount_minor - promise.c.credited_minor
"""What there was to keep of a promise: nobody has to pay what a credit note took."""

_other, _its = promise_item.alias("other"), item.alias("its")
# What newer covered items take of the rest, as much as is promised and open of each.
_ON_NEWER = (
    select(
        func.coalesce(
            func.sum(
                case(
                    (_its.c.open_minor < _other.c.amount_minor, _its.c.open_minor),
                    else_=_other.c.amount_minor,
                )
            ),
            literal_column("0"),
        )
    )
    .select_from(_other.join(_its, _its.c.id == _other.c.item_id))
    .where(
        _other.c.promise_id == promise_item.c.promise_id,
        _other.c.item_id > promise_item.c.item_id,
        _its.c.open_minor > literal_column("0"),
    )
    .correlate(promise_item)
    .scalar_subquery()
)
_REST = promise.c.amount_minor - promise.c.paid_minor - promise.c.credited_minor - _ON_NEWER
STILL_PROMISED = case(
    (literal_column("0") >= _REST, literal_column("0")),
    (promise_item.c.amount_minor > _REST, _REST),
    else_=promise_item.c.amount_minor,
)
"""What a promise still speaks for of an item that it covers, at most what is open of it.

The rule is `credit.promise.still_promised`, of what `credit.judgement` found: what was paid of
the promise and what credit notes took of it stand beside it. Who asks knows what is open.
"""

_ADD = insert(promise)
_ADD_LINE = insert(promise_line)
_ADD_ITEM = insert(promise_item)
_BY_ID = select(promise).where(promise.c.id == bindparam("id"))
_LINES = (
    select(promise_line)
    .where(Among(promise_line.c.promise_id))
    .order_by(promise_line.c.promise_id, promise_line.c.n)
)
_COVERED = (
    select(
        promise_item.c.promise_id,
        promise_item.c.item_id,
        promise_item.c.amount_minor,
        item.c.id,
        item.c.number,
    )
    .select_from(promise_item.outerjoin(item))
    .where(Among(promise_item.c.promise_id))
    .order_by(promise_item.c.promise_id, item.c.due_on, item.c.id)
)
_OF_CUSTOMER = (
    select(promise)
    .where(
        promise.c.customer_id == bindparam("customer"),
        promise.c.state.in_(bindparam("states", expanding=True)),
    )
    .order_by(promise.c.made_at)
)
_WHO_MADE = (
    select(promise.c.customer_id)
    .distinct()
    .where(Among(promise.c.customer_id))
    .order_by(promise.c.customer_id)
)
_LATEST = (
    select(promise)
    .where(promise.c.customer_id == bindparam("customer"))
    .order_by(promise.c.made_at.desc())
    .limit(bindparam("most"))
)
_WHOSE_DUE = (
    select(promise.c.customer_id)
    .distinct()
    .where(
        RUNNING,
        exists().where(
            promise_line.c.promise_id == promise.c.id,
            promise_line.c.state == "open",
            promise_line.c.due_on.between(bindparam("first"), bindparam("last")),
        ),
    )
    .order_by(promise.c.customer_id)
)
_CLOSE = (
    update(promise)
    .where(promise.c.id == bindparam("p"), promise.c.state == bindparam("was"))
    .values(state=bindparam("s"), closed_at=bindparam("at"), superseded_by=bindparam("by"))
)
_JUDGE = (
    update(promise)
    .where(promise.c.id == bindparam("p"), promise.c.state == bindparam("was"))
    .values(
        state=bindparam("s"),
        paid_minor=bindparam("m"),
        credited_minor=bindparam("c"),
        judged_at=bindparam("at"),
    )
)
_JUDGE_LINE = (
    update(promise_line)
    .where(promise_line.c.promise_id == bindparam("p"), promise_line.c.n == bindparam("i"))
    .values(state=bindparam("s"), paid_minor=bindparam("m"), credited_minor=bindparam("c"))
)
_REOPEN = (
    update(promise)
    .where(promise.c.superseded_by == bindparam("by"), promise.c.state == "superseded")
    .values(state="open", closed_at=None, superseded_by=None)
)
_SUPERSEDED_BY = (
    select(promise.c.id).where(promise.c.superseded_by == bindparam("by")).order_by(promise.c.id)
)
_BROKEN_BY_ITEM = (
    select(promise_item.c.item_id, func.count(promise.c.id.distinct()).label("n"))
    .select_from(promise.join(promise_item))
    .where(
        promise.c.customer_id == bindparam("customer"),
        promise.c.state.in_(("broken", "partly_kept")),
    )
    .group_by(promise_item.c.item_id)
)
_CONFIRM = (
    update(promise).where(promise.c.id == bindparam("p")).values(confirmed_at=bindparam("at"))
)
_EXPORT = (
    select(
        promise, customer.c.code, customer.c.name.label("customer"), person.c.name.label("author")
    )
    .select_from(promise.join(customer).join(person))
    .order_by(promise.c.id)
)
_ALL_LINES = select(promise_line).order_by(promise_line.c.promise_id, promise_line.c.n)
_ALL_NUMBERS = (
    select(promise_item.c.promise_id, item.c.number)
    .select_from(promise_item.join(item))
    .order_by(promise_item.c.promise_id, item.c.due_on, item.c.id)
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise as it is kept: the value of the trade and what the house adds to it."""

    promise: Promise
    uid: str
    scope: str
    engaged: bool
    made_at: datetime
    paid_minor: int
    credited_minor: int
    line_states: tuple[PromiseState, ...]
    line_paid: tuple[int, ...]
    line_credited: tuple[int, ...]
    numbers: tuple[str, ...]
    confirmed: bool


def add(
    work: Work,
    values: dict[str, Any],
    lines: Sequence[PromiseLine],
    covered: Iterable[tuple[int, int]],
) -> int:
    """Keep a promise with its instalments and the (item id, minor units) it covers."""
    promise_id = work.insert(_ADD, values)
    work.execute_many(
        _ADD_LINE,
        [
            {
                "promise_id": promise_id,
                "n": n,
                "due_on": line.due_on,
                "amount_minor": line.amount_minor,
                "state": PromiseState.OPEN.value,
            }
            for n, line in enumerate(lines, 1)
        ],
    )
    rows = [
        {"promise_id": promise_id, "item_id": item_id, "amount_minor": minor}
        for item_id, minor in covered
    ]
    work.execute_many(_ADD_ITEM, rows)
    return promise_id


def by_id(work: Work, promise_id: int) -> Kept | None:
    """Find a promise with its lines and covered items."""
    kept = _all(work, work.all(_BY_ID, {"id": promise_id}))
    return kept[0] if kept else None


def customer_of(work: Work, promise_id: int) -> int | None:
    """Find whose promise it is."""
    row = work.first(_BY_ID, {"id": promise_id})
    return row and int(row.customer_id)


def who_made(work: Work, customer_ids: Iterable[int]) -> list[int]:
    """Name those of these customers who ever made a promise, the least id first."""
    return work.scalars(_WHO_MADE, {"ids": sorted(customer_ids)})


def of_customer(
    work: Work, customer_id: int, states: Iterable[PromiseState] = (PromiseState.OPEN,)
) -> list[Kept]:
    """Read a customer's promises in those states, oldest first."""
    wanted = [state.value for state in states]
    return _all(work, work.all(_OF_CUSTOMER, {"customer": customer_id, "states": wanted}))


def latest(work: Work, customer_id: int, most: int = 5) -> list[Kept]:
    """Read a customer's last promises, newest first."""
    return _all(work, work.all(_LATEST, {"customer": customer_id, "most": most}))


def whose_due(work: Work, first: date, last: date) -> list[int]:
    """Name whose running promises have an instalment due in a span of days, both included."""
    return work.scalars(_WHOSE_DUE, {"first": first, "last": last})


def broken_by_item(work: Work, customer_id: int) -> dict[int, int]:
    """Count the promises that were broken on each of a customer's items."""
    return {row.item_id: row.n for row in work.all(_BROKEN_BY_ITEM, {"customer": customer_id})}


def reopen_superseded(work: Work, by: int) -> list[int]:
    """Let the promises run again that the promise `by` had replaced; return their ids."""
    ids = [int(one) for one in work.scalars(_SUPERSEDED_BY, {"by": by})]
    work.execute(_REOPEN, {"by": by})
    return ids


def close(  # one arrow of the life cycle
    work: Work,
    promise_id: int,
    state: PromiseState,
    at: datetime,
    superseded_by: int | None = None,
) -> bool:
    """Close a running promise by hand; False when it runs no more."""
    values = {"p": promise_id, "was": "open", "s": state.value, "at": at, "by": superseded_by}
    return work.execute(_CLOSE, values) == 1


def judge(
    work: Work,
    kept: Kept,
    state: PromiseState,
    lines: Sequence[tuple[PromiseState, int, int]],
    at: datetime,
) -> bool:
    """Write what payments decided: the whole, and each instalment with its minor units.

    An instalment is its state, what was paid of it and what credit notes took of it.

    False, and nothing is written, when the promise does not stand any more as it was read.
    """
    promise_id, was = kept.promise.id, kept.promise.state
    values = {
        "p": promise_id,
        "was": was.value,
        "s": state.value,
        "m": sum(paid for _, paid, _ in lines),
        "c": sum(credited for _, _, credited in lines),
        "at": at,
    }
    if work.execute(_JUDGE, values) != 1:
        return False
    work.execute_many(
        _JUDGE_LINE,
        [
            {"p": promise_id, "i": n, "s": line_state.value, "m": paid, "c": credited}
            for n, (line_state, paid, credited) in enumerate(lines, 1)
        ],
    )
    return True


def confirm(work: Work, promise_id: int, at: datetime) -> None:
    """Note that the written confirmation was handed over."""
    work.execute(_CONFIRM, {"p": promise_id, "at": at})


def export(work: Work) -> list[dict[str, Any]]:
    """Read the full state of every promise for the way back, instalments and numbers inside."""
    lines: dict[int, list[Row[Any]]] = {}
    for line in work.all(_ALL_LINES):
        lines.setdefault(line.promise_id, []).append(line)
    numbers: dict[int, list[str]] = {}
    for row in work.all(_ALL_NUMBERS):
        numbers.setdefault(row.promise_id, []).append(row.number or "")
    return [
        {**row._mapping, "lines": lines.get(row.id, []), "numbers": numbers.get(row.id, [])}  # noqa: SLF001
        for row in work.all(_EXPORT)
    ]


def _all(work: Work, rows: Sequence[Row[Any]]) -> list[Kept]:
    """Add instalments and covered items to promises, in two statements for all of them."""
    if not rows:
        return []
    ids = {"ids": [row.id for row in rows]}
    lines = _by_promise(work.all(_LINES, ids))
    covered = _by_promise(work.all(_COVERED, ids))
    return [_kept(row, lines.get(row.id, ()), covered.get(row.id, ())) for row in rows]


def _by_promise(rows: Iterable[Row[Any]]) -> dict[int, list[Row[Any]]]:
    sorted_out: dict[int, list[Row[Any]]] = {}
    for row in rows:
        sorted_out.setdefault(row.promise_id, []).append(row)
    return sorted_out


def _kept(row: Row[Any], lines: Sequence[Row[Any]], covered: Sequence[Row[Any]]) -> Kept:
    value = Promise(
        id=row.id,
        customer=row.customer_id,
        author=row.person_id,
        made_on=row.made_on,
        currency=row.currency,
        lines=tuple(PromiseLine(line.due_on, line.amount_minor) for line in lines),
        means=Means(row.means),
        items=frozenset(one.item_id for one in covered),
        contact=row.contact,
        state=PromiseState(row.state),
        made_at=row.made_at,
        parts={one.item_id: one.amount_minor for one in covered},
    )
    return Kept(
        promise=value,
        uid=row.uid,
        scope=row.scope,
        engaged=row.engaged,
        made_at=row.made_at,
        paid_minor=row.paid_minor,
        credited_minor=row.credited_minor,
        line_states=tuple(PromiseState(line.state) for line in lines),
        line_paid=tuple(line.paid_minor for line in lines),
        line_credited=tuple(line.credited_minor for line in lines),
        # an item that the book no longer has lost its number
        numbers=tuple(one.number or "" for one in covered if one.id is not None),
        confirmed=row.confirmed_at is not None,
    )
