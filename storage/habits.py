"""Payment habits: what customers paid, and what of it in time."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Subquery,
    bindparam,
    case,
    func,
    literal_column,
    select,
)

from credit.receivable import ItemKind
from storage.scope import Codes, Scoped
from storage.set_offs import TAKEN, TAKEN_OF_SOME
from storage.tables import customer, item, settlement
from storage.work import Work

_ZERO: ColumnElement[int] = literal_column("0", Integer)
_SINCE = bindparam("since", type_=item.c.due_on.type)
_PAID = settlement.c.amount_minor


def _habits(money: FromClause, minor: ColumnElement[Any]) -> Select[Any]:
    """Sum what went of invoices, and what of it in time."""
    in_time = case((settlement.c.settled_on <= item.c.due_on, minor), else_=_ZERO)
    return (
        select(
            item.c.customer_id,
            item.c.currency,
            func.sum(minor).label("minor"),
            func.sum(in_time).label("in_time"),
        )
        .select_from(money)
        .where(
            item.c.kind == ItemKind.INVOICE.value,
            _PAID > _ZERO,
            settlement.c.settled_on >= _SINCE,
            item.c.due_on.is_not(None),
        )
        .group_by(item.c.customer_id, item.c.currency)
    )


def _credited(taken: Subquery) -> Select[Any]:
    """Sum what credit notes took of it: that was paid neither late nor in time."""
    return _habits(taken.join(settlement, settlement.c.id == taken.c.id).join(item), taken.c.minor)


# Of everybody, the sum keeps SQLite from walking all items: those settled lately are fewer. Nor
# are the customers read, who are all: a book just loaded misleads PostgreSQL into loops of loops.
_ALL_MONEY = settlement.join(item, item.c.id == settlement.c.item_id + _ZERO)
_SOME_MONEY = settlement.join(item).join(customer)
_HABITS = Scoped(_habits(_ALL_MONEY, _PAID), narrow=_habits(_SOME_MONEY, _PAID))
_MINE_CREDITED = _credited(TAKEN_OF_SOME).join_from(
    item, customer, customer.c.id == item.c.customer_id
)
_CREDITED = {
    dialect: Scoped(_credited(taken), narrow=_MINE_CREDITED) for dialect, taken in TAKEN.items()
}


def habits(work: Work, codes: Codes, since: date) -> list[tuple[int, str, int, int]]:
    """Sum what money paid from a day on and how much of it in time, per customer."""
    given, sums = {"since": since}, dict[tuple[int, str], tuple[int, int]]()
    for row in _HABITS.rows(work, codes, given):
        sums[row.customer_id, row.currency] = int(row.minor), int(row.in_time)
    for row in _CREDITED[work.dialect].rows(work, codes, given):
        # an import may be seen between two statements of a transaction that writes
        whole, in_time = sums.get((row.customer_id, row.currency), (0, 0))
        less = whole - int(row.minor), in_time - int(row.in_time)
        sums[row.customer_id, row.currency] = less
    return [(*whose, *paid) for whose, paid in sums.items() if paid[0] > 0]
