"""`relance run`: the bot, until Ctrl-C or a polite kill."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bot.commands.spoken import complain, reader

if TYPE_CHECKING:
    from config.settings import Settings

HELP = "run the bot"
ROLES = ("intake", "worker", "all")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `run`: which part this process plays; the rest are settings."""
    parser.add_argument(
        "--role",
        choices=ROLES,
        default="all",
        help="what this process does when several share a PostgreSQL database "
        "(intake: let updates in; worker: handle and send; default: all)",
    )


def run(args: argparse.Namespace) -> int:
    """Run until SIGINT or SIGTERM, then stop in good order."""
    import asyncio

    from bot.application import load_settings
    from config.logging import configure

    settings = load_settings()
    if not settings.token:
        said = reader()
        complain("run", said.say("no bot token; relance init asks for it, relance demo needs none"))
        return 2
    if args.role != "all" and settings.database.startswith("sqlite:"):
        why = reader().say(
            "--role {role} needs a PostgreSQL database; a SQLite file has one process",
            role=args.role,
        )
        complain("run", why)
        return 2
    configure(settings.log_level, settings.token, form=settings.log_format)
    try:
        asyncio.run(_until_told(settings, args.role))
    except Exception as error:
        if (ended := _ended(error)) is None:
            raise
        complain("run", ended)
        return 1
    return 0


def _ended(error: Exception) -> str | None:
    """Say why a process ended by itself, and what to look at; None for what others say."""
    from bot.running.faults import CannotListen, PlaceLost
    from bot.screens.fault_words import reason

    said = reader()
    if isinstance(error, CannotListen):
        return said.say(
            "cannot listen on {address}: {why}; see {setting}",
            address=error.address,
            why=reason(said, error.cause),
            setting=error.setting,
        )
    if isinstance(error, PlaceLost):
        return said.say(
            "stopped: another process took over (a second relance run on this database?); "
            "nothing is lost"
        )
    return None


async def _until_told(settings: Settings, role: str) -> None:
    import asyncio
    import signal

    from bot.running import serve

    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)

    def told() -> None:
        stop.set()
        for one in signals:  # told twice, the process ends at once: nothing is lost by that
            loop.remove_signal_handler(one)
            signal.signal(one, signal.SIG_DFL)

    for one in signals:
        loop.add_signal_handler(one, told)
    await serve(settings, stop, role)
