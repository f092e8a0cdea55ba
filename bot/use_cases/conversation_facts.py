"""What a conversation knows of its account: the facts that scripts name, as typed values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bot.scripts.values import Facts, Option
from bot.use_cases import accounts, discretion, penalty_facts
from bot.use_cases.dispute_files import pause
from bot.use_cases.promises import risk_class
from credit.acceptance import least_amount
from credit.money import Money
from credit.promise import PromiseState
from credit.receivable import ItemKind, OpenItem
from storage import alerts, contacts, promises

if TYPE_CHECKING:
    from bot.scripts.call import Call
    from bot.scripts.model import Script
    from bot.use_cases.accounts import Account
    from bot.use_cases.rules import Rules
    from credit.calendar import WorkingCalendar
    from credit.moment import Moment
    from credit.people import Person
    from storage.work import Work

DISPUTE = "dispute"
LISTED = 5
"""Lines of a list that a phone shows; the rest is counted."""
CHIPS = 6
FAITH_DAYS = 180
MANY_REASONS = 3
NOT_KEPT = (PromiseState.BROKEN, PromiseState.PARTLY_KEPT)
DAY = timedelta(days=1)

Known = dict[str, object]


@dataclass(frozen=True, slots=True)
class Subject:
    """Who asks, about which account (None: about none), in which conversation."""

    work: Work
    person: Person
    now: Moment
    rules: Rules
    script: str
    customer_id: int | None
    subject_id: int | None
    call: Call | None = None


FactBuilder = Callable[[Subject], Mapping[str, object]]
BUILDERS: dict[str, FactBuilder] = {}
"""Facts of the forms that are about no account, by script: each subject adds its own."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The facts of a conversation, and the account that they were drawn from."""

    facts: Facts
    account: Account | None


def build(subject: Subject) -> Knowledge:
    """Read everything that the scripts may name, but the penalties, which take long to reckon."""
    known: Known = {"rep": subject.person.name, "company": subject.rules.company}
    account = None
    if subject.customer_id is not None:
        account = accounts.load(subject.work, subject.customer_id, subject.now, subject.rules)
        known |= _account(subject, account)
    if subject.script in BUILDERS:
        known |= BUILDERS[subject.script](subject)
    facts = Facts({name: value for name, value in known.items() if value is not None})
    return Knowledge(facts, account)


def completed(knowledge: Knowledge, rules: Rules, script: Script, call: Call) -> Facts:
    """Return the facts, with the penalties when the present step says them."""
    facts, account = knowledge.facts, knowledge.account
    texts = script.steps[call.step].say if call.step in script.steps else ()
    if account is None or not any(penalty_facts.NAMES & set(text.names) for text in texts):
        return facts
    known = penalty_facts.known(account, account.main_currency, rules)
    return replace(facts, known={**facts.known, **known})


def _account(subject: Subject, account: Account) -> Known:
    currency = _currency(subject, account)
    late = [item for item in account.claimable if item.currency == currency]
    return {
        "customer": account.customer.name,
        "currency": currency,
        "terms": account.customer.terms,
        "risk_class": account.customer.risk_class,
        **_people(account),
        **_oldest(account, late),
        **_sums(account, currency),
        **_promises(subject, account, late),
        **_limits(subject, account, currency),
        **_past(subject, account),
        **_chips(subject),
        "dispute_pause": _pause(subject),
        "dispute_recorded": _recorded(subject, account),
        "invoice_options": _invoices(subject, account, currency),
    }


def _currency(subject: Subject, account: Account) -> str:
    """Return the currency of typed amounts: that of the disputed invoice, else the main one."""
    if _disputing(subject) and subject.call:
        chosen = subject.call.answers.get("invoice")
        found = next((item for item in account.items if item.id == chosen), None)
        if found is not None:
            return found.currency
    return account.main_currency


def _pause(subject: Subject) -> str | None:
    """Tell what the dispute that is being entered will take out of the claim."""
    answers = subject.call.answers if subject.call and _disputing(subject) else {}
    reason = answers.get("dispute_reason")
    if reason is None:
        return None
    return pause(str(reason), subject.rules, invoice=answers.get("invoice") is not None)


def _recorded(subject: Subject, account: Account) -> Money | None:
    """Return what the newest dispute of this call's invoice withholds: its options lost it."""
    chosen = subject.call.answers.get("invoice") if subject.call else None
    rows = [row for row in account.disputes if chosen is not None and row.item_id == chosen]
    newest = max(rows, key=lambda row: int(row.id), default=None)
    return newest and Money.from_minor(newest.amount_minor, newest.currency)


