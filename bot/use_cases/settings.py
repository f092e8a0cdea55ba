"""What each person decides for himself: how soon he hears of alerts, when his digest comes."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Final

from bot.use_cases.refusals import Outdated
from credit.people import Pace
from storage import people
from storage.events import record

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from storage.events import Origin
    from storage.work import Work

OFFERED: Final = (time(7, 45), time(8, 30), time(9, 30), time(11, 0))
"""Hours of the digest that are offered, as far as colleagues may be disturbed at them."""


def hours(person: Person, rules: Rules) -> list[time]:
    """Return the hours to choose from, the present one among them."""
    open_at = [one for one in OFFERED if rules.policy.hours.push.holds(one)]
    return sorted({*open_at, person.digest_at})


def choose_pace(work: Work, origin: Origin, person: Person, pace: str) -> Pace:
    """Remember how soon a person hears of alerts; an unknown word is `Outdated`."""
    if pace not in set(Pace):
        raise Outdated
    chosen = Pace(pace)
    if chosen is not person.pace:
        people.set_pace(work, person.id, chosen)
        record(work, origin, "person.pace", {"pace": chosen.value})
    return chosen


def choose_digest(work: Work, origin: Origin, person: Person, minutes: int, rules: Rules) -> time:
    """Remember when a person's digest comes (minutes of the day); an hour not offered is refused.

    Raises `Outdated`.
    """
    found = [one for one in hours(person, rules) if 60 * one.hour + one.minute == minutes]
    if not found:
        raise Outdated
    if found[0] != person.digest_at:
        people.set_digest(work, person.id, found[0])
        record(work, origin, "person.digest", {"at": found[0].isoformat("minutes")})
    return found[0]
