"""Which lines of a file are not in the one before it: both are walked along side by side."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import compress, count
from operator import ne
from typing import BinaryIO, Final

from storage.sync.reading.textblocks import BLOCK

_RUN: Final = 256
"""Lines that are compared at once while nothing differs."""
_NEAR, _FAR = 32, 4096
"""Lines within which the two texts are expected to meet again."""
_READY: Final = 4 * _FAR
_LONGEST: Final = 1 << 16
"""Bytes of the longest line of a text that is compared by lines."""


@dataclass(slots=True)
class Difference:
    """Lines that only the former file has, and lines that only the later one has, numbered.

    All other lines are in both, as often and in the same order. A line is told without its end.
    """

    gone: list[bytes] = field(default_factory=list)
    new: list[tuple[int, bytes]] = field(default_factory=list)

    @property
    def lines(self) -> int:
        """Return how many lines differ."""
        return len(self.gone) + len(self.new)


class NoPlainLinesError(ValueError):
    """A carriage return stands alone, or a line is endless: who cuts lines by them has others."""


def difference(former: BinaryIO, later: BinaryIO, most: int) -> Difference | None:
    """Return what differs, None when more than `most` lines do; raise `NoPlainLinesError`.

    Lines end as they do in all encodings but those of more than a byte for each sign.
    """
    found, old, new = Difference(), _Ahead(former), _Ahead(later)
    while old.fill() | new.fill():
        same = _alike(old, new)
        gone, come = (0, 0) if same == _RUN else _apart(old, new, same)
        old.skip(same)
        new.skip(same)
        found.gone += (line for _, line in old.take(gone))
        found.new += new.take(come)
        if found.lines > most:
            return None
    return found


class _Ahead:
    """The lines of a file from some place on: some thousand, as long as there are."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lines: list[bytes] = []
        self._at = 0  # how many of them are behind
        self._above = 0  # how many lines of the file are above them

    def fill(self) -> bool:
        """Read on when few lines are left; tell whether there are any."""
        if len(self._lines) - self._at < _FAR:
            self._above += self._at
            self._lines, self._at = self._lines[self._at :], 0
            while len(self._lines) < _READY and (block := self._block()):
                self._lines += block.removesuffix(b"\n").split(b"\n")
        return len(self._lines) > self._at

    def _block(self) -> bytes:
        block = whole_lines(self._stream)
        if block is None:
            raise NoPlainLinesError
        return block

    def ahead(self, start: int, count: int) -> list[bytes]:
        """Return some of the next lines, from the one after `start` of them on."""
        first = self._at + start
        return self._lines[first : first + count]

    def take(self, count: int) -> list[tuple[int, bytes]]:
        """Return the next lines with their numbers, and go on behind them."""
        some = list(enumerate(self.ahead(0, count), 1 + self._above + self._at))
        self.skip(count)
        return some

    def skip(self, count: int) -> None:
        """Go on behind the next lines."""
        self._at += count


def whole_lines(stream: BinaryIO) -> bytes | None:
    """Read a block of lines, every end written the same.

    None when a line is endless, or a return stands alone.
    """
    block = stream.read(BLOCK)
    end = stream.readline(_LONGEST)
    block = (block + end).replace(b"\r\n", b"\n")
    return None if len(end) == _LONGEST or b"\r" in block else block


def _alike(old: _Ahead, new: _Ahead) -> int:
    """Count the lines that are the same, as far as is looked at once."""
    first, second = old.ahead(0, _RUN), new.ahead(0, _RUN)
    if first == second:
        return len(first)
    together = min(len(first), len(second))
    return next(compress(count(), map(ne, first, second)), together)


def _apart(old: _Ahead, new: _Ahead, same: int) -> tuple[int, int]:
    """Count the lines on both sides until the texts meet again, all in sight when they do not."""
    for within in (_NEAR, _FAR):
        first, second = old.ahead(same, within), new.ahead(same, within)
        places = dict(zip(reversed(first), range(len(first) - 1, -1, -1), strict=True))
        for come, line in enumerate(second):
            if line in places:
                return places[line], come
    return len(first), len(second)
