"""The product's own command line on a loop that has a heartbeat of two milliseconds.

`python -m tests.bench.beating_bot run` does what `relance run` does. At its end it leaves
`beats.bin` in the working folder: pairs of doubles, when a beat was due (monotonic seconds)
and by how many seconds it was late.
"""

from __future__ import annotations

import asyncio
import sys
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bot.cli import main

PERIOD: Final = 0.002
BEATS: Final = "beats.bin"


class Heart:
    """Makes the product's own loops beat."""

    def __init__(self, new_loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
        self.beats = array("d")
        self._new_loop = new_loop

    def new_loop(self) -> asyncio.AbstractEventLoop:
        """Make a loop whose first beat is due at once."""
        loop = self._new_loop()
        loop.call_soon(self._beat, loop, loop.time())
        return loop

    def _beat(self, loop: asyncio.AbstractEventLoop, due: float) -> None:
        now = loop.time()
        self.beats.extend((due, now - due))
        following = max(due, now) + PERIOD
        loop.call_at(following, self._beat, loop, following)


if __name__ == "__main__":
    heart = Heart(asyncio.events.new_event_loop)
    asyncio.events.new_event_loop = heart.new_loop  # where `asyncio.run` looks
    try:
        sys.exit(main(sys.argv[1:]))
    finally:
        Path(BEATS).write_bytes(heart.beats.tobytes())
