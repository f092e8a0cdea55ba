"""What was decided, handed to every use case as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.scripts.library import Library
    from credit.calendar import WorkingCalendar
    from credit.penalty import RateTable
    from credit.policy import Policy
    from credit.reference import Reference


@dataclass(frozen=True, slots=True)
class Rules:
    """Policy, calendar, dated law, scripts and the company's own name and zone."""

    company: str
    zone: ZoneInfo
    locale: str
    policy: Policy
    calendar: WorkingCalendar
    reference: Reference
    scripts: Library
    bot_username: str = ""

    @property
    def rates(self) -> RateTable:
        """Return the rates of late payment."""
        return self.reference.rates
