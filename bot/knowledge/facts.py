"""The figures that cards tell: always the dated ones of the house, never typed in a card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from credit.bailiff import bailiff_fees
from credit.insolvency import InsolvencyStep
from credit.money import Money, rounded
from credit.penalty import Semester
from credit.policy import Policy
from credit.reference import Reference

EXAMPLE: Final = Money(Decimal(4000), "EUR")


@dataclass(frozen=True, slots=True)
class Percent:
    """A percentage, and whether it was read in a source for this very day."""

    value: Decimal
    sure: bool


Fact = int | Decimal | Money | Percent


def facts(reference: Reference, policy: Policy, today: date) -> Mapping[str, Fact]:
    """Return every figure by its name: days, months and years as numbers, amounts as money."""
    return {
        **_terms(reference),
        **_penalties(reference, today),
        **_deadlines(reference),
        **_returns(reference),
        **_bailiff(reference, today),
        "cash_limit": Money(policy.promise.cash_limit.get("EUR", Decimal(0)), "EUR"),
        "deposit": policy.orders.deposit_percent,
        "first_deposit": policy.orders.first_deposit_percent,
    }


def _terms(reference: Reference) -> dict[str, Fact]:
    law = reference.terms
    general = law.ceilings["general"]
    found: dict[str, Fact] = {
        "default_days": law.default_days,
        "net_days": general.net_days,
        "eom_days": general.month_end_days or 0,
    }
    for trade in ("periodic", "transport"):
        if trade in law.ceilings:
            found[f"{trade}_days"] = law.ceilings[trade].net_days
    return found


def _penalties(reference: Reference, today: date) -> dict[str, Fact]:
    rates, now = reference.rates, Semester.of(today)
    known, rate = rates.known(now)
    sure = known == now and rate.refi_verified
    return {
        "points_above_refi": rates.points_above_refi,
        "penalty_rate": Percent(rate.refi + rates.points_above_refi, sure),
        "flat_fee": rates.flat_fee,
    }


def _deadlines(reference: Reference) -> dict[str, Fact]:
    steps, kinds = reference.insolvency.steps, reference.limits.kinds
    return {
        "declare_months": steps[InsolvencyStep.DECLARE].months,
        "reclaim_months": steps[InsolvencyStep.RECLAIM].months,
        "relief_months": steps[InsolvencyStep.RELIEF].months,
        "prescription_years": kinds["b2b"].years,
        "bill_years": kinds["bill"].years,
    }


def _returns(reference: Reference) -> dict[str, Fact]:
    law = reference.returns
    return {
        "cheque_certificate_days": law.cheque_certificate_days,
        "cheque_title_days": law.cheque_title_days,
        "refund_weeks": law.core.refund_weeks,
        "unauthorised_months": law.core.unauthorised_months,
        "cheque_cap_low": rounded(law.caps.cheque_low_cap, "EUR"),
        "cheque_cap_high": rounded(law.caps.cheque_high_cap, "EUR"),
    }


def _bailiff(reference: Reference, today: date) -> dict[str, Fact]:
    fees = bailiff_fees(EXAMPLE, today, reference.tariffs)
    return {
        "bailiff_creditor": fees.creditor.with_vat,
        "bailiff_debtor": fees.debtor.with_vat,
    }
