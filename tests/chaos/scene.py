"""A scene: a small company whose bot meets one fault, while people ask and wait."""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import count, pairwise
from pathlib import Path

from sqlalchemy import Table

from bot.simulator.client import Person
from tests.chaos import place
from tests.journeys.copies import Copy
from tests.journeys.harness import PATIENCE, STARTS_WITHIN, STOPS_WITHIN, Company
from tests.journeys.processes import Process

BURST = 3
HERE = "127.0.0.1"
SECRET = "chaos"


@dataclass(frozen=True, slots=True)
class Found:
    """What one fault did; `seen` tells, by name, what had to be seen beside that."""

    fault: str
    asked: int
    lost: int
    doubled: int
    disordered: int
    doubts: int  # answers that may be doubled
    seen: dict[str, bool]

    def told(self) -> str:
        """Return all of it in one line of JSON."""
        return json.dumps(
            {
                "asked": self.asked,
                "lost": self.lost,
                "doubled": self.doubled,
                "disordered": self.disordered,
                "doubts": self.doubts,
                **self.seen,
            }
        )

    def fine(self) -> bool:
        """Tell whether nothing was lost, out of order, or doubled beyond the doubts."""
        wrong = self.lost + self.disordered + max(0, self.doubled - self.doubts)
        return not wrong and all(self.seen.values())


@dataclass
class Scene:
    """Some representatives and the processes of a bot, each with its side port."""

    company: Company
    people: list[Person]
    webhook: bool = False
    bots: list[Process] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)  # of the sides
    doors: list[int] = field(default_factory=list)  # where updates are brought, with a webhook
    asked: list[tuple[int, str]] = field(default_factory=list)
    doubts: int = 0
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def environment(self, number: int) -> dict[str, str]:
        """Return the environment of one process."""
        own = {"RELANCE_METRICS_LISTEN": f"{HERE}:{self.ports[number]}"}
        if self.webhook:
            own["RELANCE_WEBHOOK_URL"] = f"http://{HERE}:{self.doors[0]}/hook"
            own["RELANCE_WEBHOOK_SECRET"] = SECRET
            own["RELANCE_LISTEN"] = f"{HERE}:{self.doors[number]}"
        return {**self.company.environment(), **own}

    def add_bot(self) -> Process:
        """Put one more process on the scene; it does not run yet."""
        number = len(self.bots)
        log = self.company.folder / f"bot-{number}.log"
        self.bots.append(Process(self.company.launch, log, self.company.folder))
        self.ports.append(a_free_port())
        self.doors.append(a_free_port())
        return self.bots[-1]

    def start(self, number: int = 0) -> None:
        """Start a process and wait until it is ready."""
        self.bots[number].start(["run"], self.environment(number), " ready ", STARTS_WITHIN)

    def stop(self, number: int = 0) -> None:
        """End a process in good order."""
        self.bots[number].stop(STOPS_WITHIN)

    def ask(self, times: int = BURST, people: Sequence[Person] = ()) -> None:
        """Let everybody, or some, write some texts at once, each with words of its own."""
        for _ in range(times):
            for person in people or self.people:
                words = self.words()
                person.send(words)
                self.asked.append((person.id, words))

    def words(self) -> str:
        """Return a text that nobody has written before; its answer repeats it."""
        return f"introuvable {next(self.numbers):06}"

    def count(self, table: Table) -> int:
        """Count the rows of a table."""
        return int(self.company.rows(f"select count(*) as n from {table.name}")[0]["n"])

    def answered(self) -> list[tuple[int, str]]:
        """Return who was shown the answer to what, in the order of arrival."""
        found = []
        for one in self.company.chat.deliveries():
            _, mark, rest = str(one["text"]).partition("introuvable ")
            if one["what"] == "sent" and mark:
                found.append((int(str(one["chat_id"])), mark + rest[:6]))
        return found

    def hear(self) -> None:
        """Wait until everything that was asked is answered."""
        self.company.until(
            lambda: set(self.asked) <= set(self.answered()), "an answer to everybody", PATIENCE
        )

    def waiting(self) -> int:
        """Count the updates that the bot has not acknowledged."""
        return int(str(self.company.chat.counts()["updates_waiting"]))

    def until_told(self, trouble: str, number: int = 0) -> bool:
        """Wait until `/readyz` names a trouble; with "", until it names none."""
        wanted = [trouble] if trouble else []
        self.company.until(
            lambda: (
                (said := readiness(self.ports[number])) is not None
                and (said == wanted or (trouble and trouble in said))
            ),
            f"/readyz to say {wanted}",
        )
        return True

    def found(self, fault: str, **seen: bool) -> Found:
        """Count at the far end what became of what was asked."""
        shown = self.answered()
        first: dict[int, list[str]] = {}
        for chat, words in dict.fromkeys(shown):
            first.setdefault(chat, []).append(words)
        return Found(
            fault=fault,
            asked=len(self.asked),
            lost=len(set(self.asked) - set(shown)),
            doubled=sum(n - 1 for n in Counter(shown).values()),
            disordered=sum(a > b for words in first.values() for a, b in pairwise(words)),
            doubts=self.doubts,
            seen=seen,
        )


@contextmanager
def opened(
    folder: Path, url: str = "", *, reps: int = 2, bots: int = 1, webhook: bool = False
) -> Iterator[Scene]:
    """Open a scene and start its processes; leaving it ends them."""
    with Company(folder, url, launch=Copy) as company:
        scene = Scene(company, place.enrol(company, reps), webhook)
        try:
            for number in range(bots):
                scene.add_bot()
                scene.start(number)
            yield scene
        finally:
            for bot in scene.bots:
                bot.kill()


def readiness(port: int) -> list[str] | None:
    """Ask a side port for the troubles of its process; None when nobody answers."""
    connection = HTTPConnection(HERE, port, timeout=10)
    try:
        connection.request("GET", "/readyz")
        found: list[str] = json.loads(connection.getresponse().read())["troubles"]
    except OSError:
        return None
    finally:
        connection.close()
    return found


def a_free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as one:
        one.bind((HERE, 0))
        return int(one.getsockname()[1])
