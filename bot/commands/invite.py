"""`relance invite`: offer somebody a way in, once, for a week."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.commands.spoken import complain, reader

if TYPE_CHECKING:
    from bot.application import House
    from bot.use_cases.access import Invitation
    from storage.work import Work

HELP = "print a one-use invitation link for a colleague"
ROLES = ("rep", "sales-manager", "credit-manager", "admin")
SECRET_BYTES = 16


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `invite`."""
    parser.add_argument("--role", required=True, choices=ROLES, help="what the colleague is")
    parser.add_argument(
        "--code",
        action="append",
        default=[],
        metavar="REPCODE",
        help="the portfolio of a rep, or one of a sales manager's team; may be repeated",
    )
    parser.add_argument("--name", help="how colleagues will see the person")
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def run(args: argparse.Namespace) -> int:
    """Keep the invitation and print its link and payload."""
    from bot.application import load_settings, transact

    settings = load_settings()
    codes = tuple(code for given in args.code for code in given.split(",") if code.strip())
    if args.role == "rep" and not codes:
        said = reader()
        why = said.say("a rep needs --code REPCODE, the portfolio's code in the ledger")
        complain("invite", why)
        return 2
    offer, username, holders = transact(settings, _kept, args.role, args.name, codes)
    link = deep_link(username, offer.payload)
    if args.json:
        told = {"link": link, "payload": offer.payload, "role": args.role}
        print(json.dumps({**told, "held_by": holders}, ensure_ascii=False))
    else:
        print(link)
        print(offer.payload)
        _warn(holders)
    return 0


def _warn(holders: Mapping[str, Sequence[str]]) -> None:
    """Say on the error stream, so that a script reads the link alone, who has a portfolio."""
    from bot.screens import formats

    for code, names in holders.items():
        why = reader().say(
            "{code} is looked after by {holders} already; the new rep will see the same accounts",
            code=formats.name(code),
            holders=", ".join(formats.name(one, 40) for one in names),
        )
        complain("invite", why)


def _kept(
    work: Work, house: House, role: str, name: str | None, codes: tuple[str, ...]
) -> tuple[Invitation, str, dict[str, list[str]]]:
    """Keep the invitation; read the bot's name, and by code who looks after it already.

    The name is noted by `init` or `run`, if either has run.
    """
    from storage import facts, people

    offer = keep(work, house, role, name, codes)
    holders = people.rep_names(work, frozenset(offer.codes)) if role == "rep" else {}
    return offer, str(facts.get(work, "bot_username") or ""), holders


def keep(
    work: Work, house: House, role: str, name: str | None, codes: tuple[str, ...]
) -> Invitation:
    """Keep an invitation from the command line, whose owner owns the machine."""
    import secrets

    from bot.use_cases import access
    from credit.people import Role

    offer = access.Invitation(
        role=Role(role.replace("-", "_")),
        name=name,
        codes=tuple(code.strip() for code in codes),
        payload=secrets.token_urlsafe(SECRET_BYTES),
    )
    return access.invite(work, house.origin(), None, offer)


def deep_link(bot_username: str, payload: str) -> str:
    """Write the address that opens the bot with the payload."""
    return f"https://t.me/{bot_username or 'YOUR_BOT'}?start={payload}"
