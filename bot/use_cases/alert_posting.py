"""Alert cards on their way to people: one rings, too many at once are told together.

Nothing is dropped: what does not ring by itself waits in the database for one message that
names it (features D6). A frozen account, and what its reader has put off himself, always ring.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.alerts.routing import Because
from bot.use_cases import telling
from credit.calendar import next_in_windows, next_open
from credit.levels import Level
from credit.moment import Moment
from credit.people import Pace, may_see
from storage import alert_volume, alerts, people

if TYPE_CHECKING:
    from datetime import datetime

    from bot.use_cases.rules import Rules
    from credit.people import Person
    from storage.alerts import Known, Stored
    from storage.events import Origin
    from storage.work import Work

LOST_AFTER: Final = timedelta(minutes=10)
"""What was to be told so long ago, and is nowhere on its way, is told again."""


def post_card(
    work: Work,
    origin: Origin,
    known: Known | Stored,
    person: Person,
    rules: Rules,
    *,
    because: str,
    when: datetime,
    first: bool = False,
) -> None:
    """Put an account's card in the outbox as facts, or among what is told together.

    News that waited for the same reader (over a weekend) is overtaken: he is rung once, and
    it counts once. `first`: this is the first of all, so nothing waits.
    """
    if person.telegram_id is None:
        return
    counted = False
    if not first:
        counted = alerts.overtake(work, known.customer_id, person.id) > 0
        alert_volume.leave(work, person.id, known.customer_id)
    if counted or _rings(work, person, known.level, because, when, rules):
        _ring(work, origin, known, person, because=because, when=when)
    elif person.pace is not Pace.DIGEST:
        alert_volume.keep(work, person.id, known.customer_id, origin.at.at)
        urgent = known.level >= Level.RED_ALERT
        _gather(work, origin, person, when, rules, urgent=urgent)


def _rings(
    work: Work, person: Person, level: int, because: str, when: datetime, rules: Rules
) -> bool:
    if level >= Level.FROZEN or because == Because.SNOOZE_OVER:
        return True
    if person.pace is not Pace.NOW and level < Level.RED_ALERT:
        return False
    return alert_volume.rings(work, person.id, when, rules.policy.volume.cards_an_hour)


def _ring(
    work: Work,
    origin: Origin,
    known: Known | Stored,
    person: Person,
    *,
    because: str,
    when: datetime,
) -> None:
    telling.tell(
        work,
        origin.at,
        person,
        alerts.NEWS,
        {"customer_id": known.customer_id, "because": because, "news": True},
        dedupe=f"{alerts.news_key(known.customer_id, person.id)}{because}:{known.version}",
        not_before=when,
    )


def _gather(
    work: Work, origin: Origin, person: Person, when: datetime, rules: Rules, *, urgent: bool
) -> None:
    """See to it that a message will tell what was gathered; one that comes in time is enough."""
    last = alert_volume.gather_at(work, person.id)
    then = _next(person, when, None if urgent else last, origin.at, rules, urgent=urgent)
    is_to_come = last is not None and last > max(when, origin.at.at)
    if last is None or not is_to_come or then < last:
        _tell(work, origin, person, then)


def _next(
    person: Person,
    when: datetime,
    last: datetime | None,
    now: Moment,
    rules: Rules,
    *,
    urgent: bool,
) -> datetime:
    """Choose when: minutes later, an hour after the last time, or at the reader's next hour."""
    volume = rules.policy.volume
    then = when + timedelta(minutes=volume.gather_minutes)
    if last is not None:
        then = max(then, last + alert_volume.SPAN)
    moment = Moment(then, now.zone)
    if person.pace is Pace.TWICE and not urgent:
        return next_in_windows(moment, rules.calendar, volume.twice)
    return next_open(moment, rules.calendar, rules.policy.hours.push)


def _tell(work: Work, origin: Origin, person: Person, then: datetime) -> None:
    alert_volume.set_gather_at(work, person.id, then)
    telling.tell(
        work,
        origin.at,
        person,
        alert_volume.GATHERED,
        {},
        dedupe=f"{alert_volume.GATHERED}:{person.id}:{then.isoformat()}",
        not_before=then,
    )


def seen_by(work: Work, person: Person) -> list[Any]:
    """Read the alerts that wait for a person and are still his to see, the gravest first."""
    rows = alert_volume.waiting(work, person.id)
    return [row for row in rows if may_see(person, row.rep_code)]


def lost(work: Work, now: Moment, most: int = alerts.ALL) -> list[int]:
    """Name the people who were to be told long ago, and to whom nothing is on its way."""
    return alert_volume.untold(work, now.at - LOST_AFTER, most)


def tell_again(work: Work, origin: Origin, rules: Rules, most: int = alerts.ALL) -> int:
    """Tell so many people what was gathered while their message was being written.

    Return how many there were; who has nothing left to hear of is one of them.
    """
    found = lost(work, origin.at, most)
    for person_id in found:
        alert_volume.sweep(work, person_id)
        person = people.by_id(work, person_id)
        if person is None or not person.active or not seen_by(work, person):
            _forget(work, person_id)
            continue
        then = next_open(origin.at, rules.calendar, rules.policy.hours.push)
        _tell(work, origin, person, then)
    return len(found)


def _forget(work: Work, person_id: int) -> None:
    for row in alert_volume.waiting(work, person_id):
        alert_volume.leave(work, person_id, row.customer_id)
