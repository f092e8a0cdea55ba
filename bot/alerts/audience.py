"""The audience of a broadcast: to whom a message written once is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from credit.people import Person, Role


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


def members(audience: Audience, people: Iterable[Person], author: int) -> tuple[Person, ...]:
    """Name the reachable people of the audience, the author left out, in order of name.

    An unknown sales manager has no team.
    """
    active = [person for person in people if person.active]
    manager = next((one for one in active if one.id == audience.manager), None)
    chosen = [
        person
        for person in active
        if person.telegram_id is not None and person.id != author
        if _belongs(person, audience.kind, manager)
    ]
    return tuple(sorted(chosen, key=lambda person: (person.name, person.id)))


def _belongs(person: Person, kind: AudienceKind, manager: Person | None) -> bool:
    if kind is AudienceKind.REPS:
        return person.role is Role.REP
    if kind is AudienceKind.MANAGERS:
        return person.role in {Role.SALES_MANAGER, Role.CREDIT_MANAGER}
    if kind is AudienceKind.TEAM:
        return manager is not None and (person is manager or _in_team(person, manager))
    return True


def _in_team(person: Person, manager: Person) -> bool:
    """Tell whether a rep shares a code with the manager, or the manager has everybody."""
    if person.role is not Role.REP or manager.role is not Role.SALES_MANAGER:
        return False
    return not manager.codes or bool(person.codes & manager.codes)
