"""What a bailiff keeps of a sum collected (art. A444-31 and A444-32 C. com., handbook 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from credit.money import Money, rounded


@dataclass(frozen=True, slots=True)
class Bracket:
    """A percentage of the part of a sum up to an amount (None: of all the rest)."""

    up_to: Decimal | None
    percent: Decimal
    verified: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """The marginal brackets of one party; small sums pay a fixed fee, great ones a cap."""

    brackets: tuple[Bracket, ...]
    fixed_up_to: Decimal
    fixed_fee: Decimal
    fixed_verified: bool
    cap: Decimal


@dataclass(frozen=True, slots=True)
class Tariff:
    """A tariff, in force from a day; `until` is the last day for which it was checked."""

    valid_from: date
    until: date | None
    vat: Decimal
    debtor: Scale
    creditor: Scale
    source: str


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee without and with VAT; `verified` tells that every value used was read in a source."""

    without_vat: Money
    with_vat: Money
    verified: bool


@dataclass(frozen=True, slots=True)
class BailiffFees:
    """What the debtor pays on top and what the creditor leaves; they cumulate (R444-55)."""

    debtor: Fee
    creditor: Fee
    tariff: Tariff


class NoTariff(LookupError):
    """No tariff is known for a day."""

    def __init__(self, day: date) -> None:
        super().__init__(day.isoformat())
        self.day = day


def bailiff_fees(amount: Money, day: date, tariffs: Sequence[Tariff]) -> BailiffFees:
    """Compute both fees on the sum collected in all, not on each payment (handbook 10.1)."""
    tariff = tariff_on(day, tariffs)
    stale = tariff.until is not None and day > tariff.until
    return BailiffFees(
        _fee(amount, tariff.debtor, tariff.vat, stale=stale),
        _fee(amount, tariff.creditor, tariff.vat, stale=stale),
        tariff,
    )


def tariff_on(day: date, tariffs: Sequence[Tariff]) -> Tariff:
    """Return the last tariff in force by then; raise `NoTariff` before the first one."""
    known = [tariff for tariff in tariffs if tariff.valid_from <= day]
    if not known:
        raise NoTariff(day)
    return max(known, key=lambda tariff: tariff.valid_from)


def _fee(amount: Money, scale: Scale, vat: Decimal, *, stale: bool) -> Fee:
    exact, verified = _exact(amount.amount, scale)
    without = rounded(exact, amount.currency)
    with_vat = rounded(without.amount * (100 + vat) / 100, amount.currency)
    return Fee(without, with_vat, verified and not stale)


def _exact(amount: Decimal, scale: Scale) -> tuple[Decimal, bool]:
    """Apply the text literally: the fixed fee only up to its amount, even where it drops after."""
    if amount <= scale.fixed_up_to:
        return scale.fixed_fee, scale.fixed_verified
    fee, verified, below = Decimal(0), True, Decimal(0)
    for bracket in scale.brackets:
        top = amount if bracket.up_to is None else min(amount, bracket.up_to)
        if top > below:
            fee += (top - below) * bracket.percent / 100
            verified = verified and bracket.verified
            below = top
    return (scale.cap, True) if fee > scale.cap else (fee, verified)
