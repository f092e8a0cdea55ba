"""Rules tried on the past: at each week's end, what would have lit, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bot.use_cases.past import assess
from credit.terms import add_months
from storage import feedback, people, portfolio

if TYPE_CHECKING:
    from bot.alerts.evaluation import Assessment
    from bot.use_cases.rules import Rules
    from storage.work import Work

LATE_SIGNAL, LATE_DAYS = "C1-01", 30
FOLLOWED_WITHIN = timedelta(days=60)
WEEK = timedelta(days=7)
SUNDAY = 6
AT_ONCE = 500


@dataclass(slots=True)
class RuleTried:
    """One rule: how often it lit anew, how many of these are old enough to be judged.

    `followed` of the judged ones saw a delay of 30 days, above the floor, within 60 days;
    `not_relevant` counts the taps of people since ever.
    """

    rule: str
    fired: int = 0
    judged: int = 0
    followed: int = 0
    not_relevant: int = 0


@dataclass(frozen=True, slots=True)
class Backtest:
    """What the rules would have said: per rule, and pushes per rep and week."""

    first: date
    last: date
    weeks: int
    pushes: int
    reps: int
    rules: Sequence[RuleTried]

    @property
    def per_rep_and_week(self) -> float:
        """Return how many alerts a rep would have received a week."""
        return round(self.pushes / max(1, self.weeks * max(1, self.reps)), 2)

    def as_json(self) -> dict[str, Any]:
        """Write it as plain values."""
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "weeks": self.weeks,
            "pushes": self.pushes,
            "reps": self.reps,
            "alerts_per_rep_per_week": self.per_rep_and_week,
            "rules": [
                {name: getattr(one, name) for name in RuleTried.__slots__} for one in self.rules
            ],
        }


def backtest(work: Work, today: date, months: int, rules: Rules) -> Backtest:
    """Run every rule on the book as it stood at the end of each week of the last months."""
    ends = week_ends(today, months)
    tried: dict[str, RuleTried] = {}
    pushes = 0
    everybody = [one for one, _, _ in portfolio.everybody(work)]
    for start in range(0, len(everybody), AT_ONCE):
        ids = everybody[start : start + AT_ONCE]
        seen = [assess(work, ids, day, rules) for day in ends]
        for customer in ids:
            pushes += _follow([each[customer] for each in seen], ends, today, rules, tried)
    for rule, taps in feedback.not_relevant(work).items():
        tried.setdefault(rule, RuleTried(rule)).not_relevant = taps
    reps = people.with_portfolios(work)
    ordered = sorted(tried.values(), key=lambda one: one.rule)
    return Backtest(ends[0], ends[-1], len(ends), pushes, reps, ordered)


def week_ends(today: date, months: int) -> list[date]:
    """Return the Sundays of the last months, the oldest first; one at least."""
    last = today - timedelta(days=(today.weekday() - SUNDAY) % 7)
    first = add_months(today, -months)
    found = [last]
    while found[-1] - WEEK >= first:
        found.append(found[-1] - WEEK)
    return found[::-1]


def _follow(
    story: Sequence[Assessment],
    ends: Sequence[date],
    today: date,
    rules: Rules,
    tried: dict[str, RuleTried],
) -> int:
    """Count one customer's weeks; return how often his level would have been pushed."""
    late = [end for end, one in zip(ends, story, strict=True) if _is_late(one)]
    pushes, level = 0, 0
    for rule, day in _news(story, ends):
        one = tried.setdefault(rule, RuleTried(rule))
        one.fired += 1
        if day + FOLLOWED_WITHIN <= today:
            one.judged += 1
            one.followed += any(day < end <= day + FOLLOWED_WITHIN for end in late)
    for found in story:
        risen = found.level > level and found.level >= rules.policy.levels.push_from_level
        pushes, level = pushes + risen, int(found.level)
    return pushes


def _news(story: Sequence[Assessment], ends: Sequence[date]) -> Iterator[tuple[str, date]]:
    """Yield each rule on the day that it lit and had not been lit the week before."""
    before: set[str] = set()
    for found, day in zip(story, ends, strict=True):
        lit = {one.id for one in found.signals if one.points > 0}
        yield from ((rule, day) for rule in sorted(lit - before))
        before = lit


def _is_late(found: Assessment) -> bool:
    """Tell a real delay: 30 days past due, above the floor (C1-01 leaves dust out)."""
    for one in found.signals:
        days = one.figure.get("days")
        if one.id == LATE_SIGNAL and isinstance(days, int):
            return days >= LATE_DAYS
    return False
