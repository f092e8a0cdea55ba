"""What people said of the rules that fired, counted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, func, select

from storage.tables import rule_feedback
from storage.work import Work

_COUNTS = select(rule_feedback.c.signal, func.count().label("n")).group_by(rule_feedback.c.signal)

_REASONS = select(rule_feedback.c.signal, rule_feedback.c.reason, func.count().label("n")).group_by(
    rule_feedback.c.signal, rule_feedback.c.reason
)


def reasons(work: Work) -> list[Row[Any]]:
    """Count the "not relevant" taps of each rule by the reason that was given."""
    return list(work.all(_REASONS))


def not_relevant(work: Work) -> dict[str, int]:
    """Count the "not relevant" taps of each rule."""
    return {row.signal: row.n for row in work.all(_COUNTS)}
