"""The lines of a rep's digest: each a customer, an amount and the row it is about."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.alerts.digest import DigestKind, DigestLine
from bot.use_cases import discretion
from bot.use_cases.accounts import heaviest
from bot.use_cases.dashboard_deeds import legal_days, old_claims
from bot.use_cases.held_orders import held
from bot.use_cases.worklist import promises_due, tasks
from credit.money import Money
from credit.prescription import TimeLeft
from storage import alerts, news, portfolio

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.people import Person
    from storage.portfolio import Debtor
    from storage.scope import Codes
    from storage.work import Work

NEW_OVERDUE = 5
PRESCRIPTION = "prescription"
DECIDED = {
    **dict.fromkeys(news.KEPT, DigestKind.PROMISE_KEPT),
    news.MOOT: DigestKind.PROMISE_MOOT,
}


def gather(
    work: Work, person: Person, codes: Codes, now: Moment, since: Moment, rules: Rules
) -> tuple[list[DigestLine], dict[int, str]]:
    """Gather every line a rep's digest may have (handbook 12.1)."""
    debtors = {
        one.id: one for one in portfolio.debtors(work, codes, now.today, rules.policy.dispute.rules)
    }
    names = {one.id: one.name for one in debtors.values()}
    alarmed = _alerts(work, codes, (since, now), debtors, names, rules)
    shown = {line.customer for line in alarmed}
    promised = _promises(work, codes, now, since, rules, names)
    lines = [
        *alarmed,
        *promised,
        *_tasks(work, person, now, {line.subject for line in promised}, names),
        *(one for one in _new(work, codes, now, since, rules, names) if one.customer not in shown),
        *_disputes(work, codes, now, names),
        *_cleared(work, codes, since, names),
        *_held(work, codes, now, rules, names),
        *legal(work, codes, now, rules, names),
    ]
    return lines, names


def legal(
    work: Work, codes: Codes, now: Moment, rules: Rules, names: dict[int, str]
) -> list[DigestLine]:
    """Take what the law dates within days: declarations to make, debts near the end to sue."""
    last = now.today + timedelta(days=rules.reference.insolvency.warn_days)
    found: dict[tuple[int, str], date] = {}
    for row, until in legal_days(work, codes):
        if now.today <= until <= last:
            names[row.customer_id] = row.name
            found.setdefault((row.customer_id, row.kind), until)
    lines = [_dated(customer, None, step, until) for (customer, step), until in found.items()]
    ageing: dict[tuple[int, str], tuple[int, date]] = {}
    for row, state, until in old_claims(work, codes, now.today, rules):
        if state is TimeLeft.RED:
            names[row.customer_id] = row.name
            minor, first = ageing.get((row.customer_id, row.currency), (0, until))
            ageing[row.customer_id, row.currency] = (minor + row.open_minor, min(first, until))
    return lines + [
        _dated(customer, Money.from_minor(minor, currency), PRESCRIPTION, until)
        for (customer, currency), (minor, until) in ageing.items()
    ]


def _dated(customer: int, amount: Money | None, step: str, until: date) -> DigestLine:
    data = {"step": step, "until": until}
    return DigestLine(DigestKind.LEGAL_DEADLINE, customer, amount, 0, data)


def _held(
    work: Work, codes: Codes, now: Moment, rules: Rules, names: dict[int, str]
) -> list[DigestLine]:
    lines = []
    for one in held(work, codes, now, rules):
        names[one.customer] = one.name
        data = {"order": one}
        lines.append(DigestLine(DigestKind.ORDER_HELD, one.customer, one.amount, 0, data))
    return lines


