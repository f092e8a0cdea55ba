"""The processes of a benchmark: the constant Bot API and one bot beside it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import psutil  # type: ignore[import-untyped]

from tests.bench.updates import TOKEN
from tests.journeys.processes import ROOT, environment

PATIENCE = 120.0
LOOK_SECONDS = 0.02
QUIET_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Api:
    """The constant Bot API, as the benchmark sees it."""

    port: int

    @property
    def url(self) -> str:
        """Return its address as bots want it."""
        return f"http://127.0.0.1:{self.port}/bot"

    def load(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Let a burst of updates arrive at once."""
        self._ask("load", json.dumps(updates).encode())

    def pace(self, updates: Sequence[Mapping[str, Any]], per_second: float) -> None:
        """Let updates arrive one by one, whatever the bot does meanwhile."""
        told = {"updates": updates, "per_second": per_second}
        self._ask("pace", json.dumps(told).encode())

    def latencies(self) -> list[float]:
        """Return how many seconds each reply took since `pace`."""
        seconds: list[float] = self._ask("latencies")
        return seconds

    def state(self) -> dict[str, Any]:
        """Return what happened since the last load."""
        answer: dict[str, Any] = self._ask("state")
        return answer

    def until_replied(self, replies: int, bot: psutil.Process) -> dict[str, Any]:
        """Wait until so many messages were sent or edited; raise when the bot does not."""
        state = self.state()
        deadline = time.monotonic() + PATIENCE
        while replied(state) < replies:
            if time.monotonic() > deadline or gone(bot):
                raise AssertionError(f"{replied(state)} of {replies} replies: {state}")
            time.sleep(LOOK_SECONDS)
            state = self.state()
        return state

    def until_quiet(self) -> None:
        """Wait until the bot has stopped calling: what a start brings is not part of a burst."""
        before: object = None
        while (calls := self.state()["calls"]) != before:
            before = calls
            time.sleep(QUIET_SECONDS)

    def until_polled(self, bot: psutil.Process) -> float:
        """Wait for the first getUpdates and return its moment (monotonic seconds)."""
        deadline = time.monotonic() + PATIENCE
        while (first := self.state()["first_poll"]) is None:
            if time.monotonic() > deadline or gone(bot):
                raise AssertionError("the bot never asked for updates")
            time.sleep(LOOK_SECONDS)
        return float(first)

    def _ask(self, path: str, body: bytes | None = None) -> Any:
        with urlopen(Request(f"http://127.0.0.1:{self.port}/{path}", data=body)) as answer:
            return json.load(answer)


def gone(bot: psutil.Process) -> bool:
    """Tell whether a process has ended."""
    return not bot.is_running() or bot.status() == psutil.STATUS_ZOMBIE


def replied(state: Mapping[str, Any]) -> int:
    """Count the messages sent or edited."""
    return int(sum(state["calls"].get(name, 0) for name in ("editMessageText", "sendMessage")))


@contextmanager
def bot_api(milliseconds: float = 0.0) -> Iterator[Api]:
    """Run a fresh Bot API in a process of its own, so many milliseconds away."""
    command = [sys.executable, "-m", "tests.bench.bot_api", str(milliseconds)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield Api(int(process.stdout.readline()))
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@contextmanager
def running(module: str, folder: Path, api: Api, *words: str) -> Iterator[psutil.Process]:
    """Run a bot against the Bot API and yield its process; its log stays in the folder."""
    command = [sys.executable, "-m", module, *words]
    given = environment(
        BOT_TOKEN=TOKEN,
        BOT_API_URL=api.url,
        DATA_DIR=str(folder),
        TIMEZONE="Europe/Paris",
        LOG_LEVEL="WARNING",
    )
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "bench.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, env=given, stdout=log, stderr=log)
    try:
        yield psutil.Process(process.pid)
    except AssertionError as error:
        error.add_note((folder / "bench.log").read_text("utf-8")[-4_000:])
        raise
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
