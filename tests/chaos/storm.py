"""The storm: replicas killed while people tap, a Bot API that fails, news in the middle of it."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.chaos import place
from tests.chaos.reps import Load, Rep
from tests.journeys.harness import STARTS_WITHIN, Company
from tests.journeys.processes import Process

KINDS = ["429", "500", "502", "garbage", "half", "drop", "lost_answer"]
LOST = ["drop", "502", "lost_answer", "half"]
HARSH = 0.08
NEWS = "Réunion"
MOST_HESITATION = 0.15  # seconds between the gesture that decides and the kill


@dataclass(frozen=True, slots=True)
class Plan:
    """How hard it blows: everything is drawn from the seed."""

    seed: int
    reps: int = 4
    customers: int = 2
    kills: int = 4
    every: tuple[int, int] = (6, 14)  # gestures between two kills
    broadcasts: int = 1
    replicas: int = 1


@dataclass
class Storm:
    """One storm over one company."""

    company: Company
    plan: Plan
    reps: list[Rep] = field(default_factory=list)
    bots: list[Process] = field(default_factory=list)
    kills: int = 0
    broadcasts: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.plan.seed)
        self.load = Load()

    def blow(self) -> None:
        """Enrol, import, then let everybody tap until all is signed; raise what people met."""
        people = place.enrol(self.company, self.plan.reps)
        self.bots = [self._process(number) for number in range(self.plan.replicas)]
        for bot in self.bots:
            self._start(bot)
        self.reps = [Rep(n, one, self.plan.customers, self.load) for n, one in enumerate(people, 1)]
        self._bring()
        threads = [threading.Thread(target=rep.work, daemon=True) for rep in self.reps]
        self.company.chat.faults(*faults(), seed=self.plan.seed)
        for one in threads:
            one.start()
        self._kill_while_they_tap()
        for one in threads:
            one.join()
        self.company.chat.faults()
        assert not (met := [rep.trouble for rep in self.reps if rep.trouble]), met

    def close(self) -> None:
        """End what still runs."""
        for bot in self.bots:
            bot.kill()

    def _bring(self) -> None:
        """Let the books arrive, and wait for their customers: alerts leave during the storm."""
        wanted = self.plan.reps * self.plan.customers
        self.company.drop("clients.csv", place.customers(self.plan.reps, self.plan.customers))
        self.company.drop("encours.csv", place.receivables(self.plan.reps, self.plan.customers))
        self.company.until(
            lambda: self._count("item") == wanted, f"the {wanted} invoices of the file"
        )

    def _count(self, table: str) -> int:
        return int(self.company.rows(f"select count(*) as n from {table}")[0]["n"])

    def _kill_while_they_tap(self) -> None:
        target, said = 0, 0
        turns = max(1, self.plan.kills // max(1, self.plan.broadcasts))
        while self.kills < self.plan.kills:
            target = max(target, self.load.gestures) + self.random.randint(*self.plan.every)
            if not self.load.until(target, self.plan.reps):
                return
            time.sleep(self.random.random() * MOST_HESITATION)  # a random moment, not a wait
            bot = self.random.choice(self.bots)
            bot.kill()
            self.kills += 1
            if self.kills % turns == 0 and said < self.plan.broadcasts:
                said += self._broadcast()
            self._start(bot)

    def _broadcast(self) -> int:
        self.broadcasts += 1
        text = f"{NEWS} numéro {self.broadcasts:03}."
        self.company.cli("broadcast", "--text", text, "--audience", "reps", "--json")
        return 1

    def _process(self, number: int) -> Process:
        folder = self.company.folder
        return Process(self.company.launch, folder / f"bot-{number}.log", folder)

    def _start(self, bot: Process) -> None:
        marks: Sequence[str] = (" ready ",)
        bot.start(["run"], self.company.environment(), marks[0], STARTS_WITHIN)


def faults() -> list[dict[str, Any]]:
    """Return the orders: each call of these methods may be struck, by the seed."""
    return [
        {"method": "send*", "rate": HARSH, "kind": KINDS, "retry_after": 1},
        {"method": "edit*", "rate": HARSH, "kind": KINDS, "retry_after": 1},
        {"method": "answerCallbackQuery", "rate": HARSH, "kind": KINDS, "retry_after": 1},
        {"method": "getUpdates", "rate": HARSH, "kind": LOST},
    ]
