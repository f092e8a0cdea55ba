"""A on PostgreSQL: the same taps served by one, two and four replicas that share the updates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Final

from sqlalchemy import make_url, text

from storage import workers
from tests.bench.bench import Bench, Contender, Figures, Goal, Size
from tests.bench.broadcasting import until
from tests.bench.ledger import fill, now
from tests.bench.processes import bot_api, running
from tests.bench.taps import BARE, BARE_BOT, LEFT, burst
from tests.storage import databases
from tests.storage.inline import inline

ONE: Final = "one replica on PostgreSQL"
TWO: Final = "two replicas on PostgreSQL"
FOUR: Final = "four replicas on PostgreSQL"


@contextmanager
def stage(folder: Path, size: Size) -> Iterator[Mapping[str, Contender]]:
    """Seed the company once in a server of our own; every round has a copy of it."""
    everybody = size.taps + size.warm_up
    rounds = count(1)
    with databases.held_server() as server, databases.a_database(server) as seeded:
        fill(
            seeded,
            readers=everybody,
            customers=max(size.customers, everybody),
            items=max(size.items, 10 * everybody),
            alarmed=everybody,
        )
        template = str(make_url(seeded).database)

        def product(replicas: int) -> Figures:
            place = folder / f"round-{next(rounds)}"
            place.mkdir()
            with databases._database(server, template) as url, bot_api() as api:
                (place / ".env").write_text(f"RELANCE_DATABASE_URL={url}\n")
                with ExitStack() as started:
                    bots = [
                        started.enter_context(running("bot.cli", place, api, "run"))
                        for _ in range(replicas)
                    ]
                    until(lambda: _alive(url) == replicas)
                    figures = burst(api, bots, size)
                expect_taken(url, everybody)
            return figures

        def bare() -> Figures:
            with bot_api() as api, running(BARE_BOT, folder / "bare", api) as bot:
                return burst(api, [bot], size)

        yield {
            ONE: lambda: product(1),
            TWO: lambda: product(2),
            FOUR: lambda: product(4),
            BARE: bare,
        }


def _alive(url: str) -> int:
    with inline(url) as work:
        return len(workers.alive(work, now()))


def expect_taken(url: str, wanted: int) -> None:
    """Check that every tap was written down, with its event and its message."""
    with inline(url) as work:
        taken, events, sent = (work.scalar(text(question)) for question in LEFT)
    assert taken == events == sent == wanted, f"{taken} taken, {events} events, {sent} answers"


REPLICAS = Bench(
    name="replicas",
    letter="A",
    title="taps per second by replicas on PostgreSQL",
    stage=stage,
    goals=(
        Goal("taps/s", ONE, BARE),
        Goal("taps/s", TWO, BARE),
        Goal("taps/s", TWO, ONE),
        Goal("taps/s", FOUR, ONE),
        Goal("CPU ms/tap", TWO, ONE),
        Goal("CPU ms/tap", FOUR, ONE),
    ),
)