def _disputing(subject: Subject) -> bool:
    inside = subject.call is not None and subject.call.step.startswith(f"{DISPUTE}.")
    return subject.script == DISPUTE or inside


def _people(account: Account) -> Known:
    first = account.people[0] if account.people else None
    return {
        "contact": first and first.name,
        "contact_phone": first and first.phone,
        "contact_list": _cut(
            [{"name": one.name, "role": one.role, "phone": one.phone} for one in account.people]
        ),
        "contact_chips": [
            Option(f"c{one.id}", one.name, {"name": one.name, "role": one.role or ""})
            for one in account.people
        ],
    }


def _oldest(account: Account, late: list[OpenItem]) -> Known:
    if not late:
        return {}
    first = late[0]
    whole = Money.from_minor(first.amount_minor, first.currency)
    due = Money.from_minor(first.undisputed_minor, first.currency)
    invoices = len({one.number for one in late})
    return {
        "invoice_number": first.number,
        "amount_due": due,
        "invoice_amount": whole if due < whole else None,
        "claimable_count": len(late),
        "claimable_invoices": invoices,
        "claimable_terms": len(late) if invoices == 1 < len(late) else None,
        "due_date": first.due_on,
        "days_late": first.days_past_due(account.today),
    }


def _sums(account: Account, currency: str) -> Known:
    overdue = [item for item in account.overdue if item.currency == currency]
    if not overdue:
        return {}
    owed = Money.from_minor(sum(item.open_minor for item in overdue), currency)
    notes = Money.from_minor(
        -sum(
            item.open_minor
            for item in account.items
            if item.kind is ItemKind.CREDIT_NOTE and item.currency == currency
        ),
        currency,
    )
    credited = notes.minor > 0
    return {
        "amount_overdue": owed,
        "amount_claimable": account.claim(currency) or None,
        "overdue_count": len(overdue),
        "overdue_list": _cut([_line(account, item) for item in overdue]),
        "credit_note_amount": notes if credited else None,
        "balance_after_credit": owed - notes if credited and notes < owed else None,
    }


def _line(account: Account, item: OpenItem) -> Mapping[str, object]:
    return {
        "number": item.number,
        "amount": Money.from_minor(item.open_minor, item.currency),
        "due_on": item.due_on,
        "days_late": item.days_past_due(account.today),
    }


