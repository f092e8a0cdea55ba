"""Sources of lines: a delimited text or the sheet of a workbook, numbered from 1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final, Protocol

from storage.sync.reading.bytestreams import Bytes, Origin
from storage.sync.reading.reasons import Reason
from storage.sync.reading.stretches import (
    AnyStretch,
    Dialect,
    Known,
    Line,
    Stretch,
    records,
    stretches,
)
from storage.sync.reading.synonyms import guesses
from storage.sync.reading.textblocks import TextBlocks

SEPARATORS: Final = (";", "\t", ",", "|")
_SAMPLE: Final = 200


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file is laid out."""

    encoding: str | None = None
    separator: str | None = None
    header_line: int | None = None
    sheet: str | None = None
    unread_sheets: tuple[str, ...] = ()  # tables of the same workbook that were left aside
    quoted: bool = True


class Source(Protocol):
    """Where lines come from, as often as they are asked for."""

    @property
    def layout(self) -> Layout:
        """Return the encoding and separator, or the sheet."""

    def stretches(self, known: Known | None = None) -> Iterator[AnyStretch]:
        """Yield every line from the first, some hundred at a time.

        Of lines that are `known` a text need not tell more than their numbers.
        """


@dataclass(frozen=True, slots=True)
class TextSource:
    """A delimited text."""

    origin: Origin
    layout: Layout

    @property
    def dialect(self) -> Dialect:
        """Return how its cells are told apart."""
        return Dialect(self.layout.separator or ";", self.layout.quoted)

    @property
    def encoding(self) -> str:
        """Return how its bytes are read."""
        return self.layout.encoding or "utf-8"

    def stretches(self, known: Known | None = None) -> Iterator[AnyStretch]:
        """Yield every record with the number of its first line."""
        with self.origin.open() as stream:
            yield from stretches(TextBlocks(stream, self.encoding), self.dialect, known)


def lines_of(source: Source) -> Iterator[Line]:
    """Yield every line of a source from the first."""
    for stretch in source.stretches():
        yield from stretch.lines()


def below(source: Source, line: int, known: Known | None = None) -> Iterator[AnyStretch]:
    """Yield what comes after a line of a source, the header."""
    for stretch in source.stretches(known):
        rest = stretch if stretch.numbers[0] > line else stretch.below(line)
        if rest.numbers:
            yield rest


def open_text(origin: Origin, surveyed: Bytes, *, sound: bool = False) -> TextSource:
    """Return the text with the separator that explains its first lines best.

    `sound`: its quotes are known to be, and need not be looked at.
    """
    head = _first_lines(origin, surveyed.encoding)
    separator = max(SEPARATORS, key=partial(_merit, head))
    layout = Layout(encoding=surveyed.encoding, separator=separator)
    source = TextSource(origin, layout)
    if sound or not surveyed.quotes or _quotes_are_sound(source):
        return source
    return TextSource(origin, Layout(layout.encoding, separator, quoted=False))


def _first_lines(origin: Origin, encoding: str) -> list[str]:
    with origin.open() as stream:
        return list(islice(iter(TextBlocks(stream, encoding).line, ""), _SAMPLE))


def _merit(lines: list[str], separator: str) -> tuple[int, int]:
    widths: dict[int, int] = {}
    known = 0
    for _, cells, _fault in records(iter(lines), Dialect(separator)):
        width = len(cells)
        widths[width] = widths.get(width, 0) + 1
        known = max(known, len({g.field for c in cells for g in guesses(str(c))[:1]}))
    regular = max((count for width, count in widths.items() if width > 1), default=0)
    return known, regular


def _quotes_are_sound(source: TextSource) -> bool:
    return all(
        Reason.CELL_TOO_LONG not in some.faults.values()
        for some in source.stretches()
        if isinstance(some, Stretch)
    )
