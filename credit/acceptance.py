"""Acceptance of a promise: what speaks against writing it down as it is (handbook 7.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from credit.money import Money
from credit.promise import Means, PromiseLine, PromisePolicy
from credit.risk_class import RiskClass


class AcceptanceRule(StrEnum):
    """The rule that a promise breaks."""

    NO_LINE = "no_line"
    AMOUNT_NOT_POSITIVE = "amount_not_positive"
    DATE_IN_THE_PAST = "date_in_the_past"
    CASH_ABOVE_LIMIT = "cash_above_limit"
    TOO_MANY_LINES = "too_many_lines"
    TOO_FAR_FOR_A_REP = "too_far_for_a_rep"
    TOO_SMALL = "too_small"
    BROKEN_TOO_OFTEN = "broken_too_often"
    BROKEN_BEFORE = "broken_before"
    FIRST_DATE_TOO_LATE = "first_date_too_late"
    MORE_THAN_OVERDUE = "more_than_overdue"


class Severity(StrEnum):
    """Warn the rep, ask the credit manager, or refuse."""

    WARN = "warn"
    ESCALATE = "escalate"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class AcceptanceWarning:
    """A broken rule with its figure: what was proposed (`value`) against what is allowed."""

    rule: AcceptanceRule
    severity: Severity
    value: Money | date | int
    limit: Money | date | int


def acceptance(
    lines: Sequence[PromiseLine],
    overdue: Money,
    made_on: date,
    risk_class: RiskClass | None,
    broken_before_on_same_item: int,
    policy: PromisePolicy,
    means: Means | None = None,
) -> list[AcceptanceWarning]:
    """List the rules of handbook 7.2 that a promise breaks, refusals first."""
    if not lines:
        return [AcceptanceWarning(AcceptanceRule.NO_LINE, Severity.REFUSE, 0, 1)]
    promised = Money.from_minor(sum(line.amount_minor for line in lines), overdue.currency)
    return [
        *_impossible(lines, made_on, overdue.currency),
        *_cash(promised, means, policy),
        *_dates(lines, made_on, risk_class, policy),
        *_amount(promised, overdue, policy),
        *_history(broken_before_on_same_item, policy),
    ]


def least_amount(overdue: Money, policy: PromisePolicy) -> Money:
    """Return the least that a promise must reach; under it the credit manager decides (7.2).

    Rounded up: a promise of exactly the percentage is enough, one cent less is not.
    """
    percent = policy.min_percent_of_overdue
    return Money.from_minor(-(-overdue.minor * percent // 100), overdue.currency)


def _impossible(
    lines: Sequence[PromiseLine], made_on: date, currency: str
) -> list[AcceptanceWarning]:
    found = []
    smallest = Money.from_minor(min(line.amount_minor for line in lines), currency)
    if smallest.minor <= 0:
        one = Money.from_minor(1, currency)
        found.append(_refuse(AcceptanceRule.AMOUNT_NOT_POSITIVE, smallest, one))
    first = min(line.due_on for line in lines)
    if first < made_on:
        found.append(_refuse(AcceptanceRule.DATE_IN_THE_PAST, first, made_on))
    return found


def _cash(promised: Money, means: Means | None, policy: PromisePolicy) -> list[AcceptanceWarning]:
    """Refuse cash above the legal ceiling (art. D112-3 C. monét. fin., handbook 6.1)."""
    ceiling = policy.cash_limit.get(promised.currency)
    if means is not Means.CASH or ceiling is None:
        return []
    limit = Money(ceiling, promised.currency)
    too_much = promised > limit
    return [_refuse(AcceptanceRule.CASH_ABOVE_LIMIT, promised, limit)] if too_much else []


def _dates(
    lines: Sequence[PromiseLine],
    made_on: date,
    risk_class: RiskClass | None,
    policy: PromisePolicy,
) -> list[AcceptanceWarning]:
    found = []
    if len(lines) > policy.max_lines:
        found.append(_escalate(AcceptanceRule.TOO_MANY_LINES, len(lines), policy.max_lines))
    last, furthest = (
        max(line.due_on for line in lines),
        _after(made_on, policy.approval_beyond_days),
    )
    if last > furthest:
        found.append(_escalate(AcceptanceRule.TOO_FAR_FOR_A_REP, last, furthest))
    days = policy.max_days[risk_class] if risk_class else policy.max_days_unrated
    first, latest = min(line.due_on for line in lines), _after(made_on, days)
    if first > latest:
        found.append(_warn(AcceptanceRule.FIRST_DATE_TOO_LATE, first, latest))
    return found


def _amount(promised: Money, overdue: Money, policy: PromisePolicy) -> list[AcceptanceWarning]:
    if promised > overdue:
        return [_warn(AcceptanceRule.MORE_THAN_OVERDUE, promised, overdue)]
    least = least_amount(overdue, policy)
    return [_escalate(AcceptanceRule.TOO_SMALL, promised, least)] if promised < least else []


def _history(broken: int, policy: PromisePolicy) -> list[AcceptanceWarning]:
    limit = policy.max_broken_on_item
    if broken >= limit:
        return [_escalate(AcceptanceRule.BROKEN_TOO_OFTEN, broken, limit)]
    return [_warn(AcceptanceRule.BROKEN_BEFORE, broken, limit)] if broken else []


def _after(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _refuse(rule: AcceptanceRule, value: Money | date, limit: Money | date) -> AcceptanceWarning:
    return AcceptanceWarning(rule, Severity.REFUSE, value, limit)


def _escalate(
    rule: AcceptanceRule, value: Money | date | int, limit: Money | date | int
) -> AcceptanceWarning:
    return AcceptanceWarning(rule, Severity.ESCALATE, value, limit)


def _warn(
    rule: AcceptanceRule, value: Money | date | int, limit: Money | date | int
) -> AcceptanceWarning:
    return AcceptanceWarning(rule, Severity.WARN, value, limit)
