"""`relance revoke`: close somebody's access; it takes effect at his next tap."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bot.commands.spoken import complain, reader

if TYPE_CHECKING:
    from bot.application import House
    from credit.people import Person
    from storage.work import Work

HELP = "close somebody's access at once"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `revoke`."""
    parser.add_argument("person", type=int, help="the number that `relance users` shows")


def run(args: argparse.Namespace) -> int:
    """Close the access and say whose it was."""
    from bot.application import load_settings, transact

    said = reader()
    person = transact(load_settings(), close, args.person)
    if person is None:
        nobody = said.say("nobody has the number {number}; see relance users", number=args.person)
        complain("revoke", nobody)
        return 1
    print(said.say("{id}  {name}: access closed", id=person.id, name=person.name))
    return 0


def close(work: Work, house: House, person_id: int) -> Person | None:
    """Close the access of a person known by number; None when there is none."""
    from bot.use_cases import access
    from storage import people

    if people.by_id(work, person_id) is None:
        return None
    return access.revoke(work, house.origin(), None, person_id)
