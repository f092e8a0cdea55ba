"""Evaluation of an account: its signals, the light of each family, its level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from bot.alerts.figures import NO_EVENTS, AccountFigures
from bot.alerts.rules import EARLY_WARNING_RULES as LEDGER_RULES
from bot.alerts.rules import WITHOUT_EVENTS, Rule
from bot.alerts.rules_commercial import COMMERCIAL_RULES
from bot.alerts.rules_field import FIELD_RULES
from bot.alerts.rules_public import PUBLIC_RULES
from bot.alerts.signal import Action, Signal, family_of
from credit.levels import Family, Level, Light, level_of, light_of
from credit.policy import LevelPolicy, Policy

SIGN_RULES = MappingProxyType[str, Rule]({**COMMERCIAL_RULES, **PUBLIC_RULES, **FIELD_RULES})
EARLY_WARNING_RULES = MappingProxyType[str, Rule]({**LEDGER_RULES, **SIGN_RULES})
"""Every rule by the id of its signal, all four families."""


class Assessment(NamedTuple):
    """What an account looks like on a day; `signals` start with the heaviest."""

    customer: int
    level: Level
    lights: Mapping[Family, Light]
    signals: tuple[Signal, ...]
    as_of: date
    data_as_of: datetime | None

    @property
    def points(self) -> int:
        """Return the points of all signals."""
        return sum(signal.points for signal in self.signals)

    @property
    def suggested_action(self) -> Action | None:
        """Return the action of the heaviest signal; None when nothing is lit."""
        return self.signals[0].action if self.signals else None

    @property
    def critical(self) -> Signal | None:
        """Return the signal that freezes the account (K)."""
        return next((signal for signal in self.signals if signal.critical), None)


def evaluate(figures: AccountFigures, policy: Policy) -> Assessment:
    """Run every rule on an account and sum up (handbook 4.3)."""
    lit = [rule(figures, policy) for rule in _rules_for(figures)]
    signals = in_order([one for one in lit if one is not None])
    lights, level = _standing(signals, policy)
    return Assessment(figures.customer, level, lights, signals, figures.as_of, figures.data_as_of)


def _rules_for(figures: AccountFigures) -> Iterable[Rule]:
    """Leave out the rules that have nothing to look at."""
    if not figures.signs.silent:
        return EARLY_WARNING_RULES.values()
    quiet = figures.events is NO_EVENTS or figures.events == NO_EVENTS
    return WITHOUT_EVENTS.values() if quiet else LEDGER_RULES.values()


def in_order(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """Put what freezes first, then the heaviest; good news that outweighs nothing is left out."""
    kept = sorted(signals, key=_weight)
    if not kept or min([one.points for one in kept]) > 0:
        return tuple(kept)
    bad = {one.family for one in kept if one.points > 0}
    return tuple(one for one in kept if one.points > 0 or one.family in bad)


def _weight(one: Signal) -> tuple[bool, int, str]:
    return (not one.critical, -one.points, one.id)


def lights_of(signals: Iterable[Signal], policy: Policy) -> Mapping[Family, Light]:
    """Sum the points of each family; the good news of one never counts for another."""
    return _standing(signals, policy)[0]


def _standing(signals: Iterable[Signal], policy: Policy) -> tuple[Mapping[Family, Light], Level]:
    return _shown(tuple([(one.id, one.points, one.critical) for one in signals]), policy.levels)


@lru_cache(maxsize=4096)
def _shown(
    signals: Iterable[tuple[str, int, bool]], levels: LevelPolicy
) -> tuple[Mapping[Family, Light], Level]:
    """Tell the lights and the level; the ways that signals come together are few."""
    points = dict.fromkeys(Family, 0)
    critical = set()
    for signal_id, weight, freezes in signals:
        family = family_of(signal_id)
        points[family] += weight
        if freezes:
            critical.add(family)
    lights = {
        family: light_of(sum_, levels, critical=family in critical)
        for family, sum_ in points.items()
    }
    return MappingProxyType(lights), level_of(lights, critical=bool(critical))
