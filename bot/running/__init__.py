"""One process of the bot: intake, worker or both, from the start to the end in good order."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from contextlib import AsyncExitStack
from importlib import import_module
from typing import TYPE_CHECKING

from bot.application import Ground, open_ground, release
from bot.delivery.heart import Heart
from bot.delivery.lease import Lease
from bot.delivery.meters import Meters
from bot.delivery.owner import own_name
from bot.running.entrance import Entrance
from bot.running.faults import PlaceLost, listening

if TYPE_CHECKING:
    from config.settings import Settings
    from storage.database import Database

log = logging.getLogger(__name__)

TURN = 0.0005
"""Seconds that one thread may compute while another waits: a tap asks anew at each statement."""
INTAKE, WORKER, ALL = "intake", "worker", "all"


async def serve(settings: Settings, stop: asyncio.Event, role: str = ALL) -> None:
    """Run a process until `stop` is set, then let it finish what it has begun.

    It asks for updates before anything else is loaded, and stops in this order: no longer
    ready, intake, what is being handled, jobs, answers, Telegram's library, connections,
    database. On SQLite the role is `all`. Raise `CannotListen`; `PlaceLost`, in good order.
    """
    async with open_ground(settings, own_name()) as ground, AsyncExitStack() as stack:
        alone = ground.database.dialect == "sqlite"
        meters = Meters()
        ground.database.listen(meters.on_note)
        entrance = Entrance(ground, meters) if role != WORKER else None
        state = State(entrance, ground.database)
        await _open_side_port(stack, ground, meters, state)
        if alone and not await _alone(stack, ground, state, stop):
            return
        heart = Heart(ground.database, role, ground.clock.now)
        await heart.start()
        stack.push_async_callback(heart.stop)
        if entrance is not None:
            stack.push_async_callback(entrance.stop)
            await entrance.start()
        await _work(stack, ground, meters, state, role)
        # what is loaded now stays: a full collection that walks it all holds up everybody
        gc.freeze()
        sys.setswitchinterval(TURN)
        log.info("ready", extra={"role": role})
        state.ready = True
        await stop.wait()
        state.stopping = True
        if entrance is not None:
            await entrance.close()
    if state.lost:
        raise PlaceLost


class State:
    """Whether this process is ready for work, for the side port."""

    def __init__(self, entrance: Entrance | None, database: Database) -> None:
        self.entrance = entrance
        self.database = database
        self.ready = False
        self.stopping = False
        self.lost = False

    def troubles(self) -> list[str]:
        """Name the parts that do not run."""
        told = {
            "starting": not self.ready,
            "stopping": self.stopping,
            "intake": self.entrance is not None and not self.entrance.well,
            "storing": not self.database.writable,
        }
        return [name for name, true in told.items() if true]


async def _open_side_port(
    stack: AsyncExitStack, ground: Ground, meters: Meters, state: State
) -> None:
    """Open the side port first and close it last: it tells of the start and of the stop."""
    place = ground.settings.metrics_on
    if place is None:
        return
    from bot.delivery.ports import Ports  # noqa: PLC0415 - only when asked for

    now = ground.clock.now
    ports = Ports(ground.database, meters, state.troubles, now, release(), *place)
    with listening("RELANCE_METRICS_LISTEN", ground.settings.metrics_listen):
        await ports.start()
    stack.push_async_callback(ports.stop)
    log.info("side port open", extra={"port": ports.port})


async def _alone(stack: AsyncExitStack, ground: Ground, state: State, stop: asyncio.Event) -> bool:
    """Wait until no other process works on this file; False when told to stop before."""
    lease = Lease(ground.database, "process", ground.clock.now)
    holding = asyncio.create_task(lease.acquire())
    told = asyncio.create_task(stop.wait())
    await asyncio.wait({holding, told}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if not holding.done():
        holding.cancel()
        await asyncio.wait({holding})
        return False
    await holding
    stack.push_async_callback(lease.release)
    watching = asyncio.create_task(_stop_when_lost(lease, state, stop))
    stack.callback(watching.cancel)
    return True


async def _stop_when_lost(lease: Lease, state: State, stop: asyncio.Event) -> None:
    await lease.lost()
    state.lost = True
    stop.set()


async def _work(
    stack: AsyncExitStack, ground: Ground, meters: Meters, state: State, role: str
) -> None:
    """Load and start everything that handles and sends, unless other processes do it."""
    if role == INTAKE:
        return
    if state.entrance is not None:
        await state.entrance.begun()
    # in a thread: what comes meanwhile is stored
    worker = await asyncio.to_thread(import_module, "bot.running.worker")
    await stack.enter_async_context(worker.working(ground, meters, state.entrance))
