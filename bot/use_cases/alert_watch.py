"""What the clock does about alerts: managers hear of unanswered ones, snoozed ones come back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.alerts.routing import escalation
from bot.use_cases.alert_posting import SNOOZE_OVER, post_card
from bot.use_cases.alerts import working_later
from credit.calendar import next_open
from storage import alerts, people
from storage.events import Origin, record

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from storage.work import Work


def anything(work: Work, now: Moment) -> bool:
    """Tell whether an alert waits for the clock, so that nothing is written in vain."""
    return bool(alerts.unanswered(work, now.at) or alerts.waking(work, now.at))


def escalate_unanswered(work: Work, origin: Origin, rules: Rules) -> int:
    """Tell the managers of the alerts nobody answered in time; return how many alerts."""
    rows = alerts.unanswered(work, origin.at.at)
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


def wake_snoozed(work: Work, origin: Origin, rules: Rules) -> int:
    """Bring back the alerts whose snooze is over, to the person who had hidden them."""
    alerts.hold(work, alerts.waking(work, origin.at.at))
    woken = alerts.waking(work, origin.at.at)  # but who was answered while we waited for it
    for customer_id in woken:
        known = alerts.of(work, customer_id)
        if known is None or known.answered_by is None:
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
        person = people.by_id(work, known.answered_by)
        if person is not None and person.active:
            when = next_open(origin.at, rules.calendar, rules.policy.hours.push)
            post_card(work, origin, awake, person, rules, because=SNOOZE_OVER, when=when)
    return len(woken)
