"""H: a broadcast under limits that a server enforces, and what taps feel of it meanwhile."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count, cycle
from pathlib import Path
from statistics import quantiles
from typing import Any, Final

from sqlalchemy import insert

from bot.simulator.client import Chat
from credit.people import Role
from storage.tables import person
from tests.bench.bench import Bench, Contender, Figures, Goal, Size
from tests.bench.ledger import now, seed
from tests.bench.processes import Api, running
from tests.bench.updates import FIRST_READER, TOKEN
from tests.journeys.processes import ROOT, environment
from tests.storage.inline import inline

RATE: Final = 30.0  # what the server enforces, a second
PRODUCT: Final = "relance broadcast --wait"
LIMIT: Final = "N / 30 s"
TAPPING: Final = "the same, beside taps"
QUIET: Final = "taps alone"
TAPPERS: Final = 40
TAPS_A_SECOND: Final = 4.0
QUIET_TAPS: Final = 40
TENTHS: Final = 20  # p95 is the 19th of 20


@contextmanager
def stage(folder: Path, size: Size) -> Iterator[Mapping[str, Contender]]:
    """Enrol the readers, a credit manager who signs, and managers who tap meanwhile."""
    ledger = seed(folder / "seed" / "relance.db", readers=size.taps, customers=20, items=40)
    tappers = [FIRST_READER + size.taps + 1 + n for n in range(TAPPERS)]
    with inline(ledger.url) as work:
        roles = [Role.CREDIT_MANAGER, *[Role.SALES_MANAGER] * (TAPPERS - 1)]
        rows = [a_person(one, role) for one, role in zip(tappers, roles, strict=True)]
        work.execute_many(insert(person), rows)
    people = folder / "people.json"
    everybody = [*range(FIRST_READER + 1, FIRST_READER + 1 + size.taps), *tappers]
    people.write_text(json.dumps([a_telephone(one) for one in everybody]))

    rounds = count(1)

    @contextmanager
    def round_trip() -> Iterator[tuple[Path, Api, Chat]]:
        home = folder / f"round-{next(rounds)}"  # updates of another simulator have old numbers
        home.mkdir()
        shutil.copyfile(ledger.path, home / "relance.db")
        with simulator(people) as (api, chat), running("bot.cli", home, api, "run"):
            until(lambda: bool(chat.log("getUpdates")))
            yield home, api, chat

    def alone() -> Figures:
        with round_trip() as (home, api, chat):
            return broadcast(home, api, chat, size.taps)

    def beside_taps() -> Figures:
        with round_trip() as (home, api, chat):
            with _tapping(chat, tappers[1:], TAPS_A_SECOND) as waits:
                figures = broadcast(home, api, chat, size.taps)
            return {**figures, "tap p95 ms": 1000 * _p95(waits)}

    def quiet() -> Figures:
        with round_trip() as (_, _, chat):
            askers = (tappers[1 + number % (TAPPERS - 1)] for number in range(QUIET_TAPS))
            return {"tap p95 ms": 1000 * _p95([_tap(chat, one) for one in askers])}

    yield {
        PRODUCT: alone,
        TAPPING: beside_taps,
        QUIET: quiet,
        LIMIT: lambda: {"s": size.taps / RATE, "ms a message": 1000 / RATE},
    }


@contextmanager
def simulator(people: Path) -> Iterator[tuple[Api, Chat]]:
    """Run the strict Bot API in a process of its own: 30 a second, 1 a second in one chat."""
    command = [sys.executable, "-m", "bot.simulator", "--token", TOKEN, "--people", str(people)]
    process = subprocess.Popen(
        [*command, "--overall", f"{RATE:g}", "--penalty"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        ready = json.loads(process.stdout.readline())
        yield Api(int(ready["port"])), Chat(str(ready["url"]))
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def broadcast(home: Path, api: Api, chat: Chat, recipients: int) -> Figures:
    """Broadcast from a shell, count what arrived at the far end; raise when not everything."""
    before = _sent(chat)
    given = environment(
        BOT_TOKEN=TOKEN, BOT_API_URL=api.url, DATA_DIR=str(home), TIMEZONE="Europe/Paris"
    )
    words = ("broadcast", "--text", "Réunion vendredi.", "--audience", "reps", "--wait", "--json")
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", *words],
        cwd=home,
        env=given,
        stdout=subprocess.PIPE,
        check=False,
    )
    report = json.loads(done.stdout)
    arrived = {user: n - before.get(user, 0) for user, n in _sent(chat).items()}
    readers = range(FIRST_READER + 1, FIRST_READER + 1 + recipients)
    strange = [user for user in readers if arrived.get(user) != 1]
    assert not strange, f"{len(strange)} readers did not get it once: {report}"
    assert report["sent"] == recipients, report
    refused = sum(str(call["error"]).startswith("Too Many") for call in chat.log())
    everything = sum(arrived.values())
    seconds = float(report["seconds"])
    return {"s": seconds, "ms a message": 1000 * seconds / everything, "429": refused}


def _sent(chat: Chat) -> dict[int, int]:
    chats: Any = chat.counts()["chats"]
    return {int(user): int(counts["sent"]) for user, counts in chats.items()}


@contextmanager
def _tapping(chat: Chat, users: list[int], rate: float) -> Iterator[list[float]]:
    """Let people ask for something at a steady rate; yield how long each waited."""
    waits: list[float] = []
    over = threading.Event()

    def keep_asking(pool: ThreadPoolExecutor) -> None:
        for user in cycle(users):
            pool.submit(_timed, chat, user, waits)
            if over.wait(1 / rate):
                return

    with ThreadPoolExecutor(len(users)) as pool:
        clock = threading.Thread(target=keep_asking, args=(pool,))
        clock.start()
        try:
            yield waits
        finally:
            over.set()
            clock.join()


def _timed(chat: Chat, user: int, waits: list[float]) -> None:
    waits.append(_tap(chat, user))


def _tap(chat: Chat, user: int) -> float:
    """Ask for help and return the seconds until the answer has arrived, on the server's clock."""
    before = chat.deliveries(chat=user)
    chat.person(user).send("/aide")
    deadline = time.monotonic() + 30
    while True:
        fresh = chat.deliveries(int(str(before[-1]["seq"])) if before else 0, user)
        asked = [float(str(one["at"])) for one in fresh if one["what"] == "received"]
        told = [float(str(one["at"])) for one in fresh if one["what"] == "sent"]
        if asked and told:
            return max(0.0, told[-1] - asked[0])
        if time.monotonic() > deadline:
            raise AssertionError(f"{user} got no answer: {fresh}")
        time.sleep(0.02)


def until(condition: Callable[[], bool]) -> None:
    """Wait for the bots to be at work, and until the menus of commands are out."""
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("the bot never asked for updates")
        time.sleep(0.1)
    time.sleep(1.0)


def _p95(waits: list[float]) -> float:
    return quantiles(waits, n=TENTHS)[-1]


def a_person(telegram_id: int, role: Role) -> dict[str, Any]:
    """Make the row of somebody enrolled."""
    return {
        "telegram_id": telegram_id,
        "name": f"Dominique Martin {telegram_id}",
        "role": role.value,
        "locale": "fr",
        "enrolled_at": now().at,
    }


def a_telephone(telegram_id: int) -> dict[str, Any]:
    """Make somebody who has started the bot, for the simulator."""
    return {"id": telegram_id, "first_name": "Camille", "started": True}


BROADCAST = Bench(
    name="broadcast",
    letter="H",
    title="a broadcast under enforced limits, and taps beside it",
    stage=stage,
    goals=(
        Goal("s", PRODUCT, LIMIT, at_most=1.02),
        Goal("ms a message", TAPPING, LIMIT),
        Goal("tap p95 ms", TAPPING, QUIET),
    ),
)
