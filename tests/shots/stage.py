"""The demo as a process of its own, and people who press and write in it."""

from __future__ import annotations

import os
import re
import signal
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.simulator.client import Chat, Person, Shown
from tests.shots.scenes import Step

READY = re.compile(r" (http://\S+)")
PATIENCE = 60.0


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """Run the demo on a free port; yield the address of its chat."""
    command = [sys.executable, "-m", "bot.cli", "demo", "--port", "0", "--folder", str(folder)]
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield _address(process)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)


def _address(process: subprocess.Popen[str]) -> str:
    for line in process.stdout or ():
        if found := READY.search(line):
            return found[1]
    raise RuntimeError("the demo did not start")


class Player:
    """One person who plays a scene in his language (0 French, 1 English)."""

    def __init__(self, chat: Chat, user: int, language: int) -> None:
        """Hold this person's telephone."""
        self.person: Person = chat.person(user)
        self.language = language

    def play(self, step: Step, on: Shown | None = None) -> Shown:
        """Do one gesture, on a message or on the newest that fits; return what comes next."""
        if step.press:
            label = step.press[self.language]
            message = on or self.newest(lambda shown: _offers(shown, label), label)
            self.person.press(message, _place(message, label))
        elif step.photo:
            self.person.upload("photo", picture(), "bordereau.png")
        elif step.write:
            self.person.send(step.write[self.language])
        # a former step that only loses its buttons is not what comes next
        sees = step.sees[self.language] if step.sees else ""
        if step.picture:
            return self.person.wait_for(lambda shown: shown.file is not None, PATIENCE)
        return self.person.wait_for(lambda shown: _follows(shown, sees), PATIENCE)

    def newest(self, wanted: Callable[[Shown], object], what: str = "") -> Shown:
        """Wait for the newest message of the bot that fits."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for shown in reversed(self.person.messages()):
                if shown.is_from_bot and wanted(shown):
                    return shown
            time.sleep(0.2)
        raise RuntimeError(f"person {self.person.id} never saw {what or 'its message'}")

    def card(self, name: str) -> Shown:
        """Wait for the alert card of a customer: it has a button to call him."""
        return self.newest(
            lambda shown: (
                name in shown.text.partition("\n")[0] and any("📞" in one for one in shown.labels)
            ),
            name,
        )


def corrected(export: Path) -> Path:
    """Write an export again with its last two lines gone, as when two invoices are paid."""
    lines = export.read_bytes().splitlines(keepends=True)
    shorter = export.with_name("open_items_corrected.csv")
    shorter.write_bytes(b"".join(lines[:-2]))
    return shorter


def _follows(shown: Shown, sees: str) -> bool:
    return sees in shown.text if sees else bool(shown.labels)


def _place(shown: Shown, label: str) -> int:
    """Find the button that says just this, else the first that holds it: the oldest invoice."""
    if label in shown.labels:
        return shown.labels.index(label)
    return next(n for n, one in enumerate(shown.labels) if label in one)


def _offers(shown: Shown, label: str) -> bool:
    return any(label in one for one in shown.labels)


def picture(width: int = 240, height: int = 160) -> bytes:
    """Draw a small delivery note, as PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    def row(y: int) -> bytes:
        ink = 20 < y < height - 20 and (y // 8) % 3 == 0
        dots = (b"\x60\x60\x70" if ink and 24 < x < 180 else b"\xf4\xf1\xe8" for x in range(width))
        return b"\0" + b"".join(dots)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(map(row, range(height))))
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", body), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
