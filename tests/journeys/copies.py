"""Processes copied from one that has imported the product, so that only imports are shared.

A copy is a process like any other: its own number, settings, database connections and death.
It saves the two seconds of processor time that the imports of every start would take.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.cli import main
from bot.handlers import surface

# What a start imports: the forkserver passes in silence over a name that is gone, we do not.
SHARED = (
    __name__,
    "bot.commands.invite",
    "bot.commands.run",
    "bot.running.worker",
    "storage.postgres_database",
    "storage.sqlite_database",
    *(f"bot.handlers.{name}" for name in surface.MODULES),
)
if gone := [name for name in SHARED if find_spec(name) is None]:
    raise ModuleNotFoundError(f"nothing to share under {gone}")

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(list(SHARED))


class Copy:
    """A verb of the command line, run by a copy; the face of `subprocess.Popen`."""

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        log: Path,
    ) -> None:
        given = (list(arguments), dict(environment), str(folder), str(log))
        self._process: ForkServerProcess = _FORKS.Process(target=_live, args=given)
        self._process.start()

    def poll(self) -> int | None:
        """Return its exit code, None while it lives."""
        return self._process.exitcode

    @property
    def pid(self) -> int:
        """Return its number."""
        return self._process.pid or 0

    def send_signal(self, sig: int) -> None:
        """Send a signal to it."""
        if self._process.pid is not None and self._process.is_alive():
            os.kill(self._process.pid, sig)

    def kill(self) -> None:
        """End it with SIGKILL."""
        self._process.kill()

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended and return its exit code."""
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise subprocess.TimeoutExpired(str(self._process.name), timeout or 0.0)
        return code


def _live(arguments: list[str], environment: dict[str, str], folder: str, log: str) -> None:
    """Become a process of the product: its environment, its folder, its log; it reads nothing."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for number in (1, 2):
        os.dup2(out, number)
    code = main(arguments)
    sys.stdout.flush()
    sys.exit(code)
