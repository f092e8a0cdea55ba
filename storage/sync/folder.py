"""The credit manager's store as a folder: what arrives in `in/`, and where it goes afterwards.

```mermaid
stateDiagram-v2
  [*] --> in: somebody drops a file
  in --> done: imported (in/done/DATE_name, never overwritten)
  in --> refused: cannot be imported (in/refused/DATE_name and its .txt)
  in --> in: its columns are not certain, somebody is asked
```

Moving a file is the last step of an import: a crash before it leaves the file in `in/`, where
the next run finds its content imported already and only moves it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

QUIET_SECONDS: Final = 1.0
UNFINISHED: Final = (".part", ".partial", ".tmp", ".crdownload", ".filepart", ".download", ".swp")
_MOST_NAMESAKES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder at `root`, with its four rooms."""

    root: Path

    @property
    def inbox(self) -> Path:
        """Return where files are dropped."""
        return self.root / "in"

    @property
    def done(self) -> Path:
        """Return where imported files are kept."""
        return self.inbox / "done"

    @property
    def refused(self) -> Path:
        """Return where refused files are kept, each with the reason."""
        return self.inbox / "refused"

    @property
    def out(self) -> Path:
        """Return where promises, disputes, contacts and the journal are written."""
        return self.root / "out"

    def prepare(self) -> None:
        """Make the rooms that are missing."""
        for room in (self.done, self.refused, self.out):
            room.mkdir(parents=True, exist_ok=True)

    def waiting(self) -> list[Path]:
        """Return the files dropped in `in/`, by name; hidden, unfinished and linked ones stay."""
        if not self.inbox.is_dir():
            return []
        return sorted(path for path in self.inbox.iterdir() if _is_dropped(path))

    def put_away(self, path: Path, day: date) -> Path:
        """Move an imported file to `done`, under a name that no other file has."""
        return _move(path, self.done, day)

    def put_aside(self, path: Path, day: date, report: str) -> Path:
        """Move a refused file to `refused`, the report beside it."""
        moved = _move(path, self.refused, day)
        note = moved.with_name(moved.name + ".txt")
        note.write_text(report, encoding="utf-8-sig", newline="\r\n")
        return moved


@dataclass(slots=True)
class Arrivals:
    """Notice when a dropped file is complete: same size and time for a second, nobody writing."""

    _seen: dict[Path, tuple[tuple[int, int, int], float]] = field(default_factory=dict)

    def complete(self, paths: Iterable[Path], monotonic: float) -> list[Path]:
        """Return those that have not changed for a second; `monotonic` is the clock's seconds."""
        known, self._seen = self._seen, {}
        return [path for path in paths if self._is_complete(path, known.get(path), monotonic)]

    def state(self, path: Path) -> tuple[int, int, int] | None:
        """Return what was last seen of a file, to tell whether it changed since."""
        seen = self._seen.get(path)
        return seen[0] if seen else None

    def _is_complete(
        self, path: Path, known: tuple[tuple[int, int, int], float] | None, monotonic: float
    ) -> bool:
        try:
            stat = path.stat()
        except OSError:  # taken away meanwhile
            return False
        state = (stat.st_size, stat.st_mtime_ns, stat.st_ino)
        since = known[1] if known and known[0] == state else monotonic
        self._seen[path] = (state, since)
        return monotonic - since >= QUIET_SECONDS and not being_written(path)


def being_written(path: Path) -> bool:
    """Tell whether a program still has the file open for writing, where the system can say.

    Linux grants a read lease only when nobody writes; elsewhere, and on shares that know no
    leases, the quiet second must do.
    """
    if sys.platform != "linux":
        return False
    import fcntl  # noqa: PLC0415 - it does not exist everywhere

    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return True
    try:
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(handle)
    return False


def _is_dropped(path: Path) -> bool:
    name = path.name
    unfinished = name.startswith((".", "~$")) or name.lower().endswith(UNFINISHED)
    return not unfinished and not path.is_symlink() and path.is_file()


def _move(path: Path, room: Path, day: date) -> Path:
    room.mkdir(parents=True, exist_ok=True)
    for target in _names(room, f"{day.isoformat()}_{path.name}"):
        try:
            os.link(path, target)  # unlike a rename, it never takes the place of a file
        except FileExistsError:
            if not target.samefile(path):
                continue
        except OSError:  # a share that knows no hard links
            if target.exists():
                continue
            path.rename(target)
            return target
        path.unlink()
        return target
    raise FileExistsError(room / path.name)


def _names(room: Path, name: str) -> Iterable[Path]:
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a leading dot needs no care here
    yield room / name
    for number in range(2, _MOST_NAMESAKES):
        yield room / f"{stem} ({number}){suffix}"
