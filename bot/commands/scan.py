"""`relance scan`: run the early-warning rules on every customer, today or as of a past day."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import date

    from bot.alerts.evaluation import Assessment
    from bot.application import House
    from bot.use_cases.backtest import Backtest
    from config.settings import Settings
    from storage.work import Work

    Row = tuple[str, str, Assessment]

HELP = "run the early-warning rules on every customer"
MOST_MONTHS = 24
WRITTEN = 20
"""Accounts written in one transaction, some milliseconds long: people wait for it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `scan`."""
    parser.add_argument(
        "--as-of", metavar="DATE", help="look at the book of that day; nothing is written"
    )
    parser.add_argument(
        "--backtest", metavar="6m", help="try the rules on the last months; nothing is written"
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def run(args: argparse.Namespace) -> int:
    """Print each lit account, or every account in JSON."""
    from bot.application import load_settings
    from bot.commands.days import DayError, parse_day

    try:
        day = parse_day(args.as_of)
    except DayError as error:
        print(f"relance scan: {error}", file=sys.stderr)
        return 2
    settings = load_settings()
    if args.backtest is not None:
        return _backtest(settings, args.backtest, as_json=args.json)
    rows = asyncio.run(scan_now(settings) if day is None else look_back(settings, day))
    if args.json:
        from bot.use_cases.signals import as_json

        print(json.dumps([as_json(found, code) for code, _, found in rows], ensure_ascii=False))
        return 0
    from bot.screens.render import speaker
    from bot.screens.scan_table import table

    print("\n".join(table(speaker(settings.locale, settings.zone), rows)))
    return 0


def _backtest(settings: Settings, span: str, *, as_json: bool) -> int:
    """Try the rules on the past; 2 when the span is not months, as `6m`."""
    from bot.application import transact
    from bot.screens.backtest_table import table
    from bot.screens.render import speaker

    digits = span.removesuffix("m")
    if not (digits.isascii() and digits.isdecimal() and 1 <= int(digits) <= MOST_MONTHS):
        print(f"relance scan: --backtest takes 1m to {MOST_MONTHS}m, not {span}", file=sys.stderr)
        return 2
    found = transact(settings, tried, int(digits))
    if as_json:
        print(json.dumps(found.as_json(), ensure_ascii=False))
    else:
        print("\n".join(table(speaker(settings.locale, settings.zone), found)))
    return 0


def tried(work: Work, house: House, months: int) -> Backtest:
    """Run every rule on each week's end of the last months."""
    from bot.use_cases.backtest import backtest

    return backtest(work, house.origin().at.today, months, house.rules)


async def scan_now(settings: Settings) -> list[Row]:
    """Run the rules for real: what changed is written and pushed, a few accounts at a time."""
    from bot.application import open_house
    from bot.use_cases import alerts

    rows: list[Row] = []
    async with open_house(settings) as house:
        origin = house.origin()
        quiet = alerts.clear(origin.at, house.rules)
        async for names in _pieces(house):
            sight = await house.database.read(alerts.look, list(names), origin.at, house.rules)
            found = {one.customer_id: one.assessment for one in sight.looked}
            todo = [one for one in sight.looked if one.change.push or not one.same]
            for start in range(0, len(todo), WRITTEN):
                part = replace(sight, looked=todo[start : start + WRITTEN])
                kept = await house.database.background(alerts.keep_seen, origin, part, house.rules)
                found.update((one.customer_id, one.assessment) for one in kept)
            rows += [(*who, found.get(one, quiet)) for one, who in names.items()]
    return rows


async def look_back(settings: Settings, day: date) -> list[Row]:
    """Assess everybody as of a past day; nothing is written."""
    from bot.application import open_house
    from bot.use_cases.past import assess

    rows: list[Row] = []
    async with open_house(settings) as house:
        async for names in _pieces(house):
            found = await house.database.read(assess, list(names), day, house.rules)
            rows += [(*who, found[one]) for one, who in names.items()]
    return rows


async def _pieces(house: House) -> AsyncIterator[dict[int, tuple[str, str]]]:
    """Yield everybody's code and name by id, some hundreds at a time, with a bar."""
    from tqdm import tqdm

    from bot.use_cases.alerts import AT_ONCE
    from storage import portfolio

    everybody = await house.database.read(portfolio.everybody)
    with tqdm(total=len(everybody), unit="", leave=False, disable=None) as bar:
        for start in range(0, len(everybody), AT_ONCE):
            some = everybody[start : start + AT_ONCE]
            yield {one: (code, name) for one, code, name in some}
            bar.update(len(some))
