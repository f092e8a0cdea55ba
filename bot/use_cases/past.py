"""Early warning as of a past day: the rules run on the book as it stood, nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from bot.alerts.evaluation import Assessment, evaluate
from bot.use_cases.figures import Drawing, drawn, windows
from storage import past

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from storage.work import Work


def assess(
    work: Work, customer_ids: Iterable[int], day: date, rules: Rules
) -> dict[int, Assessment]:
    """Assess these customers as of the end of a day, in a handful of statements; by their ids."""
    end = datetime.combine(day, time.max, tzinfo=rules.zone).astimezone(UTC)

    drawing = Drawing(day, end, rules)
    ids = set(customer_ids)
    accounts = past.read(work, ids, day, end, windows(drawing))
    figures = drawn(work, accounts, drawing, loud=ids).figures
    return {one.customer: evaluate(one, rules.policy) for one in figures}
