"""What is done when nobody knows whether a message arrived.

The answer was lost, the server failed, or the process was killed after the request had left
(one that had not left simply waits again):

- an edit is repeated: a second one is "not modified", which is success;
- a message that nobody asked for is repeated once, or as often as its kind says here: who
  misses an alert is worse off than who sees it twice. The repeated message is worded anew,
  and dropped when it is overtaken: whoever answered it has seen it;
- an answer to a tap is repeated once while it is young, since somebody is looking at the
  screen: its buttons carry the version of their step, so a second copy is harmless. An old
  one is dropped: the next tap shows the step again;
- what is in doubt once more, or due in a restored copy that may be days old, is parked for a
  person to decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from bot.delivery.request import Request
from storage.outbox import Outgoing, Priority

ONCE: Final = 1
REPEATS: Final[Mapping[str, int]] = {
    # these show how things stand: a second copy says the same, and is edited from then on
    "menu": 3,
    "report": 3,
    "upload": 3,
}
"""How many times a message of a kind is sent again when it may have arrived; the others once."""
ANSWER_LIFE: Final = timedelta(seconds=60)
MOST_TRIES: Final = 5


class Doubt(Enum):
    """What to do with a message that may have arrived."""

    REPEAT = auto()
    DROP = auto()
    PARK = auto()


def before_repeating(row: Outgoing, request: Request, now: datetime) -> Doubt:
    """Decide about a row that may have been sent before."""
    if request.repeatable:
        return Doubt.REPEAT
    if row.priority == Priority.ANSWER:
        known = row.kind == "stranger" or _young(row, now)
        return Doubt.REPEAT if known else Doubt.DROP
    return Doubt.PARK if row.doubtful else _once_more(row, row.doubts)


def after_no_answer(row: Outgoing, request: Request, now: datetime) -> Doubt:
    """Decide about a row whose request left and whose answer never came."""
    if request.repeatable:
        return Doubt.REPEAT if row.attempts < MOST_TRIES else Doubt.PARK
    if row.priority != Priority.ANSWER:
        return _once_more(row, row.doubts + 1)
    if row.doubtful:
        return Doubt.PARK
    first = row.kind == "stranger" and not row.attempts
    return Doubt.REPEAT if first or _young(row, now) else Doubt.PARK


def _once_more(row: Outgoing, doubts: int) -> Doubt:
    return Doubt.REPEAT if doubts <= REPEATS.get(row.kind, ONCE) else Doubt.PARK


def _young(row: Outgoing, now: datetime) -> bool:
    return now - row.created_at <= ANSWER_LIFE
