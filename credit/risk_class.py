"""The risk class of a customer, A to E, from weighted points (handbook 5.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class RiskClass(StrEnum):
    """From A, the safest, to E, cash only."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


class LegalStanding(StrEnum):
    """What public registers say of a customer."""

    CLEAN = "clean"
    PLEDGE = "pledge"
    PRIVILEGE = "privilege"


class Criterion(StrEnum):
    """The rows of the grid."""

    DELAY = "delay"
    INCIDENTS = "incidents"
    SCORE = "score"
    COMPANY_AGE = "company_age"
    RELATION_AGE = "relation_age"
    LEGAL = "legal"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Step:
    """Points up to a value, itself included."""

    at: Decimal
    points: int


@dataclass(frozen=True, slots=True)
class AgeScale:
    """Points of an age in years: from one on, and more beyond another."""

    from_years: Decimal
    from_points: int
    beyond_years: Decimal
    beyond_points: int


@dataclass(frozen=True, slots=True)
class ClassRule:
    """What a class means: its points, the factor of its limits, how often it is reviewed."""

    from_points: int
    limit_factor: Decimal
    review_months: int


@dataclass(frozen=True, slots=True)
class GridPolicy:
    """The grid; beyond the last step there is no point."""

    delay: tuple[Step, ...]
    delay_unknown: int
    incidents: tuple[Step, ...]
    score_factor: Decimal
    score_unknown: int
    company_age: AgeScale
    relation_age: AgeScale
    legal: Mapping[LegalStanding, int]
    field: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a customer: days, counts, a score of 0-10, years; None when unknown.

    `field_points` are the points of the C4 light; `critical` tells of insolvency.
    """

    delay: Decimal | None
    incidents: int
    score: Decimal | None
    company_age: Decimal | None
    relation_age: Decimal | None
    legal: LegalStanding
    field_points: int
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Rating:
    """Points by criterion, and the class that they make."""

    parts: Mapping[Criterion, Decimal]
    risk: RiskClass

    @property
    def points(self) -> Decimal:
        """Return the sum of the points."""
        return sum(self.parts.values(), Decimal(0))


def rate(standing: Standing, grid: GridPolicy, classes: Mapping[RiskClass, ClassRule]) -> Rating:
    """Add up the grid and class the customer; anything critical is an E (handbook 5.4)."""
    parts = {
        Criterion.DELAY: Decimal(_up_to(standing.delay, grid.delay, grid.delay_unknown)),
        Criterion.INCIDENTS: Decimal(_up_to(Decimal(standing.incidents), grid.incidents, 0)),
        Criterion.SCORE: _score(standing.score, grid),
        Criterion.COMPANY_AGE: Decimal(_aged(standing.company_age, grid.company_age)),
        Criterion.RELATION_AGE: Decimal(_aged(standing.relation_age, grid.relation_age)),
        Criterion.LEGAL: Decimal(grid.legal[standing.legal]),
        Criterion.FIELD: Decimal(max(0, grid.field - max(0, standing.field_points))),
    }
    points = sum(parts.values(), Decimal(0))
    return Rating(parts, RiskClass.E if standing.critical else class_of(points, classes))


def class_of(points: Decimal, classes: Mapping[RiskClass, ClassRule]) -> RiskClass:
    """Return the best class whose points are reached."""
    reached = [one for one in RiskClass if points >= classes[one].from_points]
    return reached[0] if reached else RiskClass.E


def _score(score: Decimal | None, grid: GridPolicy) -> Decimal:
    return Decimal(grid.score_unknown) if score is None else score * grid.score_factor


def _up_to(value: Decimal | None, steps: Sequence[Step], unknown: int) -> int:
    if value is None:
        return unknown
    return next((step.points for step in steps if value <= step.at), 0)


def _aged(years: Decimal | None, scale: AgeScale) -> int:
    if years is None or years < scale.from_years:
        return 0
    return scale.beyond_points if years > scale.beyond_years else scale.from_points
