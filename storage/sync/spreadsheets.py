"""Tables for a French spreadsheet: safe cells, one encoding, files replaced in one stroke."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from credit.money import Money

Cell = str | int | date | Money | None
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def table(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write rows as CSV: UTF-8 with BOM, `;`, decimal comma, dd/mm/yyyy, no formula."""
    page = io.StringIO()
    writer = csv.writer(page, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([cell_text(cell) for cell in row] for row in rows)
    return page.getvalue().encode("utf-8-sig")


def cell_text(cell: Cell) -> str:
    """Write one cell; numbers stay numbers, only texts are disarmed."""
    if isinstance(cell, Money):
        return cell.as_text().replace(".", ",")
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    return disarmed(cell) if isinstance(cell, str) else "" if cell is None else str(cell)


def disarmed(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run; line ends become blanks."""
    armed = text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)
    plain = " ".join(text.splitlines()).replace("\t", " ").replace("\0", "")
    return f"'{plain}" if armed else plain


def replace_file(path: Path, content: bytes) -> bool:
    """Put `content` in the place of a file, wholly or not at all; False when it was there.

    The new content is on the disk before it takes the old one's name.
    """
    try:
        if path.read_bytes() == content:
            return False
    except OSError:
        pass  # absent or unreadable: it is written anew
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    sync_folder(path.parent)
    return True


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, on systems that can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folder
        return
    try:
        os.fsync(handle)
    except OSError:
        pass  # a share that cannot
    finally:
        os.close(handle)
