"""`relance outbox`: what waits, what may have arrived, what did not leave; retry or drop it."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from bot.commands.spoken import complain, reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.application import House
    from bot.use_cases.outbox import Survey
    from storage.events import Origin
    from storage.work import Work

    Decision = Callable[[Work, Origin, Iterable[int] | None], list[int]]

HELP = "list the messages that wait or did not leave; send them again or give them up"
ALL = "all"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `outbox`."""
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    either = parser.add_mutually_exclusive_group()
    either.add_argument(
        "--retry", nargs="+", metavar="ID", help="send these again, or all parked or in doubt"
    )
    either.add_argument(
        "--drop", nargs="+", metavar="ID", help="give these up, or all parked or in doubt"
    )


def run(args: argparse.Namespace) -> int:
    """List, or decide; 1 when none of the messages named can be decided on."""
    from bot.application import load_settings, transact
    from bot.use_cases import outbox

    try:
        ids = _ids(args.retry or args.drop)
    except ValueError as error:
        complain("outbox", str(error))
        return 2
    settings = load_settings()
    if args.retry or args.drop:
        decision = outbox.retry if args.retry else outbox.drop
        return _decided(args, transact(settings, decide, decision, ids), ids)
    found = transact(settings, survey)
    print(json.dumps(_plain(found), ensure_ascii=False) if args.json else _table(found))
    return 0


def survey(work: Work, _house: House) -> Survey:
    """Read what the outbox holds."""
    from bot.use_cases import outbox

    return outbox.survey(work)


def decide(work: Work, house: House, decision: Decision, ids: Iterable[int] | None) -> list[int]:
    """Let messages wait again or give them up, signed by the command line."""
    return decision(work, house.origin(), ids)


def _ids(given: list[str] | None) -> list[int] | None:
    if given is None or given == [ALL]:
        return None
    wrong = [one for one in given if not one.isascii() or not one.isdigit()]
    if wrong:
        odd = " ".join(wrong)
        said = reader()
        raise ValueError(
            said.say("a message has a number, or is `{all}`: {given}", all=ALL, given=odd)
        )
    return [int(one) for one in given]


def _decided(args: argparse.Namespace, chosen: list[int], ids: list[int] | None) -> int:
    from bot.application import load_settings
    from bot.screens import outbox as screens
    from bot.screens.render import speaker

    settings = load_settings()
    said = speaker(settings.locale, settings.zone)
    if others := sorted({*(ids or ())} - {*chosen}):
        complain("outbox", screens.not_decided(said, others, retried=bool(args.retry)))
    if args.json:
        print(json.dumps({"retried" if args.retry else "dropped": chosen}))
    else:
        retried = chosen if args.retry else None
        print(screens.decided(said, retried=retried, dropped=chosen))
    return 0 if chosen or ids is None else 1


def _plain(found: Survey) -> dict[str, object]:
    from bot.screens.outbox import plain

    return plain(found)


def _table(found: Survey) -> str:
    from bot.application import load_settings
    from bot.screens.outbox import table
    from bot.screens.render import speaker

    settings = load_settings()
    return "\n".join(table(speaker(settings.locale, settings.zone), found))
