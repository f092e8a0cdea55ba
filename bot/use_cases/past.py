"""Early warning as of a past day: the rules run on the book as it stood, nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from bot.alerts.evaluation import Assessment, evaluate
from bot.use_cases.figures import Drawing, drawn, windows
from storage import past, portfolio

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from storage.work import Work

AT_ONCE = 500
"""Customers whose accounts are in memory at the same time."""


def assess_all(work: Work, day: date, rules: Rules) -> list[tuple[str, str, Assessment]]:
    """Assess every customer as of the end of a day: (code, name, assessment), by code."""
    everybody = portfolio.everybody(work)
    found: dict[int, Assessment] = {}
    for start in range(0, len(everybody), AT_ONCE):
        ids = [one for one, _, _ in everybody[start : start + AT_ONCE]]
        found.update((one.customer, one) for one in assess(work, ids, day, rules))
    return [(code, name, found[one]) for one, code, name in everybody]


def assess(work: Work, customer_ids: Iterable[int], day: date, rules: Rules) -> list[Assessment]:
    """Assess these customers as of the end of a day."""
    end = datetime.combine(day, time.max, tzinfo=rules.zone).astimezone(UTC)
    drawing = Drawing(day, end, rules, past=True)
    accounts = past.read(work, customer_ids, day, end, windows(drawing))
    figures = drawn(work, accounts, drawing, quiet_too=True).figures
    return [evaluate(one, rules.policy) for one in figures]