def _alerts(
    work: Work,
    codes: Codes,
    span: tuple[Moment, Moment],
    debtors: Mapping[int, Debtor],
    names: dict[int, str],
    rules: Rules,
) -> list[DigestLine]:
    """Take the alerts nobody has answered: all from level 2 on, the new ones of level 1.

    One put off until now is told, whether or not it was woken before the digest is worded.
    """
    since, now = span
    lines = []
    for row in portfolio.lit(work, codes):
        woken = row.state == alerts.SNOOZED and row.snoozed_until <= now.at
        if not (woken or row.state == alerts.RAISED):
            continue
        if row.level < 2 and row.raised_at <= since.at:  # noqa: PLR2004
            continue
        names[row.customer_id] = row.name
        debtor = debtors.get(row.customer_id)
        signal = next(iter(discretion.told(row.signals, rules.policy)), None)
        data = {"level": row.level, "signal": signal}
        amount = _claim(debtor, rules) if debtor else None
        lines.append(DigestLine(DigestKind.ALERT, row.customer_id, amount, 0, data))
    return lines


def _claim(debtor: Debtor, rules: Rules) -> Money | None:
    """Return what is claimable in the currency where it is most."""
    sums: dict[str, int] = {}
    for item in debtor.items:
        sums[item.currency] = sums.get(item.currency, 0) + item.undisputed_minor
    if not sums:
        return None
    code = heaviest(sums, rules.policy.floor)
    return Money.from_minor(sums[code], code)


def _promises(
    work: Work,
    codes: Codes,
    now: Moment,
    since: Moment,
    rules: Rules,
    names: dict[int, str],
) -> list[DigestLine]:
    lines = []
    for due in promises_due(work, codes, now.today, rules):
        names[due.customer] = due.name
        data = {"due_on": due.due_on}
        kind = DigestKind.PROMISE_DUE
        lines.append(DigestLine(kind, due.customer, due.amount, due.promise, data))
    for row in news.judged(work, codes, since.at):
        names[row.customer_id] = row.name
        kind = DECIDED.get(row.state, DigestKind.PROMISE_BROKEN)
        amount = Money.from_minor(row.amount_minor, row.currency)
        data = {"state": row.state}
        lines.append(DigestLine(kind, row.customer_id, amount, row.promise_id, data))
    return lines


def _tasks(
    work: Work, person: Person, now: Moment, told: Container[int], names: dict[int, str]
) -> list[DigestLine]:
    """Take what was planned, but for a look at a promise of which another line tells."""
    lines = []
    for task in tasks(work, person, now.today):
        if task.promise in told:
            continue
        names[task.customer] = task.name
        data = {"task": task.kind, "due_on": task.due_on, "dispute": task.dispute}
        lines.append(DigestLine(DigestKind.CALL_PLANNED, task.customer, None, task.id, data))
    return lines


def _new(
    work: Work, codes: Codes, now: Moment, since: Moment, rules: Rules, names: dict[int, str]
) -> list[DigestLine]:
    """Take the accounts that fell due since, those whose money makes most floors."""
    lines = []
    last = now.today - timedelta(days=1)
    weigh = rules.policy.floor.weigh
    found = [
        (Money.from_minor(int(row.minor), row.currency), row)
        for row in news.new_overdue(work, codes, since.today, last, NEW_OVERDUE)
    ]
    found.sort(key=lambda one: (-weigh(one[0]), one[1].customer_id, one[0].currency))
    for amount, row in found[:NEW_OVERDUE]:
        names[row.customer_id] = row.name
        data = {"n": row.n}
        lines.append(DigestLine(DigestKind.NEW_OVERDUE, row.customer_id, amount, 0, data))
    return lines


def _disputes(work: Work, codes: Codes, now: Moment, names: dict[int, str]) -> list[DigestLine]:
    lines = []
    for row in news.late_disputes(work, codes, now.today):
        names[row.customer_id] = row.name
        amount = Money.from_minor(row.amount_minor, row.currency)
        data = {"reason": row.reason, "target_on": row.target_on}
        kind = DigestKind.DISPUTE_LATE
        lines.append(DigestLine(kind, row.customer_id, amount, row.dispute_id, data))
    return lines


def _cleared(work: Work, codes: Codes, since: Moment, names: dict[int, str]) -> list[DigestLine]:
    lines = []
    for row in news.cleared(work, codes, since.at):
        names[row.customer_id] = row.name
        lines.append(DigestLine(DigestKind.ALERT_EASED, row.customer_id, None, 0))
    return lines
