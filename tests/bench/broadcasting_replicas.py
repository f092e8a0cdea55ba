"""H on PostgreSQL: the same broadcast sent by two and by four replicas that share one rate."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Final

from sqlalchemy import insert

from bot.simulator.client import Chat
from credit.people import Role
from storage import workers
from storage.tables import person
from tests.bench.bench import Bench, Contender, Figures, Goal, Size
from tests.bench.broadcasting import (
    LIMIT,
    RATE,
    a_person,
    a_telephone,
    broadcast,
    simulator,
    until,
)
from tests.bench.ledger import now
from tests.bench.processes import running
from tests.bench.updates import FIRST_READER
from tests.storage import databases
from tests.storage.inline import inline

TWO: Final = "two replicas"
FOUR: Final = "four replicas"


@contextmanager
def stage(folder: Path, size: Size) -> Iterator[Mapping[str, Contender]]:
    """Start a PostgreSQL server; every round has a database of its own."""
    boss = FIRST_READER + size.taps + 1
    telephones = [a_telephone(one) for one in range(FIRST_READER + 1, boss + 1)]
    people = folder / "people.json"
    people.write_text(json.dumps(telephones))
    rounds = count(1)

    with databases.held_server() as server:

        def replicas(number: int) -> Figures:
            home = folder / f"round-{next(rounds)}"
            home.mkdir()
            with databases.a_database(server) as url, simulator(people) as (api, chat):
                _enrol(url, size.taps, boss)
                (home / ".env").write_text(f"RELANCE_DATABASE_URL={url}\n")
                with ExitStack() as bots:
                    for _ in range(number):
                        bots.enter_context(running("bot.cli", home, api, "run"))
                    until(lambda: _all_alive(url, number, chat))
                    return broadcast(home, api, chat, size.taps)

        yield {
            TWO: lambda: replicas(2),
            FOUR: lambda: replicas(4),
            LIMIT: lambda: {"s": size.taps / RATE},
        }


def _enrol(url: str, readers: int, boss: int) -> None:
    reps = [a_person(FIRST_READER + number, Role.REP) for number in range(1, readers + 1)]
    with inline(url) as work:
        work.execute_many(insert(person), [*reps, a_person(boss, Role.CREDIT_MANAGER)])


def _all_alive(url: str, number: int, chat: Chat) -> bool:
    with inline(url) as work:
        return len(workers.alive(work, now())) == number and bool(chat.log("getUpdates"))


BROADCAST_REPLICAS = Bench(
    name="broadcast-replicas",
    letter="H",
    title="a broadcast under enforced limits by replicas on PostgreSQL",
    stage=stage,
    goals=(
        Goal("s", TWO, LIMIT, at_most=1.02),
        Goal("s", FOUR, LIMIT, at_most=1.02),
    ),
)
