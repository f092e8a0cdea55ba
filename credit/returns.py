"""Bounced cheques and returned direct debits: the dates and what a return code means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from credit.calendar import WorkingCalendar
from credit.money import Money, rounded
from credit.terms import add_months


class Strength(StrEnum):
    """What a return says of the customer (handbook 3.8)."""

    STRONG = "strong"
    MEDIUM = "medium"
    TECHNICAL = "technical"


class Instrument(StrEnum):
    """What came back."""

    CHEQUE = "cheque"
    SEPA_CORE = "sepa_core"
    SEPA_B2B = "sepa_b2b"


@dataclass(frozen=True, slots=True)
class SepaRule:
    """Weeks in which an authorised debit may be refunded, months for one that was not."""

    refund_weeks: int
    unauthorised_months: int
    return_bank_days: int
    verified: bool


@dataclass(frozen=True, slots=True)
class FeeCaps:
    """The most that the debtor's bank may charge for a reject, in currency units."""

    cheque_low_limit: Decimal
    cheque_low_cap: Decimal
    cheque_high_cap: Decimal
    other_cap: Decimal
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class ReturnLaw:
    """Everything dated about returns: codes with their strength, delays, ceilings."""

    codes: Mapping[str, Strength]
    cheque_certificate_days: int
    cheque_title_days: int
    core: SepaRule
    b2b: SepaRule
    caps: FeeCaps
    source: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class ChequeDates:
    """A cheque without funds: certificate of non-payment, then the title without a judge."""

    certificate_from: date
    title_from: date | None


@dataclass(frozen=True, slots=True)
class DebitDates:
    """Until when a direct debit may come back; None: never refunded once authorised."""

    refund_until: date | None
    unauthorised_until: date
    interbank_until: date


def cheque_dates(presented_on: date, law: ReturnLaw, served_on: date | None = None) -> ChequeDates:
    """Date a bounced cheque from its first presentation (art. L131-73 C. monét. fin.)."""
    title = served_on and served_on + timedelta(days=law.cheque_title_days)
    return ChequeDates(presented_on + timedelta(days=law.cheque_certificate_days), title)


def debit_dates(debited_on: date, rule: SepaRule, banking: WorkingCalendar) -> DebitDates:
    """Date what may still come back of a direct debit (handbook 3.8)."""
    weeks = timedelta(weeks=rule.refund_weeks)
    return DebitDates(
        refund_until=debited_on + weeks if rule.refund_weeks else None,
        unauthorised_until=add_months(debited_on, rule.unauthorised_months),
        interbank_until=banking.add_working(debited_on, rule.return_bank_days),
    )


def reject_fee_cap(amount: Money, instrument: Instrument, law: ReturnLaw) -> Money:
    """Return the ceiling of the debtor's bank fee (D131-25, D133-6; handbook 2.8)."""
    caps = law.caps
    if instrument is Instrument.CHEQUE:
        low = amount.amount <= caps.cheque_low_limit
        return rounded(caps.cheque_low_cap if low else caps.cheque_high_cap, amount.currency)
    return rounded(min(caps.other_cap, amount.amount), amount.currency)


def bound_by_amount(amount: Money, instrument: Instrument, law: ReturnLaw) -> bool:
    """Tell whether the order's own amount is the ceiling: that was read in no source (2.8)."""
    return instrument is not Instrument.CHEQUE and amount.amount < law.caps.other_cap
