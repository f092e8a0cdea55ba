"""Payment guarantees: what each kind covers, when one counts, and when its end must be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from credit.money import Money, zero


class GuaranteeKind(StrEnum):
    """The catalogue of handbook 6.3, but for what finances us or merely moves a sale to cash."""

    RETENTION_OF_TITLE = "retention_of_title"
    PERSONAL_SURETY = "personal_surety"
    BANK_SURETY = "bank_surety"
    DEMAND_GUARANTEE = "demand_guarantee"
    AVAL = "aval"
    COMFORT_LETTER = "comfort_letter"
    CREDIT_INSURANCE = "credit_insurance"
    DELEGATION = "delegation"
    DEPOSIT = "deposit"
    PLEDGE = "pledge"
    BUSINESS_PLEDGE = "business_pledge"
    OFFSET = "offset"


class Mentions(StrEnum):
    """Whether a natural person wrote what art. 2297 C. civ. asks; without the amount, void."""

    COMPLETE = "complete"
    MISSING = "missing"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class GuaranteeRule:
    """What one kind is worth: `covers` lowers the exposure, `written` asks for art. 2297."""

    covers: bool
    written: bool
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class GuaranteeLaw:
    """The kinds, each with its source, and the day on which they were checked."""

    checked_on: date
    kinds: Mapping[GuaranteeKind, GuaranteeRule]


@dataclass(frozen=True, slots=True)
class GuaranteePolicy:
    """How many days before its end a guarantee is told of, the longest first."""

    warn_days: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse days that do not fall, or that never come."""
        falling = sorted(set(self.warn_days), reverse=True)
        if list(self.warn_days) != falling or not falling or falling[-1] < 0:
            raise ValueError("days that fall, none below zero")


@dataclass(frozen=True, slots=True)
class Guarantee:
    """One guarantee of a customer; no amount: it holds what the goods or the paper are worth."""

    kind: GuaranteeKind
    amount: Money | None
    valid_until: date | None
    mentions: Mentions | None = None

    def expired(self, today: date) -> bool:
        """Tell whether its last day is gone."""
        return self.valid_until is not None and self.valid_until < today


def counts(one: Guarantee, law: GuaranteeLaw, today: date) -> bool:
    """Tell whether it lowers the exposure: of a kind that covers, in time, and not void.

    A natural person's surety without the mentions of art. 2297 C. civ. is void (handbook 6.3).
    """
    void = law.kinds[one.kind].written and one.mentions is Mentions.MISSING
    return law.kinds[one.kind].covers and not one.expired(today) and not void


def covered(
    guarantees: Iterable[Guarantee], currency: str, law: GuaranteeLaw, today: date
) -> Money:
    """Sum what lowers the exposure in a currency (handbook 5.6, « part garantie »)."""
    parts = (
        one.amount
        for one in guarantees
        if one.amount is not None and one.amount.currency == currency and counts(one, law, today)
    )
    return sum(parts, zero(currency))


def warning(valid_until: date, today: date, policy: GuaranteePolicy) -> int | None:
    """Return which warning is due today: the smallest threshold reached; None before the first."""
    left = (valid_until - today).days
    return min((days for days in policy.warn_days if left <= days), default=None)
