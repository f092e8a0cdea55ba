"""The sums behind the indicators: a handful of set statements over any portfolios."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

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
    not_,
    or_,
    select,
)

from credit.ageing import (
    BUCKET_ENDS,
    BUCKETS,
    CREDITS,
    NO_DUE_DATE,
    NOT_DUE,
    AgedBalance,
    balance_of,
)
from credit.dispute import SUSPENDING
from credit.money import Money
from credit.receivable import CREDIT_KINDS, ItemKind
from storage.customers import OWNER
from storage.limits import LIMIT_CURRENCY, LIMIT_MINOR, RATED
from storage.promises import LEFT, RUNNING, STILL_PROMISED, TO_KEEP
from storage.scope import Codes, Scoped, narrowed
from storage.tables import (
    alert,
    customer,
    dispute,
    item,
    promise,
    promise_item,
    promise_line,
    settlement,
)
from storage.work import Work

_ZERO: ColumnElement[int] = literal_column("0", Integer)
_DAY = item.c.due_on.type
_TODAY = bindparam("today", type_=_DAY)
_SINCE = bindparam("since", type_=_DAY)
_UNTIL = bindparam("until", type_=_DAY)
_INVOICED = (ItemKind.INVOICE.value, ItemKind.CREDIT_NOTE.value)

_CREDIT = or_(item.c.kind.in_(sorted(CREDIT_KINDS)), item.c.open_minor < _ZERO)
_ENDS = (_TODAY, *(bindparam(f"end_{name}", type_=_DAY) for name in BUCKET_ENDS))
PLACES = (CREDITS, NO_DUE_DATE, NOT_DUE, *BUCKETS)
"""The places of an aged balance, in the order of their sums."""


def _in_steps() -> list[ColumnElement[int]]:
    """Sum what is open: all, credits, without a due date, and due before each of the ends.

    A column each, for rows of each place would be many times more; and due before an end is
    one comparison, which most of a book ends at once.
    """
    due, owed = item.c.due_on, not_(_CREDIT)
    steps = (_CREDIT, and_(due.is_(None), owed), *(and_(due < end, owed) for end in _ENDS))
    return [
        func.sum(item.c.open_minor),
        *(func.sum(case((one, item.c.open_minor))) for one in steps),
    ]


def _placed(steps: Sequence[Any]) -> tuple[int, ...]:
    """Return the sums by place of those by step."""
    total, credited, dateless, *past = (int(one or 0) for one in steps)
    between = (sooner - later for sooner, later in pairwise(past))
    return (credited, dateless, total - credited - dateless - past[0], *between, past[-1])


def _of_everybody(statement: Select[Any]) -> Scoped:
    """Read items of everybody without asking whose each is, and of some portfolios with it."""
    return Scoped(statement, narrow=statement.join(customer, customer.c.id == item.c.customer_id))


_FALLING = and_(
    item.c.due_on >= _TODAY,
    item.c.due_on < _UNTIL,
    item.c.open_minor > _ZERO,
    item.c.kind == ItemKind.INVOICE.value,
)
_STOOD = or_(item.c.issued_on.is_(None), item.c.issued_on <= bindparam("before", type_=_DAY))
# One walk through what is open tells all that a dashboard asks of it.
_EXPOSED = _of_everybody(
    select(
        item.c.customer_id,
        item.c.currency,
        *_in_steps(),
        func.sum(case((_FALLING, item.c.open_minor))),
        func.sum(case((_STOOD, item.c.open_minor))),
    )
    .select_from(item)
    .where(item.c.open_minor != _ZERO)
    .group_by(item.c.customer_id, item.c.currency)
)
_WHO = Scoped(
    select(
        customer.c.id,
        customer.c.code,
        customer.c.name,
        OWNER.label("owner"),
        LIMIT_MINOR,
        LIMIT_CURRENCY,
    ).select_from(RATED)
)


def _sales(month: ColumnElement[str]) -> Scoped:
    return _of_everybody(
        select(
            item.c.currency,
            month.label("month"),
            func.sum(item.c.amount_minor).label("minor"),
            func.sum(case((item.c.open_minor == _ZERO, 1), else_=_ZERO)).label("settled"),
        )
        .select_from(item)
        .where(item.c.kind.in_(_INVOICED), item.c.issued_on >= _SINCE, item.c.issued_on <= _TODAY)
        .group_by(item.c.currency, literal_column("month"))
    )


_SALES = {
    "sqlite": _sales(func.substr(item.c.issued_on, literal_column("1"), literal_column("7"))),
    "postgresql": _sales(func.to_char(item.c.issued_on, literal_column("'YYYY-MM'"))),
}
_SETTLED_SINCE = _of_everybody(
    select(item.c.currency, func.sum(settlement.c.amount_minor).label("minor"))
    .select_from(settlement.join(item, item.c.id == settlement.c.item_id))
    .where(settlement.c.settled_on > bindparam("before", type_=_DAY), _STOOD)
    .group_by(item.c.currency)
)
_PROMISES = Scoped(
    select(
        OWNER.label("owner"),
        promise.c.currency,
        promise.c.state,
        func.count().label("n"),
        func.sum(TO_KEEP).label("minor"),
    )
    .select_from(promise.join(customer, customer.c.id == promise.c.customer_id))
    .where(promise.c.engaged.is_(True), promise.c.made_on >= _SINCE)
    .group_by(OWNER, promise.c.currency, promise.c.state),
)
_RUNNING = and_(RUNNING, promise.c.engaged.is_(True))
_COMING = Scoped(
    select(
        promise.c.currency,
        promise_line.c.due_on,
        func.sum(LEFT).label("minor"),
    )
    .select_from(
        promise.join(promise_line, promise_line.c.promise_id == promise.c.id).join(
            customer, customer.c.id == promise.c.customer_id
        )
    )
    .where(_RUNNING, promise_line.c.due_on >= _TODAY, promise_line.c.due_on < _UNTIL)
    .group_by(promise.c.currency, promise_line.c.due_on),
)
_PROMISED = (
    select(promise_item.c.item_id, func.sum(STILL_PROMISED).label("minor"))
    .select_from(promise_item.join(promise, promise.c.id == promise_item.c.promise_id))
    .where(_RUNNING)
    .group_by(promise_item.c.item_id)
)
_PROMISED_OF = narrowed(
    _PROMISED.join_from(promise, customer, customer.c.id == promise.c.customer_id)
)


def _spoken_for(running: Select[Any], whose: FromClause | None = None) -> Select[Any]:
    """Sum what is promised of that which falls due: it is not expected a second time."""
    promised = running.subquery("promised")
    whole = promised.c.minor > item.c.open_minor
    minor = case((whole, item.c.open_minor), else_=promised.c.minor)
    return (
        select(item.c.customer_id, item.c.currency, func.sum(minor).label("minor"))
        .select_from(item if whose is None else whose)
        .join(promised, promised.c.item_id == item.c.id)
        .where(_FALLING)
        .group_by(item.c.customer_id, item.c.currency)
    )


_SPOKEN_FOR = Scoped(_spoken_for(_PROMISED), narrow=_spoken_for(_PROMISED_OF, item.join(customer)))
# Once decided, what was refused is claimed again: only what was accepted is held back.
_HELD_BACK = func.coalesce(dispute.c.founded_minor, dispute.c.amount_minor)
_DISPUTES = Scoped(
    select(
        OWNER.label("owner"),
        dispute.c.reason,
        dispute.c.currency,
        func.count().label("n"),
        func.sum(_HELD_BACK).label("minor"),
        func.sum(case((dispute.c.target_on < _TODAY, 1), else_=_ZERO)).label("overran"),
    )
    .select_from(dispute.join(customer, customer.c.id == dispute.c.customer_id))
    .where(dispute.c.state.in_(sorted(SUSPENDING)))
    .group_by(OWNER, dispute.c.reason, dispute.c.currency)
)
_CLOSED = Scoped(
    select(dispute.c.closed_at, dispute.c.target_on)
    .select_from(dispute.join(customer, customer.c.id == dispute.c.customer_id))
    .where(
        dispute.c.closed_at >= bindparam("closed_since", type_=dispute.c.closed_at.type),
        dispute.c.target_on.is_not(None),
    )
)
_LIGHTS = Scoped(
    select(alert.c.level, alert.c.lights, func.count().label("n"))
    .select_from(alert.join(customer, customer.c.id == alert.c.customer_id))
    .where(alert.c.level > _ZERO)
    .group_by(alert.c.level, alert.c.lights)
)


class Exposed(NamedTuple):
    """What one customer owes in one currency, beside his limit in that currency.

    `sums` are minor units in the order of `PLACES`; they stay integers, for a dashboard adds
    hundreds of thousands of them: gross is before credits, overdue too. Of what is open,
    `falling_minor` are invoices due on the days asked for, `stood_minor` was issued by a day
    (None: nothing of it).
    """

    customer: int
    code: str
    name: str
    owner: str | None
    currency: str
    sums: tuple[int, ...]
    limit_minor: int | None
    total_minor: int
    gross_minor: int
    overdue_minor: int
    falling_minor: int
    stood_minor: int | None

    @property
    def excess_minor(self) -> int:
        """Return what passes the limit; 0 within it, or without one in this currency."""
        if self.limit_minor is None:
            return 0
        return max(0, self.total_minor - self.limit_minor)

    @property
    def balance(self) -> AgedBalance:
        """Return the aged balance in money."""
        return aged([self.sums], self.currency)

    @property
    def limit(self) -> Money | None:
        """Return the limit in this currency; None without one."""
        minor = self.limit_minor
        return None if minor is None else Money.from_minor(minor, self.currency)


def exposed(
    work: Work, codes: Codes, today: date, *, until: date | None = None, before: date | None = None
) -> list[Exposed]:
    """Age what every customer of some portfolios owes, per currency: two statements.

    What falls due is asked for from today to before `until`; what stood, for the day `before`.
    """
    days = {"today": today, "until": until or today, "before": before or today}
    days |= {f"end_{name}": today - timedelta(days=end) for name, end in BUCKET_ENDS.items()}
    rows = _EXPOSED.rows(work, codes, days)
    known = {row[0]: row for row in _WHO.rows(work, codes)} if rows else {}
    return [_exposed(known[row[0]], row[1], row[2:]) for row in rows]


def _exposed(who: Sequence[Any], currency: str, found: Sequence[Any]) -> Exposed:
    customer_id, code, name, owner, limit, limited_in = who
    if limited_in is not None and limited_in != currency:
        limit = None
    *steps, falling, stood = found
    sums = _placed(steps)
    gross, overdue = sum(sums[1:]), sum(sums[3:])
    amounts = (gross + sums[0], gross, overdue, int(falling or 0))
    stood = stood if stood is None else int(stood)
    return Exposed(customer_id, code, name, owner or None, currency, sums, limit, *amounts, stood)


def by_owner(lines: Iterable[Exposed]) -> dict[str | None, dict[str, AgedBalance]]:
    """Add what customers owe place by place, per rep code and currency."""
    groups: dict[tuple[str | None, str], list[tuple[int, ...]]] = {}
    for one in lines:
        groups.setdefault((one.owner, one.currency), []).append(one.sums)
    found: dict[str | None, dict[str, AgedBalance]] = {}
    for (owner, currency), sums in groups.items():
        found.setdefault(owner, {})[currency] = aged(sums, currency)
    return found


def aged(sums: Iterable[tuple[int, ...]], currency: str) -> AgedBalance:
    """Add sums by place, and make the balance of them."""
    added = map(sum, zip(*sums, strict=True))
    return balance_of(dict(zip(PLACES, added, strict=True)), currency)


def sales(work: Work, codes: Codes, since: date, until: date) -> list[Row[Any]]:
    """Sum what was invoiced per currency and `month` (2026-11), credit notes off, with taxes.

    `settled` counts the documents that are paid: a month that has none may be known by what
    was still open of it only.
    """
    return _SALES[work.dialect].rows(work, codes, {"since": since, "today": until})


def settled_since(work: Work, codes: Codes, day: date) -> dict[str, int]:
    """Sum, per currency, what was issued by the end of a past day and settled after it."""
    rows = _SETTLED_SINCE.rows(work, codes, {"before": day})
    return {row.currency: int(row.minor) for row in rows}


def promises(work: Work, codes: Codes, since: date) -> list[Row[Any]]:
    """Count and sum the firm promises made from a day on, per rep, currency and state."""
    return _PROMISES.rows(work, codes, {"since": since})


def coming(work: Work, codes: Codes, today: date, until: date) -> list[Row[Any]]:
    """Sum the instalments promised from today until before a day, per currency and day."""
    return _COMING.rows(work, codes, {"today": today, "until": until})


def spoken_for(work: Work, codes: Codes, today: date, until: date) -> list[Row[Any]]:
    """Sum what is promised of the invoices due in these days, per customer and currency."""
    return _SPOKEN_FOR.rows(work, codes, {"today": today, "until": until})


def disputes(work: Work, codes: Codes, today: date) -> list[Row[Any]]:
    """Count and sum the disputes that hold money back, per rep, reason and currency."""
    return _DISPUTES.rows(work, codes, {"today": today})


def closed_disputes(work: Work, codes: Codes, since: datetime) -> list[Row[Any]]:
    """Read when the disputes closed since then were, and when they should have been."""
    return _CLOSED.rows(work, codes, {"closed_since": since})


def lights(work: Work, codes: Codes) -> list[Row[Any]]:
    """Count the lit alerts by level and lights."""
    return _LIGHTS.rows(work, codes)
