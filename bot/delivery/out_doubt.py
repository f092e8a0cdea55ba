"""What is done when nobody knows whether a message arrived.

The answer was lost, the server failed, or the process was killed while a row was `sending`:

- an edit is repeated: a second one is "not modified", which is success;
- a kind that says a duplicate is harmless is repeated once;
- an answer to a tap is repeated once while it is young, since somebody is looking at the
  screen: its buttons carry the version of their step, so a second copy is harmless. An old
  one is dropped: the next tap shows the step again;
- anything else (an alert, a digest, a broadcast) is parked for a person to decide. The window
  is small: a row is drawn (`sending`) when it may leave, and is worded and posted at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from bot.delivery.request import Request
from storage.outbox import Outgoing, Priority

HARMLESS_TWICE: Final = frozenset({"menu", "report", "stranger", "upload"})
"""Kinds that show how things stand: a second copy says the same, and is edited from then on."""
ANSWER_LIFE: Final = timedelta(seconds=60)
MOST_TRIES: Final = 5


class Doubt(Enum):
    """What to do with a message that may have arrived."""

    REPEAT = auto()
    DROP = auto()
    PARK = auto()


def after_a_crash(row: Outgoing, request: Request, now: datetime) -> Doubt:
    """Decide about a row that a dead process may have sent."""
    if request.repeatable or row.kind in HARMLESS_TWICE:
        return Doubt.REPEAT
    if row.priority != Priority.ANSWER:
        return Doubt.PARK
    return Doubt.REPEAT if _young(row, now) else Doubt.DROP


def after_no_answer(row: Outgoing, request: Request, now: datetime) -> Doubt:
    """Decide about a row whose request left and whose answer never came."""
    if request.repeatable:
        return Doubt.REPEAT if row.attempts < MOST_TRIES else Doubt.PARK
    if row.doubtful:
        return Doubt.PARK
    answer = row.priority == Priority.ANSWER and _young(row, now)
    harmless = row.kind in HARMLESS_TWICE and not row.attempts
    return Doubt.REPEAT if answer or harmless else Doubt.PARK


def _young(row: Outgoing, now: datetime) -> bool:
    return now - row.created_at <= ANSWER_LIFE
