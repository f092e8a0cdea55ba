"""The French working calendar, computed by the `holidays` library one year at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, partial
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

from credit.calendar import WorkingCalendar

DEPARTMENTS = {"67": "6AE", "68": "6AE"}
"""The two departments of Alsace share the days of the region."""
SUBDIVISIONS = frozenset(
    {"57", "6AE", "971", "972", "973", "974", "976", "BL", "MF", "NC", "PF", "PM", "TF", "WF"}
)
"""The parts of France with public holidays of their own, by their ISO 3166-2 codes."""


def subdivision_of(code: str) -> str:
    """Return the subdivision that a code names; `ValueError` when it has no days of its own."""
    found = DEPARTMENTS.get(code, code.upper())
    if found not in SUBDIVISIONS:
        raise ValueError(f"{code!r} has no public holidays of its own: leave it out")
    return found


def french_calendar(subdivision: str | None = None) -> WorkingCalendar:
    """Return the calendar of French public holidays; subdivision is an ISO 3166-2 code.

    For example "57" (Moselle) adds Good Friday and 26 December, and so do "67" and "68" (art.
    L3134-13 C. trav.). Raises `ValueError` for a part of France without days of its own.
    """
    subdivision = subdivision and subdivision_of(subdivision)
    # Loaded on the first question only: the command line answers --help without it.
    return WorkingCalendar(partial(_is_holiday, subdivision))


def _is_holiday(subdivision: str | None, day: date) -> bool:
    return day in _holidays(day.year, subdivision)


@cache
def _holidays(year: int, subdivision: str | None) -> frozenset[date]:
    return frozenset(_france()(subdiv=subdivision, years=year))


@cache
def _france() -> Callable[..., Iterable[date]]:
    """Load the one country: its package would read 250 others, 7 MB and a tenth of a second."""
    home = find_spec("holidays")
    if home is None or home.origin is None:
        raise ModuleNotFoundError("holidays")
    file = Path(home.origin).parent / "countries" / "france.py"
    spec = spec_from_file_location("holidays.countries.france", file)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(spec)
    country = module_from_spec(spec)
    spec.loader.exec_module(country)
    france: Callable[..., Iterable[date]] = country.France
    return france
