"""Parts of a debt that a credit note took: nobody paid them, early or late.

A ledger does not say what a credit note was set off against. It took the debt of its customer
and currency that went down by its amount on its day, unless a payment is known to have paid
that. Of several such debts it took the one known longest: as many as there are such notes.
`bot.alerts.figures` says the same of rows that it has read already.
"""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    bindparam,
    func,
    literal_column,
    select,
)

from credit.receivable import CREDIT_KINDS
from storage.scope import MINE
from storage.tables import customer, item, settlement

_note, _its = item.alias("note"), settlement.alias("its")
_debt, _part = item.alias("debt"), settlement.alias("part")
_SINCE = bindparam("since", type_=settlement.c.settled_on.type)
# Written out: an index serves these words.
_NOTE: ColumnElement[str] = literal_column("'credit_note'")
# So said, the index of payments tempts no one: most settlements have none.
_NOBODY: ColumnElement[int] = literal_column("0")
_CREDITS: list[ColumnElement[str]] = [literal_column(f"'{kind}'") for kind in sorted(CREDIT_KINDS)]


def _notes(*known: ColumnElement[bool]) -> Subquery:
    """Count the credit notes that were set off from the day `since` on, equal ones together."""
    return (
        select(
            _note.c.customer_id,
            _note.c.currency,
            _its.c.settled_on,
            (-_its.c.amount_minor).label("minor"),
            func.count().label("notes"),
        )
        .select_from(
            _note.join(customer, customer.c.id == _note.c.customer_id).join(
                _its, _its.c.item_id == _note.c.id
            )
        )
        .where(_note.c.kind == _NOTE, _its.c.settled_on >= _SINCE, *known)
        .group_by(_note.c.customer_id, _note.c.currency, _its.c.settled_on, _its.c.amount_minor)
        .subquery("set_off")
    )


def _taken(notes: Subquery) -> Select[tuple[int]]:
    """Read the settlements that these credit notes explain."""
    alike = (_debt.c.customer_id, _debt.c.currency, _part.c.settled_on, _part.c.amount_minor)
    place = func.row_number().over(partition_by=alike, order_by=(_debt.c.id, _part.c.id))
    met = (
        select(_part.c.id, place.label("place"), notes.c.notes)
        .select_from(
            notes.join(
                _debt,
                and_(
                    _debt.c.customer_id == notes.c.customer_id,
                    _debt.c.currency == notes.c.currency,
                    _debt.c.kind.not_in(_CREDITS),
                ),
            ).join(
                _part,
                and_(
                    _part.c.item_id == _debt.c.id,
                    _part.c.settled_on == notes.c.settled_on,
                    _part.c.amount_minor == notes.c.minor,
                    func.coalesce(_part.c.payment_id, _NOBODY) == _NOBODY,
                ),
            )
        )
        .subquery("met")
    )
    return select(met.c.id).where(met.c.place <= met.c.notes)


def by_money(taken: Select[tuple[int]]) -> ColumnElement[bool]:
    """Say in SQL that no credit note took it: money settled it."""
    return settlement.c.id.not_in(taken)


TAKEN = _taken(_notes())
"""What the credit notes of everybody took."""
TAKEN_OF_SOME = _taken(_notes(MINE))
"""What those of the portfolios took that a statement asks for."""
TAKEN_OF_ONE = _taken(_notes(_note.c.customer_id == bindparam("customer")))
"""What those of the customer took that a statement asks for."""
