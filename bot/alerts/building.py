"""Building a signal from a figure: the highest tier that it reached, or one fixed weight."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from types import MappingProxyType

from bot.alerts.signal import Action, FigureValue, Signal
from credit.policy import Tier

Figure = dict[str, FigureValue]


def tiered(
    signal_id: str,
    value: Decimal | int,
    tiers: Sequence[Tier],
    figure: Figure,
    action: Action,
) -> Signal | None:
    """Light up at the highest tier that the value reaches."""
    reached = [tier for tier in tiers if value >= tier.at]
    return at_tier(signal_id, reached[-1], len(reached), figure, action) if reached else None


def at_tier(
    signal_id: str, tier: Tier, number: int, figure: Figure, action: Action
) -> Signal | None:
    """Light up at one tier; a tier without points is switched off."""
    if tier.points == 0:  # the credit manager switches a tier off by giving it no point
        return None
    rule = f"{signal_id}.{number}"
    return Signal(signal_id, tier.points, MappingProxyType(figure), rule, tier.at, action)


def weighing(
    signal_id: str,
    points: int,
    threshold: Decimal | int,
    figure: Figure,
    action: Action,
    number: int = 1,
) -> Signal | None:
    """Light up with one weight; `threshold` is the figure that the rule names."""
    return at_tier(signal_id, Tier(Decimal(threshold), points), number, figure, action)
