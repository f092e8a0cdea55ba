"""`relance scan`: run the early-warning rules on every customer, today or as of a past day."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from bot.commands.spoken import complain, reader

if TYPE_CHECKING:
    from bot.application import House
    from bot.use_cases.backtest import Backtest
    from config.settings import Settings
    from storage.work import Work

HELP = "run the early-warning rules on every customer"
MOST_MONTHS = 24


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
    import asyncio

    from bot.application import load_settings
    from bot.commands.days import DayError, parse_day
    from bot.commands.scanned import look_back, scan_now

    try:
        day = parse_day(args.as_of)
    except DayError as error:
        complain("scan", str(error))
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
        said = reader()
        why = said.say("--backtest takes 1m to {most}m, not {given}", most=MOST_MONTHS, given=span)
        complain("scan", why)
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
