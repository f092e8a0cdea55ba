"""`relance backup`: a copy of the live database, taken while people work."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands.faults import cause
from bot.commands.spoken import complain, reader

if TYPE_CHECKING:
    from config.settings import Settings
    from storage.backup import Copy

HELP = "copy the live database into a file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `backup`."""
    parser.add_argument("file", type=Path, help="where the copy goes; must not exist yet")
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def run(args: argparse.Namespace) -> int:
    """Copy with the database's own means, check the copy, then give it its name."""
    from bot.application import load_settings
    from bot.screens.fault_words import copy as copy_fault
    from storage.backup import BackupFault, take

    settings = load_settings()
    if not args.file.parent.is_dir():
        complain("backup", copy_fault(reader(), "no_folder", folder=args.file.parent))
        return 1
    try:
        copy = take(settings.database, args.file)
    except FileExistsError:
        complain("backup", copy_fault(reader(), "exists", file=args.file))
        return 1
    except BackupFault as fault:
        complain("backup", copy_fault(reader(), fault.code, **fault.data))
        return 1
    tell(copy, as_json=args.json)
    try:
        _remember(settings, copy)
    except Exception as error:
        if (why := cause(error)) is None:
            raise
        complain(
            "backup", reader().say("the copy is whole, and could not be noted: {why}", why=why)
        )
    return 0


def tell(copy: Copy, *, as_json: bool, **more: object) -> None:
    """Print what a copy holds."""
    if as_json:
        print(json.dumps({**plain(copy), **more}, ensure_ascii=False))
        return
    from bot.screens.backup_table import table

    print("\n".join(table(reader(), copy)))


def plain(copy: Copy) -> dict[str, Any]:
    """Return a copy as JSON-able values."""
    return {
        "file": str(copy.file),
        "bytes": copy.size,
        "sha256": copy.sha256,
        "schema": copy.schema,
        "rows": dict(copy.rows),
    }


def _remember(settings: Settings, copy: Copy) -> None:
    """Note the copy in the live database, without migrating it: an older release may run."""
    import asyncio

    from bot.application import build_clock
    from storage.backup import note
    from storage.database import connect

    async def once() -> None:
        database = connect(settings.database)
        await database.open()
        try:
            await database.transact(note, copy, build_clock(settings).now().at)
        finally:
            await database.close()

    asyncio.run(once())
