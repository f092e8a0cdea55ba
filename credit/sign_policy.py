"""The thresholds of what is seen outside the ledger: orders, public records, visits.

Families C2 to C4 of handbook 4.2 and 4.4. Amounts are decimals of the currency, percents are
0-100, days are calendar days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Tier:
    """From this value on, so many points."""

    at: Decimal
    points: int


@dataclass(frozen=True, slots=True)
class WindowRule:
    """A signal that counts events of the last days."""

    window_days: int
    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class PointsRule:
    """A signal of one weight, for what happened within the last days."""

    window_days: int
    points: int


@dataclass(frozen=True, slots=True)
class MeansRule:
    """C1-07: the means that bind the payer, and how often one was used before it went."""

    window_days: int
    past_days: int
    min_payments: int
    secure: tuple[str, ...]
    points: int


@dataclass(frozen=True, slots=True)
class DropRule:
    """C2-01: orders of the last days, in percent below the same days a year before.

    Without orders of that time, below the mean of `mean_days`; `min_orders` must be known.
    """

    recent_days: int
    mean_days: int
    min_orders: int
    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class OddOrderRule:
    """C2-02: an order so many times the mean one, of a late or a new customer."""

    window_days: int
    mean_days: int
    min_orders: int
    factor: Decimal
    new_days: int
    points: int


@dataclass(frozen=True, slots=True)
class SurgeRule:
    """C2-03: purchases in percent above the mean, while C1-02 is lit."""

    recent_days: int
    mean_days: int
    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class SplitRule:
    """C2-04: orders kept just under what is released without a look."""

    window_days: int
    within_days: int
    orders: int
    from_percent: Decimal
    release: Mapping[str, Decimal]  # by currency; a currency not named is not looked at
    points: int


@dataclass(frozen=True, slots=True)
class ReturnsRule:
    """C2-08: credit notes in percent of sales, and against the customer's own past."""

    window_days: int
    past_days: int
    percent: Decimal
    factor: Decimal
    points: int


@dataclass(frozen=True, slots=True)
class BuyerRule:
    """C2-11: another buyer than the one of most orders before."""

    window_days: int
    min_orders: int
    points: int


@dataclass(frozen=True, slots=True)
class CommercialPolicy:
    """The thresholds of family C2."""

    order_drop: DropRule
    odd_order: OddOrderRule
    surge: SurgeRule
    splitting: SplitRule
    new_address: PointsRule
    returns: ReturnsRule
    dependence: WindowRule
    new_buyer: BuyerRule


@dataclass(frozen=True, slots=True)
class InsolvencyRule:
    """C3-01: K while a procedure runs; a plan weighs `plan_points`; older than this is history."""

    stale_days: int
    plan_points: int


@dataclass(frozen=True, slots=True)
class CeasedRule:
    """C3-02: K once the company has ceased, `dissolved_points` when it is winding up."""

    window_days: int
    dissolved_points: int


@dataclass(frozen=True, slots=True)
class CoverRule:
    """C3-04: what an insurer's smaller limit, or his refusal, weighs."""

    window_days: int
    reduced_points: int
    refused_points: int


@dataclass(frozen=True, slots=True)
class RatingRule:
    """C3-05: classes lost between the last two ratings; the lowest class weighs most."""

    window_days: int
    tiers: tuple[Tier, ...]
    lowest_rank: int
    lowest_points: int


@dataclass(frozen=True, slots=True)
class FilingRule:
    """C3-06: accounts are due so many months after the end of the year."""

    months: int
    points: int


@dataclass(frozen=True, slots=True)
class EquityRule:
    """C3-07: own funds under half of the capital, or below zero."""

    half_points: int
    negative_points: int


@dataclass(frozen=True, slots=True)
class LossesRule:
    """C3-08: so many years running with a loss."""

    years: int
    points: int


@dataclass(frozen=True, slots=True)
class SeatRule:
    """C3-10: a new seat, heavier at a company that lends addresses."""

    window_days: int
    points: int
    domiciliation_points: int


@dataclass(frozen=True, slots=True)
class SaleRule:
    """C3-11: the business is sold; so many days to oppose, the publication day not counted."""

    window_days: int
    points: int
    opposition_days: int


@dataclass(frozen=True, slots=True)
class SectorRule:
    """C3-14: activities (NAF codes or their first characters) that the credit manager flags."""

    naf: tuple[str, ...]
    points: int


@dataclass(frozen=True, slots=True)
class PublicPolicy:
    """The thresholds of family C3."""

    insolvency: InsolvencyRule
    ceased: CeasedRule
    privilege: WindowRule
    cover: CoverRule
    rating: RatingRule
    filing: FilingRule
    equity: EquityRule
    losses: LossesRule
    manager: WindowRule
    seat: SeatRule
    sale: SaleRule
    pledge: WindowRule
    lawsuit: PointsRule
    sector: SectorRule


@dataclass(frozen=True, slots=True)
class FieldPolicy:
    """Family C4: what may be seen, and how a sighting weighs and fades (handbook 4.4).

    `codes` are the points of each: 0 is for information, -1 is good news; a voice note is at
    most `voice_seconds` long.
    """

    full_days: int
    gone_days: int
    twice_factor: Decimal
    disabled: tuple[str, ...]
    source_required: tuple[str, ...]
    private: tuple[str, ...]
    voice_seconds: int
    codes: Mapping[str, int]

    def __post_init__(self) -> None:
        """Refuse a shape that cannot fade, and names of no code."""
        if self.voice_seconds <= 0:
            raise ValueError("voice_seconds is above zero")
        if not 0 <= self.full_days < self.gone_days:
            raise ValueError("gone_days comes after full_days")
        unknown = {*self.disabled, *self.source_required, *self.private} - set(self.codes)
        if unknown:
            raise ValueError(f"no such code: {', '.join(sorted(unknown))}")

    def weight(self, seen_on: date, today: date) -> Decimal:
        """Return the part of its points that a sighting still has: 1, then falling to 0."""
        age = max(0, (today - seen_on).days)
        if age <= self.full_days:
            return Decimal(1)
        return max(
            Decimal(0), Decimal(self.gone_days - age) / Decimal(self.gone_days - self.full_days)
        )
