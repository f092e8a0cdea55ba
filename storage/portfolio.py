"""Whole portfolios in a few statements: what is owed, since when, and what speaks for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
)

from credit.ageing import (
    BUCKET_ENDS,
    CREDITS,
    NO_DUE_DATE,
    NOT_DUE,
    OLDEST,
    AgedBalance,
    balance_of,
)
from credit.dispute import DisputeRules
from credit.receivable import CREDIT_KINDS, OpenItem
from storage import items
from storage.customers import OWNER
from storage.disputes import holds_back, rests
from storage.promises import RUNNING, STILL_PROMISED
from storage.scope import Codes, Scoped, narrowed
from storage.tables import (
    alert,
    contact_record,
    customer,
    dispute,
    item,
    promise,
    promise_item,
    promise_line,
    settlement,
)
from storage.work import Work

ALWAYS = date(9999, 12, 31)
_ZERO: ColumnElement[int] = literal_column("0", Integer)
_LATE = and_(item.c.due_on < bindparam("today"), item.c.open_minor > _ZERO)

_CLAIMS = Scoped(
    select(*items.LINE, customer.c.code, customer.c.name, OWNER.label("owner"))
    .select_from(item.join(customer))
    .where(item.c.open_minor != _ZERO, or_(_LATE, item.c.open_minor < _ZERO))
    .order_by(item.c.customer_id, item.c.due_on, item.c.id)
)
_DISPUTES = Scoped(
    select(dispute, rests().label("resting"))
    .select_from(dispute.join(customer))
    .where(holds_back())
)


def _running(until: Any, *first_line: Any) -> Select[Any]:  # noqa: ANN401 - SQL expressions
    return (
        select(
            promise.c.customer_id,
            promise_item.c.item_id,
            func.sum(STILL_PROMISED).label("minor"),
            until.label("until"),
        )
        .select_from(
            promise.join(promise_item, promise_item.c.promise_id == promise.c.id)
            .join(promise_line, promise_line.c.promise_id == promise.c.id)
            .join(customer, customer.c.id == promise.c.customer_id)
        )
        .where(RUNNING, promise.c.engaged.is_(True), *first_line)
        .group_by(promise.c.customer_id, promise_item.c.item_id)
    )


_LAST_DAY = func.max(promise_line.c.due_on)
# One line per promise, else an amount would count once an instalment.
_PROMISED = Scoped(_running(_LAST_DAY, promise_line.c.n == literal_column("1")))
_UNTIL = Scoped(_running(_LAST_DAY))
_TRIES = Scoped(
    select(
        contact_record.c.customer_id,
        func.max(contact_record.c.at).label("at"),
        func.sum(case((contact_record.c.answered.is_(True), 1), else_=0)).label("answered"),
        func.count().label("tries"),
    )
    .select_from(contact_record.join(customer))
    .where(contact_record.c.on >= bindparam("since"), contact_record.c.withdrawn_at.is_(None))
    .group_by(contact_record.c.customer_id)
)
_LIT = Scoped(
    select(alert, customer.c.code, customer.c.name, OWNER.label("owner"))
    .select_from(alert.join(customer))
    .where(alert.c.level > _ZERO)
    .order_by(alert.c.level.desc(), alert.c.points.desc(), alert.c.customer_id)
)
_LATER = (
    select(settlement.c.item_id, func.sum(settlement.c.amount_minor).label("minor"))
    .where(settlement.c.settled_on > bindparam("settled"))
    .group_by(settlement.c.item_id)
)
_LATER_OF = narrowed(
    _LATER.select_from(
        settlement.join(item, item.c.id == settlement.c.item_id).join(
            customer, customer.c.id == item.c.customer_id
        )
    )
)


def _aged(settled_later: Select[Any], whose: FromClause, *keys: Any) -> Select[Any]:  # noqa: ANN401 - columns
    """Sum by place what was open on a day: what is open now, and what was settled after it."""
    later = settled_later.subquery("later")
    minor = item.c.open_minor + func.coalesce(later.c.minor, _ZERO)
    place = case(
        (or_(item.c.kind.in_(sorted(CREDIT_KINDS)), minor < _ZERO), CREDITS),
        (item.c.due_on.is_(None), NO_DUE_DATE),
        (item.c.due_on >= bindparam("as_of"), NOT_DUE),
        *((item.c.due_on >= bindparam(f"d{end}"), name) for name, end in BUCKET_ENDS.items()),
        else_=OLDEST,
    )
    return (
        select(*keys, item.c.currency, place.label("place"), minor.label("minor"))
        .select_from(whose.outerjoin(later, later.c.item_id == item.c.id))
        .where(
            or_(item.c.open_minor != _ZERO, later.c.minor.is_not(None)),
            or_(item.c.issued_on.is_(None), item.c.issued_on <= bindparam("issued")),
        )
    )


def _summed(sizes: Select[Any]) -> Select[Any]:
    lines = sizes.subquery("sizes")
    keys = [one for one in lines.c if one.name != "minor"]
    return select(*keys, func.sum(lines.c.minor).label("minor")).group_by(*keys)


_THEIRS, _OWNED = item.join(customer), OWNER.label("owner")
_AGED = _summed(_aged(_LATER, _THEIRS, _OWNED))
_AGED_OF = _summed(narrowed(_aged(_LATER_OF, _THEIRS, _OWNED)))
_WHOLE = _summed(_aged(_LATER, item))
_WHOLE_OF = _summed(narrowed(_aged(_LATER_OF, _THEIRS)))
_LISTED = select(customer.c.id, customer.c.code, customer.c.name).where(
    customer.c.id.in_(bindparam("ids", expanding=True))
)
_EVERYBODY = select(customer.c.id, customer.c.code, customer.c.name).order_by(customer.c.code)


@dataclass(frozen=True, slots=True)
class Debtor:
    """A customer of a portfolio with his overdue lines and his credits."""

    id: int
    code: str
    name: str
    owner: str | None
    items: tuple[OpenItem, ...]


@dataclass(frozen=True, slots=True)
class Tries:
    """How a customer was contacted lately."""

    last: datetime
    answered: int
    tries: int


def debtors(work: Work, codes: Codes, today: date, rules: DisputeRules) -> list[Debtor]:
    """Read who is late in some portfolios, with what is disputed and promised: four statements."""
    rows = _CLAIMS.rows(work, codes, {"today": today})
    if not rows:
        return []
    disputed = _by_customer(_DISPUTES.rows(work, codes, {"today": today}))
    promised = _by_customer(_PROMISED.rows(work, codes))
    until = _by_customer(_UNTIL.rows(work, codes))
    found = []
    for customer_id, group in groupby(rows, key=attrgetter("customer_id")):
        lines = list(group)
        read = items.assembled(
            lines,
            disputed.get(customer_id, ()),
            promised.get(customer_id, ()),
            until.get(customer_id, ()),
            rules,
        )
        if any(one.is_overdue(today) for one in read):
            first = lines[0]
            found.append(Debtor(customer_id, first.code, first.name, first.owner, tuple(read)))
    return found


def _by_customer(rows: Iterable[Row[Any]]) -> dict[int, list[Row[Any]]]:
    sorted_out: dict[int, list[Row[Any]]] = {}
    for row in rows:
        sorted_out.setdefault(row.customer_id, []).append(row)
    return sorted_out


def tries(work: Work, codes: Codes, since: date) -> dict[int, Tries]:
    """Read how each customer was contacted from a day on; who was not has no entry."""
    rows = _TRIES.rows(work, codes, {"since": since})
    return {row.customer_id: Tries(row.at, int(row.answered), row.tries) for row in rows}


def listed(work: Work, customer_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Read the code and name of some customers."""
    rows = work.all(_LISTED, {"ids": sorted(set(customer_ids))})
    return {row.id: (row.code, row.name) for row in rows}


