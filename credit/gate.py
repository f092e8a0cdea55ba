"""The gate before a call: every reason not to dial now, with its figures (handbook 7.1, 12.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from credit.calendar import WorkingCalendar, is_open, next_in_windows
from credit.moment import Moment
from credit.money import Money
from credit.policy import GatePolicy
from credit.receivable import ItemKind, OpenItem


class GateCode(StrEnum):
    """Why not to call."""

    INSOLVENCY = "insolvency"
    NOTHING_OVERDUE = "nothing_overdue"
    ALL_DISPUTED = "all_disputed"
    DISPUTE_REFUSED = "dispute_refused"
    PROMISE_RUNNING = "promise_running"
    PAID_UNMATCHED = "paid_unmatched"
    JUST_DUE = "just_due"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    TOO_MANY_CALLS_TODAY = "too_many_calls_today"
    TOO_MANY_CALLS_THIS_WEEK = "too_many_calls_this_week"
    DATA_TOO_OLD = "data_too_old"
    COLLEAGUE_CALLED = "colleague_called"
    OUTSIDE_HOURS = "outside_hours"


class GateSeverity(StrEnum):
    """Do not call, or call knowing this."""

    STOP = "stop"
    WARN = "warn"


GateDatum = int | str | date | datetime | timedelta | tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class GateReason:
    """One reason and the figures that show it, by name."""

    code: GateCode
    severity: GateSeverity
    data: Mapping[str, GateDatum]


@dataclass(frozen=True, slots=True)
class Position:
    """What is overdue in one currency, and what already speaks for it.

    `due_since` is the oldest due date of what neither a dispute nor a promise speaks for.
    """

    overdue: Money
    disputed: Money
    promised: Money
    unapplied_cash: Money
    credit_notes: Money
    promised_until: date | None
    due_since: date | None = None

    @property
    def undisputed(self) -> Money:
        """Return the overdue amount that nobody contests."""
        return self.overdue - self.disputed

    @property
    def unspoken(self) -> Money:
        """Return the overdue amount neither contested nor promised."""
        return self.undisputed - self.promised

    @property
    def received(self) -> Money:
        """Return credits that accounting has not matched yet, as a positive amount."""
        return self.unapplied_cash + self.credit_notes


@dataclass(frozen=True, slots=True)
class PastContact:
    """Somebody tried to reach the customer, and may have been answered."""

    at: datetime
    person_id: int
    name: str
    answered: bool


@dataclass(frozen=True, slots=True)
class GateFacts:
    """All that the gate looks at; `contacts` are those of the last seven days, by anybody.

    `resumes_on`: when dunning resumes after a refused dispute, as long as that day is ahead.
    """

    now: Moment
    reader_id: int
    positions: tuple[Position, ...]
    data_as_of: datetime | None
    contacts: tuple[PastContact, ...] = ()
    insolvent_since: date | None = None
    asked_to_be_called: bool = False
    resumes_on: date | None = None


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """The reasons, stops first; no reason is the all-clear. `data_age` None: no data at all."""

    reasons: tuple[GateReason, ...]
    data_age: timedelta | None

    @property
    def clear(self) -> bool:
        """Tell whether nothing speaks against the call."""
        return not self.reasons

    @property
    def stopped(self) -> bool:
        """Tell whether the call should not be made."""
        return any(reason.severity is GateSeverity.STOP for reason in self.reasons)


def gate(facts: GateFacts, calendar: WorkingCalendar, policy: GatePolicy) -> GateVerdict:
    """Say every reason not to call now; the first one found is the heaviest."""
    age = facts.now.at - facts.data_as_of if facts.data_as_of else None
    reasons = [
        *_insolvency(facts),
        *_money(facts, calendar),
        *_frequency(facts, policy),
        *_data(age, policy),
        *_colleague(facts, policy),
        *_hours(facts.now, calendar, policy),
    ]
    stops_first = sorted(reasons, key=lambda reason: reason.severity is GateSeverity.WARN)
    return GateVerdict(tuple(stops_first), age)


def positions(items: Iterable[OpenItem], today: date) -> tuple[Position, ...]:
    """Sum a customer's open items into one position per currency, in currency order."""
    by_currency: dict[str, list[OpenItem]] = {}
    for item in items:
        by_currency.setdefault(item.currency, []).append(item)
    return tuple(_position(by_currency[code], code, today) for code in sorted(by_currency))


def _position(items: Sequence[OpenItem], currency: str, today: date) -> Position:
    late = [item for item in items if item.is_overdue(today)]
    in_favour = [item for item in items if item.is_credit]
    cash = [item for item in in_favour if item.kind is ItemKind.PAYMENT]
    owed = sum(item.open_minor for item in late)
    days = [item.promised_until for item in late if item.promised_until and item.promised_on(today)]
    open_to = [item for item in late if item.undisputed_minor > item.promised_on(today)]

    def money(minor: int) -> Money:
        return Money.from_minor(minor, currency)

    return Position(
        overdue=money(owed),
        disputed=money(owed - sum(item.undisputed_minor for item in late)),
        promised=money(sum(item.promised_on(today) for item in late)),
        unapplied_cash=money(-sum(item.open_minor for item in cash)),
        credit_notes=money(-sum(item.open_minor for item in in_favour if item not in cash)),
        promised_until=max(days, default=None),
        due_since=min((item.due_on for item in open_to if item.due_on), default=None),
    )


