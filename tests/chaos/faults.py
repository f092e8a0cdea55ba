"""Every fault with a scene of its own, by the words that follow "when"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.chaos import death_faults, store_faults, update_faults
from tests.chaos.scene import Found

SQLITE, POSTGRESQL, SERVER = "sqlite", "postgresql", "server"


@dataclass(frozen=True, slots=True)
class Fault:
    """A scene: a function of a folder and of a database's address, and what it needs."""

    name: str
    play: Callable[[Path, str], Found]
    on: str = SQLITE  # POSTGRESQL: a database of a shared server; SERVER: a server of its own
    needs: Callable[[Path], bool] | None = None  # of the machine, tried in a folder
    short: bool = True  # played by every `make test`

    def possible(self, folder: Path) -> bool:
        """Tell whether this machine lets it happen."""
        return self.needs is None or self.needs(folder)


FAULTS = (
    Fault("the file is locked", store_faults.locked),
    Fault("no file may grow", store_faults.limited, needs=store_faults.may_limit),
    Fault("the disk is full", store_faults.full, needs=store_faults.may_mount, short=False),
    Fault(
        "the disk is read-only", store_faults.read_only, needs=store_faults.may_mount, short=False
    ),
    Fault(
        "the disk turns read-only",
        store_faults.turned_read_only,
        needs=store_faults.may_fail,
        short=False,
    ),
    Fault("connections are cut", store_faults.connections_cut, POSTGRESQL),
    Fault("the server only reads", store_faults.server_only_reads, POSTGRESQL, short=False),
    Fault("the server is restarted", store_faults.server_restarted, SERVER, short=False),
    Fault("an update comes ten times", update_faults.brought_ten_times),
    Fault("an update is posted ten times", update_faults.posted_ten_times, short=False),
    Fault("an update and a message never work", update_faults.poisoned),
    Fault("processes die over one update", death_faults.over_an_update, POSTGRESQL),
    Fault("processes die over one file", death_faults.over_a_file, POSTGRESQL, short=False),
    Fault("the clock jumps", update_faults.clock_jumps),
    Fault("two taps meet on two replicas", update_faults.at_the_same_instant, POSTGRESQL),
)
