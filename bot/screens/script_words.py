"""What is wrong with a script of one's own, in words for who writes it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.screens.render import N_, Speaker
from bot.scripts.reading import Fault
from bot.scripts.reason import Reason

WHOLE = N_("the file")
FIRST = 3


def fault(speaker: Speaker, one: Fault) -> str:
    """Say a fault with its file, its step unless it is the whole file's, and the reason."""
    place = f"{one.file}, {one.step}" if one.step else one.file
    return speaker.say("{place}: {reason}", place=place, reason=reason(speaker, one.reason))


def first(speaker: Speaker, faults: Sequence[Fault]) -> str:
    """Say the first faults in a line."""
    return "; ".join(fault(speaker, one) for one in faults[:FIRST])


def reason(speaker: Speaker, one: Reason) -> str:
    """Say a reason, and those within it."""
    return speaker.say(
        one.sentence, **{name: _part(speaker, part) for name, part in one.figures.items()}
    )


def _part(speaker: Speaker, part: object) -> object:
    if isinstance(part, Reason):
        return reason(speaker, part)
    return speaker.say(WHOLE) if part == WHOLE else part
