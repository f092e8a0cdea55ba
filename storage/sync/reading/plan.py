"""How the lines of a recognised file are read."""

from __future__ import annotations

from dataclasses import dataclass

from storage.sync.reading.fields import Kind
from storage.sync.reading.headers import Header
from storage.sync.reading.items import Habits
from storage.sync.reading.sources import Source
from storage.sync.reading.study import Conventions


@dataclass(frozen=True, slots=True)
class Plan:
    """What was decided about a file: its source, its header, its kind and its conventions."""

    source: Source
    header: Header
    kind: Kind
    conventions: Conventions
    habits: Habits
    default_currency: str
    totals: bool
