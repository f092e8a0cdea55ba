"""A payment plan: an amount in instalments, the last of which takes the cents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from credit.money import Money
from credit.terms import add_months

MOST_INSTALMENTS = 6
LONGEST_MONTHS = 3
"""What a payment plan keeps to at most (handbook 8.1, a proposal); its 90 days are months here."""


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment of a plan."""

    n: int
    due_on: date
    amount: Money


def instalments(amount: Money, count: int, first: date) -> tuple[Instalment, ...]:
    """Split an amount over consecutive months, the cents in the last one (handbook 8.1).

    Raises `ValueError` when there is no instalment, or less than one unit for each.
    """
    if count < 1 or amount.minor < count:
        raise ValueError(count)
    each, rest = divmod(amount.minor, count)
    return tuple(
        Instalment(
            n + 1,
            add_months(first, n),
            Money.from_minor(each + (rest if n == count - 1 else 0), amount.currency),
        )
        for n in range(count)
    )


def is_usual(parts: Sequence[Instalment]) -> bool:
    """Tell whether a plan keeps to the handbook: at most six instalments, within three months."""
    last = add_months(parts[0].due_on, LONGEST_MONTHS)
    return len(parts) <= MOST_INSTALMENTS and parts[-1].due_on <= last
