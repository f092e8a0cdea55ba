"""What is not told to everybody who sees an account: rumours are the credit manager's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from credit.people import Role

if TYPE_CHECKING:
    from credit.people import Person
    from credit.policy import Policy
    from storage.alerts import Known

KNOWS_ALL = frozenset({Role.CREDIT_MANAGER, Role.ADMIN})
Plain = Mapping[str, Any]


def told(signals: Sequence[Plain], policy: Policy) -> list[Plain]:
    """Leave out the signals that lists name to nobody (handbook 4.4: T23)."""
    return [one for one in signals if one["id"] not in policy.signals.field.private]


def told_to(person: Person, signals: Sequence[Plain], policy: Policy) -> list[Plain]:
    """Leave out what this reader is not told; its points stay in the light."""
    return list(signals) if person.role in KNOWS_ALL else told(signals, policy)


def seen_by(person: Person, known: Known, policy: Policy) -> Known:
    """Return an alert as this reader may see it."""
    signals = told_to(person, known.signals, policy)
    return known if len(signals) == len(known.signals) else replace(known, signals=signals)
