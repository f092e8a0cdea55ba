"""Imports whose processes are killed after so many pieces: run as a program by a test."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from bot.jobs import importing
from bot.jobs.importing import Turn
from bot.jobs.timetable import Bench
from bot.use_cases import following
from bot.use_cases.imports import Wish
from storage import book_stage
from storage.database import connect
from storage.events import Origin
from tests.bot.store.bench import Clock
from tests.bot.use_cases.ledger import rules


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def run(url: str, path: Path, pieces: int, where: str) -> None:
    """Import a file the long way; die before or after the piece of that number."""
    done = 0
    one_piece = Turn.piece

    async def counted(turn: Turn, function: Any, *args: Any, **kwargs: Any) -> Any:
        nonlocal done
        done += 1
        if (done, where) == (pieces, "before"):
            die()
        result = await one_piece(turn, function, *args, **kwargs)
        if (done, where) == (pieces, "after"):
            die()
        return result

    Turn.piece = counted  # type: ignore[method-assign, assignment]
    database = connect(url)
    await database.open()
    bench = Bench(database, rules(), Clock(), path.parent, path.parent)
    origin = Origin(None, None, bench.clock.now(), f"killed:{path.name}")
    await importing.bring(bench, origin, Wish(path, "cli"), aside=False)
    print(done)
    await database.close()


def apart(url: str, path: Path, pieces: int, where: str) -> int:
    """Run an import in a process that begins here; return its exit code."""
    child = os.fork()  # nothing runs in this one but what has been imported
    if not child:
        asyncio.run(run(url, path, pieces, where))
        sys.stdout.flush()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    importing.SHORT_FILE = -1  # type: ignore[misc]
    book_stage.PIECE = book_stage.ALONE_PIECE = 4  # type: ignore[misc]
    following.ALONE = 2
    for number, address in enumerate(sys.argv[3:], 1):
        print(apart(address, Path(sys.argv[1]), number, sys.argv[2]), flush=True)
