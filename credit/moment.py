"""A moment: an aware UTC instant read in the company's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class NaiveMoment(ValueError):
    """A moment was given without a time zone."""

    def __init__(self, at: datetime) -> None:
        """Keep the refused value."""
        super().__init__(f"{at.isoformat()} has no time zone")
        self.at = at


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (kept in UTC) and the zone in which people read it."""

    at: datetime
    zone: ZoneInfo

    def __post_init__(self) -> None:
        """Bring the instant to UTC, or raise `NaiveMoment`."""
        if self.at.tzinfo is None:
            raise NaiveMoment(self.at)
        object.__setattr__(self, "at", self.at.astimezone(UTC))

    @property
    def local(self) -> datetime:
        """Return the aware date and time on the wall of the zone."""
        return self.at.astimezone(self.zone)

    @property
    def today(self) -> date:
        """Return the calendar day in the zone."""
        return self.local.date()

    def plus(self, span: timedelta) -> Moment:
        """Return the moment after that elapsed time (elapsed, not wall-clock)."""
        return Moment(self.at + span, self.zone)


class Clock(Protocol):
    """What the rest of the house knows of the one clock, which lives in `config`."""

    @property
    def offset_seconds(self) -> float:
        """Return the seconds added to the real clock."""

    @property
    def zone(self) -> ZoneInfo:
        """Return the company's zone."""

    def now(self) -> Moment:
        """Return the present moment."""
