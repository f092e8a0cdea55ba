"""The French working calendar, computed by the `holidays` library one year at a time."""

from __future__ import annotations

from datetime import date
from functools import cache, partial

from credit.calendar import WorkingCalendar


def french_calendar(subdivision: str | None = None) -> WorkingCalendar:
    """Return the calendar of French public holidays; subdivision is an ISO 3166-2 code.

    For example "57" (Moselle) adds Good Friday and 26 December.
    """
    # Loaded on the first question only: the command line answers --help without it.
    return WorkingCalendar(partial(_is_holiday, subdivision))


def _is_holiday(subdivision: str | None, day: date) -> bool:
    return day in _holidays(day.year, subdivision)


@cache
def _holidays(year: int, subdivision: str | None) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 - heavy, see above

    return frozenset(country_holidays("FR", subdiv=subdivision, years=year))
