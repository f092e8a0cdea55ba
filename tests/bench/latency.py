"""C: how long a reply takes when messages come at a steady pace, whatever the bot does."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

import psutil  # type: ignore[import-untyped]

from tests.bench.bench import Bench, Contender, Figures, Goal, Size
from tests.bench.ledger import seed
from tests.bench.processes import Api, bot_api, running
from tests.bench.taps import BARE, BARE_BOT, PRODUCT
from tests.bench.updates import FIRST_READER, message

CALM: Final = 50.0  # messages a second
BUSY: Final = 200.0
FIRST_CODE: Final = 411_000_000

Numbers = Callable[[], int]


@contextmanager
def stage(folder: Path, size: Size) -> Iterator[Mapping[str, Contender]]:
    """Seed the company once; every round works on a copy of its own."""
    everybody = size.taps + size.warm_up
    ledger = seed(
        folder / "seed" / "relance.db",
        readers=everybody,
        customers=max(size.customers, everybody),
        items=max(size.items, 10 * everybody),
    )
    rounds = count(1)

    def product() -> Figures:
        place = folder / f"round-{next(rounds)}"
        place.mkdir()
        shutil.copyfile(ledger.path, place / "relance.db")
        with bot_api() as api, running("bot.cli", place, api, "run") as bot:
            figures = _paced(api, bot, size)
        shutil.rmtree(place)
        return figures

    def bare() -> Figures:
        with bot_api() as api, running(BARE_BOT, folder / "bare", api) as bot:
            return _paced(api, bot, size)

    yield {PRODUCT: product, BARE: bare}


def _paced(api: Api, bot: psutil.Process, size: Size) -> Figures:
    """Ask for a customer's account by his code: a search, a card, one message back."""
    numbers = count(1)
    api.until_polled(bot)
    api.until_quiet()
    api.load([_asked(next(numbers), reader) for reader in range(1, size.warm_up + 1)])
    api.until_replied(size.warm_up, bot)
    figures: dict[str, float] = {}
    for pace in (CALM, BUSY):
        api.until_quiet()
        readers = range(size.warm_up + 1, size.warm_up + size.taps + 1)
        api.pace([_asked(next(numbers), reader) for reader in readers], pace)
        api.until_replied(size.taps, bot)
        waited = sorted(1000 * seconds for seconds in api.latencies())
        assert len(waited) == size.taps, f"{len(waited)} replies were timed"
        figures[f"p50 ms at {pace:.0f}/s"] = waited[len(waited) // 2]
        figures[f"p99 ms at {pace:.0f}/s"] = waited[len(waited) * 99 // 100]
    return figures


def _asked(number: int, reader: int) -> dict[str, Any]:
    return message(number, FIRST_READER + reader, str(FIRST_CODE + reader), int(time.time()))


LATENCY = Bench(
    name="latency",
    letter="C",
    title="latency of a reply at a steady pace of 50 and 200 messages a second",
    stage=stage,
    goals=(
        Goal("p99 ms at 50/s", PRODUCT, BARE, at_most=0.75),
        Goal("p99 ms at 200/s", PRODUCT, BARE, at_most=0.3),
        Goal("p50 ms at 50/s", PRODUCT, BARE),
        Goal("p50 ms at 200/s", PRODUCT, BARE),
    ),
)
