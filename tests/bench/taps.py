"""A: taps answered per second in a burst, every one a durable transaction."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

import psutil  # type: ignore[import-untyped]

from bot.screens.alert import TakeCharge
from bot.screens.tap import encode
from tests.bench.bench import Bench, Contender, Figures, Goal, Size
from tests.bench.ledger import Ledger, seed
from tests.bench.processes import Api, bot_api, replied, running
from tests.bench.updates import FIRST_READER, press

PRODUCT: Final = "relance run"
BARE: Final = "bare PTB, 32 at once, no database"
EDITED: Final = "editMessageText"


@contextmanager
def stage(folder: Path, size: Size) -> Iterator[Mapping[str, Contender]]:
    """Seed the company once; every round works on a copy of its own."""
    everybody = size.taps + size.warm_up
    ledger = seed(
        folder / "seed" / "relance.db",
        readers=everybody,
        customers=max(size.customers, everybody),
        items=max(size.items, 10 * everybody),
        alarmed=everybody,
    )
    rounds = count(1)

    def product() -> Figures:
        place = folder / f"round-{next(rounds)}"
        place.mkdir()
        shutil.copyfile(ledger.path, place / "relance.db")
        with bot_api() as api, running("bot.cli", place, api, "run") as bot:
            figures = burst(api, bot, size)
        expect_taken(Ledger(place / "relance.db", ledger.readers, ledger.customers), size)
        shutil.rmtree(place)
        return figures

    def bare() -> Figures:
        with bot_api() as api, running("tests.bench.bare_bot", folder / "bare", api) as bot:
            return burst(api, bot, size)

    yield {PRODUCT: product, BARE: bare}


def burst(api: Api, bot: psutil.Process, size: Size) -> Figures:
    """Warm the bot up, then let one press of every reader arrive at once."""
    api.until_polled(bot)
    api.until_quiet()
    api.load([_press(number) for number in range(1, size.warm_up + 1)])
    api.until_replied(size.warm_up, bot)
    api.until_quiet()
    before = _cpu(bot)
    api.load([_press(size.warm_up + n) for n in range(1, size.taps + 1)])
    state = api.until_replied(size.taps, bot)
    seconds = state["last_reply"] - state["loaded"]
    strange = replied(state) - state["calls"].get(EDITED, 0)
    assert not strange, f"{strange} replies are no edits: {state}"
    return {
        "taps/s": size.taps / seconds,
        "CPU ms/tap": 1000 * (_cpu(bot) - before) / size.taps,
        "resident MB": bot.memory_info().rss / 2**20,
    }


def _press(number: int) -> dict[str, Any]:
    """Let reader number so-and-so press for the first time: a second press edits other cards."""
    return press(number, FIRST_READER + number, encode(TakeCharge(number)))


def _cpu(bot: psutil.Process) -> float:
    times = bot.cpu_times()
    return float(times.user + times.system)


def expect_taken(ledger: Ledger, size: Size) -> None:
    """Check that every tap was written down, with its event and its message."""
    with closing(sqlite3.connect(ledger.path)) as raw:
        taken, events, sent = (
            raw.execute(question).fetchone()[0]
            for question in (
                "select count(*) from alert where state = 'acknowledged'",
                "select count(*) from event where kind = 'alert.acknowledged'",
                "select count(*) from outbox where state = 'sent' and priority = 0",
            )
        )
    wanted = size.taps + size.warm_up
    assert taken == events == sent == wanted, f"{taken} taken, {events} events, {sent} answers"


TAPS = Bench(
    name="taps",
    letter="A",
    title="taps per second in a burst, each a durable transaction",
    stage=stage,
    goals=(
        Goal("taps/s", PRODUCT, BARE, at_least=3.0),
        Goal("CPU ms/tap", PRODUCT, BARE),
        Goal("resident MB", PRODUCT, BARE),
    ),
)
