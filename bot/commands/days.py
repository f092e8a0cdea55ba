"""Days as the command line takes them."""

from __future__ import annotations

from datetime import date


class DayError(ValueError):
    """What was given is not a day written YYYY-MM-DD."""

    def __init__(self, given: str) -> None:
        super().__init__(f"a date is written YYYY-MM-DD, not {given!r}")


def parse_day(given: str | None) -> date | None:
    """Read a day, None when none is given; raise `DayError`."""
    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise DayError(given) from error
