"""Parts of a debt that a credit note took: nobody paid them, early or late.

The rule is `credit.set_offs.taken`; here it is said to the database, for sums over whole
portfolios. What is asked for is small beside all that was settled: read it apart, by the same
words, and take it off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
    tuple_,
    union_all,
)

from credit.receivable import CREDIT_KINDS
from storage.scope import MINE
from storage.tables import customer, item, settlement
from storage.work import Work

_note, _its = item.alias("note"), settlement.alias("its")
_debt, _part = item.alias("debt"), settlement.alias("part")
_SINCE = bindparam("since", type_=settlement.c.settled_on.type)
# Written out: an index serves these words.
_NOTE: ColumnElement[str] = literal_column("'credit_note'")
_ZERO: ColumnElement[int] = literal_column("0")
_ONE: ColumnElement[int] = literal_column("1")
_CREDITS: list[ColumnElement[str]] = [literal_column(f"'{kind}'") for kind in sorted(CREDIT_KINDS)]


def _set_off(*columns: ColumnElement[Any], known: tuple[ColumnElement[bool], ...]) -> Select[Any]:
    """Read the credit notes, or parts of them, that were set off from the day `since` on."""
    return (
        select(_note.c.customer_id, _note.c.currency, _its.c.settled_on, *columns)
        .select_from(
            _note.join(customer, customer.c.id == _note.c.customer_id).join(
                _its, _its.c.item_id == _note.c.id
            )
        )
        .where(_note.c.kind == _NOTE, _its.c.settled_on >= _SINCE, *known)
    )


_UNPAID = func.coalesce(_part.c.payment_id, _ZERO) == _ZERO
"""Nobody saw the money. So said, the index of payments tempts no one: most have none."""


def _of_everybody(days: Select[Any]) -> Select[Any]:
    """Walk all that was settled lately, which is quicker than the items of each who has notes."""
    day = tuple_(_debt.c.customer_id, _debt.c.currency, _part.c.settled_on)
    went = _part.join(_debt, _debt.c.id == _part.c.item_id + _ZERO)
    return _debts().select_from(went).where(_part.c.settled_on >= _SINCE, day.in_(days))


def _of_some(days: Select[Any]) -> Select[Any]:
    """Look through the items of each who has notes."""
    on = days.subquery("days")
    whose = and_(_debt.c.customer_id == on.c.customer_id, _debt.c.currency == on.c.currency)
    part = and_(_part.c.item_id == _debt.c.id, _part.c.settled_on == on.c.settled_on)
    return _debts().select_from(on.join(_debt, whose).join(_part, part))


def _debts() -> Select[Any]:
    return select(
        _debt.c.customer_id,
        _debt.c.currency,
        _part.c.settled_on,
        _part.c.amount_minor.label("minor"),
        _debt.c.id.label("item_id"),
        _part.c.id,
        _ZERO.label("noted"),
    ).where(_debt.c.kind.not_in(_CREDITS), _UNPAID)


def _met(debts: Callable[[Select[Any]], Select[Any]], *known: ColumnElement[bool]) -> Subquery:
    """Lay the notes of a day and the debts that went that day without a payment side by side."""
    notes = _set_off(
        (-_its.c.amount_minor).label("minor"),
        _ZERO.label("item_id"),
        _ZERO.label("id"),
        _ONE.label("noted"),
        known=known,
    )
    days = _set_off(known=known).distinct()
    return union_all(notes, debts(days)).subquery("met")


def _placed(met: Subquery) -> Subquery:
    """Count the notes and the debts of one amount and day, and give each its place among them."""
    alike = (met.c.customer_id, met.c.currency, met.c.settled_on, met.c.minor)
    place = func.row_number().over(
        partition_by=(*alike, met.c.noted), order_by=(met.c.item_id, met.c.id)
    )
    return select(
        met,
        func.sum(met.c.noted).over(partition_by=alike).label("notes"),
        func.count().over(partition_by=alike).label("all_alike"),
        place.label("place"),
    ).subquery("placed")


def _shared(placed: Subquery) -> Subquery:
    """Sum, by day, the notes that met no debt of their amount, and the debts that met no note."""
    day = (placed.c.customer_id, placed.c.currency, placed.c.settled_on)
    is_note, minor = placed.c.noted == _ONE, placed.c.minor
    exact = placed.c.place <= placed.c.notes
    over = and_(is_note, placed.c.place > placed.c.all_alike - placed.c.notes)
    free = and_(~is_note, ~exact, minor > _ZERO)
    return (
        select(
            placed.c.id,
            placed.c.noted,
            minor,
            case((exact, _ONE), else_=_ZERO).label("exact"),
            func.sum(case((over, minor), else_=_ZERO)).over(partition_by=day).label("left_over"),
            func.sum(case((free, minor), else_=_ZERO)).over(partition_by=day).label("free"),
            func.sum(case((free, _ONE), else_=_ZERO)).over(partition_by=day).label("debts"),
        )
        .select_from(placed)
        .subquery("shared")
    )


def _taken(
    *known: ColumnElement[bool], debts: Callable[[Select[Any]], Select[Any]] = _of_some
) -> Subquery:
    """Read what credit notes took of settlements: `id`, `minor`."""
    one = _shared(_placed(_met(debts, *known)))
    whole = and_(one.c.left_over > _ZERO, one.c.free == one.c.left_over)
    part = and_(one.c.debts == _ONE, one.c.left_over > _ZERO, one.c.left_over < one.c.minor)
    minor = case(
        (one.c.exact == _ONE, one.c.minor),
        (one.c.minor <= _ZERO, None),
        (whole, one.c.minor),
        (part, one.c.left_over),
    )
    took = select(one.c.id, minor.label("minor")).where(one.c.noted == _ZERO).subquery("took")
    return select(took).where(took.c.minor.is_not(None)).subquery("taken")


TAKEN = {"sqlite": _taken(debts=_of_everybody), "postgresql": _taken()}
"""What the credit notes of everybody took, by dialect: PostgreSQL walks loops in loops where
SQLite walks the settlements once."""
TAKEN_OF_SOME = _taken(MINE)
"""What those of the portfolios took that a statement asks for."""
_ALL = {dialect: select(taken) for dialect, taken in TAKEN.items()}
_SOME = select(TAKEN_OF_SOME)
_OF_ONE = select(_taken(_note.c.customer_id == bindparam("customer")))


def of_codes(work: Work, codes: frozenset[str] | None, since: date) -> dict[int, int]:
    """Read what credit notes took of the settlements of some portfolios, by settlement."""
    values: Mapping[str, Any] = {"since": since}
    if codes is not None:
        values = {**values, "codes": sorted(codes)}
    return _by_id(work, _ALL[work.dialect] if codes is None else _SOME, values)


def of_customer(work: Work, customer_id: int, since: date) -> dict[int, int]:
    """Read what credit notes took of one customer's settlements, by settlement."""
    return _by_id(work, _OF_ONE, {"customer": customer_id, "since": since})


def _by_id(work: Work, statement: Select[Any], values: Mapping[str, Any]) -> dict[int, int]:
    return {row.id: int(row.minor) for row in work.all(statement, values)}
