"""The records of a delimited text, a stretch of lines at a time."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, cast

from storage.sync.reading.reasons import Reason
from storage.sync.reading.textblocks import TextBlocks
from storage.sync.reading.texts import Cell

if TYPE_CHECKING:
    from _csv import Reader

_LONGEST_CELL: Final = csv.field_size_limit()
_LONGEST_RECORD: Final = 30
"""Lines that one quoted record may span; beyond, the quote was never closed."""

Line: TypeAlias = tuple[int, list[Cell], Reason | None]
"""The number of a line in the file, its cells, and what is wrong with the line itself.

A bare tuple: it is built a million times for a large file.
"""

Known: TypeAlias = Callable[[str], bool]
"""Tells blocks of whole lines whose cells nobody wants to see."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines in a row: their numbers, their cells, and by place what is wrong with some."""

    numbers: Sequence[int]
    rows: list[list[Cell]]
    faults: Mapping[int, Reason]

    def line(self, place: int) -> Line:
        """Return one of the lines."""
        return self.numbers[place], self.rows[place], self.faults.get(place)

    def lines(self) -> Iterator[Line]:
        """Yield the lines one by one."""
        return map(self.line, range(len(self.rows)))

    def column(self, index: int) -> list[Cell]:
        """Return the cells of a column, of the lines that have one."""
        return [cells[index] for cells in self.rows if len(cells) > index]

    def below(self, line: int) -> Stretch:
        """Return the lines that come after one of the file."""
        above = sum(number <= line for number in self.numbers)
        faults = {place - above: fault for place, fault in self.faults.items() if place >= above}
        return Stretch(self.numbers[above:], self.rows[above:], faults)


@dataclass(frozen=True, slots=True)
class EvenStretch:
    """Lines in a row that have as many cells each, by columns: quicker to make and to read."""

    numbers: Sequence[int]
    columns: list[list[Cell]]

    def line(self, place: int) -> Line:
        """Return one of the lines."""
        return self.numbers[place], [column[place] for column in self.columns], None

    def lines(self) -> Iterator[Line]:
        """Yield the lines one by one."""
        rows = map(list, zip(*self.columns, strict=True))
        return zip(self.numbers, rows, repeat(None), strict=False)

    def column(self, index: int) -> list[Cell]:
        """Return the cells of a column, none when there is none."""
        return self.columns[index] if index < len(self.columns) else []

    def below(self, line: int) -> EvenStretch:
        """Return the lines that come after one of the file."""
        above = sum(number <= line for number in self.numbers)
        return EvenStretch(self.numbers[above:], [column[above:] for column in self.columns])


AnyStretch: TypeAlias = Stretch | EvenStretch


class Dialect(NamedTuple):
    """How cells are told apart."""

    separator: str
    quoted: bool = True


def records(lines: Iterator[str], dialect: Dialect) -> Iterator[Line]:
    """Yield every record of some lines with the number of its first line."""
    yield from _Records(lines, dialect).until(sys.maxsize)


def stretches(
    text: TextBlocks,
    dialect: Dialect,
    known: Known | None = None,
    number: int = 1,
) -> Iterator[AnyStretch]:
    """Yield the records of a text, in stretches of some hundred that end where a record ends.

    Of blocks that are `known` only the numbers are told: they must hold whole lines, unquoted.
    `number` is that of the first line.
    """
    while block := text.block():
        last = number + block.count("\n") - block.endswith("\n")
        if known is not None and len(block) <= _LONGEST_CELL and known(block):
            yield EvenStretch(range(number, last + 1), [])
            number = last + 1
            continue
        found = _at_once(block, dialect, range(number, last + 1))
        if found is not None:
            yield found
            number = last + 1
            continue
        more = iter(text.line, "")
        some = _Records(chain(io.StringIO(block), more), dialect, number)
        yield _stretch_of(list(some.until(last)))
        number = some.number


def stretch_of_lines(lines: Sequence[str], dialect: Dialect, numbers: Sequence[int]) -> AnyStretch:
    """Return the records of lines without an end, each a record of its own."""
    found = _at_once("".join(f"{line}\n" for line in lines), dialect, numbers)
    if found is not None:
        return found
    each = records(iter(lines), dialect)
    return _stretch_of([(numbers[place - 1], cells, fault) for place, cells, fault in each])


