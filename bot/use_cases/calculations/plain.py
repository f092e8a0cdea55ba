"""Figures as plain values: decimal strings rounded once, ISO dates."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from credit.money import Money

TENTH = Decimal("0.1")
HUNDREDTH = Decimal("0.01")


def tenth(value: Decimal | None) -> str | None:
    """Write days or a percentage with one decimal, half up; None where there is no figure."""
    return None if value is None else f"{value.quantize(TENTH, ROUND_HALF_UP):f}"


def hundredth(value: Decimal) -> str:
    """Write a rate with two decimals, half up."""
    return f"{value.quantize(HUNDREDTH, ROUND_HALF_UP):f}"


def amount(money: Money | None) -> str | None:
    """Write an amount with its currency's decimals; None where there is none."""
    return None if money is None else money.as_text()


def day(value: date | None) -> str | None:
    """Write a date as ISO does; None where there is none."""
    return None if value is None else value.isoformat()
