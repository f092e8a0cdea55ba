"""J: from nothing to the first getUpdates, the memory of a bot at rest, `relance --help`."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.bench.bench import Bench, Contender, Figures, Goal, Size
from tests.bench.ledger import seed
from tests.bench.processes import bot_api, running
from tests.journeys.processes import environment

PRODUCT: Final = "relance run"
BARE: Final = "bare PTB"
HELP: Final = "relance --help"
PYTHON: Final = "python -c pass"
REST_SECONDS: Final = 2.0


@contextmanager
def stage(folder: Path, size: Size) -> Iterator[Mapping[str, Contender]]:
    """Start everything once unmeasured, so that bytecode and database are there."""
    home = folder / "home"
    seed(home / "relance.db", readers=20, customers=size.customers, items=size.items)
    contenders: dict[str, Contender] = {
        PRODUCT: lambda: _polling("bot.cli", home, "run"),
        BARE: lambda: _polling("tests.bench.bare_bot", home),
        HELP: lambda: _ended("-m", "bot.cli", "--help"),
        PYTHON: lambda: _ended("-c", "pass"),
    }
    for contender in contenders.values():
        contender()
    yield contenders


def _polling(module: str, folder: Path, *words: str) -> Figures:
    with bot_api() as api:
        began = time.monotonic()
        with running(module, folder, api, *words) as bot:
            first = api.until_polled(bot)
            time.sleep(REST_SECONDS)
            megabytes = bot.memory_info().rss / 2**20
    return {"ms to first getUpdates": 1000 * (first - began), "resident MB": megabytes}


def _ended(*words: str) -> Figures:
    began = time.monotonic()
    subprocess.run(
        [sys.executable, *words], env=environment(), stdout=subprocess.DEVNULL, check=True
    )
    return {"ms": 1000 * (time.monotonic() - began)}


START = Bench(
    name="start",
    letter="J",
    title="cold start and memory",
    stage=stage,
    goals=(
        Goal("ms to first getUpdates", PRODUCT, BARE, at_most=2.2),
        Goal("resident MB", PRODUCT, BARE),
        Goal("ms", HELP, PYTHON, at_most=10.0),
    ),
)
