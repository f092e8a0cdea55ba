"""Updates that cannot be handled: noted, given up, told to who runs the house."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.use_cases.outbox import tell_deciders
from storage import inbox

if TYPE_CHECKING:
    from credit.moment import Moment
    from storage.inbox import Received
    from storage.work import Work

UNHANDLED = "unhandled"
MOST_DEATHS: Final = 3
DEADLY: Final = "processes died while it was handled"


def begin(work: Work, one: Received, now: Moment) -> bool:
    """Count an update taken over from a dead process; give it up when too many have died."""
    if one.begun >= MOST_DEATHS:
        failed(work, one, one.attempts, DEADLY, now)
        return False
    inbox.begin(work, one.update_id)
    return True


def failed(work: Work, one: Received, attempts: int, error: str, now: Moment | None) -> None:
    """Note that handling failed, so many times; with an instant it is given up, and told."""
    inbox.fail(work, one.update_id, attempts, error, parked=now is not None)
    if now is not None:
        tell_deciders(work, UNHANDLED, now)
