"""`relance digest`: queue today's digests, or print them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bot.commands.spoken import complain, reader

if TYPE_CHECKING:
    from bot.application import House
    from credit.people import Person
    from storage.work import Work

HELP = "queue the digests of today now, or print them"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `digest`."""
    parser.add_argument("--person", type=int, metavar="ID", help="only for this person")
    parser.add_argument("--dry-run", action="store_true", help="print, send nothing")


def run(args: argparse.Namespace) -> int:
    """Print each digest, or who gets one; 1 when the person is unknown."""
    from bot.application import load_settings, transact

    lines = transact(load_settings(), printed if args.dry_run else queued, args.person)
    if lines is None:
        nobody = reader().say("nobody enrolled has the number {number}", number=args.person)
        complain("digest", nobody)
        return 1
    print("\n".join(lines) if lines else "-")
    return 0


def queued(work: Work, house: House, person_id: int | None) -> list[str] | None:
    """Put the digests in the outbox, once per person and day; the running bot sends them."""
    from bot.use_cases import digests

    chosen = _people(work, person_id)
    if not chosen:
        return None if person_id is not None else []
    posted = digests.queue(work, house.origin(), [one.id for one in chosen], asked=True)
    return [f"{'+' if one.id in posted else '='} {one.id:>4}  {one.name}" for one in chosen]


def printed(work: Work, house: House, person_id: int | None) -> list[str] | None:
    """Write the digests as they would be said now."""
    from bot.screens import digest as screens
    from bot.screens.screen import plain_text
    from bot.use_cases import digests

    chosen = _people(work, person_id)
    if not chosen:
        return None if person_id is not None else []
    lines = []
    for one in chosen:
        speaker = house.speaker(one.locale)
        found = digests.build(work, one, house.clock.now(), house.rules)
        said = digests.worth_sending(found, house.rules)
        screen = screens.digest(speaker, found) if said else screens.nothing(speaker)
        lines += [f"== {one.id} {one.name}", plain_text(screen), ""]
    return lines


def _people(work: Work, person_id: int | None) -> list[Person]:
    from storage import people

    if person_id is None:
        return people.active(work)
    one = people.by_id(work, person_id)
    return [one] if one is not None and one.active else []
