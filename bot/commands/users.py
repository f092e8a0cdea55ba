"""`relance users`: who has access, in which role, to which portfolios."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.application import House
    from storage.work import Work

HELP = "list the people who have or had access"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `users`."""
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def run(args: argparse.Namespace) -> int:
    """Print everybody, one a line."""
    from bot.application import load_settings, transact

    people = transact(load_settings(), everybody)
    if args.json:
        print(json.dumps(people, ensure_ascii=False, indent=2))
        return 0
    for one in people:
        mark = "" if one["active"] else "  (revoked)"
        away = "  (unreachable)" if one["unreachable"] else ""
        codes = ",".join(one["codes"]) or "-"
        role = str(one["role"]).replace("_", "-")
        print(f"{one['id']:>4}  {role:<15} {codes:<20} {one['name']}{mark}{away}")
    return 0


def everybody(work: Work, _house: House) -> list[dict[str, Any]]:
    """Read everybody as JSON-able values."""
    from storage import people

    return [
        {
            "id": one["id"],
            "telegram_id": one["telegram_id"],
            "name": one["name"],
            "role": str(one["role"]).replace("_", "-"),
            "codes": one["codes"],
            "locale": one["locale"],
            "active": bool(one["active"]),
            "unreachable": one["unreachable_since"] is not None,
            "enrolled_at": one["enrolled_at"].isoformat() if one["enrolled_at"] else None,
        }
        for one in people.listing(work)
    ]
