"""The typology of customers (handbook 5.1): what they bring against what they may cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from credit.money import Money
from credit.risk_class import RiskClass


class Cell(StrEnum):
    """The six cells, named by what to do with their customers."""

    DEVELOP = "develop"
    SECURE = "secure"
    REDUCE = "reduce"
    AUTOMATE = "automate"
    FRAME = "frame"
    AVOID = "avoid"


CELLS: Mapping[RiskClass, tuple[Cell, Cell]] = {
    RiskClass.A: (Cell.DEVELOP, Cell.AUTOMATE),
    RiskClass.B: (Cell.DEVELOP, Cell.AUTOMATE),
    RiskClass.C: (Cell.SECURE, Cell.FRAME),
    RiskClass.D: (Cell.REDUCE, Cell.AVOID),
    RiskClass.E: (Cell.REDUCE, Cell.AVOID),
}
"""Of each risk class: the cell of high value, then of low value."""


@dataclass(frozen=True, slots=True)
class TypologyPolicy:
    """From what turnover of twelve months, in currency units, a customer is of high value."""

    other: Decimal
    high_from: Mapping[str, Decimal]

    def __post_init__(self) -> None:
        """Refuse a threshold that everybody reaches."""
        if min(self.other, *self.high_from.values()) <= 0:
            raise ValueError("turnovers above zero")

    def threshold(self, currency: str) -> Money:
        """Return the turnover from which a customer is of high value."""
        return Money(self.high_from.get(currency, self.other), currency)


def cell(turnover: Money, risk: RiskClass, policy: TypologyPolicy) -> Cell:
    """Place a customer by his turnover of twelve months and his risk class (5.1)."""
    high, low = CELLS[risk]
    return high if turnover >= policy.threshold(turnover.currency) else low
