"""`relance calc`: one figure of the handbook, from values typed on the command line."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from bot.commands.spoken import complain

if TYPE_CHECKING:
    from bot.screens.render import Speaker

HELP = "compute a credit figure: DSO, penalties, due dates, limits, fees…"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `calc`."""
    parser.add_argument("name", nargs="?", help="which figure; --list names them")
    parser.add_argument("values", nargs="*", metavar="key=value")
    parser.add_argument("--list", action="store_true", help="name every figure with its values")
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def run(args: argparse.Namespace) -> int:
    """Print the figure; exit 2 when a value is missing, unknown or impossible."""
    from bot.application import build_sources, load_settings
    from bot.screens import calculation
    from bot.screens.render import speaker
    from bot.use_cases.calculations.registry import calculate, paired
    from bot.use_cases.refusals import CalculationRefused

    settings = load_settings()
    spoken = speaker(settings.locale, settings.zone)
    if args.list or args.name is None:
        return _list(spoken, as_json=args.json, asked=args.list)
    try:
        typed = paired(args.name, args.values)
        answer = calculate(args.name, typed, build_sources(settings))
    except CalculationRefused as refused:
        complain("calc", calculation.refusal(spoken, refused))
        return 2
    if args.json:
        notes = {"notes": list(answer.notes)}
        print(json.dumps({**answer.values, **notes}, ensure_ascii=False, indent=2))
        return 0
    for label, value in calculation.result(spoken, answer, typed.get("currency", "EUR").upper()):
        print(calculation.line(spoken, label, value))
    for note in calculation.notes(spoken, answer):
        print(f"⚠ {note}")
    return 0


def _list(spoken: Speaker, *, as_json: bool, asked: bool) -> int:
    from bot.screens import calculation
    from bot.use_cases.calculations.registry import CALCULATIONS

    every = list(CALCULATIONS.values())
    if as_json:
        print(json.dumps([calculation.as_json(spoken, one) for one in every], ensure_ascii=False))
    else:
        print("\n".join(calculation.listed(spoken, every)))
    return 0 if asked else 2
