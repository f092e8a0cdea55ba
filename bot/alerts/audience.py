"""The audience of a broadcast: to whom a message written once is sent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from credit.people import Role


class AudienceKind(StrEnum):
    """Groups that a credit manager can write to."""

    REPS = "reps"
    MANAGERS = "managers"
    TEAM = "team"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Audience:
    """A group; a team is named by its sales manager's id."""

    kind: AudienceKind
    manager: int | None = None


ROLES: Final = MappingProxyType(
    {
        AudienceKind.REPS: frozenset({Role.REP}),
        AudienceKind.MANAGERS: frozenset({Role.SALES_MANAGER, Role.CREDIT_MANAGER}),
        AudienceKind.EVERYONE: frozenset(Role),
    }
)
"""Who is in a group; a team is no matter of roles alone."""
