"""The journal of `out/`: one event a line, only ever added to, none lost and none doubled."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

from storage.sync.spreadsheets import sync_folder

_STEP: Final = 1 << 16

Line = Mapping[str, Any]


def append(path: Path, lines: Sequence[Line]) -> int:
    """Add the lines whose `id` is not at the journal's end yet; return how many were added.

    After a crash the same lines come again: those already written are known by their id,
    and one that was cut short is written anew.
    """
    if not lines:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    path.touch()
    with path.open("r+b") as file:
        _mend(file)
        known = _ids(_tail(file, len(lines)))
        fresh = [line for line in lines if line["id"] not in known]
        file.seek(0, os.SEEK_END)
        file.write(b"".join(map(_written, fresh)))
        file.flush()
        os.fsync(file.fileno())
    if new:
        sync_folder(path.parent)
    return len(fresh)


def _written(line: Line) -> bytes:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _mend(file: BinaryIO) -> None:
    """End a last line that lacks only its end; drop one that was cut short."""
    last = _tail(file, 1)
    if not last or last[-1].endswith(b"\n"):
        return
    if _ids(last[-1:]):
        file.seek(0, os.SEEK_END)
        file.write(b"\n")
        return
    file.seek(0, os.SEEK_END)
    file.truncate(file.tell() - len(last[-1]))


def _tail(file: BinaryIO, most: int) -> list[bytes]:
    """Read the last lines, each with its end."""
    at = file.seek(0, os.SEEK_END)
    read = b""
    while at and read.count(b"\n") <= most:
        start = max(0, at - _STEP)
        file.seek(start)
        read = file.read(at - start) + read
        at = start
    return io.BytesIO(read).readlines()[-most:]


def _ids(lines: Sequence[bytes]) -> set[str]:
    known = set()
    for line in lines:
        try:
            known.add(json.loads(line)["id"])
        except (ValueError, KeyError, TypeError):
            continue
    return known
