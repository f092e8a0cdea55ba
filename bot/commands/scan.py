"""`relance scan`: run the early-warning rules on every customer, today or as of a past day."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from bot.alerts.evaluation import Assessment
    from bot.application import House
    from bot.use_cases.alerts import Looked
    from config.settings import Settings
    from storage.events import Origin
    from storage.work import Work

    Row = tuple[str, str, Assessment]

HELP = "run the early-warning rules on every customer"
BATCH = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `scan`."""
    parser.add_argument(
        "--as-of", metavar="DATE", help="look at the book of that day; nothing is written"
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def run(args: argparse.Namespace) -> int:
    """Print each lit account, or every account in JSON."""
    from bot.application import load_settings, transact
    from bot.commands.days import DayError, parse_day

    try:
        day = parse_day(args.as_of)
    except DayError as error:
        print(f"relance scan: {error}", file=sys.stderr)
        return 2
    settings = load_settings()
    rows = scan_now(settings) if day is None else transact(settings, look_back, day)
    if args.json:
        from bot.use_cases.signals import as_json

        print(json.dumps([as_json(found, code) for code, _, found in rows], ensure_ascii=False))
        return 0
    from bot.screens.render import speaker
    from bot.screens.scan_table import table

    print("\n".join(table(speaker(settings.locale, settings.zone), rows)))
    return 0


def look_back(work: Work, house: House, day: date) -> list[Row]:
    """Assess everybody as of a past day."""
    from bot.use_cases.past import assess_all

    return assess_all(work, day, house.rules)


def scan_now(settings: Settings) -> list[Row]:
    """Run the rules for real: alerts are written and pushed, a few accounts a transaction."""
    import asyncio

    return asyncio.run(_scan(settings))


async def _scan(settings: Settings) -> list[Row]:
    from tqdm import tqdm

    from bot.application import open_house
    from storage import portfolio

    rows: list[Row] = []
    async with open_house(settings) as house:
        everybody = await house.database.read(portfolio.everybody)
        origin = house.origin()
        names = {one: (code, name) for one, code, name in everybody}
        with tqdm(total=len(names), unit="", leave=False, disable=None) as bar:
            for start in range(0, len(everybody), BATCH):
                ids = [one for one, _, _ in everybody[start : start + BATCH]]
                looked = await house.database.transact(look, house, origin, ids)
                rows += [(*names[one.customer_id], one.assessment) for one in looked]
                bar.update(len(ids))
    return rows


def look(work: Work, house: House, origin: Origin, ids: list[int]) -> list[Looked]:
    """Scan a few accounts in one transaction."""
    from bot.use_cases.alerts import scan

    return scan(work, origin, ids, house.rules).accounts
