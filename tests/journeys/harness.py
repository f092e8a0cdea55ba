"""A company that uses Relance: the bot, the local Telegram, its people and its folder."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import text

from bot.simulator.client import Chat, Person
from tests.journeys.processes import (
    POLL_SECONDS,
    ROOT,
    Launch,
    Process,
    environment,
    module,
)
from tests.storage.inline import opened

T = TypeVar("T")
PARIS = ZoneInfo("Europe/Paris")
TUESDAY = datetime(2026, 3, 10, 10, 0, tzinfo=PARIS)  # no French holiday near
TOKEN = "123456789:simulator-token-of-35-characters-00"
PATIENCE = 60.0  # seconds: two cores, many processes
STOPS_WITHIN = 20.0
STARTS_WITHIN = 120.0


@dataclass(frozen=True, slots=True)
class Said:
    """What a command line answered."""

    code: int
    out: str

    @property
    def json(self) -> Any:
        """Return what it printed as JSON."""
        return json.loads(self.out)


@dataclass
class Company:
    """One installation in a folder; leaving it ends its processes."""

    folder: Path
    database_url: str = ""
    at: datetime = TUESDAY
    locale: str = "fr"
    company: str = "Maison Durand"
    launch: Launch = field(default_factory=lambda: module("bot.cli"))
    telegram: dict[str, Any] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    release: Path = ROOT
    """Whose code runs, where an interpreter of its own is launched: another checkout, say."""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._bot = Process(self.launch, self.folder / "bot.log", self.folder)
        simulator = module("bot.simulator")
        self._simulator = Process(simulator, self.folder / "telegram.log", self.folder)
        self._numbers = count(5001)
        self.set_clock(self.at)

    def __enter__(self) -> Self:
        ready = self._simulator.start(
            ["--port", "0", "--no-limits", "--token", TOKEN], environment(), "\n", STARTS_WITHIN
        )
        self.telegram = json.loads(ready)
        self.chat = Chat(self.telegram["url"])
        return self

    def __exit__(self, *_: object) -> None:
        self._bot.kill()
        self._simulator.stop(STOPS_WITHIN)

    # --- the clock ---------------------------------------------------------------------------

    def set_clock(self, at: datetime) -> None:
        """Let the company's clock show this moment now, for what starts from here on."""
        self.offset = (at - datetime.now(UTC)).total_seconds()

    @property
    def now(self) -> datetime:
        """Return what the company's clock shows."""
        return (datetime.now(UTC) + timedelta(seconds=self.offset)).astimezone(PARIS)

    def later(self, at: datetime) -> None:
        """Stop the bot and start it at another moment."""
        self.stop()
        self.set_clock(at)
        self.start()

    # --- processes ---------------------------------------------------------------------------

    def environment(self) -> dict[str, str]:
        """Return the environment of every process of this company."""
        given = environment(
            BOT_TOKEN=TOKEN,
            BOT_API_URL=self.telegram.get("api_url", ""),
            BOT_FILE_URL=self.telegram.get("file_url", ""),
            DATABASE_URL=self.database_url,
            DATA_DIR=str(self.data),
            STORE_URL=f"folder://{self.store}",
            TIMEZONE="Europe/Paris",
            LOCALE=self.locale,
            COMPANY=self.company,
            CLOCK_OFFSET=f"{self.offset:.3f}",
            LOG_LEVEL="INFO",
        )
        return {**given, "PYTHONPATH": str(self.release)}

    def start(self) -> float:
        """Start the bot and return how many seconds it took to be ready."""
        began = time.monotonic()
        self._bot.start(["run"], self.environment(), " ready ", STARTS_WITHIN)
        return time.monotonic() - began

    def stop(self) -> float:
        """End the bot politely; it must leave with code 0; return how long it took."""
        began = time.monotonic()
        code = self._bot.stop(STOPS_WITHIN)
        assert code == 0, f"relance run ended with {code}:\n{self._bot.said()}"
        return time.monotonic() - began

    def kill(self) -> None:
        """End the bot as a power cut does (SIGKILL)."""
        self._bot.kill()

    def cli(self, *arguments: str, ok: bool = True) -> Said:
        """Run a verb of the command line; `ok` insists on exit code 0."""
        printed = self.folder / "cli.out"
        printed.unlink(missing_ok=True)
        running = self.launch(arguments, self.environment(), self.folder, printed)
        try:
            code = running.wait(STARTS_WITHIN)
        finally:
            running.kill()
        said = Said(code, printed.read_text("utf-8"))
        assert not ok or said.code == 0, f"relance {' '.join(arguments)}: {said}"
        return said

    # --- people ------------------------------------------------------------------------------

    def meet(self, first_name: str, language: str = "fr") -> Person:
        """Give somebody a telephone; he has not opened the bot yet."""
        person = self.chat.add_person(next(self._numbers), first_name, language_code=language)
        self.people[first_name] = person
        return person

    def invitation(self, role: str, *codes: str, name: str = "") -> str:
        """Print an invitation and return its payload."""
        portfolios = [word for code in codes for word in ("--code", code)]
        named = ["--name", name] if name else []
        said = self.cli("invite", "--role", role, *portfolios, *named, "--json")
        return str(said.json["payload"])

    def enrol(
        self, first_name: str, role: str, *codes: str, name: str = "", language: str = "fr"
    ) -> Person:
        """Invite somebody and let him open the link in his chat."""
        payload = self.invitation(role, *codes, name=name or first_name)
        person = self.meet(first_name, language)
        person.ask(f"/start {payload}", first_name, PATIENCE)
        return person

    # --- the folder --------------------------------------------------------------------------

    @property
    def data(self) -> Path:
        """Return the data folder."""
        return self.folder / "data"

    @property
    def store(self) -> Path:
        """Return the credit manager's folder."""
        return self.folder / "store"

    def drop(self, name: str, content: str | bytes) -> Path:
        """Put a file into `in/` as a file manager does: under another name first."""
        inbox = self.store / "in"
        inbox.mkdir(parents=True, exist_ok=True)
        partial = inbox / f".{name}.partial"
        partial.write_bytes(content.encode() if isinstance(content, str) else content)
        return partial.rename(inbox / name)

    def out(self, name: str) -> str:
        """Return a file of `out/`; empty when it is not there yet."""
        file = self.store / "out" / name
        return file.read_text("utf-8-sig") if file.exists() else ""

    def table(self, name: str) -> list[dict[str, str]]:
        """Return the lines of a CSV file of `out/`."""
        return list(csv.DictReader(io.StringIO(self.out(name)), delimiter=";"))

    def journal(self) -> list[dict[str, Any]]:
        """Return the events of `out/journal.jsonl`."""
        return [json.loads(line) for line in self.out("journal.jsonl").splitlines()]

    # --- looking -----------------------------------------------------------------------------

    @property
    def database(self) -> str:
        """Return the address of the database."""
        return self.database_url or f"sqlite:///{self.data / 'relance.db'}"

    def rows(self, statement: str, **values: object) -> list[dict[str, Any]]:
        """Read the database."""
        with opened(self.database) as connection:
            found = connection.execute(text(statement), values)
            return [dict(row) for row in found.mappings()]

    def until(self, look: Callable[[], T], what: str, seconds: float = PATIENCE) -> T:
        """Look again and again until something true is seen, and return it."""
        deadline = time.monotonic() + seconds
        while not (seen := look()):
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {seconds:g} s for {what}; last seen: {seen!r}")
            time.sleep(POLL_SECONDS)
        return seen

    def refused_calls(self) -> list[dict[str, object]]:
        """Return what Telegram refused: text too long, bad HTML, unknown message…"""
        return [call for call in self.chat.log() if not call["ok"]]

    def told(self) -> str:
        """Return everybody's conversation and the end of the logs."""
        parts = []
        for name, person in self.people.items():
            lines = [f"---- {name}"]
            for shown in person.messages():
                mark = "<" if shown.is_from_bot else ">"
                lines.append(f"{shown.id:4} {mark} {shown.text}")
                if shown.labels:
                    lines.append(f"       {shown.labels}")
            parts.append("\n".join(lines))
        refused = [f"{call['method']}: {call['error']}" for call in self.refused_calls()]
        parts.append("---- refused by Telegram\n" + "\n".join(refused))
        parts.append("---- bot\n" + self._bot.said()[-8000:])
        return "\n".join(parts)
