"""Early warning: look at accounts, remember what changed, tell who must know, take answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.alerts.changes import Change, ChangeKind, KnownAlert, compare
from bot.alerts.evaluation import Assessment, evaluate
from bot.alerts.routing import deliver_at, recipients
from bot.use_cases.figures import account_figures
from bot.use_cases.signals import plain
from credit.calendar import next_open
from credit.levels import Level
from credit.moment import Moment
from storage import alerts, customers, outbox, people
from storage.alerts import Known
from storage.events import Origin, record

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from storage.work import Work

ALERT = alerts.NEWS


@dataclass(frozen=True, slots=True)
class Looked:
    """One account that was looked at, and how it moved."""

    customer_id: int
    assessment: Assessment
    change: Change


@dataclass(slots=True)
class ScanReport:
    """What a look over many accounts found: how many moved which way."""

    raised: int = 0
    worsened: int = 0
    eased: int = 0
    cleared: int = 0
    unchanged: int = 0
    pushed: int = 0
    accounts: list[Looked] = field(default_factory=list)


def scan(
    work: Work,
    origin: Origin,
    customer_ids: Iterable[int],
    rules: Rules,
    *,
    tell: bool = True,
) -> ScanReport:
    """Run the rules on these customers and remember what changed; `tell` posts the cards."""
    report = ScanReport()
    known_people = people.active(work) if tell else []
    for customer_id in customer_ids:
        looked = look(work, customer_id, origin.at, rules)
        if looked is None:
            continue
        kind = looked.change.kind.value
        setattr(report, kind, getattr(report, kind) + 1)
        report.accounts.append(looked)
        report.pushed += _keep(work, origin, looked, known_people, rules, tell=tell)
    return report


def look(work: Work, customer_id: int, now: Moment, rules: Rules) -> Looked | None:
    """Assess one account and compare it with what is remembered; nothing is written."""
    figures = account_figures(work, customer_id, now, rules)
    if figures is None:
        return None
    assessment = evaluate(figures, rules.policy)
    before = alerts.of(work, customer_id)
    change = compare(_before(before), assessment, now.at, rules.policy.levels)
    return Looked(customer_id, assessment, change)


def _before(known: Known | None) -> KnownAlert | None:
    if known is None:
        return None
    return KnownAlert(
        level=Level(known.level),
        points={str(one["id"]): int(one["points"]) for one in known.signals},
        pushed_level=Level(known.pushed_level),
        pushed_at=known.pushed_at,
        quiet_until=known.snoozed_until,
    )


def _keep(
    work: Work,
    origin: Origin,
    looked: Looked,
    known_people: Iterable[Person],
    rules: Rules,
    *,
    tell: bool,
) -> bool:
    """Write what changed and post the cards; tell whether somebody is pushed."""
    before = alerts.of(work, looked.customer_id)
    if before is None and not looked.assessment.level:
        return False
    told = tell and looked.change.push
    after = _after(before, looked, origin.at, told=told, rules=rules)
    if before is not None and _same(before, after) and not told:
        return False
    alerts.save(work, after)
    if looked.change.kind is not ChangeKind.UNCHANGED:
        data = {"level": after.level, "points": after.points}
        record(work, origin, f"alert.{looked.change.kind.value}", data, looked.customer_id)
    if told:
        _push(work, origin, after, known_people, rules)
    elif tell:
        refresh_cards(work, origin, looked.customer_id, after.version)
    return told


def _same(before: Known, after: Known) -> bool:
    return (before.level, before.signals, before.lights) == (
        after.level,
        after.signals,
        after.lights,
    )


def _after(before: Known | None, looked: Looked, now: Moment, *, told: bool, rules: Rules) -> Known:
    assessment = looked.assessment
    level = int(assessment.level)
    fresh = before is None or before.state == alerts.CLEARED
    due = deliver_at(now, rules.calendar, rules.policy.hours.push, assessment.level)
    known = Known(
        customer_id=looked.customer_id,
        level=level,
        state=_state(before, level, told=told),
        lights={family.value: light.value for family, light in assessment.lights.items()},
        signals=[plain(signal) for signal in assessment.signals],
        action=assessment.suggested_action and assessment.suggested_action.value,
        points=assessment.points,
        version=before.version + 1 if before else 1,
        raised_at=now.at if fresh or before is None else before.raised_at,
        changed_at=now.at,
        pushed_level=level if told else (before.pushed_level if before else 0),
        pushed_at=due if told else (before.pushed_at if before else None),
        answer_by=before.answer_by if before and level else None,
        escalated_at=before.escalated_at if before and level else None,
        snoozed_until=before.snoozed_until if before and level else None,
        answered_by=before.answered_by if before and level else None,
        dismissal=before.dismissal if before and level else None,
    )
    if not told:
        return known
    days = rules.policy.escalation.unanswered_working_days
    answer_by = working_later(Moment(due, now.zone), days, rules)
    return replace(known, answer_by=answer_by, escalated_at=None, snoozed_until=None)


def _state(before: Known | None, level: int, *, told: bool) -> str:
    if not level:
        return alerts.CLEARED
    if told or before is None or before.state == alerts.CLEARED:
        return alerts.RAISED
    return before.state


def working_later(moment: Moment, days: int, rules: Rules) -> datetime:
    """Return the same time of day so many working days later, within working hours."""
    day = rules.calendar.add_working(moment.today, days)
    later = datetime.combine(day, moment.local.time(), tzinfo=moment.zone)
    return next_open(
        Moment(later.astimezone(UTC), moment.zone), rules.calendar, rules.policy.hours.push
    )


def _push(
    work: Work, origin: Origin, after: Known, known_people: Iterable[Person], rules: Rules
) -> None:
    """Post the card to whoever must know, within working hours: deferred, never dropped."""
    _, rep_code = customers.owner(work, after.customer_id)
    level = Level(after.level)
    when = deliver_at(origin.at, rules.calendar, rules.policy.hours.push, level)
    for one in recipients(rep_code, known_people, level=level):
        post_card(work, origin, after, one.person, because=one.because.value, when=when)


def post_card(
    work: Work,
    origin: Origin,
    known: Known,
    person: Person,
    *,
    because: str,
    when: datetime,
) -> None:
    """Put an account's card in the outbox as facts: it tells the figures of its sending.

    News that waited for the same reader (over a weekend) is overtaken: he is rung once.
    """
    if person.telegram_id is None:
        return
    alerts.overtake(work, known.customer_id, person.id)
    outbox.post(
        work,
        kind=ALERT,
        person_id=person.id,
        chat_id=person.telegram_id,
        body={"customer_id": known.customer_id, "because": because, "news": True},
        priority=outbox.Priority.ALERT,
        at=origin.at,
        not_before=when,
        dedupe=f"{alerts.news_key(known.customer_id, person.id)}{because}:{known.version}",
        ready=False,
    )


def refresh_cards(work: Work, origin: Origin, customer_id: int, version: int) -> None:
    """Bring the cards that people already have up to date, in place and without a sound."""
    for row in alerts.cards(work, customer_id):
        outbox.post(
            work,
            kind=ALERT,
            person_id=row.person_id,
            chat_id=row.telegram_id,
            body={"customer_id": customer_id, "because": "", "news": False},
            priority=outbox.Priority.ALERT,
            at=origin.at,
            dedupe=f"refresh:{customer_id}:{row.person_id}:{version}",
            ready=False,
        )
