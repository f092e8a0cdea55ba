"""What the buttons of the calculator mean."""

from __future__ import annotations

from dataclasses import dataclass

from bot.screens.tap import Tap, verb


@verb("kl")
@dataclass(frozen=True, slots=True)
class ShowCalculations(Tap):
    """Show the calculations of a theme, or the themes when none is named."""

    theme: str


@verb("kf")
@dataclass(frozen=True, slots=True)
class ShowCalculation(Tap):
    """Show what a calculation takes, and how to type it."""

    figure: str


@verb("kp")
@dataclass(frozen=True, slots=True)
class PickDebtor(Tap):
    """Show a page of the customers who are late, to choose one."""

    page: int


@verb("ka")
@dataclass(frozen=True, slots=True)
class ShowFigures(Tap):
    """Show what a customer's lateness comes to."""

    customer: int


@verb("kd")
@dataclass(frozen=True, slots=True)
class ShowFigure(Tap):
    """Show how one figure of a customer was reached; a list of invoices has pages."""

    customer: int
    figure: str
    page: int


@verb("ks")
@dataclass(frozen=True, slots=True)
class ShowPlan(Tap):
    """Split what a customer owes over so many months."""

    customer: int
    parts: int
