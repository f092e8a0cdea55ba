"""`relance run`: the bot, until Ctrl-C or a polite kill."""

from __future__ import annotations

import argparse
import sys

HELP = "run the bot"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `run`: there are none, everything is a setting."""
    parser.set_defaults(verb="run")


def run(_args: argparse.Namespace) -> int:
    """Run until SIGINT or SIGTERM, then stop in good order."""
    import asyncio
    import signal

    from bot.application import load_settings
    from config.logging import configure

    settings = load_settings()
    if not settings.token:
        print(
            "relance run: no bot token; relance init asks for it, relance demo needs none",
            file=sys.stderr,
        )
        return 2
    configure(settings.log_level, settings.token)

    async def until_told() -> None:
        from bot.running import serve

        stop = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        await serve(settings, stop)

    asyncio.run(until_told())
    return 0
