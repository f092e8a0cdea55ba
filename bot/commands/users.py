"""`relance users`: who has access, in which role, to which portfolios; `import` enrols a list."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands.spoken import reader

if TYPE_CHECKING:
    from bot.application import House
    from bot.use_cases.users_import import Enrolled
    from storage.work import Work

HELP = "list the people who have or had access, or enrol a list of them"
SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `users` and of `users import`."""
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="deed")
    told = "enrol everybody in a CSV file: telegram_id, role, code, name"
    bring = verbs.add_parser("import", help=told, description=told)
    bring.add_argument("file", type=Path, help="CSV; several lines of a person: several codes")
    bring.add_argument("--dry-run", action="store_true", help="say what would change only")
    # without a value of its own it does not undo the one before the verb
    quiet = argparse.SUPPRESS
    bring.add_argument("--json", action="store_true", default=quiet, help="answer in JSON")


def run(args: argparse.Namespace) -> int:
    """Print everybody, one a line, or enrol a list."""
    return _import(args) if args.deed == "import" else _list(args)


def _list(args: argparse.Namespace) -> int:
    from bot.application import load_settings, transact

    people = transact(load_settings(), everybody)
    if args.json:
        print(json.dumps(people, ensure_ascii=False, indent=2))
        return 0
    said = reader()
    for one in people:
        mark = "" if one["active"] else f"  ({said.say('revoked')})"
        away = f"  ({said.say('unreachable')})" if one["unreachable"] else ""
        codes = ",".join(one["codes"]) or "-"
        role = str(one["role"]).replace("_", "-")
        print(f"{one['id']:>4}  {role:<15} {codes:<20} {one['name']}{mark}{away}")
    return 0


def everybody(work: Work, _house: House) -> list[dict[str, Any]]:
    """Read everybody as JSON-able values."""
    from storage import people

    return [
        {
            "id": one["id"],
            "telegram_id": one["telegram_id"],
            "name": one["name"],
            "role": str(one["role"]).replace("_", "-"),
            "codes": one["codes"],
            "locale": one["locale"],
            "active": bool(one["active"]),
            "unreachable": one["unreachable_since"] is not None,
            "enrolled_at": one["enrolled_at"].isoformat() if one["enrolled_at"] else None,
        }
        for one in people.listing(work)
    ]


def _import(args: argparse.Namespace) -> int:
    from bot.application import load_settings, transact

    settings = load_settings()
    done = transact(settings, carry_out, args.file.read_bytes(), dry_run=args.dry_run)
    if args.json:
        print(json.dumps(_plain(args.file, done, dry_run=args.dry_run), ensure_ascii=False))
    else:
        _tell(args.file, done, dry_run=args.dry_run)
    return int(bool(done.wrong))


def carry_out(work: Work, house: House, data: bytes, *, dry_run: bool) -> Enrolled:
    """Enrol the people of a file, or do so and undo it."""
    from bot.use_cases.users_import import import_list

    origin, locale = house.origin(), house.settings.locale
    if not dry_run:
        return import_list(work, origin, data, locale)
    with work.rehearsal() as stage:
        return import_list(stage, origin, data, locale)


def _plain(file: Path, done: Enrolled, *, dry_run: bool) -> dict[str, Any]:
    wrong = [
        {"line": one.line, "column": one.column, "value": one.value, "reason": one.reason}
        for one in done.wrong
    ]
    counts = {name: getattr(done, name) for name in ("new", "changed", "reopened", "unchanged")}
    return {
        "file": file.name,
        "dry_run": dry_run,
        **counts,
        "rejected": len(wrong),
        "rejections": wrong,
    }


def _tell(file: Path, done: Enrolled, *, dry_run: bool) -> None:
    from bot.application import load_settings
    from bot.screens import users_table
    from bot.screens.render import speaker

    settings = load_settings()
    said = speaker(settings.locale, settings.zone)
    line = users_table.summary(said, done, dry_run=dry_run)
    print(said.say("{file}: {line}", file=file.name, line=line))
    for one in done.wrong[:SHOWN]:
        print(users_table.fault(said, one), file=sys.stderr)
    if len(done.wrong) > SHOWN:
        rest = len(done.wrong) - SHOWN
        print(said.count("… and {n} more line", "… and {n} more lines", rest), file=sys.stderr)
