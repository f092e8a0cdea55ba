"""Days as the command line takes them."""

from __future__ import annotations

from datetime import date

from bot.commands.spoken import reader


class DayError(ValueError):
    """What was given is not a day written YYYY-MM-DD; said in the reader's language."""

    def __init__(self, given: str) -> None:
        """Say how a day is written."""
        said = reader()
        super().__init__(said.say("a date is written YYYY-MM-DD, not “{given}”", given=given))


def parse_day(given: str | None) -> date | None:
    """Read a day, None when none is given; raise `DayError`."""
    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise DayError(given) from error
