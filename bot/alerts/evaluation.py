"""Evaluation of an account: its signals, the light of each family, its level."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple

from bot.alerts.figures import NO_EVENTS, AccountFigures
from bot.alerts.rules import EARLY_WARNING_RULES as LEDGER_RULES
from bot.alerts.rules import WITHOUT_EVENTS, WITHOUT_PAYMENTS, Rule
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
        return sum([signal.points for signal in self.signals])

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
    lit = [signal for rule in _rules_for(figures) if (signal := rule(figures, policy)) is not None]
    order, lights, level = _arranged(tuple(map(_SHAPE, lit)), policy.levels)
    signals = tuple([lit[place] for place in order])
    return Assessment(figures.customer, level, lights, signals, figures.as_of, figures.data_as_of)


_ALL = tuple(EARLY_WARNING_RULES.values())
_LEDGER = tuple(LEDGER_RULES.values())
_QUIET = tuple(WITHOUT_EVENTS.values())
_UNPAID = tuple(WITHOUT_PAYMENTS.values())


def _rules_for(figures: AccountFigures) -> Iterable[Rule]:
    """Leave out the rules that have nothing to look at."""
    if not figures.signs.silent:
        return _ALL
    if figures.events is not NO_EVENTS and figures.events != NO_EVENTS:
        return _LEDGER
    for one in figures.currencies:
        if one.trend is not None or one.left_aside is not None:
            return _QUIET
    return _UNPAID


def in_order(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """Put what freezes first, then the heaviest; good news that outweighs nothing is left out."""
    lit = list(signals)
    return tuple([lit[place] for place in _order(tuple(map(_SHAPE, lit)))])


_Shape = tuple[str, int, bool]
_SHAPE: Callable[[Signal], _Shape] = attrgetter("id", "points", "critical")
"""All that the order, the lights and the level depend on: signals come together in few ways."""


def _order(shapes: Sequence[_Shape]) -> list[int]:
    """Tell in which order signals of these shapes are told, by their places."""
    places = sorted(range(len(shapes)), key=lambda place: _weight(*shapes[place]))
    bad = {family_of(signal_id) for signal_id, points, _ in shapes if points > 0}
    return [place for place in places if shapes[place][1] > 0 or family_of(shapes[place][0]) in bad]


def _weight(signal_id: str, points: int, critical: bool) -> tuple[bool, int, str]:  # noqa: FBT001
    return (not critical, -points, signal_id)


def lights_of(signals: Iterable[Signal], policy: Policy) -> Mapping[Family, Light]:
    """Sum the points of each family; the good news of one never counts for another."""
    return _shown(map(_SHAPE, signals), policy.levels)[0]


@lru_cache(maxsize=4096)
def _arranged(
    shapes: Sequence[_Shape], levels: LevelPolicy
) -> tuple[Sequence[int], Mapping[Family, Light], Level]:
    order = _order(shapes)
    return (order, *_shown([shapes[place] for place in order], levels))


def _shown(signals: Iterable[_Shape], levels: LevelPolicy) -> tuple[Mapping[Family, Light], Level]:
    """Tell the lights and the level."""
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
