"""What the cells of a column mean: each distinct one is looked at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

from storage.sync.reading.reasons import Refused

_MOST: Final = 1 << 16

K = TypeVar("K")
V = TypeVar("V")


class Meanings(dict[K, V]):
    """The results of a function, remembered up to a bound; what it refuses is odd."""

    def __init__(self, meaning: Callable[[K], V], filler: V) -> None:
        """Remember what `meaning` returns; `filler` stands where it raises `Refused`."""
        super().__init__()
        self._meaning = meaning
        self._filler = filler
        self._refused: set[K] = set()

    def __missing__(self, cell: K) -> V:
        try:
            value = self._meaning(cell)
        except Refused:
            self._refused.add(cell)
            return self._filler
        self.learn([(cell, value)])
        return value

    def learn(self, known: Iterable[tuple[K, V]]) -> None:
        """Remember what some cells mean."""
        if len(self) >= _MOST:
            self.clear()
        self.update(known)

    def of(self, column: Sequence[K], odd: set[int]) -> list[V]:
        """Return what each cell means; add the places of those that are refused to `odd`."""
        values = list(map(self.__getitem__, column))
        if self._refused:
            odd.update(place for place, cell in enumerate(column) if cell in self._refused)
            self._refused.clear()
        return values
