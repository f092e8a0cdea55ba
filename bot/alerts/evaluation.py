"""Evaluation of an account: its signals, the light of each family, its level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from bot.alerts.figures import AccountFigures
from bot.alerts.rules import EARLY_WARNING_RULES as LEDGER_RULES
from bot.alerts.rules import Rule
from bot.alerts.rules_commercial import COMMERCIAL_RULES
from bot.alerts.rules_field import FIELD_RULES
from bot.alerts.rules_public import PUBLIC_RULES
from bot.alerts.signal import Action, Signal
from credit.levels import Family, Level, Light, level_of, light_of
from credit.policy import Policy

SIGN_RULES = MappingProxyType[str, Rule]({**COMMERCIAL_RULES, **PUBLIC_RULES, **FIELD_RULES})
EARLY_WARNING_RULES = MappingProxyType[str, Rule]({**LEDGER_RULES, **SIGN_RULES})
"""Every rule by the id of its signal, all four families."""


@dataclass(frozen=True, slots=True)
class Assessment:
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
    rules = LEDGER_RULES if figures.signs.silent else EARLY_WARNING_RULES
    signals = in_order(s for s in (rule(figures, policy) for rule in rules.values()) if s)
    lights = lights_of(signals, policy)
    return Assessment(
        customer=figures.customer,
        level=level_of(lights, critical=any(signal.critical for signal in signals)),
        lights=lights,
        signals=signals,
        as_of=figures.as_of,
        data_as_of=figures.data_as_of,
    )


def in_order(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """Put what freezes first, then the heaviest; good news that outweighs nothing is left out."""
    kept = sorted(signals, key=lambda one: (not one.critical, -one.points, one.id))
    bad = {one.family for one in kept if one.points > 0}
    return tuple(one for one in kept if one.points > 0 or one.family in bad)


def lights_of(signals: Iterable[Signal], policy: Policy) -> dict[Family, Light]:
    """Sum the points of each family; the good news of one never counts for another."""
    points = dict.fromkeys(Family, 0)
    critical = set()
    for one in signals:
        family = one.family
        points[family] += one.points
        if one.critical:
            critical.add(family)
    return {
        family: light_of(sum_, policy.levels, critical=family in critical)
        for family, sum_ in points.items()
    }
