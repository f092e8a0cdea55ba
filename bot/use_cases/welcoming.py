"""What a newcomer finds: the alerts raised on his portfolio before he came in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.alerts.routing import Because, deliver_at
from bot.use_cases.alert_posting import post_card
from credit.levels import Level
from credit.people import Role
from storage import alerts, portfolio

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from storage.events import Origin
    from storage.work import Work


def hand_over_alerts(work: Work, origin: Origin, person: Person, rules: Rules) -> int:
    """Post a new rep the cards raised before he came, the gravest first; return how many.

    Within working hours, and no more at once than for anybody.
    """
    if person.role is not Role.REP:
        return 0
    waiting = raised(work, person, rules)
    for customer_id in waiting:
        known = alerts.of(work, customer_id)
        if known is not None:
            level = Level(known.level)
            when = deliver_at(origin.at, rules.calendar, rules.policy.hours.push, level)
            because = Because.OWNER.value
            post_card(work, origin, known, person, rules, because=because, when=when)
    return len(waiting)


def raised(work: Work, person: Person, rules: Rules) -> list[int]:
    """Name his accounts with an alert that rings and that nobody has answered, gravest first."""
    least = rules.policy.levels.push_from_level
    rows = portfolio.lit(work, person.codes)
    return [row.customer_id for row in rows if row.state == alerts.RAISED and row.level >= least]
