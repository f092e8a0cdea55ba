"""Sources of lines: a delimited text or the sheet of a workbook, numbered from 1."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final, Protocol, TypeAlias, cast

from storage.sync.reading.bytestreams import Bytes, Origin
from storage.sync.reading.reasons import Reason
from storage.sync.reading.synonyms import guesses
from storage.sync.reading.texts import Cell

SEPARATORS: Final = (";", "\t", ",", "|")
LONGEST_LINE: Final = 1 << 20
_SAMPLE: Final = 200
_LONGEST_RECORD: Final = 30
"""Lines that one quoted record may span; beyond, the quote was never closed."""


Line: TypeAlias = tuple[int, list[Cell], Reason | None]
"""The number of a line in the file, its cells, and what is wrong with the line itself.

A bare tuple: it is built a million times for a large file.
"""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file is laid out."""

    encoding: str | None = None
    separator: str | None = None
    header_line: int | None = None
    sheet: str | None = None
    quoted: bool = True


class Source(Protocol):
    """Where lines come from, as often as they are asked for."""

    @property
    def layout(self) -> Layout:
        """Return the encoding and separator, or the sheet."""

    def lines(self) -> Iterator[Line]:
        """Yield every line from the first."""


@dataclass(frozen=True, slots=True)
class TextSource:
    """A delimited text."""

    origin: Origin
    layout: Layout

    def lines(self) -> Iterator[Line]:
        """Yield every record with the number of its first line."""
        with self.origin.open() as stream:
            text = io.TextIOWrapper(stream, self.layout.encoding, errors="replace", newline=None)
            # Lines are read with a bound: a file without line ends must not fill the memory.
            bounded = iter(partial(text.readline, LONGEST_LINE), "")
            yield from _records(bounded, self.layout)


def open_text(origin: Origin, surveyed: Bytes) -> TextSource:
    """Return the text with the separator that explains its first lines best."""
    head = _first_lines(origin, surveyed.encoding)
    separator = max(SEPARATORS, key=partial(_merit, head))
    layout = Layout(encoding=surveyed.encoding, separator=separator)
    source = TextSource(origin, layout)
    if not surveyed.quotes or _quotes_are_sound(source):
        return source
    return TextSource(origin, Layout(layout.encoding, separator, quoted=False))


def _first_lines(origin: Origin, encoding: str) -> list[str]:
    with origin.open() as stream:
        text = io.TextIOWrapper(stream, encoding, errors="replace", newline=None)
        return list(islice(iter(partial(text.readline, LONGEST_LINE), ""), _SAMPLE))


def _merit(lines: list[str], separator: str) -> tuple[int, int]:
    widths: dict[int, int] = {}
    known = 0
    for _, cells, _fault in _records(iter(lines), Layout(separator=separator)):
        width = len(cells)
        widths[width] = widths.get(width, 0) + 1
        known = max(known, len({g.field for c in cells for g in guesses(str(c))[:1]}))
    regular = max((count for width, count in widths.items() if width > 1), default=0)
    return known, regular


def _quotes_are_sound(source: TextSource) -> bool:
    return all(fault is not Reason.CELL_TOO_LONG for _, _, fault in source.lines())


def _records(lines: Iterator[str], layout: Layout) -> Iterator[Line]:
    reader = csv.reader(
        lines,
        delimiter=layout.separator or ";",
        quoting=csv.QUOTE_MINIMAL if layout.quoted else csv.QUOTE_NONE,
        skipinitialspace=layout.separator != "\t",
    )
    records = cast("Iterator[list[Cell]]", reader)
    number = 1
    while True:
        try:
            for cells in records:
                last = reader.line_num
                if not layout.quoted:
                    yield number, [_unquoted(cell) for cell in cells], None
                elif last - number > _LONGEST_RECORD:
                    yield number, [], Reason.CELL_TOO_LONG
                elif last > number and _swallowed(cells, layout.separator or ";"):
                    yield number, cells, Reason.BROKEN_QUOTES
                else:
                    yield number, cells, None
                number = last + 1
        except csv.Error:
            yield number, [], Reason.CELL_TOO_LONG
            number = reader.line_num + 1
            continue
        return


def _unquoted(cell: Cell) -> Cell:
    if isinstance(cell, str) and len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell


def _swallowed(cells: list[Cell], separator: str) -> bool:
    """Tell whether a quoted cell took the next line with it."""
    return any(isinstance(c, str) and "\n" in c and separator in c for c in cells)
