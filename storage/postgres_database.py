"""A PostgreSQL server: a pool of connections, each used by one worker thread at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from time import sleep
from typing import Any, Concatenate

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError

from storage.database import DatabaseClosedError, P, T
from storage.job import Job, Listener
from storage.outage import Storing
from storage.postgres_ear import Ear
from storage.work import ENGINE_OPTIONS, Work

WRITERS = 8
READERS = 4
ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 0.005
TRY_AGAIN = frozenset({"40001", "40P01"})  # serialization_failure, deadlock_detected


class PostgresDatabase:
    """Run each transaction in a worker thread, READ COMMITTED, again when the server says so."""

    dialect = "postgresql"

    def __init__(self, url: str, *, owner: str = "", seed: int | None = None) -> None:
        self.owner = owner
        self.url = url
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._jitter = Random(seed)  # noqa: S311 - spreads retries, keeps no secret
        self._engine: Engine | None = None
        self._writers = ThreadPoolExecutor(WRITERS, "database-write")
        self._readers = ThreadPoolExecutor(READERS, "database-read")
        self._waiting: deque[Job[Any]] = deque()
        self._background: deque[Job[Any]] = deque()
        self._writing: set[asyncio.Task[None]] = set()
        self._reading: set[asyncio.Task[None]] = set()
        self._piece: asyncio.Task[None] | None = None
        self._listeners: list[Listener] = []
        self._ear = Ear(self._url)
        self._open = False
        self._storing = Storing()

    @property
    def writable(self) -> bool:
        """Tell whether what is given is stored."""
        return self._storing.well

    async def open(self) -> None:
        """Connect once, to know that the server answers; raise SQLAlchemy's error if not."""
        engine = engine_at(
            self._url,
            pool_size=WRITERS + READERS,
            max_overflow=0,
            isolation_level="READ COMMITTED",
        )
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._writers, lambda: engine.connect().close())
        except BaseException:
            engine.dispose()
            raise
        self._engine = engine
        self._open = True

    async def close(self) -> None:
        """Commit everything that waits, then disconnect."""
        self._open = False
        await self._ear.close()
        while tasks := self._writing | self._reading:
            await asyncio.wait(tasks)
        self._writers.shutdown()
        self._readers.shutdown()
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def listen(self, listener: Listener) -> None:
        """Call a function in the event loop with every note of a committed transaction."""
        self._listeners.append(listener)

    def hear(self, channel: str, callback: Callable[[], None]) -> None:
        """Call a function in the event loop whenever a process signals on a channel."""
        self._ear.hear(channel, callback)

    async def transact(
        self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function in one durable transaction."""
        return await self._queued(self._waiting, Job(function, args, kwargs))

    async def promptly(
        self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do the same: a server is always asked in another thread."""
        return await self.transact(function, *args, **kwargs)

    async def background(
        self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function in a commit of its own, one at a time, once no `transact` waits."""
        return await self._queued(self._background, Job(function, args, kwargs))

    async def read(
        self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function on one read-only snapshot."""
        if not self._open:
            raise DatabaseClosedError
        job = Job(function, args, kwargs)
        task = asyncio.create_task(self._carried(self._readers, self._look, job))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)
        return await job.answer

    async def _queued(self, queue: deque[Job[Any]], job: Job[T]) -> T:
        if not self._open:
            raise DatabaseClosedError
        queue.append(job)
        self._start()
        try:
            answer = await job.answer
        except Exception as error:
            self._storing.failed(error)
            raise
        self._storing.done()
        return answer

    def _start(self) -> None:
        """Give every free connection to those who wait, the last one to background work."""
        while self._waiting and len(self._writing) < WRITERS:
            self._begin(self._waiting.popleft())
        if self._background and self._piece is None and len(self._writing) < WRITERS:
            self._piece = self._begin(self._background.popleft())

    def _begin(self, job: Job[Any]) -> asyncio.Task[None]:
        # a task of its own: a caller that goes away must not free a connection still at work
        task = asyncio.create_task(self._carried(self._writers, self._commit, job))
        self._writing.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._writing.discard(task)
        if task is self._piece:
            self._piece = None
        self._start()

    async def _carried(
        self, threads: ThreadPoolExecutor, how: Callable[[Job[Any]], None], job: Job[Any]
    ) -> None:
        try:
            if not job.abandoned:
                await asyncio.get_running_loop().run_in_executor(threads, how, job)
        except BaseException as error:  # noqa: BLE001 - it is the caller's
            job.error = error
        job.settle(self._listeners)

    def _commit(self, job: Job[Any]) -> None:
        self._tried(job, Connection.commit)

    def _look(self, job: Job[Any]) -> None:
        self._tried(
            job, Connection.rollback, isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    def _tried(self, job: Job[Any], end: Callable[[Connection], None], **options: Any) -> None:  # noqa: ANN401
        """Run a job in a transaction, again after a failure that left nothing behind."""
        for attempt in range(1, ATTEMPTS + 1):
            ending = False
            try:
                with self._at_work().connect().execution_options(**options) as connection:
                    connection.begin()
                    job.run(connection, self.dialect, self.owner)
                    ending = True
                    end(connection)
            except DBAPIError as error:
                if attempt == ATTEMPTS or not _harmless(error, ending=ending):
                    raise
                sleep(self._pause_after(attempt))
            else:
                return

    def _pause_after(self, attempt: int) -> float:
        return FIRST_PAUSE_SECONDS * (1 << attempt) * self._jitter.random()

    def _at_work(self) -> Engine:
        if self._engine is None:
            raise DatabaseClosedError
        return self._engine


def engine_at(url: URL, **options: Any) -> Engine:  # noqa: ANN401 - SQLAlchemy's own
    """Return an engine whose statements name their values by place, as `storage.direct` does."""
    engine = create_engine(url, paramstyle="format", execution_options=ENGINE_OPTIONS, **options)
    event.listen(engine.pool, "checkin", _as_the_server_says)
    return engine


def _as_the_server_says(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's
    """Forget that a connection was read from: else it asks to write where the server only reads."""
    if connection is not None:
        connection.read_only = None


def _harmless(error: DBAPIError, *, ending: bool) -> bool:
    """Tell whether nothing was committed, so that the transaction may be run again.

    A connection lost while it commits leaves that unknown: the caller must hear of it.
    """
    if error.connection_invalidated:
        return not ending
    return getattr(error.orig, "sqlstate", None) in TRY_AGAIN
