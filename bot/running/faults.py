"""Why a process of the bot cannot begin, or ends before it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class CannotListen(Exception):
    """An address to listen on is taken, unknown, or not this machine's; the setting names it."""

    def __init__(self, setting: str, address: str, cause: OSError) -> None:
        """Keep what an operator has to look at."""
        super().__init__(setting, address)
        self.setting = setting
        self.address = address
        self.cause = cause


class PlaceLost(Exception):
    """Another process has taken this one's place on a file that is one process's alone."""


@contextmanager
def listening(setting: str, address: str) -> Iterator[None]:
    """Raise `CannotListen` where an address cannot be listened on."""
    try:
        yield
    except OSError as error:
        raise CannotListen(setting, address, error) from error
