"""Workbooks: refused before they are opened when they would fill the memory."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from storage.sync.reading.bytestreams import ARCHIVES, BLOCK, OLE, Bytes, Origin
from storage.sync.reading.reasons import FileReason, FileRefused
from storage.sync.reading.sources import Layout
from storage.sync.reading.stretches import AnyStretch, EvenStretch, Known, Stretch
from storage.sync.reading.synonyms import guesses
from storage.sync.reading.texts import Cell

LARGEST_UNPACKED: Final = 600 << 20
LARGEST_XLS: Final = 80 << 20
MOST_ENTRIES: Final = 2000
MOST_CELLS: Final = 30_000_000
_HEADER_WITHIN: Final = 60
_STRETCH: Final = 1000
_TABLE_FIELDS: Final = 3  # a sheet that names so many fields is a table too, not a note

_ROW: Final = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"'](\d+)")
# Only references that can make a sheet large are looked at: far columns, far rows.
_FAR: Final = re.compile(rb"\br=[\"'](?:([A-Z]{2,3})(\d+)|[A-Z](\d{6,}))[\"']")
_FAR_AT_ALL: Final = re.compile(rb"r=[\"'](?:[A-Z]{2}|[A-Z]?\d{7})")
_OVERLAP: Final = 200
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_LETTERS: Final = 26


@dataclass(frozen=True, slots=True)
class SheetSource:
    """The sheet of a workbook that holds the data."""

    layout: Layout
    parts: list[AnyStretch]

    def stretches(self, known: Known | None = None) -> Iterator[AnyStretch]:  # noqa: ARG002
        """Yield the rows, numbered as in the spreadsheet."""
        yield from self.parts


def is_workbook(surveyed: Bytes) -> bool:
    """Tell by its first bytes whether a file is a workbook (or another archive)."""
    return surveyed.head.startswith(ARCHIVES)


def open_workbook(origin: Origin, surveyed: Bytes) -> SheetSource:
    """Return the sheet whose header names most fields; refuse what is not a sound workbook."""
    if surveyed.head.startswith(OLE):
        if surveyed.size > LARGEST_XLS:
            raise FileRefused(FileReason.TOO_LARGE)
        if _is_protected(origin):
            raise FileRefused(FileReason.PROTECTED)
    else:
        _inspect(origin)
    sheets = _sheets(origin)
    if not sheets:
        raise FileRefused(FileReason.EMPTY)
    merits = [_merit(rows) for _, rows in sheets]
    best = merits.index(max(merits))
    name, rows = sheets[best]
    unread = tuple(
        other
        for place, ((other, _), (known, lines)) in enumerate(zip(sheets, merits, strict=True))
        if place != best and known >= _TABLE_FIELDS and lines > 1
    )
    return SheetSource(Layout(sheet=name, unread_sheets=unread), list(_stretches(rows)))


def _is_protected(origin: Origin) -> bool:
    """Tell whether a workbook lies encrypted in its envelope: nobody gave its password."""
    with origin.open() as stream:
        return _ENCRYPTED in stream.read()


def _stretches(rows: list[list[Cell]]) -> Iterator[AnyStretch]:
    """Turn rows into columns once: they are looked at and read by columns."""
    for first in range(0, len(rows), _STRETCH):
        some = rows[first : first + _STRETCH]
        numbers = range(first + 1, first + 1 + len(some))
        if len(set(map(len, some))) == 1 and some[0]:
            yield EvenStretch(numbers, list(map(list, zip(*some, strict=True))))
        else:
            yield Stretch(numbers, some, {})


def _sheets(origin: Origin) -> list[tuple[str, list[list[Cell]]]]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum  # noqa: PLC0415 - only for workbooks

    found: list[tuple[str, list[list[Cell]]]] = []
    try:
        with origin.open() as stream:
            workbook = CalamineWorkbook.from_filelike(stream)
            for sheet in workbook.sheets_metadata:
                if sheet.typ == SheetTypeEnum.WorkSheet:
                    rows = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
                    found.append((sheet.name, rows))  # type: ignore[arg-type]
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        # A panic of the Rust reader on a hostile file is a BaseException of its own.
        if "password" in str(error).lower():  # a workbook of the older kind
            raise FileRefused(FileReason.PROTECTED) from error
        raise FileRefused(FileReason.UNREADABLE) from error
    return found


def _merit(rows: list[list[Cell]]) -> tuple[int, int]:
    known = (
        len({g.field for cell in row if isinstance(cell, str) for g in guesses(cell)[:1]})
        for row in rows[:_HEADER_WITHIN]
    )
    return max(known, default=0), len(rows)


def _inspect(origin: Origin) -> None:
    try:
        with origin.open() as stream, zipfile.ZipFile(stream) as archive:
            entries = _admitted(archive.infolist())
            # The sizes declared may lie: reading to the end proves them (zipfile stops at
            # the declared size and checks the sum).
            for entry in entries:
                with archive.open(entry) as part:
                    far = _reaches_far(part)
                if far and entry.filename.endswith(".xml"):
                    with archive.open(entry) as part:
                        _measure(part)
    except FileRefused:
        raise
    except Exception as error:
        # A hostile archive fails in any way: zipfile's, zlib's, lzma's errors and RuntimeError
        # (encrypted) have no common ancestor.
        raise FileRefused(FileReason.UNREADABLE) from error


def _admitted(entries: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    if all(entry.filename != "xl/workbook.xml" for entry in entries):
        raise FileRefused(FileReason.UNSUPPORTED)
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED:
        raise FileRefused(FileReason.TOO_LARGE)
    return entries


def _reaches_far(part: IO[bytes]) -> bool:
    """Read a part to its end; tell whether it names a column beyond Z or a row of seven figures.

    A sheet that does not has no more than 26 million cells, and need not be measured.
    """
    far, tail = False, b""
    while block := part.read(BLOCK):
        text = tail + block
        far = far or _FAR_AT_ALL.search(text) is not None
        tail = text[-_OVERLAP:]
    return far


def _measure(part: IO[bytes]) -> None:
    rows, columns, tail = 0, _LETTERS, b""
    while block := part.read(BLOCK):
        text = tail + block
        rows = max([rows, *map(int, _ROW.findall(text))])
        for letters, row, far_row in _FAR.findall(text):
            rows = max(rows, int(row or far_row))
            columns = max(columns, _column_number(letters))
        if rows * columns > MOST_CELLS:
            raise FileRefused(FileReason.TOO_LARGE)
        tail = text[-_OVERLAP:]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + letter - ord("A") + 1
    return number
