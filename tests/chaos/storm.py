"""The storm: replicas killed while people tap, a Bot API that fails, news in the middle of it."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos import place
from tests.chaos.reps import Load, Rep
from tests.journeys.harness import STARTS_WITHIN, Company
from tests.journeys.processes import ROOT, Process
from tests.journeys.story import WEDNESDAY

KINDS = ["429", "500", "502", "garbage", "half", "drop", "lost_answer"]
LOST = ["drop", "502", "lost_answer", "half"]
HARSH = 0.08
NEWS = "Réunion"
MOST_HESITATION = 0.15  # seconds between the gesture that decides and the kill
STILLBORN = 0.2  # of the kills meet a process that has just been started
YOUNGEST, OLDEST = 0.05, 1.0  # seconds that such a one lives
OLD_FOR = 3  # of an upgrade, a third of the kills meet the older release alone


@dataclass(frozen=True, slots=True)
class Plan:
    """How hard it blows: everything is drawn from the seed."""

    seed: int
    reps: int = 4
    customers: int = 2
    left_alone: int = 7  # further customers of each: with them more alerts than ring in an hour
    kills: int = 4
    every: tuple[int, int] = (6, 14)  # gestures between two kills
    broadcasts: int = 1
    replicas: int = 1
    seconds: float = 3_600.0  # no kill after so long: a slow machine counts fewer
    a_day_passes: bool = True  # in the middle of the kills all start again on the next morning
    # the checkout of an older release: its processes run first, and from a third of the kills
    # on who is killed starts again as one of this release
    former: Path | None = None


@dataclass
class Storm:
    """One storm over one company."""

    company: Company
    plan: Plan
    reps: list[Rep] = field(default_factory=list)
    bots: list[Process] = field(default_factory=list)
    kills: int = 0
    broadcasts: int = 0
    day_passed: bool = False

    def __post_init__(self) -> None:
        self.random = random.Random(self.plan.seed)
        self.load = Load()

    def blow(self) -> None:
        """Enrol, import, then let everybody tap until all is signed; raise what people met."""
        self.company.release = self.plan.former or ROOT
        people = place.enrol(self.company, self.plan.reps)
        self.bots = [self._process(number) for number in range(self.plan.replicas)]
        for bot in self.bots:
            self._start(bot)
        self.reps = [Rep(n, one, self.plan.customers, self.load) for n, one in enumerate(people, 1)]
        # some customers are left alone: their alerts are gathered, the digest speaks of them
        place.bring(self.company, self.plan.reps, self.plan.customers + self.plan.left_alone)
        threads = [threading.Thread(target=rep.work, daemon=True) for rep in self.reps]
        self.company.chat.faults(*faults(), seed=self.plan.seed)
        for one in threads:
            one.start()
        self._kill_while_they_tap()
        self.load.over = True
        for one in threads:
            one.join()
        self.company.chat.faults()
        assert not (met := [rep.trouble for rep in self.reps if rep.trouble]), met

    def close(self) -> None:
        """End what still runs."""
        for bot in self.bots:
            bot.kill()

    def _kill_while_they_tap(self) -> None:
        plan, target = self.plan, 0
        turns = max(1, plan.kills // max(1, plan.broadcasts))
        until = time.monotonic() + plan.seconds
        while self.kills < plan.kills and time.monotonic() < until:
            target = max(target, self.load.gestures) + self.random.randint(*plan.every)
            if not self.load.until(target, plan.reps):
                return
            time.sleep(self.random.random() * MOST_HESITATION)  # a random moment, not a wait
            self._kill_one()
            if self.kills % turns == 0 and self.broadcasts < plan.broadcasts:
                self._broadcast()
            late = self.kills * 2 >= plan.kills or time.monotonic() > until - plan.seconds / 2
            if plan.a_day_passes and not self.day_passed and late:
                self._let_a_day_pass()

    def _kill_one(self) -> None:
        """Kill a process and start it again, now and then twice: it dies while it starts."""
        bot = self.random.choice(self.bots)
        bot.kill()
        self.kills += 1
        if self.kills * OLD_FOR >= self.plan.kills:
            self.company.release = ROOT
        if self.kills < self.plan.kills and self.random.random() < STILLBORN:
            bot.launch(["run"], self._environment())
            time.sleep(self.random.uniform(YOUNGEST, OLDEST))  # how long it lives, not a wait
            bot.kill()
            self.kills += 1
        self._start(bot)

    def _let_a_day_pass(self) -> None:
        """Kill all processes at once, and start them on the next morning: digests are due."""
        self.day_passed = True
        for bot in self.bots:
            bot.kill()
            self.kills += 1
        self.company.set_clock(WEDNESDAY)
        for bot in self.bots:
            self._start(bot)

    def _broadcast(self) -> None:
        self.broadcasts += 1
        text = f"{NEWS} numéro {self.broadcasts:03}."
        self.company.cli("broadcast", "--text", text, "--audience", "reps", "--json")

    def _process(self, number: int) -> Process:
        folder = self.company.folder
        return Process(self.company.launch, folder / f"bot-{number}.log", folder)

    def _start(self, bot: Process) -> None:
        bot.start(["run"], self._environment(), " ready ", STARTS_WITHIN)

    def _environment(self) -> dict[str, str]:
        """Return that of every process: the local Telegram asks for no pace, so none is kept."""
        pace = {"RELANCE_RATE_PER_CHAT": "30", "RELANCE_RATE_OVERALL": "1000"}
        return {**self.company.environment(), **pace}


def faults() -> list[dict[str, Any]]:
    """Return the orders: each call of these methods may be struck, by the seed."""
    return [
        {"method": "send*", "rate": HARSH, "kind": KINDS, "retry_after": 1},
        {"method": "edit*", "rate": HARSH, "kind": KINDS, "retry_after": 1},
        {"method": "answerCallbackQuery", "rate": HARSH, "kind": KINDS, "retry_after": 1},
        {"method": "getUpdates", "rate": HARSH, "kind": LOST},
    ]
