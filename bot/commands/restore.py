"""`relance restore`: put a backup in the database's place, the present one kept aside."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HELP = "put a backup in the place of the database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `restore`."""
    parser.add_argument("file", type=Path, help="a file made by relance backup")


def run(args: argparse.Namespace) -> int:
    """Check the backup, keep the present database aside, put the backup in its place."""
    from bot.application import load_settings, prepare
    from storage.backup import Broken, InUse, NotSqlite, put_back

    settings = load_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        aside = put_back(settings.database, args.file)
    except NotSqlite:
        print("relance restore: this database is PostgreSQL: use pg_restore", file=sys.stderr)
        return 1
    except (Broken, InUse) as fault:
        print(f"relance restore: {fault}", file=sys.stderr)
        return 1
    prepare(settings)
    print(f"{args.file}: restored" + (f"; the former database is {aside}" if aside else ""))
    return 0
