"""What the clock does about alerts: managers hear of unanswered ones, snoozed ones come back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.alerts.routing import Because, escalation, recipients
from bot.use_cases.alert_posting import post_card
from bot.use_cases.alerts import working_later
from credit.calendar import next_open
from credit.levels import Level
from credit.people import may_see
from storage import alerts, customers, people
from storage.events import Origin, record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.people import Person
    from storage.alerts import Known
    from storage.work import Work


def unanswered(work: Work, now: Moment) -> bool:
    """Tell whether nobody answered an alert in time, so that nothing is written in vain."""
    return bool(alerts.unanswered(work, now.at, 1))


def waking(work: Work, now: Moment) -> list[int]:
    """Name the customers whose alert is to come back, the longest due first."""
    return alerts.waking(work, now.at)


def escalate_unanswered(work: Work, origin: Origin, rules: Rules, most: int = alerts.ALL) -> int:
    """Tell the managers of the alerts nobody answered in time, so many; return how many."""
    rows = alerts.unanswered(work, origin.at.at, most)
    for row in rows:
        known = alerts.of(work, row.customer_id)
        if known is None or not alerts.escalated(work, row.customer_id, origin.at.at):
            continue
        when = next_open(origin.at, rules.calendar, rules.policy.hours.push)
        for one in escalation(row.rep_code, people.around(work, row.rep_code)):
            because = one.because.value
            post_card(work, origin, known, one.person, rules, because=because, when=when)
        record(work, origin, "alert.escalated", {"level": known.level}, row.customer_id)
    return len(rows)


def wake_snoozed(work: Work, origin: Origin, rules: Rules, some: Sequence[int]) -> int:
    """Bring back those of these customers whose snooze is over, each to who put it off.

    Return how many.
    """
    alerts.hold(work, some)  # who was answered while we waited for it is no longer one of them
    woken = alerts.waking_of(work, some, origin.at.at)
    for customer_id in woken:
        known = alerts.of(work, customer_id)
        if known is None:
            continue
        days = rules.policy.escalation.unanswered_working_days
        awake = replace(
            known,
            state=alerts.RAISED,
            snoozed_until=None,
            answer_by=working_later(origin.at, days, rules),
            escalated_at=None,
            version=known.version + 1,
        )
        alerts.save(work, awake)
        when = next_open(origin.at, rules.calendar, rules.policy.hours.push)
        for person, because in _concerned(work, known):
            post_card(work, origin, awake, person, rules, because=because, when=when)
    return len(woken)


def _concerned(work: Work, known: Known) -> list[tuple[Person, str]]:
    """Name who had put it off, or who hears of the account now that he sees it no more."""
    _, code = customers.owner(work, known.customer_id)
    person = people.by_id(work, known.answered_by) if known.answered_by else None
    if person is not None and may_see(person, code):
        return [(person, Because.SNOOZE_OVER.value)]
    found = recipients(code, people.around(work, code), level=Level(known.level))
    return [(one.person, one.because.value) for one in found]
