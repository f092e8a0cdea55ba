"""Whom to call first: money at stake x urgency x the chance that a call changes something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from credit.gate import Position
from credit.money import Money
from credit.policy import FloorPolicy

MONTH: Final = 30
MOST_MONTHS: Final = 4
"""Beyond four months lateness no longer makes a call more urgent: other means take over."""
STALE_DAYS: Final = 120


class Held(StrEnum):
    """Why an account is left in peace today (features 3.7)."""

    FROZEN = "frozen"
    DISPUTE = "dispute"
    PROMISE = "promise"
    PAID = "paid"
    JUST_DUE = "just_due"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that owes: what may be claimed, and what is known of the last weeks.

    `frozen`: a public notice froze the account: in a collective procedure nobody may claim what
    is older (L622-7 C. com.). `just_due`: what is late fell due on a day off and may be paid today.
    """

    customer: int
    positions: tuple[Position, ...]
    worst_days: int
    level: int = 0
    broken_promise: bool = False
    tried_today: bool = False
    answered_lately: bool = False
    tries: int = 0
    silent: bool = False
    frozen: bool = False
    just_due: bool = False

    @property
    def claims(self) -> tuple[Money, ...]:
        """Return what nobody contests and no promise covers, per currency."""
        return tuple(one.unspoken for one in self.positions if one.unspoken.minor > 0)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The accounts to call, the first first, and those left in peace with the reason."""

    calls: tuple[Candidate, ...]
    held: dict[Held, int]


def rank(candidates: Iterable[Candidate], floor: FloorPolicy) -> Ranking:
    """Order the accounts by priority; those that a call cannot move are counted apart."""
    calls: list[Candidate] = []
    held: dict[Held, int] = {}
    for one in candidates:
        reason = held_by(one)
        if reason is None:
            calls.append(one)
        else:
            held[reason] = held.get(reason, 0) + 1
    calls.sort(key=lambda one: (-priority(one, floor), one.customer))
    return Ranking(tuple(calls), held)


def held_by(one: Candidate) -> Held | None:
    """Say why not to call today, the reason that holds longest first; None: call."""
    if one.frozen:
        return Held.FROZEN
    late = [position for position in one.positions if position.overdue]
    if not any(position.undisputed for position in late):
        return Held.DISPUTE
    if not any(position.unspoken for position in late):
        return Held.PROMISE
    if all(position.received >= position.unspoken for position in late):
        return Held.PAID
    if one.just_due:
        return Held.JUST_DUE
    return Held.CONTACT if one.tried_today else None


def priority(one: Candidate, floor: FloorPolicy) -> Decimal:
    """Return euros at stake x urgency x chance (features 3.7); currencies count in floors."""
    return stake(one.claims, floor) * urgency(one) * chance(one)


def stake(claims: Sequence[Money], floor: FloorPolicy) -> Decimal:
    """Return the money at stake, counted in floors of each currency: never converted."""
    return sum((floor.weigh(money) for money in claims), Decimal(0))


def urgency(one: Candidate) -> Decimal:
    """Grow with lateness up to four months, with the alert's level and with a broken word."""
    months = min(Decimal(one.worst_days) / MONTH, Decimal(MOST_MONTHS))
    broken = Decimal("1.5") if one.broken_promise else Decimal(1)
    return (1 + months / 2) * (1 + Decimal(one.level) / 4) * broken


def chance(one: Candidate) -> Decimal:
    """Shrink when somebody answered lately, when nobody ever answers, when it is very old."""
    part = Decimal(1)
    if one.answered_lately:
        part *= Decimal("0.3")
    elif one.tries:
        part *= Decimal("0.7")
    if one.silent:
        part *= Decimal("0.6")
    return part * Decimal("0.7") if one.worst_days > STALE_DAYS else part
