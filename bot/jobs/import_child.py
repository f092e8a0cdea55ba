"""The part of a long import that keeps a processor busy, in a process of its own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.use_cases import imports
from bot.use_cases.imports import Written
from storage import book_stage
from storage.database import connect

if TYPE_CHECKING:
    from pathlib import Path

    from bot.use_cases.import_report import ImportReport
    from bot.use_cases.imports import Watch, Wish
    from bot.use_cases.rules import Rules
    from storage.events import Origin
    from storage.work import Work


def stage(
    database: Path, target: Path, origin: Origin, wish: Wish, watch: Watch | None = None
) -> Written | ImportReport:
    """Write a file's rows into a copy of the database; the database itself is only read."""
    book_stage.copy(database, target)
    with book_stage.at_work(target) as work:
        return imports.write(work, origin, wish, watch)


def rehearse(
    database: Path, target: Path, origin: Origin, wish: Wish, rules: Rules
) -> ImportReport:
    """Do all that an import does in a copy of the database, and tell nobody."""
    book_stage.copy(database, target)
    with book_stage.at_work(target) as work:
        return imports.rehearse(work, origin, wish, rules)


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
