"""Which lines of a file are not in the one before it: both are walked along side by side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import BinaryIO, Final

from storage.sync.reading.textblocks import BLOCK

_RUN: Final = 256
"""Lines that are compared at once while nothing differs."""
_NEAR, _FAR = 32, 4096
"""Lines within which the two texts are expected to meet again."""
_READY: Final = 2 * _FAR


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


class LoneReturnError(ValueError):
    """A carriage return stands alone: who counts lines by it counts more of them."""


def difference(former: BinaryIO, later: BinaryIO, most: int) -> Difference | None:
    """Return what differs, None when more than `most` lines do; raise `LoneReturnError`.

    Lines end as they do in all encodings but those of more than a byte for each sign.
    """
    found, old, new = Difference(), _Ahead(former), _Ahead(later)
    while old.fill() | new.fill():
        same = _alike(old.lines, new.lines)
        gone, come = (0, 0) if same == _RUN else _apart(old.lines[same:], new.lines[same:])
        old.skip(same)
        new.skip(same)
        found.gone += (line.removesuffix(b"\r") for _, line in old.take(gone))
        found.new += ((number, line.removesuffix(b"\r")) for number, line in new.take(come))
        if found.lines > most:
            return None
    return found


class _Ahead:
    """The lines of a file from some place on: some thousand, as long as there are."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._number = 1
        self.lines: list[bytes] = []

    def fill(self) -> bool:
        """Read on when few lines are left; tell whether there are any."""
        if len(self.lines) < _FAR:
            while len(self.lines) < _READY and (block := self._block()):
                self.lines += block.removesuffix(b"\n").split(b"\n")
        return bool(self.lines)

    def _block(self) -> bytes:
        block = self._stream.read(BLOCK)
        block += self._stream.readline()
        if block.count(b"\r") != block.count(b"\r\n"):
            raise LoneReturnError
        return block

    def take(self, count: int) -> list[tuple[int, bytes]]:
        """Return the next lines with their numbers, and go on behind them."""
        some = list(enumerate(self.lines[:count], self._number))
        self.skip(count)
        return some

    def skip(self, count: int) -> None:
        """Go on behind the next lines."""
        del self.lines[:count]
        self._number += count


def _alike(old: list[bytes], new: list[bytes]) -> int:
    """Count the lines that are the same, as far as is looked at once."""
    first, second = old[:_RUN], new[:_RUN]
    if first == second:
        return len(first)
    pairs = enumerate(zip(first, second, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(first), len(second)))


def _apart(old: list[bytes], new: list[bytes]) -> tuple[int, int]:
    """Count the lines on both sides until the texts meet again, all in sight when they do not."""
    for within in (_NEAR, _FAR):
        places = {line: place for place, line in reversed(list(enumerate(old[:within])))}
        for come, line in enumerate(new[:within]):
            if line in places:
                return places[line], come
    return len(old[:_FAR]), len(new[:_FAR])
