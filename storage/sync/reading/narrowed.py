"""A reading narrowed to some customers' lines, and single lines read as a file's lines are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import compress

from storage.sync.reading.bytestreams import from_bytes
from storage.sync.reading.columns import TextColumn
from storage.sync.reading.fields import Field
from storage.sync.reading.quiet import Quiet
from storage.sync.reading.reading import Reading
from storage.sync.reading.row_columns import RowColumns
from storage.sync.reading.sources import Layout, TextSource
from storage.sync.reading.stretches import AnyStretch, EvenStretch, Known, Stretch
from storage.sync.reading.texts import Cell
from storage.sync.reading.values import LONGEST_CODE


def is_simple(reading: Reading) -> bool:
    """Tell whether each line of a text can be read by itself: no blocks, no lettered groups.

    Nor an encoding in which an end of line may be part of another sign.
    """
    plan = reading.plan
    return (
        plan is not None
        and isinstance(plan.source, TextSource)
        and not (plan.source.layout.encoding or "").startswith("utf-16")
        and not plan.habits.blocks
        and Field.LETTRAGE not in reading.columns
    )


def is_clean(reading: Reading) -> bool:
    """Tell whether nothing had to be said about a file that was read: every line is a row."""
    counts = reading.counts
    quiet = not (reading.reporter.rejections.total or reading.reporter.warnings.total)
    return quiet and counts.rows == counts.lines and reading.total_check is None


def read_lines(reading: Reading, lines: Sequence[bytes]) -> list[RowColumns] | None:
    """Read lines as those of the file are read; None when anything is to be said about one."""
    plan = reading.plan
    if plan is None or any(line.count(b'"') % 2 for line in lines):
        return None  # a quoted cell goes on
    text = b"".join(line + b"\n" for line in lines)
    source = TextSource(from_bytes(reading.file, text), plan.source.layout)
    alone = replace(plan, source=source, header=replace(plan.header, line=0))
    part = replace(reading, plan=alone)
    rows = [some for some in part.stretches() if isinstance(some, RowColumns)]
    return rows if is_clean(part) and part.counts.rows == len(lines) else None


def narrowed(reading: Reading, codes: AbstractSet[str]) -> Reading:
    """Return the same reading of the lines of these customers alone, told by their codes."""
    plan = reading.plan
    if plan is None or not isinstance(plan.source, TextSource):
        return reading
    quiet = Quiet(reading.columns, plan.conventions, plan.default_currency)
    at = reading.columns.index(Field.CUSTOMER_CODE)
    column = TextColumn(quiet.code, LONGEST_CODE)
    if at < 0:
        at = reading.columns.index(Field.CUSTOMER_NAME)
        column = TextColumn(quiet.code_of_name)
    source = _SomeLines(plan.source, at, column, codes)
    return replace(reading, plan=replace(plan, source=source))


@dataclass(frozen=True, slots=True)
class _SomeLines:
    """The lines of a text that speak of some customers, or of nobody who can be told."""

    text: TextSource
    at: int
    column: TextColumn
    codes: AbstractSet[str]

    @property
    def layout(self) -> Layout:
        """Return the layout of the whole."""
        return self.text.layout

    def stretches(self, known: Known | None = None) -> Iterator[AnyStretch]:
        """Yield what is left of each stretch, with the numbers that lines have in the file."""
        for stretch in self.text.stretches(known, self._chosen):
            some = self._some(stretch)
            if some.numbers:
                yield some

    def _chosen(self, lines: Sequence[str]) -> Sequence[bool]:
        """Choose among lines of which no cell is quoted."""
        separator, at = self.layout.separator or ";", self.at
        cells = [line.split(separator, at + 1)[at : at + 1] or [""] for line in lines]
        return self._wanted([cell for (cell,) in cells])

    def _some(self, stretch: AnyStretch) -> AnyStretch:
        if isinstance(stretch, EvenStretch):
            return stretch  # plain lines: they were chosen among
        which = self._wanted([(cells[self.at : self.at + 1] or [""])[0] for cells in stretch.rows])
        lines = list(compress(stretch.lines(), which))
        faults = {place: fault for place, (_, _, fault) in enumerate(lines) if fault}
        return Stretch([one[0] for one in lines], [one[1] for one in lines], faults)

    def _wanted(self, cells: Sequence[Cell]) -> list[bool]:
        odd: set[int] = set()
        read = self.column.read(cells, odd)
        which = [code is None or code in self.codes for code in read]
        for place in odd:
            which[place] = True
        return which
