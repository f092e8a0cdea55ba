"""Whom a letter goes to: the debtor's SIREN and address, from whatever says them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.use_cases.opening_answers import text_of
from credit.account_opening import SEAT
from storage import openings, registry

if TYPE_CHECKING:
    from storage.customers import Customer
    from storage.work import Work


@dataclass(frozen=True, slots=True)
class Addressee:
    """The debtor as a letter names him; "": nothing says it."""

    siren: str
    address: str


def addressee(work: Work, customer: Customer) -> Addressee:
    """Find the SIREN and the address: in the book, else his accepted file, else the register.

    A file that names another company than the book does is not looked at.
    """
    siren, address = customer.siren or "", customer.address or ""
    if not (siren and address):
        opened = openings.of_customer(work, customer.siren, customer.code)
        if opened is not None and opened.state == openings.ACCEPTED:
            siren = siren or opened.siren or ""
            if opened.siren in {None, siren}:
                address = address or text_of(openings.answers(work, opened.id), SEAT)
    if siren and not address:
        address = _registered(work, siren)
    return Addressee(siren, address)


def _registered(work: Work, siren: str) -> str:
    """Return the address that the public register has of the company itself."""
    units = registry.of(work, [siren]).get(siren, [])
    return next((unit.address for unit in units if not unit.siret and unit.address), "")
