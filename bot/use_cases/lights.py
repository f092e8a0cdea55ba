"""Lights explained: the heaviest reasons of each family, and what would turn it green."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.alerts.evaluation import evaluate
from bot.use_cases import accounts, discretion, observations_seen
from bot.use_cases.figures import account_figures
from bot.use_cases.refusals import NotYours
from bot.use_cases.signals import plain
from credit.levels import Family, Level, Light
from credit.moment import Moment
from storage import freezes

if TYPE_CHECKING:
    from bot.alerts.signal import Signal
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from credit.policy import LevelPolicy
    from storage.work import Work

REASONS = 3
LEDGER = frozenset({"C1-01", "C1-03", "C1-11", "C1-12"})
"""Signals that a payment puts out at once."""


@dataclass(frozen=True, slots=True)
class FamilyLight:
    """One family: its light, its heaviest reasons as plain signals, and how it turns green.

    `excess` are the points to lose until it is green; `ways` the least sets of signals whose
    end would do it, the quickest first; `settle` is the invoice that a payment would take off.
    """

    family: Family
    light: Light
    points: int
    reasons: Sequence[Mapping[str, Any]]
    hidden: int
    excess: int
    ways: Sequence[str]
    settle: str | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """An account's level and each of its families; `frozen_since` when it is frozen.

    `reported`: a person stopped it, no public record did.
    `seen` is how many observations may be read behind the light of family C4.
    """

    level: Level
    families: Sequence[FamilyLight]
    frozen_since: date | None
    seen: int = 0
    reported: bool = False


def explain(work: Work, person: Person, customer_id: int, now: Moment, rules: Rules) -> Explained:
    """Judge an account as of now and say why to this reader; nothing is written."""
    figures = account_figures(work, customer_id, now, rules)
    if figures is None:
        raise NotYours
    found = evaluate(figures, rules.policy)
    held = freezes.active(work, customer_id)
    families = [
        family_light(family, found.lights[family], found.signals, rules.policy.levels)
        for family in Family
    ]
    seen = [
        replace(one, reasons=discretion.told_to(person, one.reasons, rules.policy))
        for one in families
    ]
    sightings = observations_seen.seen(work, person, customer_id, now.today, rules)
    stopped = accounts.frozen_since(work, customer_id)
    told_on = stopped and Moment(stopped, now.zone).today
    frozen_since = held.since if held is not None else told_on
    return Explained(found.level, seen, frozen_since, len(sightings), reported=held is None)


def family_light(
    family: Family, light: Light, signals: Sequence[Signal], policy: LevelPolicy
) -> FamilyLight:
    """Explain one family from the signals of an account, the heaviest first."""
    mine = [one for one in signals if one.family is family]
    bad = [one for one in mine if one.points > 0]
    points = sum(one.points for one in mine)
    excess = 0 if light is Light.GREEN else max(1, points - policy.orange_from + 1)
    # a line that says « one more » has the room to say which
    shown = REASONS + 1 if len(bad) == REASONS + 1 else REASONS
    ledger = next((one for one in bad if one.id in LEDGER and "number" in one.figure), None)
    return FamilyLight(
        family,
        light,
        max(0, points),
        [plain(one) for one in bad[:shown]],
        max(0, len(bad) - shown),
        excess,
        _ways(bad, excess) if excess else (),
        str(ledger.figure["number"]) if ledger else None,
    )


def _ways(bad: Sequence[Signal], excess: int) -> tuple[str, ...]:
    """Name the fewest signals whose end takes the excess away, the heaviest first."""
    chosen, left = [], excess
    for one in sorted(bad, key=lambda signal: (not signal.critical, -signal.points, signal.id)):
        if left <= 0:
            break
        chosen.append(one.id)
        left -= one.points
    return tuple(chosen)