def _stretch_of(lines: list[Line]) -> Stretch:
    faults = {place: fault for place, (_, _, fault) in enumerate(lines) if fault}
    return Stretch([one[0] for one in lines], [one[1] for one in lines], faults)


def _at_once(block: str, dialect: Dialect, numbers: Sequence[int]) -> AnyStretch | None:
    """Return the records of a block, nothing when it needs care."""
    if not block.endswith("\n") or len(block) > _LONGEST_CELL:
        return None
    if _is_plain(block, dialect):
        return _even(block, dialect.separator, numbers) or Stretch(
            numbers, _split(block, dialect.separator), {}
        )
    rows = _parsed(block, dialect)
    if rows is None or len(rows) != len(numbers):
        return None
    if rows[-1] and rows[-1][-1].endswith("\n"):
        return None  # a quoted cell is still open
    return Stretch(numbers, cast("list[list[Cell]]", rows), {})


def _is_plain(block: str, dialect: Dialect) -> bool:
    """Tell whether the csv module would do no more than split at the separators."""
    if '"' in block:
        return False
    padded = block.startswith(" ") or "\n " in block or dialect.separator + " " in block
    return not padded or dialect.separator == "\t"


def _even(block: str, separator: str, numbers: Sequence[int]) -> EvenStretch | None:
    """Return the cells by columns, nothing when some line has more or fewer than the first."""
    width = 1 + block.count(separator, 0, block.index("\n"))
    if width == 1:
        return None
    cells = block[:-1].replace("\n", "\n" + separator).split(separator)
    # Every line end is at the end of a cell: when all are in the last column, lines are even.
    ends = "".join(cells[width - 1 :: width]).split("\n")
    if len(cells) != width * len(numbers) or len(ends) != len(numbers):
        return None
    columns = [cells[index::width] for index in range(width - 1)]
    return EvenStretch(numbers, cast("list[list[Cell]]", [*columns, ends]))


def _split(block: str, separator: str) -> list[list[Cell]]:
    lines = block[:-1].split("\n")
    rows = [line.split(separator) if line else [] for line in lines]
    return cast("list[list[Cell]]", rows)


def _parsed(block: str, dialect: Dialect) -> list[list[str]] | None:
    try:
        rows = list(_reader(io.StringIO(block), dialect))
    except csv.Error:
        return None
    return rows if dialect.quoted else [list(map(unquoted, cells)) for cells in rows]


def _reader(lines: Iterable[str], dialect: Dialect) -> Reader:
    return csv.reader(
        lines,
        delimiter=dialect.separator,
        quoting=csv.QUOTE_MINIMAL if dialect.quoted else csv.QUOTE_NONE,
        skipinitialspace=dialect.separator != "\t",
    )


class _Records:
    """Reads records one by one, and says what is wrong with which."""

    def __init__(self, lines: Iterator[str], dialect: Dialect, first: int = 1) -> None:
        self._dialect = dialect
        self._reader = _reader(lines, dialect)
        self._above = first - 1
        self.number = first

    def until(self, last: int) -> Iterator[Line]:
        """Yield the records that begin on lines up to the last, and no other is begun."""
        while self.number <= last:
            number = self.number
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error:
                found: Line = (number, [], Reason.CELL_TOO_LONG)
            else:
                found = self._judged(number, cast("list[Cell]", cells))
            self.number = self._above + self._reader.line_num + 1
            yield found

    def _judged(self, number: int, cells: list[Cell]) -> Line:
        spanned = self._above + self._reader.line_num - number
        if not self._dialect.quoted:
            return number, [unquoted(str(cell)) for cell in cells], None
        if spanned > _LONGEST_RECORD:
            return number, [], Reason.CELL_TOO_LONG
        if spanned and _swallowed(cells, self._dialect.separator):
            return number, cells, Reason.BROKEN_QUOTES
        return number, cells, None


def unquoted(cell: str) -> str:
    """Return what a cell holds that may be quoted as a whole."""
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell


def _swallowed(cells: list[Cell], separator: str) -> bool:
    """Tell whether a quoted cell took the next line with it."""
    return any(isinstance(c, str) and "\n" in c and separator in c for c in cells)