def _cut(lines: list[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """Keep what a screen shows, and count what it leaves out."""
    hidden = len(lines) - LISTED
    return [*lines[:LISTED], {"more": hidden}] if hidden > 0 else lines


def _promises(subject: Subject, account: Account, late: list[OpenItem]) -> Known:
    customer_id = account.customer.id
    last = promises.latest(subject.work, customer_id, LISTED)
    broken = next((kept for kept in last if kept.promise.state in NOT_KEPT), None)
    counts = promises.broken_by_item(subject.work, customer_id) if late else {}
    return {
        "promise_history": [
            {
                "amount": Money.from_minor(kept.promise.amount_minor, kept.promise.currency),
                "due_on": kept.promise.last_due_on,
                "state": kept.promise.state.value,
            }
            for kept in last[:3]
        ],
        "last_promise_amount": broken
        and Money.from_minor(broken.promise.amount_minor, broken.promise.currency),
        "last_promise_date": broken and broken.promise.last_due_on,
        "broken_promises": counts.get(late[0].id, 0) if late else 0,
    }


def _limits(subject: Subject, account: Account, currency: str) -> Known:
    policy = subject.rules.policy.promise
    letter = risk_class(account)
    days = policy.max_days[letter] if letter else policy.max_days_unrated
    latest = account.today + timedelta(days=days)
    ceiling = policy.cash_limit.get(currency)
    claim = account.claim(currency)
    return {
        "promise_latest_date": latest,
        "promise_chips": _days(promise_days(account.today, latest, subject.rules.calendar)),
        "promise_authority_date": account.today + timedelta(days=policy.approval_beyond_days),
        "promise_least_amount": least_amount(claim, policy) if claim else None,
        "promise_most_lines": policy.max_lines,
        "cash_ceiling": Money(ceiling, currency) if ceiling is not None else None,
    }


def _past(subject: Subject, account: Account) -> Known:
    work, customer_id = subject.work, account.customer.id
    tried = contacts.since(work, customer_id, account.today - timedelta(days=FAITH_DAYS))
    attempts = 0
    for row in tried:
        if row.answered:
            break
        attempts += 1
    alert = alerts.of(work, customer_id)
    lit = alert.signals if alert and alert.level else ()
    signals = discretion.told(lit, subject.rules.policy)
    first = signals[0] if signals else None
    return {
        "attempts": attempts,
        "bad_faith_score": _bad_faith(subject, account, tried),
        "last_contacts": [
            {"on": row.on, "outcome": row.outcome, "reason": row.reason, "author": row.author}
            for row in tried[:3]
        ],
        "signals": signals[:3],
        "alert_signal": first and {"signal": first, "part": "name"},
        "alert_figure": first and {"signal": first, "part": "figure"},
    }


def _bad_faith(subject: Subject, account: Account, tried: Iterable[Any]) -> int:
    """Count the bad-faith clues of handbook 7.3; from three on, no more promises are taken."""
    rows = list(tried)
    reasons = {row.reason for row in rows if row.reason}
    broken = promises.broken_by_item(subject.work, account.customer.id)
    clues = (
        len(reasons) >= MANY_REASONS,  # the motive changed twice
        any(row.late for row in account.disputes),  # it came up after the due date
        any(row.faith == "bad" for row in rows),  # proof was refused
        max(broken.values(), default=0) >= subject.rules.policy.promise.max_broken_on_item,
    )
    return sum(clues)


def _invoices(subject: Subject, account: Account, currency: str) -> list[Option]:
    """Offer the open invoices, oldest due first; promises in the claimed currency only."""
    open_items = [item for item in account.items if not item.is_credit]
    if not _disputing(subject):
        open_items = [item for item in open_items if item.currency == currency]
    open_items = [item for item in open_items if item.undisputed_minor > 0]
    return [Option(f"i{item.id}", item.id, _label(account, item)) for item in open_items]


def _label(account: Account, item: OpenItem) -> Mapping[str, object]:
    undisputed = Money.from_minor(item.undisputed_minor, item.currency)
    return {**_line(account, item), "amount": undisputed}


def _chips(subject: Subject) -> Known:
    today, calendar = subject.now.today, subject.rules.calendar
    return {
        "date_chips": _days(payment_days(today, calendar)),
        "call_back_chips": _days(call_back_days(today, calendar)),
    }


def _days(days: Iterable[date]) -> list[Option]:
    # The key carries the day: a chip pressed tomorrow still means the day that it showed.
    return [Option(f"d{day:%Y%m%d}", day, {"day": day}) for day in days]


def payment_days(today: date, calendar: WorkingCalendar) -> list[date]:
    """Suggest worked days on which money may leave: soon, Friday, eight days, end of month."""
    friday = today + DAY * ((4 - today.weekday()) % 7 or 7)
    wanted = [
        calendar.next_working(today),
        calendar.add_working(today, 1),
        _last_worked(friday, calendar),
        calendar.next_working(today + DAY * 8),
        calendar.next_working(_middle(today)),
        _month_end(today, calendar),
    ]
    return sorted({day for day in wanted if day >= today})[:CHIPS]


def promise_days(today: date, latest: date, calendar: WorkingCalendar) -> list[date]:
    """Suggest days of a first payment: none beyond the latest one, which is among them."""
    last = _last_worked(latest, calendar)
    soon = {day for day in payment_days(today, calendar) if day <= latest}
    return sorted(soon | {last} if last >= today else soon)[:CHIPS]


def _last_worked(day: date, calendar: WorkingCalendar) -> date:
    return day if calendar.is_working(day) else calendar.add_working(day, -1)


def _middle(today: date) -> date:
    """Return the next 15th: many companies pay on that day."""
    middle = today.replace(day=15)
    if middle > today:
        return middle
    return (today.replace(day=1) + DAY * 32).replace(day=15)


def _month_end(today: date, calendar: WorkingCalendar) -> date:
    """Return the last worked day of the month, of the next one when it is past."""
    following = (today.replace(day=1) + DAY * 32).replace(day=1)
    last = calendar.add_working(following, -1)
    if last > today:
        return last
    return calendar.add_working((following + DAY * 32).replace(day=1), -1)


def call_back_days(today: date, calendar: WorkingCalendar) -> list[date]:
    """Suggest worked days for the next call: the three that follow, a week, two weeks."""
    wanted = [calendar.add_working(today, count) for count in (1, 2, 3)]
    wanted += [calendar.next_working(today + DAY * count) for count in (7, 14)]
    return sorted(set(wanted))[:CHIPS]
