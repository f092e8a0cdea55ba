"""What cash to expect: promises by their reliability, due items by the customer's habits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

DEFAULT_RELIABILITY = Decimal("0.6")
ENOUGH_PROMISES = 5


class Expected(NamedTuple):
    """An amount and how likely it is to come, 0 to 1."""

    amount: Decimal
    likelihood: Decimal


@dataclass(frozen=True, slots=True)
class Reliability:
    """How much of what was promised came in time; `assumed` without enough promises."""

    ratio: Decimal
    promises: int
    assumed: bool


def expected_cash(promised: Iterable[Expected], due: Iterable[Expected]) -> Decimal:
    """Weigh what was promised and what falls due (handbook 12.2)."""
    return sum((one.amount * one.likelihood for one in (*promised, *due)), Decimal(0))


def reliability(kept: Decimal, promised: Decimal, count: int) -> Reliability:
    """Return kept / promised over twelve months (handbook 12.2).

    Fewer than five promises, or nothing promised, prove nothing: the handbook's default.
    """
    if count < ENOUGH_PROMISES or promised <= 0:
        return Reliability(DEFAULT_RELIABILITY, count, assumed=True)
    return Reliability(min(kept / promised, Decimal(1)), count, assumed=False)
