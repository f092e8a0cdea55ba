"""The text of a file in blocks of whole lines, decoded with every line end written the same."""

from __future__ import annotations

import codecs
import io
from typing import BinaryIO, Final

LONGEST_LINE: Final = 1 << 20
"""Longer lines are cut: a file without line ends must not fill the memory."""

BLOCK: Final = 1 << 16


class TextBlocks:
    """Hands out a text in blocks of some hundred lines, or line by line."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        """Start at the present place of the stream; what cannot be decoded is replaced."""
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        self._decoder = io.IncrementalNewlineDecoder(decoder, translate=True)
        self._stream = stream
        self._begun = self._ready = ""
        self._ended = False

    def block(self) -> str:
        """Return the lines that come next, nothing at the end of the text.

        Only the last line of a block may lack its end: it is the last of all, or cut.
        """
        while not self._ready and not (self._ended and not self._begun):
            self._fetch()
        block, self._ready = self._ready, ""
        return block

    def line(self) -> str:
        """Return the line that comes next, nothing at the end of the text."""
        block = self.block()
        end = block.find("\n") + 1 or len(block)
        self._ready = block[end:]
        return block[:end]

    def _fetch(self) -> None:
        """Read on; make the whole lines ready, and keep the line that is begun."""
        data = self._stream.read(BLOCK)
        self._ended = not data
        text = self._begun + self._decoder.decode(data, final=self._ended)
        first = text.find("\n") + 1 or len(text)
        cut = len(text) if self._ended else text.rfind("\n") + 1
        if first > LONGEST_LINE:
            cut = LONGEST_LINE
        self._ready, self._begun = text[:cut], text[cut:]
