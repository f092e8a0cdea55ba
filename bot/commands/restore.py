"""`relance restore`: put a backup in the database's place, the present one kept aside."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.commands.spoken import complain, reader

HELP = "put a backup in the place of the database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `restore`."""
    parser.add_argument("file", type=Path, help="a file made by relance backup")
    parser.add_argument("--sha256", help="refuse the file unless this is its SHA-256")
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def run(args: argparse.Namespace) -> int:
    """Check the backup, keep the present database aside, put the backup in its place."""
    from bot.application import build_clock, load_settings, prepare
    from bot.commands.backup import tell
    from bot.screens.backup_table import restored
    from bot.screens.fault_words import copy as copy_fault
    from storage.backup import BackupFault, digest, put_back
    from storage.migrate import head

    settings = load_settings()
    if args.sha256 and digest(args.file) != args.sha256.lower():
        complain("restore", copy_fault(reader(), "other_sha256", file=args.file))
        return 1
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    now = build_clock(settings).now().at
    try:
        done = put_back(settings.database, args.file, now, settings.data_dir.absolute())
    except BackupFault as fault:
        complain("restore", copy_fault(reader(), fault.code, **fault.data))
        return 1
    prepare(settings)
    aside = str(done.aside) if done.aside else None
    tell(done.copy, as_json=args.json, aside=aside, doubtful=done.doubtful)
    if not args.json:
        brought = head() if done.copy.schema != head() else None
        print("\n".join(restored(reader(), aside, done.doubtful, brought)))
    return 0
