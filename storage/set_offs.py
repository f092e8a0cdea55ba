"""Parts of a debt that a credit note took: nobody paid them, early or late."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Subquery, and_, bindparam, literal_column, or_, select

from storage.scope import MINE
from storage.tables import customer, item, settlement

_note, _its = item.alias("note"), settlement.alias("its")
_SINCE = bindparam("since", type_=settlement.c.settled_on.type)


def _notes(*known: ColumnElement[bool]) -> Subquery:
    """Read the credit notes that were set off from the day `since` on: whose, when, how much."""
    return (
        select(
            _note.c.customer_id,
            _note.c.currency,
            _its.c.settled_on,
            (-_its.c.amount_minor).label("minor"),
        )
        .select_from(
            _its.join(_note, _note.c.id == _its.c.item_id).join(
                customer, customer.c.id == _note.c.customer_id
            )
        )
        .where(
            _note.c.kind == literal_column("'credit_note'"),
            _its.c.amount_minor < literal_column("0"),
            _its.c.settled_on >= _SINCE,
            *known,
        )
        .distinct()
        .subquery("set_off")
    )


NOTES = _notes()
"""The credit notes of everybody."""
NOTES_OF_SOME = _notes(MINE)
"""Those of the portfolios that a statement asks for."""
NOTES_OF_ONE = _notes(_note.c.customer_id == bindparam("customer"))
"""Those of the customer that a statement asks for."""


def explains(found: Subquery) -> ColumnElement[bool]:
    """Say in SQL that a credit note went with a settlement: same customer, day and amount."""
    return and_(
        found.c.customer_id == item.c.customer_id,
        found.c.currency == item.c.currency,
        found.c.settled_on == settlement.c.settled_on,
        found.c.minor == settlement.c.amount_minor,
    )


def by_money(found: Subquery) -> ColumnElement[bool]:
    """Say in SQL that money settled it: a payment is known, or no credit note explains it."""
    return or_(settlement.c.payment_id.is_not(None), found.c.customer_id.is_(None))
