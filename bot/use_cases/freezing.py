"""Frozen accounts: a K signal stops dunning and dates what must be done; one role unfreezes.

What has to be done in time follows handbook 3.9: a task for the credit manager before each
deadline, and one for the rep, to list our unpaid goods on site (revendication).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid5

from bot.use_cases.accounts import RESUMED, STOPPED, frozen_since
from bot.use_cases.refusals import NotYourRole, Outdated, ReasonMissing
from credit.insolvency import deadlines
from credit.people import Role
from storage import freezes, people
from storage.events import NAMESPACE, Origin, record

if TYPE_CHECKING:
    from bot.alerts.evaluation import Assessment
    from bot.alerts.signal import Signal
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from storage.work import Work

INSOLVENT, SOLD = "C3-01", "C3-11"
STEPS = {"declare": "claim_declaration", "reclaim": "claim_goods", "relief": "claim_relief"}
SEEK_GOODS, OPPOSE = "seek_goods", "oppose_sale"
SEEK_DAYS = 1
REASON_LIMIT = 200
LIFTERS = frozenset({Role.CREDIT_MANAGER, Role.ADMIN})


def follow_up(
    work: Work, origin: Origin, rep_code: str | None, found: Assessment, rules: Rules
) -> bool:
    """Freeze an account on its K signals and date its tasks; tell whether it was frozen now."""
    frozen = False
    for signal in found.signals:
        if signal.critical:
            frozen |= _freeze(work, origin, found.customer, rep_code, signal, rules)
        elif signal.id == SOLD:
            _oppose(work, origin, found.customer, signal)
    return frozen


def lift(work: Work, origin: Origin, person: Person, customer_id: int, why: str) -> None:
    """Unfreeze an account, whoever stopped it; the cause freezes it no more, a new one will.

    Raise `NotYourRole`, `ReasonMissing` without a reason, `Outdated` when nothing is frozen.
    """
    if person.role not in LIFTERS:
        raise NotYourRole
    reason = why.strip()[:REASON_LIMIT]
    if not reason:
        raise ReasonMissing
    lifted = freezes.lift(work, customer_id, person.id, reason, origin.at.at)
    if not lifted and frozen_since(work, customer_id) is None:
        raise Outdated
    record(work, origin, RESUMED, {"frozen": False, "why": "lifted", "reason": reason}, customer_id)


def _freeze(
    work: Work,
    origin: Origin,
    customer_id: int,
    rep_code: str | None,
    signal: Signal,
    rules: Rules,
) -> bool:
    since = _day(signal.figure.get("opened_on") or signal.figure["published_on"])
    values = {
        "uid": str(uuid5(NAMESPACE, f"freeze:{customer_id}:{signal.cause}")),
        "customer_id": customer_id,
        "signal": signal.id,
        "cause": signal.cause,
        "since": since,
        "at": origin.at.at,
    }
    if not freezes.add(work, values):
        return False
    why = "insolvency" if signal.id == INSOLVENT else "ceased"
    data = {"why": why, "frozen": True, "signal": signal.id, "since": since.isoformat()}
    record(work, origin, STOPPED, data, customer_id)
    if signal.id == INSOLVENT:
        _date_tasks(work, origin, customer_id, rep_code, since, rules)
    return True


def _date_tasks(
    work: Work,
    origin: Origin,
    customer_id: int,
    rep_code: str | None,
    since: date,
    rules: Rules,
) -> None:
    """Plan a task before each deadline, and the rep's look at the goods on site."""
    today = origin.at.today
    desk = _only(one for one in people.desk(work) if one.role is Role.CREDIT_MANAGER)
    for step in deadlines(since, rules.reference.insolvency):
        if step.until >= today:
            kind = STEPS[step.step.value]
            note = step.until.isoformat()
            _plan(work, origin, customer_id, kind, max(step.task_on, today), note, desk, since)
    for one in people.around(work, rep_code):
        if one.role is Role.REP:
            on = rules.calendar.add_working(today, SEEK_DAYS)
            _plan(work, origin, customer_id, SEEK_GOODS, on, None, one.id, since)


def _oppose(work: Work, origin: Origin, customer_id: int, signal: Signal) -> None:
    """Plan the opposition to the price of a business that is sold (L141-14 C. com.), once."""
    until, sold = _day(signal.figure["until"]), _day(signal.figure["published_on"])
    if until < origin.at.today:
        return
    desk = _only(one for one in people.desk(work) if one.role is Role.CREDIT_MANAGER)
    on = max(sold, origin.at.today)
    _plan(work, origin, customer_id, OPPOSE, on, until.isoformat(), desk, sold)


def _plan(
    work: Work,
    origin: Origin,
    customer_id: int,
    kind: str,
    on: date,
    note: str | None,
    person_id: int | None,
    since: date,
) -> None:
    """Plan a task unless the same publication has planned it before."""
    key = f"task:{kind}:{customer_id}:{since.isoformat()}:{person_id}"
    values: dict[str, Any] = {
        "uid": str(uuid5(NAMESPACE, key)),
        "customer_id": customer_id,
        "person_id": person_id,
        "kind": kind,
        "due_on": on,
        "note": note,
        "promise_id": None,
        "created_at": origin.at.at,
    }
    freezes.plan_once(work, values)


def _only(found: Iterable[Person]) -> int | None:
    """Return the one person who holds a desk; nobody in particular when there are several."""
    ids = [one.id for one in found]
    return ids[0] if len(ids) == 1 else None


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(value)
    return value
