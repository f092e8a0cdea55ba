"""`relance invite`: offer somebody a way in, once, for a week."""

from __future__ import annotations

import argparse
import json
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
    offer, username = transact(settings, _kept, args.role, args.name, codes)
    link = deep_link(username, offer.payload)
    if args.json:
        print(json.dumps({"link": link, "payload": offer.payload, "role": args.role}))
    else:
        print(link)
        print(offer.payload)
    return 0


def _kept(
    work: Work, house: House, role: str, name: str | None, codes: tuple[str, ...]
) -> tuple[Invitation, str]:
    """Keep the invitation and read the bot's name that `init` or `run` noted, if either has run."""
    from storage import facts

    offer = keep(work, house, role, name, codes)
    return offer, str(facts.get(work, "bot_username") or "")


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
