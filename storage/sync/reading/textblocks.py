"""The text of a file in blocks of whole lines, decoded with every line end written the same."""

from __future__ import annotations

import codecs
import io
from typing import BinaryIO, Final

LONGEST_LINE: Final = 1 << 20
"""Longer lines are cut: a file without line ends must not fill the memory."""

BLOCK: Final = 1 << 16
ANSI: Final = "cp1252"
_BYTEWISE: Final = ("utf-8", "utf-8-sig", ANSI)
"""Where a line end is the same byte whatever stands beside it: written alike before decoding."""


class TextBlocks:
    """Hands out a text in blocks of some hundred lines, or line by line."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        """Start at the present place of the stream; what cannot be decoded is replaced."""
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        self._bytewise = encoding in _BYTEWISE
        self._decoder: codecs.IncrementalDecoder | io.IncrementalNewlineDecoder = (
            decoder
            if self._bytewise
            else io.IncrementalNewlineDecoder(decoder, translate=True)  # two bytes make an end
        )
        self._ascii = encoding == ANSI
        self._returned = b""
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
        text = self._begun + self._decoded(data)
        first = text.find("\n") + 1 or len(text)
        cut = len(text) if self._ended else text.rfind("\n") + 1
        if first > LONGEST_LINE:
            cut = LONGEST_LINE
        self._ready, self._begun = text[:cut], text[cut:]

    def _decoded(self, data: bytes) -> str:
        """Decode what was read, its line ends written the same."""
        if self._bytewise:
            data = self._returned + data
            # the other half of the last line end may come with the next bytes
            self._returned = b"\r" if data.endswith(b"\r") and not self._ended else b""
            data = data[: len(data) - len(self._returned)]
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if self._ascii and data.isascii():
            return data.decode("ascii")
        return self._decoder.decode(data, final=self._ended)
