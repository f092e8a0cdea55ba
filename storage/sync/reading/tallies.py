"""What became of the lines of a file, counted and noted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from storage.sync.reading.texts import Cell, cell_text, clean


@dataclass(slots=True)
class Counts:
    """Lines below the header by what became of them; blank lines are skipped ones."""

    lines: int = 0
    rows: int = 0
    rejected: int = 0
    skipped: int = 0
    closed: int = 0


@dataclass(slots=True)
class Unread:
    """The documents that rejected lines name, and how many of these lines surely name none."""

    numbers: set[str] = field(default_factory=set)
    nameless: int = 0

    def note(self, number: Cell, cells: Iterable[Cell], *, shifted: bool) -> None:
        """Note a rejected line; in one whose cells have shifted, any may be the number."""
        texts = cells if shifted else (number,)
        named = {text for cell in texts if (text := clean(cell_text(cell))[0])}
        self.numbers |= named
        self.nameless += shifted or not named
