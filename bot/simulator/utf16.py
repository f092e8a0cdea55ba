"""Lengths and slices in UTF-16 code units, the unit of every Telegram offset."""

from __future__ import annotations

_TOP_OF_ONE_UNIT = 0xFFFF


def utf16_length(text: str) -> int:
    """Count the UTF-16 code units of a text (an emoji counts 2)."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_positions(text: str) -> dict[int, int]:
    """Map each UTF-16 offset where a character starts, and the end, to its index in the text."""
    positions = {}
    offset = 0
    for index, letter in enumerate(text):
        positions[offset] = index
        offset += 2 if ord(letter) > _TOP_OF_ONE_UNIT else 1
    positions[offset] = len(text)
    return positions
