"""What a person does about an alert: takes charge, hides it for a while, says it is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from bot.use_cases.alerts import refresh_cards
from bot.use_cases.refusals import NotYours, Outdated
from credit.calendar import next_open
from credit.moment import Moment
from storage import alerts
from storage.alerts import Known
from storage.events import Origin, record

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from storage.work import Work


def take_charge(work: Work, origin: Origin, person: Person, customer_id: int) -> Known:
    """Say that somebody takes care of it: nobody else is told until it worsens.

    Who says so again, having heard nothing the first time, says nothing new.
    """
    if alerts.answered(work, customer_id) == (alerts.ACKNOWLEDGED, person.id):
        known = alerts.of(work, customer_id)
        if known is not None:
            return known
    return _answered(work, origin, person, customer_id, alerts.ACKNOWLEDGED)


def give_back(
    work: Work, origin: Origin, person: Person, customer_id: int, answer_by: datetime | None
) -> None:
    """Undo that a person took charge: the alert waits again, until when it waited before.

    What he or a colleague has said of it since stays.
    """
    known = alerts.of(work, customer_id)
    if known is None or (known.state, known.answered_by) != (alerts.ACKNOWLEDGED, person.id):
        return
    version = known.version + 1
    waits = replace(
        known, state=alerts.RAISED, answered_by=None, answer_by=answer_by, version=version
    )
    alerts.save(work, waits)
    refresh_cards(work, origin, customer_id, version)


def snooze(
    work: Work, origin: Origin, person: Person, customer_id: int, until: date, rules: Rules
) -> Known:
    """Hide the alert until the morning of a day; a rise of level still comes through."""
    morning = datetime.combine(until, time(0), tzinfo=origin.at.zone)
    wake = next_open(
        Moment(morning.astimezone(UTC), origin.at.zone), rules.calendar, rules.policy.hours.push
    )
    return _answered(work, origin, person, customer_id, alerts.SNOOZED, until=wake)


def dismiss(
    work: Work, origin: Origin, person: Person, customer_id: int, why: str, note: str = ""
) -> Known:
    """Close the alert as not relevant, and keep the word for the rules that fired."""
    known = alerts.of(work, customer_id)
    if known is not None:
        fired = [str(one["id"]) for one in known.signals]
        alerts.feedback(work, customer_id, person.id, fired, why, origin.at.at)
    return _answered(work, origin, person, customer_id, alerts.DISMISSED, why=why, note=note)


def _answered(
    work: Work,
    origin: Origin,
    person: Person,
    customer_id: int,
    state: str,
    *,
    until: datetime | None = None,
    why: str | None = None,
    note: str = "",
) -> Known:
    known = alerts.answer(work, customer_id, state, person.id, origin.at.at, until, why)
    if known is None:
        raise Outdated if alerts.of(work, customer_id) else NotYours
    data: dict[str, Any] = {"level": known.level}
    data |= {"until": until.isoformat()} if until else {}
    data |= {"reason": why} if why else {}
    data |= {"note": note} if note else {}
    record(work, origin, f"alert.{state}", data, customer_id)
    refresh_cards(work, origin, customer_id, known.version)
    return known
