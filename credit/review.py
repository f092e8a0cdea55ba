"""Reviews of customers: when one is due, and that a class rises at a review only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from credit.risk_class import ClassRule, RiskClass
from credit.terms import add_months

ORDER = tuple(RiskClass)


def review_on(risk: RiskClass, decided_on: date, classes: Mapping[RiskClass, ClassRule]) -> date:
    """Return when the class is looked at again; the same day when each order calls for it.

    Handbook 5.4: A 12 months, B 6, C 3, D 1, E each order.
    """
    return add_months(decided_on, classes[risk].review_months)


def is_worse(one: RiskClass, than: RiskClass) -> bool:
    """Tell whether a class is weaker than another."""
    return ORDER.index(one) > ORDER.index(than)


def allowed(found: RiskClass, in_force: RiskClass | None, *, due: bool) -> RiskClass:
    """Return the class to propose: down at once, up when the review is due (handbook 5.4)."""
    if in_force is None or due or is_worse(found, in_force):
        return found
    return in_force
