"""What is kept of persons goes after its time (handbook 11.2): what is due, and the way it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from storage.events import Origin, record
from storage.retention import Piece
from storage.retention_rules import RULES

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from storage.work import Work

NAMES = tuple(rule.name for rule in RULES)
"""The rules in the order in which they run."""
_BY_NAME = {rule.name: rule for rule in RULES}


@dataclass(frozen=True, slots=True)
class Going:
    """What one rule would take: from which table, after how many days, how many rows.

    `oldest_kept` is the moment from which the oldest row that stays counts.
    """

    name: str
    table: str
    days: int
    count: int
    oldest_kept: datetime | None


def look(work: Work, now: Moment, rules: Rules) -> list[Going]:
    """Tell what every rule would take now; nothing is changed."""
    parked = now.at - timedelta(days=_days(rules, "technical"))
    found = []
    for rule in RULES:
        days = _days(rules, rule.span)
        due = rule.due(work, now.at - timedelta(days=days), parked)
        found.append(Going(rule.name, rule.table, days, due.count, due.oldest_kept))
    return found


def take(work: Work, now: Moment, rules: Rules, name: str, after: int | None) -> Piece:
    """Let one small piece of what a rule finds go; `Piece.last` says where to go on."""
    rule = _BY_NAME[name]
    before = now.at - timedelta(days=_days(rules, rule.span))
    return rule.piece(work, before, after, now=now.at)


def done(work: Work, origin: Origin, taken: Mapping[str, int]) -> None:
    """Write into the audit trail how much went, when anything did."""
    counts = {name: count for name, count in taken.items() if count}
    if counts:
        record(work, origin, "retention.done", counts)


def _days(rules: Rules, span: str) -> int:
    days: int = getattr(rules.policy.retention, span)
    return days
