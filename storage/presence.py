"""Which kinds of rows there are at all: what nobody has is looked for at nobody's."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import exists, literal_column, select

from storage.tables import (
    contact_record,
    dispute,
    item,
    notice,
    observation,
    payment,
    promise,
    registry_unit,
    sales_order,
    settlement,
    sign,
)
from storage.work import Work


class Present(NamedTuple):
    """Whether anybody has a row of a kind, of whatever day and state."""

    payments: bool
    settlements: bool
    credit_notes: bool
    promises: bool
    disputes: bool
    contacts: bool
    observations: bool
    orders: bool
    signs: bool  # known by the customer, or by his SIREN
    company_signs: bool  # known by the SIREN
    notices: bool
    units: bool

    @property
    def public(self) -> bool:
        """Tell whether anything is published about anybody's company."""
        return self.notices or self.units or self.company_signs


# In the order of `Present`. Each stops at the first row that it meets.
_PRESENT = select(
    exists(select(payment.c.id)),
    exists(select(settlement.c.id)),
    exists(select(item.c.id).where(literal_column("kind = 'credit_note'"))),  # as its index has it
    exists(select(promise.c.id)),
    exists(select(dispute.c.id)),
    exists(select(contact_record.c.id)),
    exists(select(observation.c.id)),
    exists(select(sales_order.c.id)),
    exists(select(sign.c.id)),
    exists(select(sign.c.id).where(sign.c.siren.is_not(None))),
    exists(select(notice.c.id)),
    exists(select(registry_unit.c.siren)),
)


def read(work: Work) -> Present:
    """Ask once for what would be asked of one piece of customers after the other."""
    return Present(*map(bool, work.all(_PRESENT)[0]))
