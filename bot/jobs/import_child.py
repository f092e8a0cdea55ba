"""The part of a long import that keeps a processor busy, in a process of its own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, TypeVar

from bot.use_cases import imports
from bot.use_cases.imports import Written
from storage import book_stage
from storage.database import connect

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess
    from pathlib import Path

    from bot.use_cases.import_report import ImportReport
    from bot.use_cases.imports import Watch, Wish
    from storage.events import Origin
    from storage.work import Work

T = TypeVar("T")
NICE = 10


class ChildDiedError(RuntimeError):
    """The process that read a file was killed, or had no memory left."""


async def in_child(function: Callable[..., T], *args: object) -> T:
    """Call a function of a module in a process of its own; it is killed with its caller.

    Arguments, result and error are plain values. Raise `ChildDiedError` when it says nothing.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_answer, args=(theirs, function, args), daemon=True)
    try:
        done, result = await asyncio.to_thread(_heard, child, ours, theirs)
    finally:
        if child.pid is not None:
            child.kill()
    if done:
        return result  # type: ignore[no-any-return]
    raise result


def _heard(child: SpawnProcess, ours: Connection, theirs: Connection) -> tuple[bool, Any]:
    """Start the child and wait for its answer."""
    child.start()
    theirs.close()
    try:
        answer: tuple[bool, Any] = ours.recv()
    except EOFError:
        answer = (False, ChildDiedError())
    finally:
        ours.close()
    child.join()
    return answer


def _answer(pipe: Connection, function: Callable[..., T], args: tuple[object, ...]) -> None:
    os.nice(NICE)
    try:
        answer: tuple[bool, Any] = (True, function(*args))
    except Exception as error:  # noqa: BLE001 - it is the caller's
        answer = (False, error)
    pipe.send(answer)


def stage(
    database: Path, target: Path, origin: Origin, wish: Wish, watch: Watch | None = None
) -> Written | ImportReport:
    """Write a file's rows into a copy of the database; the database itself is only read."""
    book_stage.copy(database, target)
    with book_stage.at_work(target) as work:
        return imports.write(work, origin, wish, watch)


def write_and_show(
    work: Work, origin: Origin, wish: Wish, watch: Watch | None = None
) -> Written | ImportReport:
    """Write a file's rows and show them, in one transaction; what follows is listed."""
    written = imports.write(work, origin, wish, watch)
    if isinstance(written, Written):
        imports.conclude(work, origin, wish, written)
    return written


def on_server(url: str, origin: Origin, wish: Wish) -> Written | ImportReport:
    """Do the same over a connection of one's own: a server keeps nobody waiting for it."""

    async def once() -> Written | ImportReport:
        database = connect(url)
        await database.open()
        try:
            return await database.transact(write_and_show, origin, wish)
        finally:
            await database.close()

    return asyncio.run(once())
