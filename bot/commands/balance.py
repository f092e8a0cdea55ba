"""`relance balance`: the aged balance of today or of any past day."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from bot.commands.spoken import complain

if TYPE_CHECKING:
    from datetime import date

    from bot.application import House
    from bot.use_cases.balances import Balance
    from storage.work import Work

HELP = "print the aged balance, per customer, rep or for the company"
BY = ("customer", "rep", "company")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `balance`."""
    parser.add_argument("--by", choices=BY, default="customer", help="one line for each (customer)")
    parser.add_argument("--as-of", metavar="DATE", help="the day to look back to (today)")
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def run(args: argparse.Namespace) -> int:
    """Print one row per customer, rep or company, and currency."""
    from bot.application import load_settings, transact
    from bot.commands.days import DayError, parse_day

    try:
        day = parse_day(args.as_of)
    except DayError as error:
        complain("balance", str(error))
        return 2
    settings = load_settings()
    rows = transact(settings, look, day, args.by)
    if args.json:
        print(json.dumps([row.as_json() for row in rows], ensure_ascii=False, indent=2))
        return 0
    from bot.screens.balance_table import table
    from bot.screens.render import speaker

    print("\n".join(table(speaker(settings.locale, settings.zone), rows)))
    return 0


def look(work: Work, house: House, day: date | None, by: str) -> list[Balance]:
    """Age the book as of a day, today when none is given."""
    from bot.use_cases.balances import aged
    from storage.balance import By

    return aged(work, day or house.clock.now().today, By(by))
