"""The look of the day: when the calendar alone may have changed what the alerts say.

An invoice falls late, a promise of silence runs out, a delay grows without any file that
says so: on each worked day everybody is looked at once. Never on an old book (handbook
12.3): a look would remember as told what may not be pushed, so it waits for the next export.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.use_cases import accounts
from storage import book_follow, facts

if TYPE_CHECKING:
    from datetime import date

    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from storage.work import Work

LOOKED_ON: Final = "looked_on"


def due(work: Work, now: Moment, rules: Rules) -> bool:
    """Tell whether nobody has looked yet on this worked day, and the book is fresh and still."""
    if not rules.calendar.is_working(now.today) or facts.get(work, LOOKED_ON) == str(now.today):
        return False
    if not rules.policy.levels.is_fresh(accounts.data_as_of(work), now.at):
        return False
    return book_follow.first(work) is None  # an import is still looking at whom it touched


def done(work: Work, day: date) -> None:
    """Note that everybody was looked at on that day."""
    facts.put(work, LOOKED_ON, str(day))
