"""The one clock: the only place where the product asks what time it is."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from credit.moment import Moment


@dataclass(frozen=True, slots=True)
class Clock:
    """Tell the time in the company's zone, shifted by a number of seconds for rehearsals."""

    offset_seconds: float
    zone: ZoneInfo

    def now(self) -> Moment:
        """Return the present moment, the offset included."""
        return Moment(datetime.now(UTC) + timedelta(seconds=self.offset_seconds), self.zone)

    def monotonic(self) -> float:
        """Return seconds that never go backwards, to measure how long something takes."""
        return time.monotonic()