def _stop(code: GateCode, **data: GateDatum) -> list[GateReason]:
    return [GateReason(code, GateSeverity.STOP, data)]


def _warn(code: GateCode, **data: GateDatum) -> list[GateReason]:
    return [GateReason(code, GateSeverity.WARN, data)]


def _insolvency(facts: GateFacts) -> list[GateReason]:
    if facts.insolvent_since is None:
        return []
    return _stop(GateCode.INSOLVENCY, since=facts.insolvent_since)


def _money(facts: GateFacts, calendar: WorkingCalendar) -> list[GateReason]:
    """Name the first explanation that covers everything overdue, in every currency."""
    late = [position for position in facts.positions if position.overdue]
    if not late:
        return _stop(GateCode.NOTHING_OVERDUE)
    if not any(position.undisputed for position in late):
        disputed = _amounts(late, lambda p: p.disputed)
        if facts.resumes_on is not None:
            return _stop(GateCode.DISPUTE_REFUSED, disputed=disputed, until=facts.resumes_on)
        return _stop(GateCode.ALL_DISPUTED, disputed=disputed)
    if not any(position.unspoken for position in late):
        until = max(position.promised_until for position in late if position.promised_until)
        promised = _amounts(late, lambda p: p.promised)
        return _stop(GateCode.PROMISE_RUNNING, promised=promised, until=until)
    if all(position.received >= position.unspoken for position in late):
        return _stop(
            GateCode.PAID_UNMATCHED,
            unapplied_cash=_amounts(late, lambda p: p.unapplied_cash),
            credit_notes=_amounts(late, lambda p: p.credit_notes),
            unspoken=_amounts(late, lambda p: p.unspoken),
        )
    return _just_due(facts, calendar)


def _just_due(facts: GateFacts, calendar: WorkingCalendar) -> list[GateReason]:
    due, until = due_until(facts.positions, calendar)
    if due is None or until < facts.now.today:
        return []
    return _stop(GateCode.JUST_DUE, due=due, until=until)


def due_until(positions: Iterable[Position], calendar: WorkingCalendar) -> tuple[date | None, date]:
    """Return since when something may be claimed, and the day up to which it may be paid.

    What fell due on a day off is paid on the next worked day (handbook 3.2); penalties run
    from the calendar date all the same. None: nothing may be claimed.
    """
    due = min((one.due_since for one in positions if one.due_since), default=None)
    return due, date.min if due is None else calendar.next_working(due)


def _amounts(late: Sequence[Position], part: Callable[[Position], Money]) -> tuple[Money, ...]:
    return tuple(money for position in late if (money := part(position)))


def _frequency(facts: GateFacts, policy: GatePolicy) -> list[GateReason]:
    """Hold back from harassing the customer, unless he asked for the call (handbook 7.1)."""
    if facts.asked_to_be_called:
        return []
    today = [c for c in facts.contacts if _day(c, facts.now) == facts.now.today]
    answered_today = sum(contact.answered for contact in today)
    week = facts.now.today - timedelta(days=6)
    answered = sum(c.answered for c in facts.contacts if _day(c, facts.now) >= week)
    if answered_today >= policy.max_answered_per_day:
        limit = policy.max_answered_per_day
        return _stop(GateCode.TOO_MANY_CALLS_TODAY, answered=answered_today, limit=limit)
    if answered >= policy.max_answered_per_week:
        limit = policy.max_answered_per_week
        return _stop(GateCode.TOO_MANY_CALLS_THIS_WEEK, answered=answered, limit=limit)
    if len(today) >= policy.max_attempts_per_day:
        limit = policy.max_attempts_per_day
        return _stop(GateCode.TOO_MANY_ATTEMPTS, attempts=len(today), limit=limit)
    return []


def _day(contact: PastContact, now: Moment) -> date:
    return Moment(contact.at, now.zone).today


def _data(age: timedelta | None, policy: GatePolicy) -> list[GateReason]:
    if age is None:
        return []  # without data nothing is overdue: that reason is already given
    if age > timedelta(hours=policy.data_stop_hours):
        return _stop(GateCode.DATA_TOO_OLD, age=age, hours=policy.data_stop_hours)
    if age > timedelta(hours=policy.data_warn_hours):
        return _warn(GateCode.DATA_TOO_OLD, age=age, hours=policy.data_warn_hours)
    return []


def _colleague(facts: GateFacts, policy: GatePolicy) -> list[GateReason]:
    since = facts.now.today - timedelta(days=policy.colleague_days)
    others = [
        contact
        for contact in facts.contacts
        if contact.person_id != facts.reader_id and _day(contact, facts.now) >= since
    ]
    if not others:
        return []
    last = max(others, key=lambda contact: contact.at)
    again_on = _day(last, facts.now) + timedelta(days=policy.colleague_days + 1)
    return _warn(
        GateCode.COLLEAGUE_CALLED,
        name=last.name,
        at=last.at,
        answered=int(last.answered),
        again_on=again_on,
    )


def _hours(now: Moment, calendar: WorkingCalendar, policy: GatePolicy) -> list[GateReason]:
    if is_open(now, calendar, policy.calling_windows):
        return []
    opens_at = next_in_windows(now, calendar, policy.calling_windows)
    return _warn(GateCode.OUTSIDE_HOURS, opens_at=opens_at)
