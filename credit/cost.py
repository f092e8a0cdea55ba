"""What customer credit costs: financing, lateness, losses and what makes up for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from credit.money import Money, rounded

YEAR = 365


class ImpossibleFigure(ValueError):
    """A figure outside what the formula means: its name, and the bound it passes."""

    def __init__(self, name: str, bound: str) -> None:
        super().__init__(f"{name} {bound}")
        self.name = name
        self.bound = bound


@dataclass(frozen=True, slots=True)
class Financing:
    """The rate a year at which the house finances what it is owed, and over how many days."""

    percent: Decimal
    day_base: int
    source: str
    verified: bool
    checked_on: date


@dataclass(frozen=True, slots=True)
class CreditCost:
    """What receivables cost a year, and what one day of DSO is worth in cash and per year."""

    receivables: Money
    annual: Money
    day_cash: Money
    day_annual: Money


def credit_cost(sales: Money, dso: Decimal, rate: Decimal) -> CreditCost:
    """Cost a year's sales, taxes included, at a DSO in days and a rate in percent (2.7)."""
    day, currency = sales.amount / YEAR, sales.currency
    return CreditCost(
        receivables=rounded(day * dso, currency),
        annual=rounded(day * dso * rate / 100, currency),
        day_cash=rounded(day, currency),
        day_annual=rounded(day * rate / 100, currency),
    )


def late_cost(amount: Money, days: int, rate: Decimal, base: int = YEAR) -> Money:
    """Cost the financing of one late amount; `base` is 365 or 360 days a year (handbook 2.7)."""
    return rounded(amount.amount * rate * days / 100 / base, amount.currency)


def compensating_turnover(loss: Money, margin: Decimal) -> Money | None:
    """Return the turnover without taxes that makes up for a loss (handbook 2.8).

    `margin` is the net margin in percent; at zero or below nothing makes up for it: None.
    """
    return None if margin <= 0 else rounded(loss.amount * 100 / margin, loss.currency)


@dataclass(frozen=True, slots=True)
class UnpaidCost:
    """What an unpaid invoice costs at once (handbook 2.8); the loss excludes recoverable VAT."""

    loss: Money
    fees: Money

    @property
    def total(self) -> Money:
        """Return loss and fees together."""
        return self.loss + self.fees


def unpaid_cost(with_taxes: Money, without_taxes: Money, fees: Money, *, vat: bool) -> UnpaidCost:
    """Cost an unpaid invoice; `vat` tells that its VAT comes back (art. 272 CGI)."""
    return UnpaidCost(without_taxes if vat else with_taxes, fees)


def discount_annual_rate(rate: Decimal, days: int) -> Decimal:
    """Return in percent what a discount for paying so many days early costs a year (handbook 6.2).

    Raises `ImpossibleFigure` for a discount of 100 % or more, or without a day gained.
    """
    hundred = Decimal(100)
    if not 0 <= rate < hundred:
        raise ImpossibleFigure("rate", "0..100")
    if days <= 0:
        raise ImpossibleFigure("days", ">0")
    return rate / (hundred - rate) * YEAR / days * 100
