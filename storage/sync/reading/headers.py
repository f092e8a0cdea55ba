"""Where the header of a file is, and the fingerprint by which its mapping is remembered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from storage.sync.reading.sources import Source, lines_of
from storage.sync.reading.synonyms import Tongue, guesses
from storage.sync.reading.texts import Cell, cell_text, clean, header_words

_WITHIN: Final = 80
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class Header:
    """The line that names the columns."""

    line: int
    names: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Return the normalised names."""
        return tuple(" ".join(header_words(name)) for name in self.names)

    @property
    def english(self) -> bool:
        """Tell whether the header is written in English rather than in French."""
        tongues = [{g.tongue for g in guesses(name)} for name in self.names]
        english = sum(Tongue.ENGLISH in t and Tongue.FRENCH not in t for t in tongues)
        french = sum(Tongue.FRENCH in t and Tongue.ENGLISH not in t for t in tongues)
        return english > french


def find_header(source: Source, asked: frozenset[str]) -> Header | None:
    """Return the line of the first eighty that names most fields (or names asked for)."""
    best, found = _FEWEST - 1, None
    for number, cells, _ in islice(lines_of(source), _WITHIN):
        known = _known(cells, asked)
        if known > best:
            best, found = known, Header(number, _names(cells))
    return found


def fingerprint(header: Header, family: str) -> str:
    """Return a stable key of the header's normalised names and the family of the file."""
    key = "\x1f".join((family, *header.words))
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def repeats(cells: list[Cell], header: Header) -> bool:
    """Tell whether a line is the header again, as after a page break."""
    names = _names(cells)
    if len(names) < _FEWEST or names[0][:200] != header.names[0][:200]:
        return False
    return Header(0, names).words == header.words


def _known(cells: list[Cell], asked: frozenset[str]) -> int:
    fields = set()
    wanted = 0
    for cell in cells:
        if not isinstance(cell, str):
            continue
        fields |= {guess.field for guess in guesses(clean(cell)[0])[:1]}
        wanted += " ".join(header_words(cell)) in asked
    return max(len(fields), wanted)


def _names(cells: list[Cell]) -> tuple[str, ...]:
    names = [clean(cell_text(cell))[0] for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def sample(source: Source, header: Header, count: int) -> Iterator[list[Cell]]:
    """Yield the first lines below the header that are not blank."""
    below = (
        cells
        for number, cells, fault in lines_of(source)
        if number > header.line and fault is None and any(c not in {"", None} for c in cells)
    )
    return islice(below, count)
