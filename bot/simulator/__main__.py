"""Run the local Telegram on its own: `python -m bot.simulator --port N`."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from bot.simulator.server import DEFAULT_TOKEN, Simulator


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default=DEFAULT_TOKEN)
    parser.add_argument("--people", type=Path, help="a JSON list of people to begin with")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-limits", action="store_true", help="answer no 429")
    return parser.parse_args(argv)


async def _serve(arguments: argparse.Namespace) -> None:
    simulator = Simulator(token=arguments.token, seed=arguments.seed)
    simulator.world.limits.enforce = not arguments.no_limits
    if arguments.people:
        for person in json.loads(arguments.people.read_text(encoding="utf-8")):
            simulator.add_person(**person)
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    await simulator.start(arguments.port)
    ready = {
        "url": simulator.url,
        "api_url": simulator.api_url,
        "file_url": simulator.file_url,
        "token": simulator.token,
        "port": simulator.port,
    }
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    await stopping.wait()
    await simulator.stop()


def main(argv: list[str] | None = None) -> None:
    """Serve until SIGTERM or SIGINT; one JSON line on stdout says where, when ready."""
    asyncio.run(_serve(_arguments(argv)))


if __name__ == "__main__":
    main()
