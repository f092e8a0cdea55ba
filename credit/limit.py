"""The credit limit (plafond d'encours): what a customer needs, and what he may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from credit.money import Money, rounded
from credit.risk_class import RiskClass

MONTH_DAYS = 30


@dataclass(frozen=True, slots=True)
class LimitPolicy:
    """The credit manager's rules for limits; percents are 0-100, amounts in currency units."""

    tolerance_days: int
    equity_percent: Decimal
    our_sales_percent: Decimal
    round_down_to: Decimal


class Bound(StrEnum):
    """What holds a limit down."""

    NEED = "need"
    EQUITY = "equity"
    OUR_SALES = "our_sales"
    INSURED = "insured"


@dataclass(frozen=True, slots=True)
class CreditLimit:
    """The need, the limit, and what decided it: the smallest of the candidates."""

    need: Money
    limit: Money
    candidates: Mapping[Bound, Money]
    bound: Bound

    @property
    def short(self) -> bool:
        """Tell whether the need is not covered: shorter terms, a guarantee, a deposit."""
        return self.limit < self.need


@dataclass(frozen=True, slots=True)
class Means:
    """What bounds a limit beside the need, each None when unknown: it is then skipped.

    The customer's equity, our own sales of a year without taxes, what an insurer covers and
    the part we keep at our own risk.
    """

    equity: Money | None = None
    our_sales: Money | None = None
    insured: Money | None = None
    retained: Money | None = None


def credit_limit(
    monthly: Money,
    days: Decimal,
    risk: RiskClass,
    factors: Mapping[RiskClass, Decimal],
    policy: LimitPolicy,
    means: Means | None = None,
) -> CreditLimit:
    """Compute the limit of a customer who buys `monthly` (taxes included) and pays in `days`.

    Handbook 5.5: the need by the class's factor, bounded by equity, by our own sales and by
    the insurer's cover; rounded down.
    """
    known = means or Means()
    need = monthly.amount * (days + policy.tolerance_days) / MONTH_DAYS
    exact = {Bound.NEED: need * factors[risk]}
    if known.equity is not None:
        exact[Bound.EQUITY] = known.equity.amount * policy.equity_percent / 100
    if known.our_sales is not None:
        exact[Bound.OUR_SALES] = known.our_sales.amount * policy.our_sales_percent / 100
    if known.insured is not None:
        kept = known.retained.amount if known.retained else 0
        exact[Bound.INSURED] = known.insured.amount + kept
    bound = min(exact, key=lambda name: exact[name])
    steps = (max(exact[bound], Decimal(0)) / policy.round_down_to).to_integral_value(ROUND_DOWN)
    return CreditLimit(
        need=rounded(need, monthly.currency),
        limit=rounded(steps * policy.round_down_to, monthly.currency),
        candidates={name: rounded(value, monthly.currency) for name, value in exact.items()},
        bound=bound,
    )
