"""People who use Relance, and what their role lets each of them see and do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    """What a person is in the company (handbook 1)."""

    REP = "rep"
    SALES_MANAGER = "sales_manager"
    CREDIT_MANAGER = "credit_manager"
    ADMIN = "admin"


class Pace(StrEnum):
    """How soon a person wants to hear of alerts; red ones never wait (features D6)."""

    NOW = "now"
    TWICE = "twice"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody enrolled; `codes` are the rep codes of his portfolio or of his team."""

    id: int
    telegram_id: int | None
    name: str
    role: Role
    locale: str
    codes: frozenset[str]
    active: bool
    digest_at: time
    pace: Pace = Pace.NOW


INVITABLE: Final = MappingProxyType(
    {
        Role.REP: frozenset[Role](),
        Role.SALES_MANAGER: frozenset[Role](),
        Role.CREDIT_MANAGER: frozenset({Role.REP, Role.SALES_MANAGER, Role.CREDIT_MANAGER}),
        Role.ADMIN: frozenset(Role),
    }
)
"""Which roles each role may hand out or take back."""


def sees_everything(person: Person) -> bool:
    """Tell whether every portfolio is open to this person, whatever its code."""
    if person.role is Role.SALES_MANAGER:
        return person.active and not person.codes
    return person.active and person.role in {Role.CREDIT_MANAGER, Role.ADMIN}


def may_see(person: Person, rep_code: str | None) -> bool:
    """Tell whether the person may read an account of that portfolio (None: nobody's)."""
    return sees_everything(person) or (person.active and rep_code in person.codes)


def may_broadcast(person: Person) -> bool:
    """Tell whether the person may write to many colleagues at once."""
    return person.active and person.role in {Role.CREDIT_MANAGER, Role.ADMIN}


def may_invite(person: Person, role: Role) -> bool:
    """Tell whether the person may invite somebody into that role."""
    return person.active and role in INVITABLE[person.role]
