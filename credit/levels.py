"""Warning lights and levels: how signals of four families become one level (handbook 4.3)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum

from credit.policy import LevelPolicy


class Family(StrEnum):
    """The four families of warning lights (handbook 4.1): C1 to C4."""

    PAYMENT = "payment"
    COMMERCIAL = "commercial"
    PUBLIC = "public"
    FIELD = "field"


class Light(StrEnum):
    """The light of one family."""

    GREEN = "green"
    ORANGE = "orange"
    RED = "red"


class Level(IntEnum):
    """The level of an account: RAS, Vigilance, Alerte, Alerte rouge, Gel."""

    CLEAR = 0
    WATCH = 1
    ALERT = 2
    RED_ALERT = 3
    FROZEN = 4


def light_of(points: int, policy: LevelPolicy, *, critical: bool = False) -> Light:
    """Return the light of a family from the sum of its points."""
    if critical or points >= policy.red_from:
        return Light.RED
    return Light.ORANGE if points >= policy.orange_from else Light.GREEN


def level_of(lights: Mapping[Family, Light], *, critical: bool = False) -> Level:
    """Return the level: the highest matching row of the table of handbook 4.3."""
    shown = list(lights.values())
    lit, red = len(shown) - shown.count(Light.GREEN), shown.count(Light.RED)
    if critical:
        return Level.FROZEN
    if red > 1 or (red and lit > 2):  # noqa: PLR2004 - the table's own figures
        return Level.RED_ALERT
    if red or lit > 1:
        return Level.ALERT
    return Level.WATCH if lit else Level.CLEAR
