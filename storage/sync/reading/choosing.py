"""Lines of a text chosen by one of their cells, before they are decoded and split."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import compress, count
from typing import TYPE_CHECKING, BinaryIO, Final, TypeAlias

from storage.sync.reading.differing import whole_lines
from storage.sync.reading.stretches import AnyStretch, stretch_of_lines
from storage.sync.reading.textblocks import BLOCK
from storage.sync.reading.texts import Cell

if TYPE_CHECKING:
    from storage.sync.reading.sources import TextSource

_MEMORY: Final = 1 << 17


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

    def among(self, lines: Sequence[bytes]) -> list[bool]:
        """Tell which lines are wanted; a line without that cell is asked about as if empty."""
        at, separator = self._at, self._separator
        split = [line.split(separator, at + 1) for line in lines]
        cells = [some[at] if len(some) > at else b"" for some in split]
        self._learn(set(cells))
        return list(map(self._known.__getitem__, cells))

    def _learn(self, cells: AbstractSet[bytes]) -> None:
        if len(self._known) > _MEMORY:
            self._known.clear()
        known = self._known  # a difference of sets would go through all that is known
        fresh = [cell for cell in cells if cell not in known]
        read = self._wanted([cell.decode(self._encoding, "replace") for cell in fresh])
        known.update(zip(fresh, read, strict=True))


class PlainLines:
    """The first lines of a text, as far as none of them has a quote or an odd end.

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
        for some in self._blocks():
            which = self._chosen.among(some)
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

    def _blocks(self) -> Iterator[list[bytes]]:
        while True:
            begun = self._stream.tell()
            block = whole_lines(self._stream)
            if block is None or b'"' in block:
                self._stream.seek(begun, os.SEEK_SET)
                return
            if not block:
                return
            yield block.removesuffix(b"\n").split(b"\n")

    def _read(self, lines: list[bytes], numbers: list[int]) -> AnyStretch:
        decoded = b"\n".join(lines).decode(self._text.encoding, "replace").split("\n")
        return stretch_of_lines(decoded, self._text.dialect, numbers)
