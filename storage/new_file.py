"""A file that takes its name only once it is whole and on the disk."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

# What a file system says that knows no hard links.
_NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})


@contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """Yield an empty file beside `target` that only its owner reads, then give it that name.

    Raise `FileExistsError` when the name is taken meanwhile; an error leaves nothing behind.
    """
    handle, name = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".partial", dir=target.parent)
    os.close(handle)
    partial = Path(name)
    try:
        yield partial
        sync(partial)
        _name(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    sync(target.parent)


def sync(path: Path) -> None:
    """Make the bytes of a file, or the names in a folder, durable where the system can."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        if path.is_dir():  # Windows opens no folder
            return
        raise
    try:
        os.fsync(handle)
    except OSError:
        if not path.is_dir():  # a share that cannot make a folder durable
            raise
    finally:
        os.close(handle)


def _name(partial: Path, target: Path) -> None:
    """Give the name in one stroke, to nobody's loss: a link refuses a name that is taken."""
    try:
        os.link(partial, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if target.exists():
            raise FileExistsError(target) from error
        partial.replace(target)
