"""Lines that prove nothing that is not proven already: told by one look at a block of text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, TypeAlias

from storage.sync.reading.amounts import Mark
from storage.sync.reading.dates import DateOrder
from storage.sync.reading.evidence import AmountEvidence, DateEvidence

_WHOLE: Final = r"-?+[0-9]{1,12}+"
_THOUSANDS: Final = r"(?:[ '\u00a0\u202f][0-9]{3}){0,3}+"
_ISO: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DOTTED: Final = r"[0-9]{2}\.[0-9]{2}\.[0-9]{4}"
_COMPACT: Final = r"[0-9]{8}"
_DAY: Final = r"(?:0[1-9]|[12][0-9]|3[01])"
_MONTH: Final = r"(?:0[1-9]|1[0-2])"
_ORDERED: Final = {
    DateOrder.DAY_FIRST: f"{_DAY}/{_MONTH}/[0-9]{{4}}|",
    DateOrder.MONTH_FIRST: f"{_MONTH}/{_DAY}/[0-9]{{4}}|",
}

Evidence: TypeAlias = AmountEvidence | DateEvidence


class NothingNew:
    """Knows how the watched cells of a line look that agree with what the lines above proved.

    Such lines count, and change neither a decimal mark nor an order of day and month.
    """

    def __init__(self, separator: str, watched: Sequence[tuple[int, Evidence]]) -> None:
        """Watch columns of amounts and of dates, by their places."""
        self._separator = separator
        self._watched = watched
        self._proven: list[Mark | DateOrder | None] = []
        self._lines: re.Pattern[str] | None = None

    def learn(self) -> None:
        """Take in what is proven by now."""
        proven = [_proven(evidence) for _, evidence in self._watched]
        if proven != self._proven:
            self._proven, self._lines = proven, self._pattern()

    def __call__(self, block: str) -> bool:
        """Tell whether all of a block's lines are such."""
        return self._lines is not None and self._lines.fullmatch(block) is not None

    def _pattern(self) -> re.Pattern[str] | None:
        cells = {at: self._cell(evidence) for at, evidence in self._watched}
        if len(cells) < len(self._watched):
            return None  # somebody maps two fields to one column
        between = re.escape(self._separator)
        other = rf'[^{between}\n"]*+'
        line = between.join(cells.get(at, other) for at in range(max(cells) + 1))
        return re.compile(rf'(?:{line}(?:{between}[^\n"]*+)?+\n)++')

    def _cell(self, evidence: Evidence) -> str:
        """Return how a cell looks that is blank, or says once more what is proven."""
        if isinstance(evidence, DateEvidence):
            ordered = _ORDERED[evidence.order] if evidence.order else ""
            return f"(?:{ordered}{_ISO}|{_DOTTED}|{_COMPACT})?+"
        if evidence.mark is None or evidence.mark == self._separator:
            return f"(?:{_WHOLE})?+"
        return f"(?:{_WHOLE}{_THOUSANDS}(?:{re.escape(evidence.mark)}[0-9][0-9])?+)?+"


def _proven(evidence: Evidence) -> Mark | DateOrder | None:
    return evidence.order if isinstance(evidence, DateEvidence) else evidence.mark
