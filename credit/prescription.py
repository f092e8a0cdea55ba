"""Until when a claim may be brought to court, and what makes the time run anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from credit.terms import add_months

MONTHS = 12


class TimeLeft(StrEnum):
    """How much of the time is left."""

    OPEN = "open"
    ORANGE = "orange"
    RED = "red"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """How many years a kind of claim lives, by which text, and whether it was read."""

    years: int
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """The limits by kind of claim, and how many months before the end people are warned."""

    kinds: Mapping[str, TimeLimit]
    orange_months_left: int
    red_months_left: int
    checked_on: date


@dataclass(frozen=True, slots=True)
class Prescription:
    """The last day to sue; `restarted_on` is what made the time run anew, if anything did."""

    until: date
    state: TimeLeft
    restarted_on: date | None
    limit: TimeLimit


def prescription(
    due_on: date, today: date, limits: TimeLimits, kind: str, interrupted: Iterable[date] = ()
) -> Prescription:
    """Tell until when an amount due on a day may be sued for (art. L110-4, 2224; handbook 3.7).

    `interrupted` are acknowledgements by the debtor, part payments included, and court claims
    (art. 2240, 2241): they count before the end only. A formal notice never does (Com. 18 May
    2022, n. 20-23.204), so it has no place here. Raises `KeyError` for an unknown kind.
    """
    limit = limits.kinds[kind]
    start = due_on
    for day in sorted(interrupted):
        if start < day <= _end(start, limit):
            start = day
    until = _end(start, limit)
    restarted = start if start != due_on else None
    return Prescription(until, _left(until, today, limits), restarted, limit)


def _end(start: date, limit: TimeLimit) -> date:
    return add_months(start, MONTHS * limit.years)


def _left(until: date, today: date, limits: TimeLimits) -> TimeLeft:
    if today > until:
        return TimeLeft.EXPIRED
    if today >= add_months(until, -limits.red_months_left):
        return TimeLeft.RED
    if today >= add_months(until, -limits.orange_months_left):
        return TimeLeft.ORANGE
    return TimeLeft.OPEN
