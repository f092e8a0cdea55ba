"""Evaluation of an account: its signals, the light of each family, its level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.alerts.figures import AccountFigures
from bot.alerts.rules import EARLY_WARNING_RULES
from bot.alerts.signal import Action, Signal
from credit.levels import Family, Level, Light, level_of, light_of
from credit.policy import Policy


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


def evaluate(figures: AccountFigures, policy: Policy) -> Assessment:
    """Run every rule on an account and sum up (handbook 4.3)."""
    found = [rule(figures, policy) for rule in EARLY_WARNING_RULES.values()]
    signals = sorted((s for s in found if s), key=lambda signal: (-signal.points, signal.id))
    points = sum(signal.points for signal in signals)
    lights = {Family.PAYMENT: light_of(points, policy.levels)}
    return Assessment(
        customer=figures.customer,
        level=level_of(lights),
        lights=lights,
        signals=tuple(signals),
        as_of=figures.as_of,
        data_as_of=figures.data_as_of,
    )
