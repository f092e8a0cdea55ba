"""I: what the loop and the taps feel of a long import, and of a look at everybody."""

from __future__ import annotations

import shutil
import sqlite3
import time
from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final

import psutil  # type: ignore[import-untyped]

from bot.jobs.looking import MANY
from bot.use_cases import alerts, daily_look
from storage.events import Origin
from storage.sqlite_connection import open_sqlite
from tests.bench import importing
from tests.bench.beating_bot import BEATS
from tests.bench.bench import Bench, Contender, Figures, Goal, Size
from tests.bench.latency import CALM, FIRST_CODE
from tests.bench.ledger import now, rules, seed
from tests.bench.processes import Api, bot_api, running
from tests.bench.scanning import INSERT, LARGE, invented
from tests.bench.updates import FIRST_READER, message
from tests.storage.inline import inline

QUIET: Final = "relance run, messages alone"
IMPORT: Final = "the same while a file comes in"
LOOK: Final = "the same while everybody is looked at"
BOUND: Final = "the bound on a heartbeat"
BEATING: Final = "tests.bench.beating_bot"
PATIENCE: Final = 3_600.0
SETTLED: Final = 5.0
SOME: Final = 100
"""Messages asked between two looks at the database."""


@dataclass(slots=True)
class Round:
    """A bot at work, and what was felt of it from a moment on; times in seconds."""

    api: Api
    bot: psutil.Process
    place: Path
    size: Size
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    waited: list[float] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0

    def warm_up(self) -> None:
        """Let some readers ask before anything is measured."""
        self.api.until_polled(self.bot)
        self.api.until_quiet()
        self.api.load([self._asked(reader) for reader in range(1, self.size.warm_up + 1)])
        self.api.until_replied(self.size.warm_up, self.bot)
        self.api.until_quiet()
        self.began = time.monotonic()

    def settle(self) -> None:
        """Let go by what the clock does once after a start, in a book of this size."""
        time.sleep(SETTLED)
        self.began = time.monotonic()

    def ask(self) -> None:
        """Let every reader ask for an account, at a steady pace; keep how long each waited."""
        first = self.size.warm_up + 1
        asked = [self._asked(reader) for reader in range(first, first + self.size.taps)]
        self.api.pace(asked, CALM)
        self.api.until_replied(self.size.taps, self.bot)
        self.waited += self.api.latencies()
        self.ended = time.monotonic()

    def ask_until(self, over: Callable[[Path], bool]) -> None:
        """Ask again and again, at least once, until something is over in the database."""
        deadline = time.monotonic() + PATIENCE
        while True:
            assert time.monotonic() < deadline, "it never ended"
            self.ask()
            if over(self.place / "relance.db"):
                return

    def _asked(self, reader: int) -> dict[str, Any]:
        text = str(FIRST_CODE + reader)
        return message(next(self.numbers), FIRST_READER + reader, text, int(time.time()))

    def figures(self) -> Figures:
        """Sum up in milliseconds, once the bot has ended and left its heartbeats."""
        told = array("d")
        told.frombytes((self.place / BEATS).read_bytes())
        pairs = zip(told[::2], told[1::2], strict=True)
        late = [seconds for due, seconds in pairs if self.began <= due <= self.ended]
        seconds = {"s": self.ended - self.began}
        return {**_spread("heartbeat", late), **_spread("reply", self.waited), **seconds}


