"""The rep's day: whom to call first and why, what falls due, what his team owes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zlib import crc32

from bot.use_cases import discretion, held_orders
from bot.use_cases.held_orders import HeldOrder
from bot.use_cases.promises import FOLLOW_UP
from bot.use_cases.refusals import NoSuchPortfolio, NotYours
from credit.ageing import AgedBalance
from credit.gate import due_until, positions
from credit.moment import Moment
from credit.money import Money
from credit.people import Person, may_see, sees_everything
from credit.priority import Candidate, Held, rank, stake
from storage import contacts, customers, freezes, news, people, portfolio
from storage.events import Origin, record

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.policy import FloorPolicy
    from storage.portfolio import Debtor, Tries
    from storage.scope import Codes
    from storage.work import Work

PAGE = 5
BROKEN_PROMISE, SILENCE = "C1-04", "C1-13"
WEEK = timedelta(days=7)
EVERYTHING = -1
"""The key that names no portfolio: all that the reader sees."""
VAST = 10_000
"""Customers from which on reading each of them takes longer than beginning a process does."""


@dataclass(frozen=True, slots=True)
class Call:
    """An account to call: what to ask for, per currency, and the signal that says why."""

    customer: int
    code: str
    name: str
    claims: tuple[Money, ...]
    worst_days: int
    level: int
    signal: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Due:
    """A promised instalment that falls due today or fell due on the last worked day."""

    customer: int
    name: str
    promise: int
    amount: Money
    due_on: date


@dataclass(frozen=True, slots=True)
class Task:
    """Something planned for today or before."""

    id: int
    customer: int
    name: str
    kind: str
    due_on: date
    promise: int = 0  # the one to look at; 0: none
    dispute: int = 0  # the one it is about; 0: none


@dataclass(frozen=True, slots=True)
class Worklist:
    """A page of the day; tasks and promises come with the first page only."""

    today: date
    calls: tuple[Call, ...]
    page: int
    pages: int
    count: int
    held: Mapping[Held, int]
    tasks: tuple[Task, ...]
    due: tuple[Due, ...]
    orders: tuple[HeldOrder, ...] = ()
    code: str | None = None  # the portfolio shown, when it is not the reader's own


@dataclass(frozen=True, slots=True)
class RepLine:
    """One portfolio of a team: its balance per currency and what waits for an answer."""

    code: str | None
    names: tuple[str, ...]
    balances: Mapping[str, AgedBalance]
    unanswered: int
    broken: int = 0


def codes_of(person: Person) -> Codes:
    """Return the rep codes a person may see; None is everything."""
    return None if sees_everything(person) else person.codes


def is_vast(work: Work, person: Person) -> bool:
    """Tell whether a person sees so many accounts that reading them all weighs on everybody.

    Each customer takes 1 to 2 KB of memory: what is made of them is made in a process that
    gives it back.
    """
    return customers.are_more(work, codes_of(person), VAST)


def key_of(code: str | None) -> int:
    """Return the number by which a tap names a portfolio, since codes are free text."""
    return crc32((code or "").encode())


def portfolio_of(work: Work, person: Person, key: int) -> str | None:
    """Find the portfolio a tap names among those the person may see, or refuse.

    Who sees everything has all rep codes read for it.
    """
    codes = codes_of(person)
    known = customers.rep_codes(work) if codes is None else sorted(codes)
    for code in (None, *known):
        if key_of(code) == key and may_see(person, code):
            return code
    raise NoSuchPortfolio if codes is None else NotYours


def today(
    work: Work, person: Person, now: Moment, rules: Rules, page: int = 0, code: str | None = None
) -> Worklist:
    """Read a page of the person's day, or of one portfolio he may see: whom to call, and why."""
    codes = frozenset({code}) if code is not None else codes_of(person)
    calls, held = ranked(work, codes, now, rules)
    pages = max(1, -(-len(calls) // PAGE))
    page = min(max(page, 0), pages - 1)
    first = page == 0 and code is None
    return Worklist(
        today=now.today,
        calls=tuple(calls[page * PAGE : (page + 1) * PAGE]),
        page=page,
        pages=pages,
        count=len(calls),
        held=held,
        tasks=tuple(tasks(work, person, now.today)) if first else (),
        due=tuple(promises_due(work, codes, now.today, rules)) if first else (),
        orders=tuple(held_orders.held(work, codes, now, rules)) if first else (),
        code=code,
    )


def ranked(
    work: Work, codes: Codes, now: Moment, rules: Rules
) -> tuple[list[Call], Mapping[Held, int]]:
    """Read whom to call in some portfolios, the first to call first, and who is left alone."""
    debtors = portfolio.debtors(work, codes, now.today, rules.policy.dispute.rules)
    lit = {row.customer_id: row for row in portfolio.lit(work, codes)} if debtors else {}
    tried = portfolio.tries(work, codes, now.today - WEEK) if debtors else {}
    lately = now.today - timedelta(days=rules.policy.gate.colleague_days)
    frozen = freezes.frozen(work) if debtors else set()
    candidates = (
        _candidate(one, lit.get(one.id), tried.get(one.id), now, lately) for one in debtors
    )
    ranking = rank((_peace(one, frozen, now, rules) for one in candidates), rules.policy.floor)
    known = {one.id: one for one in debtors}
    calls = [_call(one, known[one.customer], lit.get(one.customer), rules) for one in ranking.calls]
    return calls, ranking.held


def _candidate(
    one: Debtor,
    alert: Any,  # noqa: ANN401 - a row of the database, or None
    tried: Tries | None,
    now: Moment,
    lately: date,
) -> Candidate:
    fired = {str(signal["id"]) for signal in alert.signals} if alert else set()
    day = Moment(tried.last, now.zone).today if tried else None
    return Candidate(
        customer=one.id,
        positions=positions(one.items, now.today),
        worst_days=_worst(one, now.today),
        level=alert.level if alert else 0,
        broken_promise=BROKEN_PROMISE in fired,
        tried_today=day == now.today,
        answered_lately=bool(tried and tried.answered and day and day >= lately),
        tries=tried.tries if tried else 0,
        silent=SILENCE in fired,
    )


def _peace(one: Candidate, frozen: AbstractSet[int], now: Moment, rules: Rules) -> Candidate:
    """Add why the law leaves an account in peace: frozen, or free to pay today."""
    due, until = due_until(one.positions, rules.calendar)
    just_due = due is not None and until >= now.today
    if one.customer not in frozen and not just_due:
        return one
    return replace(one, frozen=one.customer in frozen, just_due=just_due)


def _worst(one: Debtor, today: date) -> int:
    late = [item for item in one.items if item.undisputed_minor > item.promised_on(today)]
    return max((item.days_past_due(today) for item in late), default=0)


def _call(one: Candidate, debtor: Debtor, alert: Any, rules: Rules) -> Call:  # noqa: ANN401 - same
    return Call(
        customer=one.customer,
        code=debtor.code,
        name=debtor.name,
        claims=one.claims,
        worst_days=one.worst_days,
        level=one.level,
        signal=_telling(discretion.told(alert.signals, rules.policy)) if alert else None,
    )


def _telling(signals: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Pick the signal that says why to call: a broken word before all, else the heaviest."""
    broken = (one for one in signals if one["id"] == BROKEN_PROMISE)
    return next(broken, signals[0] if signals else None)


def tasks(work: Work, person: Person, today: date) -> list[Task]:
    """Read what a person planned up to today, on accounts he may still see.

    A promise is looked at once, and only as long as money of it is waited for.
    """
    planned = [
        Task(
            row.id,
            row.customer_id,
            row.customer,
            row.kind,
            row.due_on,
            row.promise_id or 0,
            row.dispute_id or 0,
        )
        for row in contacts.tasks_due(work, person.id, today)
        if may_see(person, row.owner)
    ]
    if not any(task.promise for task in planned):
        return planned
    unpaid = news.lines_due(work, codes_of(person), date.min, today - timedelta(days=1))
    return _looked_at_once(planned, {row.promise_id: row.due_on for row in reversed(unpaid)})


def _looked_at_once(planned: Iterable[Task], unpaid: dict[int, date]) -> list[Task]:
    """Keep a look at each promise whose first `unpaid` instalment fell due before it."""
    kept = []
    for task in planned:
        look = task.kind == FOLLOW_UP and bool(task.promise)
        late = look and task.promise in unpaid and unpaid[task.promise] < task.due_on
        if late:
            del unpaid[task.promise]
        if late or not look:
            kept.append(task)
    return kept


def promises_due(work: Work, codes: Codes, today: date, rules: Rules) -> list[Due]:
    """Read the unpaid instalments of today and of the last worked day."""
    before = rules.calendar.add_working(today, -1)
    return [
        Due(
            row.customer_id,
            row.name,
            row.promise_id,
            Money.from_minor(int(row.minor), row.currency),
            row.due_on,
        )
        for row in news.lines_due(work, codes, before, today)
    ]


def task_customer(work: Work, task_id: int) -> int:
    """Find whose account a task is about; 0 when there is no such task."""
    row = contacts.task_by_id(work, task_id)
    return int(row.customer_id) if row else 0


def finish(work: Work, origin: Origin, person: Person, task_id: int) -> bool:
    """Mark one's own task done; False when it was done before."""
    row = contacts.task_by_id(work, task_id)
    if row is None or row.person_id != person.id:
        raise NotYours
    done = contacts.done(work, task_id, origin.at.at)
    if done:
        record(work, origin, "task.done", {"kind": row.kind}, row.customer_id)
    return done


def team(work: Work, person: Person, now: Moment, rules: Rules) -> list[RepLine]:
    """Read one line per portfolio that the person may see, the most overdue first."""
    codes = codes_of(person)
    balances = portfolio.aged(work, codes, now.today)
    unanswered = news.unanswered(work, codes, now.at)
    names = people.rep_names(work, codes)
    lines = [
        RepLine(code, tuple(names.get(code or "", ())), balance, unanswered.get(code, 0))
        for code, balance in balances.items()
    ]
    return most_overdue_first(lines, rules.policy.floor)


def most_overdue_first(lines: Iterable[RepLine], floor: FloorPolicy) -> list[RepLine]:
    """Order portfolios by what is overdue in each, counted in floors of its currencies."""

    def weight(line: RepLine) -> tuple[Decimal, str]:
        overdue = [balance.overdue for balance in line.balances.values()]
        return -stake(overdue, floor), line.code or ""

    return sorted(lines, key=weight)


def named(work: Work, code: str | None, balances: Mapping[str, AgedBalance]) -> RepLine:
    """Put the names of its reps beside one portfolio's balance."""
    names = people.rep_names(work, frozenset({code or ""}))
    return RepLine(code, tuple(names.get(code or "", ())), balances, 0)


def balance(
    work: Work, person: Person, now: Moment, code: str | None = None, *, of_one: bool = False
) -> dict[str, AgedBalance]:
    """Read the aged balance of all a person may see, or of one portfolio, per currency."""
    if of_one:
        return portfolio.aged(work, frozenset({code or ""}), now.today).get(code, {})
    return portfolio.whole(work, codes_of(person), now.today)
