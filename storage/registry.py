"""Companies and establishments as the public register states them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, bindparam, select

from storage.stated import Stated, Statement, Values
from storage.tables import customer, registry_unit
from storage.work import Work

AT_ONCE = 500
_TAKE = Statement(
    registry_unit,
    by="siren",
    keys=("siren", "siret"),
    rest=("active", "changed_on", "naf", "address", "stated_on"),
)
_OF = select(registry_unit).where(registry_unit.c.siren.in_(bindparam("sirens", expanding=True)))
_OWNERS = select(customer.c.id, customer.c.siren).where(customer.c.siren.is_not(None))


def take(work: Work, rows: Iterable[Values]) -> Stated:
    """Write the units of a file."""
    return _TAKE.take(work, rows)


def of(work: Work, sirens: Iterable[str]) -> dict[str, list[Row[Any]]]:
    """Read the units of these companies, by SIREN."""
    wanted = sorted(sirens)
    found: dict[str, list[Row[Any]]] = {}
    for start in range(0, len(wanted), AT_ONCE):
        for row in work.all(_OF, {"sirens": wanted[start : start + AT_ONCE]}):
            found.setdefault(row.siren, []).append(row)
    return found


def customers_by_siren(work: Work) -> dict[str, list[int]]:
    """Return whose accounts each SIREN of the book is: several may share one."""
    found: dict[str, list[int]] = {}
    for row in work.all(_OWNERS):
        found.setdefault(row.siren, []).append(row.id)
    return found
