"""The dates that run from the publication of an insolvency judgment (handbook 3.9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from credit.terms import add_months


class InsolvencyStep(StrEnum):
    """What a creditor must do in time."""

    DECLARE = "declare"  # declaration of the claim (L622-24, R622-24)
    RELIEF = "relief"  # relief from foreclosure by the supervising judge (L622-26)
    RECLAIM = "reclaim"  # goods under retention of title (L624-9, R624-13)


@dataclass(frozen=True, slots=True)
class StepRule:
    """How many months a step lasts for a creditor in France and for one abroad."""

    months: int
    months_abroad: int
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class InsolvencyLaw:
    """The steps, and how many days before its end each becomes a task."""

    steps: Mapping[InsolvencyStep, StepRule]
    warn_days: int
    checked_on: date


@dataclass(frozen=True, slots=True)
class Deadline:
    """A step's last day and the day its task begins."""

    step: InsolvencyStep
    until: date
    task_on: date
    rule: StepRule


def deadlines(published_on: date, law: InsolvencyLaw, *, abroad: bool = False) -> list[Deadline]:
    """Date every step from the publication in the BODACC, not from the judgment or a letter."""
    found = []
    for step, rule in law.steps.items():
        until = add_months(published_on, rule.months_abroad if abroad else rule.months)
        task = max(published_on, until - timedelta(days=law.warn_days))
        found.append(Deadline(step, until, task, rule))
    return sorted(found, key=lambda one: (one.until, one.step))
