"""The name of a process among those that share a database, and whether its bearer is gone."""

from __future__ import annotations

import os
import secrets
import socket
from typing import Final

LONGEST_HOST: Final = 50


def host_name() -> str:
    """Return the name of this machine, as owners carry it."""
    return socket.gethostname()[:LONGEST_HOST]


def own_name(host: str = "") -> str:
    """Make a name that no other process has had: machine, process number, a random mark."""
    return f"{(host or host_name())[:LONGEST_HOST]}/{os.getpid()}/{secrets.token_hex(4)}"


def is_gone(owner: str, own: str) -> bool:
    """Tell whether an owner is a process of this machine that was killed.

    `own` is the name of the one who asks. The same number with another mark is an earlier
    life of this process: in a container the first process is always number 1.
    """
    host, _, rest = owner.partition("/")
    number, _, _ = rest.partition("/")
    if host != own.partition("/")[0] or owner == own or not number.isdigit():
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
