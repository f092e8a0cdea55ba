"""What this process counts about itself, for whoever watches it: numbers, never content."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from storage.outbox import Settled

EDGES: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Tally:
    """Count what happened, by the values of its labels."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, ...]] = Counter()

    def add(self, *labels: str, times: int = 1) -> None:
        """Count what happened once, or several times."""
        self.counts[labels] += times


class Histogram:
    """Durations in seconds, by the edges they stay under."""

    def __init__(self, edges: tuple[float, ...] = EDGES) -> None:
        self.edges = edges
        self.buckets = [0] * (len(edges) + 1)
        self.total = 0.0

    def note(self, seconds: float) -> None:
        """Note one duration."""
        self.buckets[bisect_left(self.edges, seconds)] += 1
        self.total += seconds


@dataclass(frozen=True, slots=True)
class Meters:
    """The counters of one process; `started` is monotonic."""

    updates: Tally = field(default_factory=Tally)  # received, handled, failed, parked
    messages: Tally = field(default_factory=Tally)  # kind, outcome
    calls: Tally = field(default_factory=Tally)  # method of the Bot API, status
    handled_in: Histogram = field(default_factory=Histogram)
    started: float = field(default_factory=time.monotonic)

    @contextmanager
    def handling(self) -> Iterator[None]:
        """Time the handling of one update, whatever its end."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.handled_in.note(time.monotonic() - began)

    def on_note(self, note: object) -> None:
        """Count the messages whose end is committed."""
        if isinstance(note, Settled):
            self.messages.add(note.kind, note.outcome)
