"""Lines of a text chosen by one of their cells, before they are decoded and split."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import compress, count
from typing import TYPE_CHECKING, BinaryIO, Final, TypeAlias

from storage.sync.reading.differing import whole_lines
from storage.sync.reading.stretches import AnyStretch, stretch_of_lines, unquoted
from storage.sync.reading.textblocks import BLOCK
from storage.sync.reading.texts import Cell

if TYPE_CHECKING:
    from storage.sync.reading.sources import TextSource

_MEMORY: Final = 1 << 17
_TORN: Final = b'"'


Wanted: TypeAlias = Callable[[Sequence[Cell]], Sequence[bool]]
"""Tells which of some cells are wanted."""


class Chosen:
    """Tells which lines are wanted by one of their cells, as it lies in the file."""

    def __init__(self, at: int, text: TextSource, wanted: Wanted) -> None:
        """Ask `wanted` once about each cell; `at` is the place of the column."""
        self._at = at
        self._encoding, self._separator = text.encoding, text.dialect.separator.encode()
        self._wanted = wanted
        self._known: dict[bytes, bool] = {}

    def among(self, lines: Sequence[bytes], *, quoted: bool) -> list[bool]:
        """Tell which lines are wanted; a line without that cell is asked about as if empty.

        `quoted`: some cells are. Where a quote takes in a separator, the line is wanted.
        """
        at, separator = self._at, self._separator
        split = [line.split(separator, at + 1) for line in lines]
        cells = [some[at] if len(some) > at else b"" for some in split]
        if quoted and at:
            cells = [
                _TORN if any(map(_is_torn, some[:at])) else cell
                for some, cell in zip(split, cells, strict=True)
            ]
        self._learn(set(cells))
        return list(map(self._known.__getitem__, cells))

    def _learn(self, cells: AbstractSet[bytes]) -> None:
        if len(self._known) > _MEMORY:
            self._known.clear()
        known = self._known  # a difference of sets would go through all that is known
        fresh = [cell for cell in cells if cell not in known]
        read = self._wanted([unquoted(cell.decode(self._encoding, "replace")) for cell in fresh])
        known.update(zip(fresh, read, strict=True))
        known.update((cell, True) for cell in fresh if _is_torn(cell))


def _is_torn(part: bytes) -> bool:
    """Tell whether a quote is open at the end of a line or of a part of it."""
    return part.count(b'"') % 2 == 1


class PlainLines:
    """The first lines of a text, as far as each is a record of its own.

    Afterwards the stream stands at the first line that was not read, whose `number` this is.
    """

    def __init__(self, stream: BinaryIO, text: TextSource, chosen: Chosen) -> None:
        """Begin at the first line of the stream."""
        self._stream, self._text, self._chosen = stream, text, chosen
        self.number = 1

    def stretches(self) -> Iterator[AnyStretch]:
        """Yield the lines that were chosen, some hundred at a time."""
        lines: list[bytes] = []
        numbers: list[int] = []
        size = 0
        for some, quoted in self._blocks():
            which = self._chosen.among(some, quoted=quoted)
            found = list(compress(some, which))
            longer = sum(map(len, found))
            if lines and size + longer > BLOCK:
                yield self._read(lines, numbers)
                lines, numbers, size = [], [], 0
            lines += found
            numbers += compress(count(self.number), which)
            size += longer
            self.number += len(some)
        if lines:
            yield self._read(lines, numbers)

    def _blocks(self) -> Iterator[tuple[list[bytes], bool]]:
        """Yield lines, and whether any has a quote, until some quote goes on behind its line."""
        while True:
            begun = self._stream.tell()
            block = whole_lines(self._stream)
            lines = [] if block is None else block.removesuffix(b"\n").split(b"\n")
            quoted = block is not None and b'"' in block
            if block is None or (quoted and any(map(_is_torn, lines))):
                self._stream.seek(begun, os.SEEK_SET)
                return
            if not block:
                return
            yield lines, quoted

    def _read(self, lines: list[bytes], numbers: list[int]) -> AnyStretch:
        decoded = b"\n".join(lines).decode(self._text.encoding, "replace").split("\n")
        return stretch_of_lines(decoded, self._text.dialect, numbers)
