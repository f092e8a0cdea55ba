"""Routing of an alert: who hears of it, why him, and when he may be disturbed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from credit.calendar import WorkingCalendar, WorkingHours, next_open
from credit.levels import Level
from credit.moment import Moment
from credit.people import Person, Role, may_see

NOBODY_AWAY: Mapping[int, int] = MappingProxyType({})


class Because(StrEnum):
    """Why somebody receives an alert."""

    OWNER = "owner"
    STAND_IN = "stand_in"
    NO_OWNER = "no_owner"
    RED_ALERT = "red_alert"
    ESCALATION = "escalation"
    SNOOZE_OVER = "snooze_over"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to tell, why, and whom he stands in for (a person's id)."""

    person: Person
    because: Because
    instead_of: int | None = None


def recipients(
    rep_code: str | None,
    people: Iterable[Person],
    *,
    level: Level = Level.ALERT,
    stand_ins: Mapping[int, int] = NOBODY_AWAY,
) -> tuple[Recipient, ...]:
    """Name who hears of an account: its reps or their stand-ins, else the credit managers.

    `stand_ins` maps an absent person's id to his stand-in's. From a red alert on, the credit
    managers hear of it too (handbook 4.3).
    """
    reachable = _reachable(people)
    by_id = {person.id: person for person in reachable}
    owners = [
        _stand_in(person, by_id, stand_ins)
        for person in reachable
        if person.role is Role.REP and may_see(person, rep_code)
    ]
    credit = _credit_managers(reachable)
    if not owners:
        return _once(Recipient(person, Because.NO_OWNER) for person in credit)
    watchers = credit if level >= Level.RED_ALERT else []
    return _once([*owners, *(Recipient(person, Because.RED_ALERT) for person in watchers)])


def escalation(rep_code: str | None, people: Iterable[Person]) -> tuple[Recipient, ...]:
    """Name who hears that nobody answered: the code's sales managers, else the credit managers.

    A sales manager of named codes comes before one who looks after all.
    """
    reachable = _reachable(people)
    managers = [
        person
        for person in reachable
        if person.role is Role.SALES_MANAGER and may_see(person, rep_code)
    ]
    own = [person for person in managers if person.codes]
    chosen = own or managers or _credit_managers(reachable)
    return _once(Recipient(person, Because.ESCALATION) for person in chosen)


def deliver_at(
    moment: Moment, calendar: WorkingCalendar, hours: WorkingHours, level: Level = Level.ALERT
) -> datetime:
    """Return the UTC instant of the push: within working hours, at once for a frozen account."""
    return moment.at if level is Level.FROZEN else next_open(moment, calendar, hours)


def _reachable(people: Iterable[Person]) -> list[Person]:
    return [person for person in people if person.active and person.telegram_id is not None]


def _credit_managers(reachable: Sequence[Person]) -> list[Person]:
    """Return the credit managers; an admin is the last resort, so that no alert is lost."""

    def having(role: Role) -> list[Person]:
        return [person for person in reachable if person.role is role]

    return having(Role.CREDIT_MANAGER) or having(Role.ADMIN)


def _stand_in(
    owner: Person, by_id: Mapping[int, Person], stand_ins: Mapping[int, int]
) -> Recipient:
    """Follow the chain of absences; a circle or an unreachable stand-in leaves it to the owner."""
    seen, person = {owner.id}, owner
    while person.id in stand_ins:
        found = by_id.get(stand_ins[person.id])
        if found is None or found.id in seen:
            return Recipient(owner, Because.OWNER)
        seen.add(found.id)
        person = found
    if person is owner:
        return Recipient(owner, Because.OWNER)
    return Recipient(person, Because.STAND_IN, instead_of=owner.id)


def _once(found: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """Keep each person once, for the first reason given."""
    kept: dict[int, Recipient] = {}
    for recipient in found:
        kept.setdefault(recipient.person.id, recipient)
    return tuple(kept.values())
