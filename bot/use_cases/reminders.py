"""The worked day before a promised instalment falls due: its author is reminded, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.use_cases import telling
from credit.calendar import is_open
from credit.money import Money
from credit.promise import PromiseState
from storage import customers, digests, news, outbox, people, promises

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from storage.events import Origin
    from storage.work import Work

PROMISE_DUE = "promise_due"


@dataclass(frozen=True, slots=True)
class Reminder:
    """An instalment that falls due on the next worked day or just before it."""

    promise: int
    n: int
    person: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a reminder is about, as it stands when it is read."""

    customer: int
    name: str
    amount: Money
    due_on: date


def key(promise_id: int, n: int, due_on: date) -> str:
    """Return the key that lets one reminder per instalment into the outbox."""
    return f"{PROMISE_DUE}:{promise_id}:{n}:{due_on.isoformat()}"


def due(work: Work, now: Moment, rules: Rules) -> list[Reminder]:
    """Name the reminders to post now: within working hours, not posted before."""
    if not is_open(now, rules.calendar, (rules.policy.hours.push,)):
        return []
    tomorrow = now.today + timedelta(days=1)
    rows = news.lines_due(work, None, tomorrow, rules.calendar.add_working(now.today, 1))
    keys = {key(row.promise_id, row.n, row.due_on): row for row in rows}
    gone = digests.posted(work, keys) if keys else set()
    return [
        Reminder(row.promise_id, row.n, row.person_id)
        for name, row in keys.items()
        if name not in gone
    ]


def queue(work: Work, origin: Origin, found: Sequence[Reminder]) -> int:
    """Post the reminders to the promises' authors; return how many."""
    count = 0
    for one in found:
        person = people.by_id(work, one.person)
        kept = promises.by_id(work, one.promise)
        if person is None or not person.active or kept is None:
            continue
        due_on = kept.promise.lines[one.n - 1].due_on
        row = telling.tell(
            work,
            origin.at,
            person,
            PROMISE_DUE,
            {"promise_id": one.promise, "n": one.n},
            dedupe=key(one.promise, one.n, due_on),
            priority=outbox.Priority.DIGEST,
        )
        count += row is not None
    return count


def waiting(work: Work, promise_id: int, n: int, today: date) -> Waiting | None:
    """Read an instalment that still waits for its money; None when nothing is to be said."""
    kept = promises.by_id(work, promise_id)
    if kept is None or kept.promise.state is not PromiseState.OPEN or n > len(kept.promise.lines):
        return None
    line, state = kept.promise.lines[n - 1], kept.line_states[n - 1]
    customer = customers.by_id(work, kept.promise.customer)
    if state is not PromiseState.OPEN or line.due_on < today or customer is None:
        return None
    left = line.amount_minor - kept.line_paid[n - 1] - kept.line_credited[n - 1]
    amount = Money.from_minor(left, kept.promise.currency)
    return Waiting(customer.id, customer.name, amount, line.due_on)
