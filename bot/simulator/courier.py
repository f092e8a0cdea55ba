"""The delivery of updates to the webhook: in order per queue, again until accepted."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

import aiohttp

from bot.simulator.faults import WEBHOOK, FaultKind
from bot.simulator.updates import Update, chat_of
from bot.simulator.world import World

LONGEST_RETRY = 60.0
LONGEST_RETRY_AFTER = 3600.0
GONE_SECONDS = 23 * 3600.0
ANSWER_SECONDS = 60.0
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_GONE = 410
_ACCEPTED = range(200, 300)


@dataclass(slots=True)
class _Queue:
    """One queue of updates: being delivered, or waiting to be tried again."""

    task: asyncio.Task[None] | None = None
    not_before: float = 0.0
    failures: int = 0


class Courier:
    """Posts updates to the webhook while one is set; `first_retry` is in seconds."""

    def __init__(self, world: World, first_retry: float = 1.0) -> None:
        """Listen to new updates and to changes of the webhook."""
        self._world = world
        self._first_retry = first_retry
        self._queues: dict[int, _Queue] = {}
        self._news = asyncio.Event()
        self._gone_since: float | None = None
        self._session: aiohttp.ClientSession | None = None
        self._loop_task: asyncio.Task[None] | None = None
        world.updates.listeners.append(self._news.set)
        world.webhook_changed = self._start_over

    def start(self) -> None:
        """Begin to deliver."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS))
        self._loop_task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End every delivery under way."""
        running = [queue.task for queue in self._queues.values() if queue.task]
        tasks = [task for task in (*running, self._loop_task) if task is not None]
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        if self._session is not None:
            await self._session.close()

    def _start_over(self) -> None:
        for queue in self._queues.values():
            queue.not_before, queue.failures = 0.0, 0
        self._gone_since = None
        self._news.set()

    async def _run(self) -> None:
        while True:
            self._news.clear()
            pause = self._deliver_ready() if self._world.webhook.url else None
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), pause)

    def _deliver_ready(self) -> float | None:
        """Start what may be delivered now; return the seconds until the next retry, if any."""
        now = asyncio.get_running_loop().time()
        busy = sum(queue.task is not None for queue in self._queues.values())
        pauses: list[float] = []
        seen: set[int] = set()
        for update in self._world.updates.pending():
            if update.queue in seen:
                continue
            seen.add(update.queue)
            queue = self._queues.setdefault(update.queue, _Queue())
            if queue.task is not None or busy >= self._world.webhook.max_connections:
                continue
            if queue.not_before > now:
                pauses.append(queue.not_before - now)
                continue
            queue.task = asyncio.create_task(self._deliver(update, queue))
            busy += 1
        return min(pauses, default=None)

    async def _deliver(self, update: Update, queue: _Queue) -> None:
        try:
            status, retry_after, reason = await self._try(update)
            if status in _ACCEPTED:
                self._world.updates.remove(update.id)
                queue.failures, queue.not_before, self._gone_since = 0, 0.0, None
            else:
                self._failed(queue, status, retry_after, reason)
        finally:
            queue.task = None
            self._news.set()

    async def _try(self, update: Update) -> tuple[int, float, str]:
        """Post, unless a fault ordered for webhooks keeps it from it or loses the answer."""
        strike = self._world.faults.take(WEBHOOK, chat_of(update.queue))
        if strike is None:
            return await self._post(update)
        if strike.kind in (FaultKind.SLOW, FaultKind.LATE):
            await asyncio.sleep(strike.seconds)
            return await self._post(update)
        if strike.done:
            await self._post(update)
        return 0, 0.0, f"fault: {strike.kind.value}"

    async def _post(self, update: Update) -> tuple[int, float, str]:
        """Return the status (0 without one), the wished pause in seconds and the reason."""
        state = self._world.webhook
        headers = {_SECRET_HEADER: state.secret} if state.secret else {}
        if self._session is None:
            return 0, 0.0, "Connection closed"
        try:
            async with self._session.post(
                state.url, json=update.as_json(), headers=headers, allow_redirects=False
            ) as answer:
                await answer.read()
                wished = answer.headers.get("Retry-After", "")
                pause = float(wished) if wished.isdigit() else 0.0
                reason = f"Wrong response from the webhook: {answer.status} {answer.reason}"
                return answer.status, pause, reason
        except TimeoutError:
            return 0, 0.0, "Read timeout expired"
        except aiohttp.ClientConnectorError:
            return 0, 0.0, "Connection refused"
        except aiohttp.ClientError as error:
            return 0, 0.0, f"Connection failed: {type(error).__name__}"

    def _failed(self, queue: _Queue, status: int, retry_after: float, reason: str) -> None:
        state, now = self._world.webhook, self._world.now()
        state.last_error, state.last_error_date = reason, int(now)
        queue.failures += 1
        pause = min(self._first_retry * 2 ** (queue.failures - 1), LONGEST_RETRY)
        if retry_after:
            pause = min(retry_after, LONGEST_RETRY_AFTER)
        queue.not_before = asyncio.get_running_loop().time() + pause
        if status != _GONE:
            self._gone_since = None
            return
        self._gone_since = now if self._gone_since is None else self._gone_since
        if now - self._gone_since >= GONE_SECONDS:
            state.url = ""
