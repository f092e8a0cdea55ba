"""What people said of the rules that fired, counted."""

from __future__ import annotations

from sqlalchemy import func, select

from storage.tables import rule_feedback
from storage.work import Work

_COUNTS = select(rule_feedback.c.signal, func.count().label("n")).group_by(rule_feedback.c.signal)


def not_relevant(work: Work) -> dict[str, int]:
    """Count the "not relevant" taps of each rule."""
    return {row.signal: row.n for row in work.all(_COUNTS)}
