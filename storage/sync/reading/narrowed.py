"""A reading narrowed to some customers' lines, and single lines read as a file's lines are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import compress

from storage.sync.reading.choosing import Chosen, PlainLines
from storage.sync.reading.columns import TextColumn
from storage.sync.reading.fields import Field
from storage.sync.reading.quiet import Quiet
from storage.sync.reading.reading import Reading
from storage.sync.reading.repeated import lines_alone
from storage.sync.reading.row_columns import RowColumns
from storage.sync.reading.sources import Layout, TextSource
from storage.sync.reading.stretches import AnyStretch, Known, Stretch, stretches
from storage.sync.reading.textblocks import TextBlocks
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
    if not isinstance(plan.source, TextSource):
        return None
    source = lines_alone(plan.source, lines)
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
        text = self.text
        with text.origin.open() as stream:
            plain = PlainLines(stream, text, Chosen(self.at, text, self._wanted))
            yield from plain.stretches()
            rest = TextBlocks(stream, text.encoding)
            for stretch in stretches(rest, text.dialect, known, plain.number):
                yield from self._some(stretch)

    def _some(self, stretch: AnyStretch) -> Iterator[AnyStretch]:
        lines = list(stretch.lines())
        at = self.at
        which = self._wanted([(cells[at : at + 1] or [""])[0] for _, cells, _ in lines])
        lines = list(compress(lines, which))
        if lines:
            faults = {place: fault for place, (_, _, fault) in enumerate(lines) if fault}
            yield Stretch([one[0] for one in lines], [one[1] for one in lines], faults)

    def _wanted(self, cells: Sequence[Cell]) -> list[bool]:
        odd: set[int] = set()
        read = self.column.read(cells, odd)
        which = [code is None or code in self.codes for code in read]
        for place in odd:
            which[place] = True
        return which
