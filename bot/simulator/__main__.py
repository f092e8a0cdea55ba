"""Run the local Telegram on its own: `python -m bot.simulator --port N`."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from bot.simulator import fault_orders
from bot.simulator.errors import ChatError
from bot.simulator.server import DEFAULT_TOKEN, Simulator


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default=DEFAULT_TOKEN)
    parser.add_argument("--people", type=Path, help="a JSON list of people to begin with")
    parser.add_argument("--seed", type=int, default=0, help="of the ids")
    parser.add_argument("--webhook-retry", type=float, default=1.0, help="the first pause, seconds")
    parser.add_argument("--no-pacing", action="store_true", help="answer hurried getUpdates too")
    parser.add_argument(
        "--faults", type=Path, help="orders of faults, as POST /chat/faults takes them"
    )
    parser.add_argument(
        "--fault-seed", type=int, help="of the faults, in the place of that of the orders"
    )
    _add_limits(parser)
    return parser.parse_args(argv)


def _add_limits(parser: argparse.ArgumentParser) -> None:
    limits = parser.add_argument_group("flood limits")
    limits.add_argument("--no-limits", action="store_true", help="answer no 429")
    limits.add_argument("--overall", type=float, help="messages a second, over all chats")
    limits.add_argument("--overall-burst", type=float, help="at once, over all chats")
    limits.add_argument("--per-chat", type=float, help="messages a second in one chat")
    limits.add_argument("--burst", type=float, help="at once in one chat")
    limits.add_argument("--per-group-minute", type=float)
    limits.add_argument("--penalty", action="store_true", help="wait retry_after out, or again")


def _prepare(simulator: Simulator, arguments: argparse.Namespace) -> None:
    world = simulator.world
    names = ("overall", "overall_burst", "per_chat", "burst", "per_group_minute", "penalty")
    given = {name: getattr(arguments, name) for name in names}
    world.limits.configure({**given, "enforce": not arguments.no_limits})
    if arguments.people:
        for person in json.loads(arguments.people.read_text(encoding="utf-8")):
            simulator.add_person(**person)
    orders = json.loads(arguments.faults.read_text(encoding="utf-8")) if arguments.faults else {}
    if arguments.fault_seed is not None:
        orders["seed"] = arguments.fault_seed
    try:
        fault_orders.order(world.faults, orders)
    except ChatError as error:
        sys.exit(f"{arguments.faults}: {error.reason}")


async def _serve(arguments: argparse.Namespace) -> None:
    simulator = Simulator(
        token=arguments.token,
        seed=arguments.seed,
        pace_polling=not arguments.no_pacing,
        webhook_retry=arguments.webhook_retry,
    )
    _prepare(simulator, arguments)
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
