"""`relance retention`: what is kept of persons goes after its time; a dry run says what would."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from config.settings import Settings

HELP = "let what is kept of persons go after its time (policy.toml, [retention])"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `retention`."""
    parser.add_argument("--dry-run", action="store_true", help="say what would go, change nothing")
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def run(args: argparse.Namespace) -> int:
    """Do at once what the bot does every day, or say what it would do."""
    import asyncio

    from bot.application import load_settings

    settings = load_settings()
    asyncio.run((_look if args.dry_run else _take)(settings, as_json=args.json))
    return 0


async def _look(settings: Settings, *, as_json: bool) -> None:
    from dataclasses import asdict

    from bot.application import open_house
    from bot.screens import retention_table
    from bot.use_cases import retention

    async with open_house(settings) as house:
        found = await house.database.read(retention.look, house.clock.now(), house.rules)
    if as_json:
        rows = [{**asdict(one), "oldest_kept": _iso(one.oldest_kept)} for one in found]
        print(json.dumps({"dry_run": True, "rules": rows}, ensure_ascii=False, indent=2))
    else:
        print("\n".join(retention_table.due(house.speaker(), found)))


async def _take(settings: Settings, *, as_json: bool) -> None:
    from bot.application import open_house
    from bot.jobs import retention
    from bot.jobs.timetable import Bench
    from bot.screens import retention_table

    async with open_house(settings) as house:
        uploads = settings.data_dir.absolute() / "uploads"
        bench = Bench(house.database, house.rules, house.clock, settings.store_folder, uploads)
        taken = await retention.run(bench)
    if as_json:
        print(json.dumps({"dry_run": False, "taken": taken}, ensure_ascii=False, indent=2))
    else:
        print("\n".join(retention_table.taken(house.speaker(), taken)))


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
