"""What a text repeats of the one before it proves nothing that is not proven already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storage.sync.reading.bytestreams import from_bytes
from storage.sync.reading.differing import Difference
from storage.sync.reading.headers import Header
from storage.sync.reading.questions import ColumnMap
from storage.sync.reading.sources import TextSource
from storage.sync.reading.study import Study
from storage.sync.reading.textblocks import BLOCK


@dataclass(frozen=True, slots=True)
class Repeated:
    """A text beside the one before it, of which every line was taken without a remark.

    `found` is what differs; `lines` counts those below the header of the later text.
    """

    found: Difference
    lines: int


def lines_alone(source: TextSource, lines: Iterable[bytes]) -> TextSource:
    """Return lines as a text of their own, read as the whole is."""
    text = b"".join(line + b"\n" for line in lines)
    return TextSource(from_bytes(source.origin.name, text), source.layout)


def study_repeated(
    source: TextSource, header: Header, columns: ColumnMap, repeated: Repeated
) -> Study:
    """Weigh the first lines of a text and those that are new: less than `study` does.

    Who reads by it makes sure that the text before was read in the same way: all its lines
    agreed with that, so that those repeated do.
    """
    found = Study(columns)
    found.weigh(_beginning(source), header.line)
    found.weigh(lines_alone(source, (line for _, line in repeated.found.new)), 0)
    found.lines = repeated.lines
    return found


def _beginning(source: TextSource) -> TextSource:
    with source.origin.open() as stream:
        head = stream.read(BLOCK) + stream.readline(BLOCK)
    return TextSource(from_bytes(source.origin.name, head), source.layout)
