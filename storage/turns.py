"""Turns at Python: the event loop's and that of the thread that writes, one at a time.

SQLite's driver lets go of the interpreter at every row it reads, the loop at every socket it
serves. When both are busy each wakes the other some forty times a tap, mostly for nothing, and
that costs more than a tenth of the tap. So each does a whole piece, one job or one round of
callbacks, while the other rests; nobody rests for longer than `LONGEST`.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from selectors import DefaultSelector, SelectorKey
from threading import Lock
from typing import Final

LONGEST: Final = 0.005
"""Seconds to wait for a turn: as long as the interpreter itself lets a thread wait."""


class Turns:
    """Give the turn to one thread at a time; who waits too long goes on without it."""

    def __init__(self, longest: float = LONGEST) -> None:
        self._longest = longest
        self._next = Lock()  # who waits for the turn keeps the last holder from taking it again
        self._turn = Lock()

    def take(self) -> bool:
        """Wait for the turn; False when it did not come: go on, and do not `give`."""
        if not self._next.acquire(timeout=self._longest):
            return False
        try:
            return self._turn.acquire(timeout=self._longest)
        finally:
            self._next.release()

    def give(self) -> None:
        """Let another thread have the turn."""
        self._turn.release()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Do one piece of work in a turn."""
        mine = self.take()
        try:
            yield
        finally:
            if mine:
                self.give()


TURNS: Final = Turns()
"""The turns of this process: it has one interpreter."""


class TakingTurns(DefaultSelector):
    """What the event loop waits with: while it waits, the turn is free."""

    def __init__(self, turns: Turns = TURNS) -> None:
        super().__init__()
        self._turns = turns
        self._mine = False

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        """Give the turn away, wait for events, take it back."""
        if self._mine:
            self._turns.give()
            self._mine = False
        events = super().select(timeout)
        self._mine = self._turns.take()
        return events

    def close(self) -> None:
        """Close, and leave the turn to whoever works on."""
        if self._mine:
            self._turns.give()
            self._mine = False
        super().close()


def new_loop() -> asyncio.AbstractEventLoop:
    """Make an event loop that takes turns; on Windows one that does not."""
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    return asyncio.SelectorEventLoop(TakingTurns())
