"""Early warning: look at accounts, remember what changed, tell who must know, take answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bot.alerts.changes import Change, ChangeKind, KnownAlert, compare
from bot.alerts.evaluation import Assessment, evaluate
from bot.alerts.figures import AccountFigures
from bot.alerts.routing import Recipient, deliver_at, recipients
from bot.use_cases import downgrades, freezing
from bot.use_cases.alert_posting import post_card
from bot.use_cases.collecting import uncollected
from bot.use_cases.figures import draw, drawing_of
from bot.use_cases.signals import written
from credit.calendar import next_open
from credit.levels import Family, Level, Light
from credit.moment import Moment
from storage import alerts, events, outbox, people
from storage.alerts import Stored
from storage.events import Origin, record_all
from storage.types import spelled

if TYPE_CHECKING:
    from bot.use_cases.figures import Drawing
    from bot.use_cases.rules import Rules
    from storage.work import Work

ALERT: Final = alerts.NEWS
LEVELS: Final = tuple(Level)
BOOK_CHANGED: Final = "import.done"
AT_ONCE: Final = 500
"""Accounts that are in memory at the same time."""


class Looked(NamedTuple):
    """One account that was looked at, how it moved, and what was remembered of it."""

    customer_id: int
    rep_code: str | None
    assessment: Assessment
    change: Change
    before: Stored | None
    lights: str  # both as they are stored
    signals: str

    @property
    def same(self) -> bool:
        """Tell whether all that is remembered is what was found."""
        before = self.before
        if before is None:
            return not self.assessment.level
        now = (int(self.assessment.level), self.signals, self.lights)
        return (before.level, before.signals, before.lights) == now


@dataclass(frozen=True, slots=True)
class Sight:
    """Some accounts as they looked when no event up to `event` was still to come.

    `looked` are those that are lit or were; the `quiet` ones are not, and nothing is
    remembered of them that would have to go.
    """

    event: int
    looked: Sequence[Looked]
    quiet: Sequence[int]


@dataclass(slots=True)
class ScanReport:
    """What a look over many accounts found: how many moved which way."""

    raised: int = 0
    worsened: int = 0
    eased: int = 0
    cleared: int = 0
    unchanged: int = 0
    pushed: int = 0

    @property
    def total(self) -> int:
        """Return how many accounts were looked at."""
        return self.raised + self.worsened + self.eased + self.cleared + self.unchanged

    def count(self, sight: Sight) -> None:
        """Add what was seen."""
        self.unchanged += len(sight.quiet)
        for kind, times in Counter(one.change.kind for one in sight.looked).items():
            setattr(self, kind.value, getattr(self, kind.value) + times)


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
    everybody = iter(customer_ids)
    drawing = drawing_of(work, origin.at, rules)
    while ids := list(islice(everybody, AT_ONCE)):
        with uncollected():
            _scan(work, origin, ids, drawing, report, tell=tell)
    return report


def _scan(
    work: Work,
    origin: Origin,
    ids: Sequence[int],
    drawing: Drawing,
    report: ScanReport,
    *,
    tell: bool,
) -> None:
    """Look at a piece of everybody; what was seen is gone when it is over."""
    if work.dialect == "postgresql":  # elsewhere nobody else writes meanwhile
        alerts.hold(work, ids)
    sight = _sight(work, ids, origin.at, drawing, events.latest(work))
    report.count(sight)
    looked = sorted(sight.looked, key=lambda one: one.customer_id)  # on any database
    report.pushed += keep(work, origin, looked, drawing.rules, tell=tell)


def look(work: Work, customer_ids: Sequence[int], now: Moment, rules: Rules) -> Sight:
    """Assess these accounts and compare them with what is remembered; nothing is written."""
    event = events.settled_now(work)
    with uncollected():
        return _sight(work, customer_ids, now, drawing_of(work, now, rules), event)


def clear(now: Moment, rules: Rules) -> Assessment:
    """Assess an account of which nothing is known: so do all quiet ones look."""
    return evaluate(AccountFigures(0, None, now.today, None, ()), rules.policy)


def keep_seen(work: Work, origin: Origin, sight: Sight, rules: Rules) -> list[Looked]:
    """Write what was seen in an earlier snapshot, and post the cards.

    Who was touched since is looked at again. Returns how the accounts look now.
    """
    looked = {one.customer_id: one for one in sight.looked}
    stale = _stale(work, sight.event, looked)
    if stale:
        again = look(work, stale, origin.at, rules)
        for one in stale:
            del looked[one]
        looked.update((one.customer_id, one) for one in again.looked)
    keep(work, origin, looked.values(), rules, tell=True)
    return list(looked.values())


def _stale(work: Work, event: int, looked: Mapping[int, Looked]) -> list[int]:
    """Return whose account somebody or something touched since that event."""
    happened = events.since(work, event)
    if any(kind == BOOK_CHANGED for _, kind in happened):
        return sorted(looked)
    touched = looked.keys() & {one for one, _ in happened}
    at = alerts.hold(work, looked)
    return sorted(
        one
        for one, seen in looked.items()
        if one in touched or at.get(one) != (seen.before and seen.before.version)
    )


def _sight(work: Work, ids: Sequence[int], now: Moment, drawing: Drawing, event: int) -> Sight:
    known = alerts.stored(work, ids)
    lit = {one for one, before in known.items() if before.level}
    found = draw(work, ids, drawing, loud=lit)
    looked = []
    for one in found.figures:
        assessment = evaluate(one, drawing.rules.policy)
        before = known.get(one.customer)
        looked.append(_compared(one.rep_code, assessment, before, now, drawing.rules))
    return Sight(event, looked, found.quiet)


def _compared(
    rep_code: str | None, found: Assessment, before: Stored | None, now: Moment, rules: Rules
) -> Looked:
    signals = written(found.signals)
    lights = _lights("".join(found.lights.values()), found)
    change = compare(_known(before), found, now.at, rules.policy.levels)
    return Looked(found.customer, rep_code, found, change, before, lights, signals)


_SPELLED: Final[dict[str, str]] = {}


def _lights(key: str, found: Assessment) -> str:
    """Spell the lights; the few ways that they can stand are each spelled once."""
    if key not in _SPELLED:
        _SPELLED[key] = spelled({one.value: light.value for one, light in found.lights.items()})
    return _SPELLED[key]


def _known(before: Stored | None) -> KnownAlert | None:
    return before and KnownAlert(
        LEVELS[before.level],
        before.points,
        LEVELS[before.pushed_level],
        before.pushed_at,
        before.snoozed_until,
    )


def keep(work: Work, origin: Origin, looked: Iterable[Looked], rules: Rules, *, tell: bool) -> int:
    """Write what changed and post the cards; return how many accounts are pushed."""
    hours = _Hours(origin.at, rules)
    written = []
    for one in looked:
        told = tell and one.change.push
        if told or not one.same:
            written.append((one, _after(one, hours, told=told)))
    if not written:
        return 0
    alerts.save_all(work, [after for _, after in written])
    record_all(work, origin, _news(written))
    for one, _ in written:
        if one.assessment.lights[Family.PUBLIC] is Light.RED:
            freezing.follow_up(work, origin, one.rep_code, one.assessment, rules)
        if one.assessment.level >= Level.ALERT:
            before = one.before.signals if one.before else ""
            downgrades.follow_up(work, origin, one.assessment, before, rules)
    if not tell:
        return 0
    pushed = [both for both in written if both[0].change.push]
    if pushed:
        _push(work, origin, pushed, hours)
    kept = {after.customer_id: after.version for one, after in written if not one.change.push}
    for row in alerts.cards_of(work, kept) if kept else ():
        _refresh(work, origin, row, kept[row.customer_id])
    return len(pushed)


def _news(written: Iterable[tuple[Looked, Stored]]) -> Iterator[tuple[str, dict[str, Any], int]]:
    """Tell how those alerts moved that did; what is said of many is one value."""
    said: dict[tuple[int, int], dict[str, Any]] = {}
    for one, after in written:
        if one.change.kind is not ChangeKind.UNCHANGED:
            found = (after.level, after.points)
            if found not in said:
                said[found] = {"level": after.level, "points": after.points}
            yield _MOVED[one.change.kind], said[found], one.customer_id


_MOVED: Final = {kind: f"alert.{kind.value}" for kind in ChangeKind}


class _Hours:
    """When cards go out and answers are due, worked out once for each level."""

    def __init__(self, now: Moment, rules: Rules) -> None:
        self.now = now
        self.rules = rules
        self._due: dict[Level, tuple[datetime, datetime]] = {}

    def of(self, level: Level) -> tuple[datetime, datetime]:
        """Return when the card goes out, and by when it is to be answered."""
        if level not in self._due:
            rules, now = self.rules, self.now
            due = deliver_at(now, rules.calendar, rules.policy.hours.push, level)
            days = rules.policy.escalation.unanswered_working_days
            self._due[level] = (due, working_later(Moment(due, now.zone), days, rules))
        return self._due[level]


def _after(one: Looked, hours: _Hours, *, told: bool) -> Stored:
    assessment, before, now = one.assessment, one.before, hours.now.at
    level, action = int(assessment.level), assessment.suggested_action
    lit = before if level else None  # what was answered holds as long as something is lit
    after = Stored(
        customer_id=one.customer_id,
        level=level,
        state=_state(before, level, told=told),
        lights=one.lights,
        signals=one.signals,
        action=action and str(action),
        points=assessment.points,
        version=before.version + 1 if before else 1,
        raised_at=now if before is None or before.state == alerts.CLEARED else before.raised_at,
        changed_at=now,
        pushed_level=before.pushed_level if before else 0,
        pushed_at=before and before.pushed_at,
        answer_by=lit and lit.answer_by,
        escalated_at=lit and lit.escalated_at,
        snoozed_until=lit and lit.snoozed_until,
        answered_by=lit and lit.answered_by,
        dismissal=lit and lit.dismissal,
    )
    if not told:
        return after
    due, answer_by = hours.of(assessment.level)
    return after._replace(
        pushed_level=level,
        pushed_at=due,
        answer_by=answer_by,
        escalated_at=None,
        snoozed_until=None,
    )


def _state(before: Stored | None, level: int, *, told: bool) -> str:
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
    work: Work, origin: Origin, pushed: Iterable[tuple[Looked, Stored]], hours: _Hours
) -> None:
    """Post the cards to whoever must know, within working hours: deferred, never dropped."""
    told: dict[tuple[str | None, Level], tuple[Recipient, ...]] = {}
    for one, after in sorted(pushed, key=_gravity):
        level = one.assessment.level
        who = (one.rep_code, level)
        if who not in told:
            told[who] = recipients(one.rep_code, people.around(work, one.rep_code), level=level)
        when, _ = hours.of(level)
        for each in told[who]:
            because = each.because.value
            first = one.before is None
            post_card(
                work,
                origin,
                after,
                each.person,
                hours.rules,
                because=because,
                when=when,
                first=first,
            )


def _gravity(pushed: tuple[Looked, Stored]) -> tuple[int, int, int]:
    """Put the gravest first: it rings though there be too many."""
    after = pushed[1]
    return (-after.level, -after.points, after.customer_id)


def refresh_cards(work: Work, origin: Origin, customer_id: int, version: int) -> None:
    """Bring the cards that people already have up to date, in place and without a sound."""
    for row in alerts.cards(work, customer_id):
        _refresh(work, origin, row, version)


def _refresh(work: Work, origin: Origin, row: Any, version: int) -> None:  # noqa: ANN401 - a row
    outbox.post(
        work,
        kind=ALERT,
        person_id=row.person_id,
        chat_id=row.telegram_id,
        body={"customer_id": row.customer_id, "because": "", "news": False},
        priority=outbox.Priority.ALERT,
        at=origin.at,
        dedupe=f"refresh:{row.customer_id}:{row.person_id}:{version}",
        ready=False,
    )