def everybody(work: Work) -> list[tuple[int, str, str]]:
    """Read (id, code, name) of every customer, by code."""
    return [(row.id, row.code, row.name) for row in work.all(_EVERYBODY)]


def lit(work: Work, codes: Codes) -> list[Row[Any]]:
    """Read the lit alerts of some portfolios, the gravest first."""
    return _LIT.rows(work, codes)


def aged(
    work: Work, codes: Codes, as_of: date, *, past: bool = False
) -> dict[str | None, dict[str, AgedBalance]]:
    """Age the portfolios per rep code and currency, in one statement.

    `past` counts what was open at the end of that day; else it is what is open now.
    """
    sums: dict[str | None, dict[str, dict[str, int]]] = {}
    for row in _read(work, codes, _AGED, _AGED_OF, as_of, past=past):
        places = sums.setdefault(row.owner or None, {}).setdefault(row.currency, {})
        places[row.place] = places.get(row.place, 0) + int(row.minor)
    return {
        owner: {code: balance_of(places, code) for code, places in currencies.items()}
        for owner, currencies in sums.items()
    }


def whole(work: Work, codes: Codes, as_of: date, *, past: bool = False) -> dict[str, AgedBalance]:
    """Age the portfolios all together, per currency: as `aged`, without asking whose each is."""
    sums: dict[str, dict[str, int]] = {}
    for row in _read(work, codes, _WHOLE, _WHOLE_OF, as_of, past=past):
        sums.setdefault(row.currency, {})[row.place] = int(row.minor)
    return {currency: balance_of(places, currency) for currency, places in sums.items()}


def _read(
    work: Work, codes: Codes, everybody: Select[Any], some: Select[Any], as_of: date, *, past: bool
) -> Sequence[Row[Any]]:
    until = as_of if past else ALWAYS
    values: dict[str, Any] = {"as_of": as_of, "issued": until, "settled": until}
    values |= {f"d{end}": as_of - timedelta(days=end) for end in BUCKET_ENDS.values()}
    if codes is None:
        return work.all(everybody, values)
    return work.all(some, {**values, "codes": sorted(codes)})
