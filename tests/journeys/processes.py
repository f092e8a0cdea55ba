"""One process of the product, its log kept in a file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).parents[2]
POLL_SECONDS = 0.03


class Running(Protocol):
    """A process that lives or has ended: a `subprocess.Popen`, or a copy of one made ready."""

    @property
    def pid(self) -> int: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int) -> None: ...
    def kill(self) -> None: ...


Launch = Callable[[Sequence[str], Mapping[str, str], Path, Path], Running]


def module(name: str) -> Launch:
    """Return what starts a module of the product in an interpreter of its own."""

    def launch(
        arguments: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path
    ) -> Running:
        with log.open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-m", name, *arguments],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

    return launch


class Process:
    """A process of the product, started, told to stop, or killed without a word."""

    def __init__(self, launch: Launch, log: Path, folder: Path) -> None:
        self._launch = launch
        self._log = log
        self._folder = folder
        self._running: Running | None = None

    def start(
        self, arguments: Sequence[str], environment: Mapping[str, str], ready: str, seconds: float
    ) -> str:
        """Start it and return its output from here on, once `ready` is in it."""
        before = self._log.stat().st_size if self._log.exists() else 0
        self.launch(arguments, environment)
        return self._until(lambda: self.said(before) if ready in self.said(before) else "", seconds)

    def launch(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start it without waiting for anything."""
        self._running = self._launch(arguments, environment, self._folder, self._log)

    def _until(self, look: Callable[[], str], seconds: float) -> str:
        deadline = time.monotonic() + seconds
        while not (found := look()):
            code = self._running.poll() if self._running else None
            if code is not None or time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"{self._log.stem} is not ready (exit {code}):\n{self.said()}")
            time.sleep(POLL_SECONDS)
        return found

    @property
    def pid(self) -> int:
        """Return its number; 0 when it does not run."""
        return self._running.pid if self._running else 0

    @property
    def alive(self) -> bool:
        """Tell whether it runs."""
        return self._running is not None and self._running.poll() is None

    def stop(self, seconds: float) -> int:
        """Ask it to end, wait so long at most, and return its exit code."""
        if self._running is None:
            return 0
        self._running.send_signal(signal.SIGTERM)
        try:
            code = self._running.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(
                f"{self._log.stem} did not stop within {seconds} s:\n{self.said()}"
            ) from None
        self._running = None
        return code

    def kill(self) -> None:
        """End it as a power cut does."""
        if self._running is not None:
            self._running.kill()
            self._running.wait()
            self._running = None

    def said(self, after: int = 0) -> str:
        """Return its log from a place on."""
        log = self._log.read_bytes() if self._log.exists() else b""
        return log[after:].decode("utf-8", "replace")


def environment(**settings: str) -> dict[str, str]:
    """Return this process's environment with the product's settings in the place of any other."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RELANCE_")}
    given = {f"RELANCE_{name}": value for name, value in settings.items() if value}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **given}
