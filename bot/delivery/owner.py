"""The name of a process among those that share a database, and whether its bearer is gone.

A name is `place/process number/mark`. Where the system can say it (Linux), the place is not
the machine's name alone, which two machines may share, but also which machine, which start of
it, and within which processes the number counts: `name~machine.boot.namespace`. Releases that
knew the machine's name alone take such a place for another machine's, and are taken for one.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LONGEST_HOST: Final = 50
LONGEST_BESIDE: Final = 23  # of a machine's name that has its marks behind it
MARKED: Final = "~"
BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
NUMBERED: Final = Path("/proc/self/ns/pid")
MACHINE: Final = Path("/etc/machine-id")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process number means something; without marks only the machine's name is known."""

    host: str
    machine: str = ""  # empty: it has no number of its own
    boot: str = ""
    numbered: str = ""

    def __str__(self) -> str:
        """Return the place as names carry it."""
        if not self.boot:
            return self.host[:LONGEST_HOST]
        marks = f"{self.machine}.{self.boot}.{self.numbered}"
        return f"{self.host[:LONGEST_BESIDE]}{MARKED}{marks}"

    def may_judge(self, other: Place) -> bool:
        """Tell whether a process there that is not seen here is gone.

        The same machine started anew has none of its former processes left. Another namespace
        has processes that cannot be seen from here.
        """
        if self.host != other.host or bool(self.boot) != bool(other.boot):
            return False
        if self.boot != other.boot:
            return self.machine != "" and self.machine == other.machine
        return self.numbered == other.numbered


def place(host: str = "") -> Place:
    """Return where this process is; `host` instead of the machine's own name."""
    name = host or socket.gethostname()
    try:
        boot = BOOT.read_text("ascii").strip().replace("-", "")[:8]
        numbered = NUMBERED.stat().st_ino
    except (OSError, ValueError):  # another system, or one that hides it
        return Place(name[:LONGEST_HOST])
    return Place(name[:LONGEST_BESIDE], _machine(), boot, f"{numbered:x}")


def own_name(host: str = "") -> str:
    """Make a name that no other process has had: place, process number, a random mark."""
    return f"{place(host)}/{os.getpid()}/{secrets.token_hex(4)}"


def is_gone(owner: str, own: str) -> bool:
    """Tell whether an owner is a process of this machine that was killed.

    `own` is the name of the one who asks. The same number with another mark is an earlier
    life of this process: where processes are numbered anew, the first one is always number 1.
    """
    where, _, rest = owner.partition("/")
    number, _, _ = rest.partition("/")
    if owner == own or not number.isdigit():
        return False
    if not _placed(own.partition("/")[0]).may_judge(_placed(where)):
        return False
    if int(number) == os.getpid():
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _placed(written: str) -> Place:
    host, _, marks = written.partition(MARKED)
    machine, _, rest = marks.partition(".")
    boot, _, numbered = rest.partition(".")
    return Place(host, machine, boot, numbered)


def _machine() -> str:
    """Return a mark of this machine's number, which is nobody else's to read."""
    try:
        number = MACHINE.read_bytes().strip()
    except OSError:
        return ""
    known = number not in {b"", b"uninitialized"}
    return hashlib.sha256(b"relance " + number).hexdigest()[:8] if known else ""
