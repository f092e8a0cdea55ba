"""Bytes in: the digest and the encoding of a file, read once in blocks."""

from __future__ import annotations

import codecs
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

BLOCK: Final = 1 << 20
ZIP: Final = b"PK\x03\x04"
OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
ARCHIVES: Final = (ZIP, OLE)
"""How workbooks begin: they are no text."""
NO_TABLES: Final = (
    b"%PDF",
    b"{\\rtf",
    b"\xff\xd8\xff",  # JPEG
    b"\x89PNG",
    b"GIF8",
    b"\x1f\x8b",  # gzip
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!",
)
"""How printed lists, letters, pictures and packed files begin: nobody can read lines in them."""
_UTF16_SAMPLE: Final = 4096
_ZEROS_OF_UTF16: Final = 0.3
_DAMAGED: Final = 10
"""A text is still UTF-8 when it has this many sound accents for each damaged byte."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A file by name, with a way to open its bytes as often as needed."""

    name: str
    open: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class Bytes:
    """What one pass over the bytes tells."""

    sha256: str
    size: int
    head: bytes
    encoding: str
    quotes: bool
    totals: bool


def from_path(path: Path) -> Origin:
    """Return the origin of a file on disk."""
    return Origin(path.name, lambda: path.open("rb"))


def from_bytes(name: str, data: bytes) -> Origin:
    """Return the origin of bytes in memory."""
    return Origin(name, lambda: io.BytesIO(data))


def survey(origin: Origin) -> Bytes:
    """Return the digest, size, first bytes and encoding of a file; a workbook has none.

    Encoding: the byte order mark, else UTF-8 when it decodes, else cp1252. Guessing
    libraries were tried and read accents of cp1252 exports silently wrong.
    """
    digest, size, head = hashlib.sha256(), 0, b""
    strict = codecs.getincrementaldecoder("utf-8")()
    sound, quotes, totals = True, False, False
    with origin.open() as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
            size += len(block)
            head = head or block[:_UTF16_SAMPLE]
            if head.startswith(ARCHIVES):
                continue
            sound = sound and _decodes(strict, block)
            quotes = quotes or b'"' in block
            totals = totals or _mentions_total(block)
    sound = sound and _decodes(strict, b"", final=True)
    if head.startswith(ARCHIVES):
        # what is packed does not tell whether it has totals
        return Bytes(digest.hexdigest(), size, head, "", quotes=False, totals=True)
    encoding = _by_mark(head) or ("utf-8" if sound else _damaged_or_ansi(origin))
    return Bytes(digest.hexdigest(), size, head, encoding, quotes, totals)


def _mentions_total(block: bytes) -> bool:
    lowered = block.lower()
    return b"tota" in lowered or b"t\0o\0t\0a" in lowered


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _by_mark(head: bytes) -> str | None:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[::2], head[1::2]
    if odd and odd.count(0) > len(odd) * _ZEROS_OF_UTF16 and not even.count(0):
        return "utf-16-le"
    if even and even.count(0) > len(even) * _ZEROS_OF_UTF16 and not odd.count(0):
        return "utf-16-be"
    return None


def _damaged_or_ansi(origin: Origin) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    lost = accents = 0
    with origin.open() as stream:
        while block := stream.read(BLOCK):
            text = decoder.decode(block)
            lost += text.count("\ufffd")
            accents += len(text) - len(text.encode("ascii", "ignore"))
    return "utf-8" if accents - lost > lost * _DAMAGED else "cp1252"
