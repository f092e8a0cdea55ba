"""Text as people typed it: cleaned values, folded words, normalised headers."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache
from typing import Final, TypeAlias

Cell: TypeAlias = str | float | int | bool | date | None

_NUMERO: Final = re.compile(r"\b[nN]\s*[°º]\s*")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")
_NUMBER_WORDS: Final = frozenset({"no", "num", "numero", "nr"})
_EXACT: Final = 10**15
_BLANKS: Final = re.compile(r"\s+")


def cell_text(cell: Cell) -> str:
    """Return a cell as text; a whole number of a spreadsheet shows no decimals."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell)


def clean(text: str) -> tuple[str, bool]:
    """Return the text without control characters, and whether some were dropped.

    Bidirectional and zero-width controls (Unicode category Cf), NUL and the like go;
    line ends, tabs and the many blanks become one plain blank.
    """
    if text.isprintable():
        return text.strip(), False
    kept: list[str] = []
    dropped = False
    for character in text:
        category = unicodedata.category(character)
        if category in {"Zs", "Zl", "Zp"} or character in "\t\n\r\v\f":
            kept.append(" ")
        elif category.startswith("C"):
            dropped = True
        else:
            kept.append(character)
    return _BLANKS.sub(" ", "".join(kept)).strip(), dropped


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return lower-case words without accents, separated by one blank."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    letters = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    return _NOT_WORD.sub(" ", letters).strip()


@lru_cache(maxsize=4096)
def header_words(header: str) -> tuple[str, ...]:
    """Return the words of a header, CamelCase split, every "n°" written `n`."""
    split = _CAMEL.sub(" ", _NUMERO.sub("numero ", header[:200]))
    return tuple("n" if word in _NUMBER_WORDS else word for word in fold(split).split())


@lru_cache(maxsize=65536)
def code_from_name(name: str) -> str:
    """Return the key of a customer known by name only: folded, upper case, 64 at most."""
    plain = fold(name).upper() or name.strip()
    return plain[:64].strip()
