"""The aged balance of any day, from items and what settled them by then."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, bindparam, case, func, literal_column, or_, select

from credit.ageing import BUCKET_ENDS, BUCKETS, CREDITS, NO_DUE_DATE, NOT_DUE, OLDEST
from credit.receivable import CREDIT_KINDS
from storage.book import full_exports
from storage.customers import OWNER
from storage.scope import Codes, Scoped, first_of_each
from storage.tables import customer, import_run, item, person, portfolio, settlement
from storage.work import Work

PLACES = (NOT_DUE, *BUCKETS, CREDITS, NO_DUE_DATE)
"""Where an open amount may lie; each lies in exactly one, so that places add up to the total."""


class By(StrEnum):
    """Whose balances: each customer's, each rep's portfolio, the whole company's."""

    CUSTOMER = "customer"
    REP = "rep"
    COMPANY = "company"


class BalanceRow(NamedTuple):
    """The balance of somebody in one currency, in minor units by place."""

    code: str
    name: str
    currency: str
    minor: dict[str, int]


_DAY = bindparam("day", type_=item.c.due_on.type)
_SETTLED = (
    select(settlement.c.item_id, func.sum(settlement.c.amount_minor).label("minor"))
    .where(or_(settlement.c.settled_on.is_(None), settlement.c.settled_on <= _DAY))
    .group_by(settlement.c.item_id)
    .subquery("settled")
)
_OPEN = item.c.amount_minor - func.coalesce(_SETTLED.c.minor, literal_column("0"))


# A document entered late, which a whole export between its issue and the day did not list,
# was not open on that day for anybody: balances of the past do not change afterwards.
_EXPORT = bindparam("export", type_=item.c.issued_on.type)
_KNOWN = or_(
    _EXPORT.is_(None),
    item.c.issued_on > _EXPORT,
    func.coalesce(import_run.c.kind, "") != "receivables",
    import_run.c.as_of <= _DAY,
)


def _place() -> Any:  # noqa: ANN401 - an SQL expression
    """Say in SQL what `credit.ageing.place_of` says of one item."""
    ends = [
        (item.c.due_on >= bindparam(f"end_{name}", type_=item.c.due_on.type), name)
        for name in BUCKET_ENDS
    ]
    return case(
        (or_(item.c.kind.in_(sorted(CREDIT_KINDS)), _OPEN < 0), CREDITS),
        (item.c.due_on.is_(None), NO_DUE_DATE),
        (item.c.due_on >= _DAY, NOT_DUE),
        *ends,
        else_=OLDEST,
    )


_LINES = (
    select(
        item.c.customer_id,
        item.c.currency,
        _place().label("place"),
        _OPEN.label("minor"),
    )
    .select_from(
        item.outerjoin(_SETTLED, _SETTLED.c.item_id == item.c.id).outerjoin(
            import_run, import_run.c.id == item.c.first_import
        )
    )
    .where(or_(item.c.issued_on.is_(None), item.c.issued_on <= _DAY), _KNOWN, _OPEN != 0)
    .subquery("line")
)
_SUM = func.sum(_LINES.c.minor).label("minor")
_OF_CUSTOMERS = (
    select(customer.c.code, customer.c.name, _LINES.c.currency, _LINES.c.place, _SUM)
    .select_from(_LINES.join(customer, customer.c.id == _LINES.c.customer_id))
    .group_by(customer.c.code, customer.c.name, _LINES.c.currency, _LINES.c.place)
)
# written out: as two values of one statement it would not be the same expression twice
_CODE = func.coalesce(OWNER, literal_column("''"))
_OF_REPS = (
    select(_CODE.label("code"), _LINES.c.currency, _LINES.c.place, _SUM)
    .select_from(_LINES.join(customer, customer.c.id == _LINES.c.customer_id))
    .group_by(_CODE, _LINES.c.currency, _LINES.c.place)
)
_OF_COMPANY = select(_LINES.c.currency, _LINES.c.place, _SUM).group_by(
    _LINES.c.currency, _LINES.c.place
)
_REPS = (
    select(portfolio.c.code, person.c.name)
    .select_from(portfolio.join(person))
    .where(and_(person.c.role == "rep", person.c.active.is_(True)))
    .order_by(person.c.id.desc())
)


# What is open now, per customer and currency, and how many lines. Units of two currencies are
# not to be compared: `place` tells the most overdue of each.
_NOT_CREDIT = and_(item.c.kind.not_in(sorted(CREDIT_KINDS)), item.c.open_minor > 0)
_LATE = case((and_(_NOT_CREDIT, item.c.due_on < _DAY), item.c.open_minor), else_=0)
_OWED = Scoped(
    select(
        customer.c.id.label("customer_id"),
        customer.c.name,
        item.c.currency,
        func.sum(item.c.open_minor).label("total"),
        func.sum(_LATE).label("overdue"),
        func.min(case((and_(_NOT_CREDIT, item.c.due_on < _DAY), item.c.due_on))).label("oldest"),
        func.count().over().label("lines"),
        func.row_number()
        .over(
            partition_by=item.c.currency,
            order_by=(func.sum(_LATE).desc(), func.sum(item.c.open_minor).desc(), customer.c.id),
        )
        .label("place"),
    )
    .select_from(item.join(customer, customer.c.id == item.c.customer_id))
    .where(item.c.open_minor != 0)
    .group_by(customer.c.id, customer.c.name, item.c.currency),
    kept=first_of_each,
)


class Owed(NamedTuple):
    """What a customer owes now in one currency, in minor units, and his oldest late due date."""

    customer: int
    name: str
    currency: str
    total: int
    overdue: int
    oldest: date | None


def owed(work: Work, codes: Codes, today: date, most: int) -> tuple[int, list[Owed]]:
    """Count the customers' balances and read the most overdue of each currency, `most` of each.

    Which of two currencies weighs more is for the caller to say.
    """
    rows = _OWED.rows(work, codes, {"day": today, "most": most})
    count = int(rows[0].lines) if rows else 0
    return count, [
        Owed(row.customer_id, row.name, row.currency, int(row.total), int(row.overdue), row.oldest)
        for row in rows
    ]


def as_of(work: Work, day: date, by: By = By.CUSTOMER) -> list[BalanceRow]:
    """Age what was open at the end of a day, per currency, in the order of the codes.

    Open is what was issued and known by then, less what was settled by then; who owes
    nothing has no row. Handbook 2.6.
    """
    statement = {By.CUSTOMER: _OF_CUSTOMERS, By.REP: _OF_REPS, By.COMPANY: _OF_COMPANY}[by]
    ends = {f"end_{name}": day - timedelta(days=end) for name, end in BUCKET_ENDS.items()}
    names = _rep_names(work) if by is By.REP else {}
    rows: dict[tuple[str, str], BalanceRow] = {}
    last = max((one for one in full_exports(work) if one <= day), default=None)
    for line in work.all(statement, {"day": day, "export": last, **ends}):
        code, name = _who(line, by, names)
        empty = BalanceRow(code, name, line.currency, dict.fromkeys(PLACES, 0))
        rows.setdefault((code, line.currency), empty).minor[line.place] += int(line.minor)
    return [rows[key] for key in sorted(rows)]


def _who(line: Row[Any], by: By, names: dict[str, str]) -> tuple[str, str]:
    if by is By.CUSTOMER:
        return line.code, line.name
    return (line.code, names.get(line.code, "")) if by is By.REP else ("", "")


def _rep_names(work: Work) -> dict[str, str]:
    return {row.code: row.name for row in work.all(_REPS)}
