"""A and B: taps answered per second in a burst, every one a durable transaction."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
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
BARE_BOT: Final = "tests.bench.bare_bot"
EDITED: Final = "editMessageText"
FAR: Final = 50.0  # milliseconds to the Bot API and back
AIOGRAM: Final = 678 / 152
"""How many times bare python-telegram-bot aiogram answers at that distance.

Measured once, on messages (section 2 of the table of goals); aiogram is not installed here.
"""


@contextmanager
def stage(folder: Path, size: Size, milliseconds: float = 0.0) -> Iterator[Mapping[str, Contender]]:
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
        with bot_api(milliseconds) as api, running("bot.cli", place, api, "run") as bot:
            figures = burst(api, [bot], size)
        expect_taken(Ledger(place / "relance.db", ledger.readers, ledger.customers), size)
        shutil.rmtree(place)
        return figures

    def bare() -> Figures:
        place = folder / "bare"
        with bot_api(milliseconds) as api, running(BARE_BOT, place, api) as bot:
            return burst(api, [bot], size)

    yield {PRODUCT: product, BARE: bare}


def burst(api: Api, bots: Sequence[psutil.Process], size: Size) -> Figures:
    """Warm the bots up, then let one press of every reader arrive at once."""
    api.until_polled(bots[0])
    api.until_quiet()
    api.load([_press(number) for number in range(1, size.warm_up + 1)])
    api.until_replied(size.warm_up, bots[0])
    api.until_quiet()
    before = _cpu(bots)
    api.load([_press(size.warm_up + n) for n in range(1, size.taps + 1)])
    state = api.until_replied(size.taps, bots[0])
    seconds = state["last_reply"] - state["loaded"]
    strange = replied(state) - state["calls"].get(EDITED, 0)
    assert not strange, f"{strange} replies are no edits: {state}"
    return {
        "taps/s": size.taps / seconds,
        "CPU ms/tap": 1000 * (_cpu(bots) - before) / size.taps,
        "resident MB": sum(bot.memory_info().rss for bot in bots) / 2**20,
    }


def _press(number: int) -> dict[str, Any]:
    """Let reader number so-and-so press for the first time: a second press edits other cards."""
    return press(number, FIRST_READER + number, encode(TakeCharge(number)))


def _cpu(bots: Sequence[psutil.Process]) -> float:
    times = [bot.cpu_times() for bot in bots]
    return float(sum(one.user + one.system for one in times))


LEFT: Final = (
    "select count(*) from alert where state = 'acknowledged'",
    "select count(*) from event where kind = 'alert.acknowledged'",
    "select count(*) from outbox where state = 'sent' and priority = 0",
)
"""What a tap leaves: an answered alert, its event and its message."""


def expect_taken(ledger: Ledger, size: Size) -> None:
    """Check that every tap was written down, with its event and its message."""
    with closing(sqlite3.connect(ledger.path)) as raw:
        taken, events, sent = (raw.execute(question).fetchone()[0] for question in LEFT)
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
ROUND_TRIP = Bench(
    name="round-trip",
    letter="B",
    title="the same with the Bot API 50 ms away",
    stage=partial(stage, milliseconds=FAR),
    goals=(
        Goal("taps/s", PRODUCT, BARE, at_least=round(AIOGRAM, 2)),
        Goal("CPU ms/tap", PRODUCT, BARE),
    ),
)
