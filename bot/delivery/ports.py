"""The side port: is the process alive, may it be given work, and what has it done."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from aiohttp import web

from bot.delivery.exposition import CONTENT_TYPE, family, histogram
from bot.delivery.meters import Meters
from storage import watched
from storage.database import Database
from storage.watched import Depths

if TYPE_CHECKING:
    from bot.delivery.carrier import Now

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 5.0  # a database that needs longer does not answer
LAG_SECONDS: Final = 0.5
OUTCOMES: Final = ("received", "handled", "failed", "parked")


class Ports:
    """Answer `/healthz`, `/readyz` and `/metrics`; nothing of a customer, nothing to change.

    `troubles` names the parts of this process that do not run.
    """

    def __init__(
        self,
        database: Database,
        meters: Meters,
        troubles: Callable[[], list[str]],
        now: Now,
        version: str,
        host: str,
        port: int,
    ) -> None:
        self._database = database
        self._meters = meters
        self._troubles = troubles
        self._now = now
        self._version = version
        self._host = host
        self._port = port
        self._lag = 0.0
        self._runner: web.AppRunner | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """Return the port that is listened on: 0 was asked for, or it is not open."""
        addresses = self._runner.addresses if self._runner else []
        return int(addresses[0][1]) if addresses else self._port

    async def start(self) -> None:
        """Begin to listen; raise OSError when the address is taken or not ours."""
        application = web.Application()
        application.router.add_get("/healthz", self._health)
        application.router.add_get("/readyz", self._readiness)
        application.router.add_get("/metrics", self._metrics)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except BaseException:
            await runner.cleanup()
            raise
        self._runner = runner
        self._watch = asyncio.create_task(self._measure_lag())

    async def stop(self) -> None:
        """Listen no more."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait([self._watch])
            self._watch = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _measure_lag(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LAG_SECONDS
            await asyncio.sleep(LAG_SECONDS)
            self._lag = loop.time() - due

    async def _health(self, _: web.Request) -> web.Response:
        return web.Response(text="ok\n")  # said by the loop that does the work

    async def _readiness(self, _: web.Request) -> web.Response:
        troubles = [*self._troubles(), *await self._database_troubles()]
        said = json.dumps({"ready": not troubles, "troubles": troubles})
        status = 503 if troubles else 200
        return web.Response(text=f"{said}\n", content_type="application/json", status=status)

    async def _database_troubles(self) -> list[str]:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                serves = await self._database.read(watched.schema_serves)
        except Exception as error:  # noqa: BLE001 - every way to fail has one meaning here
            log.warning("database away", extra={"error": type(error).__name__})
            return ["database"]
        return [] if serves else ["schema"]

    async def _metrics(self, _: web.Request) -> web.Response:
        text = "".join(self._counted())
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                found = await self._database.read(watched.depths, self._now().at)
        except Exception as error:  # noqa: BLE001 - what is counted here is told all the same
            log.warning("depths unknown", extra={"error": type(error).__name__})
            text += family("relance_database_up", "gauge", "The database answers.", [({}, 0)])
        else:
            text += family("relance_database_up", "gauge", "The database answers.", [({}, 1)])
            text += "".join(_deep(found, self._now().at))
        return web.Response(body=text.encode(), headers={"Content-Type": CONTENT_TYPE})

    def _counted(self) -> Iterator[str]:
        meters = self._meters
        yield family(
            "relance_build_info", "gauge", "What runs here.", [({"version": self._version}, 1)]
        )
        uptime = time.monotonic() - meters.started
        yield family("relance_uptime_seconds", "gauge", "Since the start.", [({}, uptime)])
        yield family("relance_loop_lag_seconds", "gauge", "The loop was late.", [({}, self._lag)])
        yield family(
            "relance_updates_total",
            "counter",
            "Updates of Telegram by what became of them in this process.",
            [({"outcome": one}, meters.updates.counts[one,]) for one in OUTCOMES],
        )
        yield family(
            "relance_messages_total",
            "counter",
            "Messages whose life ended in this process.",
            [
                ({"kind": k, "outcome": o}, n)
                for (k, o), n in sorted(meters.messages.counts.items())
            ],
        )
        yield family(
            "relance_api_calls_total",
            "counter",
            "Calls of the Bot API by status; 0: no answer.",
            [({"method": m, "status": s}, n) for (m, s), n in sorted(meters.calls.counts.items())],
        )
        limited = sum(n for (_, status), n in meters.calls.counts.items() if status == "429")
        yield family(
            "relance_api_limited_total", "counter", "Calls refused by a limit.", [({}, limited)]
        )
        yield histogram(
            "relance_handling_seconds",
            "From the line to the commit of an update.",
            meters.handled_in.edges,
            meters.handled_in.buckets,
            meters.handled_in.total,
        )


def _deep(found: Depths, now: datetime) -> Iterator[str]:
    def age(oldest: datetime | None) -> float:
        return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0

    inbox = [({"state": "waiting"}, found.inbox), ({"state": "parked"}, found.inbox_parked)]
    yield family("relance_inbox_updates", "gauge", "Updates stored and not handled.", inbox)
    yield family(
        "relance_inbox_oldest_seconds", "gauge", "Oldest waiting.", [({}, age(found.inbox_oldest))]
    )
    yield family(
        "relance_outbox_messages",
        "gauge",
        "Messages that have not left.",
        [({"state": one.state, "kind": one.kind}, one.count) for one in found.outbox],
    )
    yield family(
        "relance_outbox_oldest_seconds",
        "gauge",
        "How long the oldest message that may leave has waited.",
        [({}, age(found.outbox_due))],
    )
    yield family(
        "relance_imports_total",
        "counter",
        "Files imported.",
        [({"kind": kind}, count) for kind, count in sorted(found.imports.items())],
    )