def _spread(name: str, seconds: list[float]) -> dict[str, float]:
    ordered = sorted(1000 * one for one in seconds)
    return {
        f"{name} p50 ms": ordered[len(ordered) // 2],
        f"{name} p99 ms": ordered[len(ordered) * 99 // 100],
        f"{name} max ms": ordered[-1],
    }


@contextmanager
def stage(folder: Path, size: Size, lines: int = 0) -> Iterator[Mapping[str, Contender]]:
    """Seed a company, and write a file of many more customers."""
    everybody = size.taps + size.warm_up
    ledger = seed(
        folder / "seed" / "relance.db",
        readers=everybody,
        customers=max(size.customers, everybody),
        items=max(size.items, 10 * everybody),
    )
    file, measured = folder / "large.csv", partial(_measured, folder, ledger.path, size, count(1))
    importing.write(file, lines or size.lines[-1], paid_every=0)

    def importing_meanwhile(one: Round) -> None:
        entrance = one.place / "store" / "in"
        entrance.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, entrance / file.name)
        one.ask_until(_is_over)

    yield {
        QUIET: lambda: measured(Round.ask),
        IMPORT: lambda: measured(importing_meanwhile),
        BOUND: lambda: {"heartbeat p99 ms": 10.0, "heartbeat max ms": 50.0},
    }


@contextmanager
def looked_at(folder: Path, size: Size) -> Iterator[Mapping[str, Contender]]:
    """Seed a company of a hundred thousand customers, whom the bot is to look at today."""
    assert rules().calendar.is_working(now().today), "nobody is looked at on a day off"
    few = replace(size, taps=min(size.taps, SOME))
    readers = few.taps + few.warm_up
    customers = LARGE if size.scanned >= 1_000 else max(size.scanned, readers)
    path = folder / "seed" / "relance.db"
    seed(path, readers=readers, customers=customers, items=0)
    with closing(open_sqlite(path)) as raw, raw:
        raw.execute("begin")
        raw.executemany(INSERT, invented(customers))
        raw.execute("commit")
    with inline(f"sqlite:///{path}") as work:
        origin = Origin(None, None, now(), "bench:before")
        alerts.scan(work, origin, range(1, customers + 1), rules())
    with closing(open_sqlite(path)) as raw:
        raw.execute("delete from outbox")  # yesterday's cards have left
    measured = partial(_measured, folder, path, few, count(1))

    def quietly(one: Round) -> None:
        one.settle()
        for _ in range(SOME // 20):
            one.ask()

    def looking(one: Round) -> None:
        one.settle()
        with closing(open_sqlite(one.place / "relance.db")) as raw:
            raw.execute("delete from fact where name = ?", (daily_look.LOOKED_ON,))
        while customers > MANY and not one.bot.children():
            time.sleep(0.02)  # the process that looks
        one.began = time.monotonic()
        one.ask_until(_was_looked)

    yield {
        QUIET: lambda: measured(quietly),
        LOOK: lambda: measured(looking),
        BOUND: lambda: {"heartbeat p99 ms": 10.0, "heartbeat max ms": 50.0},
    }


def _measured(
    folder: Path, book: Path, size: Size, rounds: Iterator[int], during: Callable[[Round], None]
) -> Figures:
    """Run the bot on a copy of a book while something happens."""
    place = folder / f"round-{next(rounds)}"
    place.mkdir()
    shutil.copyfile(book, place / "relance.db")
    with bot_api() as api, running(BEATING, place, api, "run") as bot:
        one = Round(api, bot, place, size)
        one.warm_up()
        during(one)
    figures = one.figures()
    shutil.rmtree(place)
    return figures


def _was_looked(database: Path) -> bool:
    """Tell whether everybody was looked at today."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as raw:
        found = raw.execute("select 1 from fact where name = ?", (daily_look.LOOKED_ON,))
        return found.fetchone() is not None


def _is_over(database: Path) -> bool:
    """Tell whether a file has come in, and everybody it touched was looked at."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as raw:
        counts = "select (select count(*) from import_run), (select count(*) from book_follow)"
        came, followed = raw.execute(counts).fetchone()
    return bool(came) and not followed


GOALS: Final = (
    Goal("heartbeat p99 ms", IMPORT, BOUND, at_most=1.0),
    Goal("heartbeat max ms", IMPORT, BOUND, at_most=1.0),
    Goal("reply p99 ms", IMPORT, QUIET, at_most=2.0),
    Goal("reply max ms", IMPORT, QUIET),
)
RESPONSIVENESS = Bench(
    name="responsiveness",
    letter="I",
    title="loop and replies while 200 000 lines come in and are looked at",
    stage=stage,
    goals=GOALS,
)
MILLION: Final = 1_000_000
RESPONSIVENESS_LOOK = Bench(
    name="responsiveness-look",
    letter="I",
    title="the same while 100,000 customers with 1,000,000 items are looked at, as each morning",
    stage=looked_at,
    goals=tuple(replace(goal, subject=LOOK) for goal in GOALS),
)
RESPONSIVENESS_MILLION = Bench(
    name="responsiveness-million",
    letter="I",
    title="the same with 1 000 000 lines",
    stage=partial(stage, lines=MILLION),
    goals=GOALS,
)
