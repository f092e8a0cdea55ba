"""`relance backup`: a copy of the live database, taken while people work."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HELP = "copy the live database into a file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `backup`."""
    parser.add_argument("file", type=Path, help="where the copy goes; must not exist yet")


def run(args: argparse.Namespace) -> int:
    """Copy with SQLite's online backup, check the copy, then give it its name."""
    from bot.application import load_settings
    from storage.backup import NotSqlite, copy_live

    settings = load_settings()
    if args.file.exists():
        print(f"relance backup: {args.file} exists; choose another name", file=sys.stderr)
        return 1
    try:
        pages = copy_live(settings.database, args.file)
    except NotSqlite:
        print(
            "relance backup: this database is PostgreSQL: use pg_dump --format=custom",
            file=sys.stderr,
        )
        return 1
    print(f"{args.file}: {pages} pages, checked")
    return 0
