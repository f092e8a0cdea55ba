"""One SQLite file: one connection that writes and commits in groups, a few that only read.

What a tap needs is done in the loop's own thread, and only committed in the writer's: two
threads that compute at once hand the interpreter to and fro, and every value goes from one
core's cache to the other's (docs/decisions/0015).
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any, Concatenate

import aiosqlite
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from storage.database import DatabaseClosedError, P, T
from storage.job import Job, Listener
from storage.outage import Storing
from storage.sqlite_connection import BUSY_SECONDS, engine_over, open_sqlite, speak_over
from storage.work import Work

READERS = 3
# While a batch is committed nothing is done for anybody: under load few long ones do half as
# much again as many short ones. With little to do a batch ends when nobody waits.
BATCH_SECONDS = 0.030
BATCH_JOBS = 64


class Seat(aiosqlite.Connection):
    """An aiosqlite connection whose thread runs whole functions.

    `_execute` and `_conn` are the two protected names taken from aiosqlite: its public
    methods queue one fixed call each, and a hop per statement costs more than the SQL.
    """

    work: Connection

    async def run(self, function: Callable[..., T], *args: object) -> T:
        """Call a function in the connection's own thread."""
        result: T = await self._execute(function, *args)  # type: ignore[no-untyped-call]
        return result

    @property
    def raw(self) -> sqlite3.Connection:
        """The driver's connection, for functions run in its thread."""
        return self._conn


class SqliteDatabase:
    """Let every transaction that waits share one durable commit; readers never wait for it."""

    dialect = "sqlite"

    def __init__(self, path: Path, *, owner: str = "", busy_seconds: float = BUSY_SECONDS) -> None:
        self.owner = owner
        self.url = f"sqlite:///{path.absolute()}"
        self._path = path
        self._busy_seconds = busy_seconds
        self._handed: list[sqlite3.Connection] = []
        self._engine = engine_over(self._handed.pop)
        self._writer: Seat | None = None
        self._readers: list[Seat] = []
        self._idle: asyncio.Queue[Seat] = asyncio.Queue()
        self._prompt: deque[Job[Any]] = deque()
        self._waiting: deque[Job[Any]] = deque()
        self._background: deque[Job[Any]] = deque()
        self._listeners: list[Listener] = []
        self._task: asyncio.Task[None] | None = None
        self._storing = Storing()
        self._reading: set[asyncio.Future[Any]] = set()
        self._open = False

    @property
    def writable(self) -> bool:
        """Tell whether what is given is stored."""
        return self._storing.well

    async def open(self) -> None:
        """Open the file, made when absent; raise `sqlite3.Error` when that is not possible."""
        try:
            self._writer = await self._seat(read_only=False)
            self._readers = [await self._seat(read_only=True) for _ in range(READERS)]
        except BaseException:
            await self._leave()
            raise
        self._idle = asyncio.Queue()
        for reader in self._readers:
            self._idle.put_nowait(reader)
        self._open = True

    async def close(self) -> None:
        """Commit everything that waits, then close the file."""
        self._open = False
        if self._task is not None:
            await asyncio.wait([self._task])
        if self._reading:
            await asyncio.wait(list(self._reading))
        await self._leave()

    def listen(self, listener: Listener) -> None:
        """Call a function in the event loop with every note of a committed transaction."""
        self._listeners.append(listener)

    def hear(self, channel: str, callback: Callable[[], None]) -> None:
        """Hear nothing: no other process works on this file."""

    async def transact(
        self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function in one durable transaction."""
        return await self._queued(self._waiting, Job(function, args, kwargs))

    async def promptly(
        self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do the same in the loop's own thread; in the writer's while the file is locked."""
        return await self._queued(self._prompt, Job(function, args, kwargs))

    async def background(
        self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function in a commit of its own once no `transact` waits; the disk may lag."""
        return await self._queued(self._background, Job(function, args, kwargs))

    async def read(
        self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function on one read-only snapshot."""
        if not self._open:
            raise DatabaseClosedError
        job = Job(function, args, kwargs)
        # a task of its own: a caller that goes away must not free a reader still at work
        task = asyncio.ensure_future(self._read(job))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)
        return await job.answer

    async def _seat(self, *, read_only: bool) -> Seat:
        # opened before aiosqlite starts its thread, which a refusal would leave behind
        raw = await asyncio.to_thread(
            open_sqlite, self._path, read_only=read_only, busy_seconds=self._busy_seconds
        )
        seat = Seat(lambda: raw, iter_chunk_size=64)
        await seat
        self._handed.append(raw)
        seat.work = await seat.run(speak_over, self._engine)
        return seat

    async def _leave(self) -> None:
        seats = [seat for seat in (*self._readers, self._writer) if seat is not None]
        self._writer, self._readers = None, []
        for seat in seats:
            # SQLAlchemy lets go first, or it complains of a closed database when collected
            await seat.run(seat.work.close)
            await seat.close()

    async def _queued(self, queue: deque[Job[Any]], job: Job[T]) -> T:
        if not self._open:
            raise DatabaseClosedError
        queue.append(job)
        if self._task is None:  # a task of its own: cancelling a caller never cuts a batch
            self._task = asyncio.create_task(self._drain())
        try:
            answer = await job.answer
        except Exception as error:
            self._storing.failed(error)
            raise
        self._storing.done()
        return answer

    async def _drain(self) -> None:
        while self._prompt or self._waiting or self._background:
            jobs: list[Job[Any]] = []
            queues = [self._prompt, self._waiting]
            try:
                if any(queues):
                    await self._commit_promptly(jobs)
                else:
                    queues = [deque([self._background.popleft()])]
                    await self._at_work().run(self._commit_unhurried, queues, jobs)
            except BaseException as error:  # noqa: BLE001 - the thread is gone: tell all who wait
                jobs.extend(_emptied(queues))
                _refuse(jobs, error)
            for job in jobs:
                job.settle(self._listeners)
        self._task = None

    async def _commit_promptly(self, jobs: list[Job[Any]]) -> None:
        """Run what is prompt here; the rest, and what waits for the disk, in the writer's thread.

        When another process has the file, everything waits for it there.
        """
        queues = [self._prompt, self._waiting]
        if self._prompt and self._begin_at_once():
            try:
                self._run_waiting(queues.pop(0), jobs)
            except BaseException as error:  # noqa: BLE001 - one job spoilt the batch
                await self._at_work().run(self._sort_out, jobs, error)
                return
        await self._at_work().run(self._commit_together, queues, jobs)

    def _begin_at_once(self) -> bool:
        """Begin a transaction unless another process keeps us from it: never wait here."""
        raw = self._raw()
        raw.execute("pragma busy_timeout=0")
        try:
            raw.execute("begin immediate")
        except sqlite3.Error:
            return False
        finally:
            raw.execute(f"pragma busy_timeout={round(1000 * self._busy_seconds)}")
        return True

    def _at_work(self) -> Seat:
        if self._writer is None:
            raise DatabaseClosedError
        return self._writer

    def _commit_together(self, queues: list[deque[Job[Any]]], jobs: list[Job[Any]]) -> None:
        """Run what waits in savepoints and commit once with `jobs`, in the writer's thread.

        The queues are live: jobs that arrive meanwhile join, until the time for a batch is up.
        """
        try:
            if not self._raw().in_transaction:
                self._raw().execute("begin immediate")
        except sqlite3.Error as error:  # locked, or the disk: all who wait would hang for ever
            jobs.extend(_emptied(queues))
            _refuse(jobs, error)
            return
        try:
            for queue in queues:
                self._run_waiting(queue, jobs)
            self._raw().execute("commit")
        except BaseException as error:  # noqa: BLE001 - one job spoilt the batch
            self._sort_out(jobs, error)

    def _sort_out(self, jobs: list[Job[Any]], error: BaseException) -> None:
        """Find the guilty job of a batch that could not be committed; commit the others."""
        if self._raw().in_transaction:
            self._raw().execute("rollback")
        if len(jobs) == 1:
            _refuse(jobs, jobs[0].error or error)
            return
        for job in jobs:
            job.notes = []  # of what was undone: nobody runs it again when its caller has gone
            self._commit_together([deque([job])], [])

    def _commit_unhurried(self, queues: list[deque[Job[Any]]], jobs: list[Job[Any]]) -> None:
        """Commit a piece without waiting for the disk, which has it by the next `transact`.

        A killed process loses nothing. When the power fails, the last pieces may be as if they
        had never been begun: what is left to do is noted in the commit that does it.
        """
        self._raw().execute("pragma synchronous=normal")
        try:
            self._commit_together(queues, jobs)
        finally:
            self._raw().execute("pragma synchronous=full")

    def _run_waiting(self, queue: deque[Job[Any]], jobs: list[Job[Any]]) -> None:
        """Run the jobs of a queue, added to `jobs`, until it is empty or has had its share."""
        until, before = monotonic() + BATCH_SECONDS, len(jobs)
        while queue and len(jobs) - before < BATCH_JOBS:
            job = queue.popleft()  # appended in the loop, taken here: both are atomic
            if job.abandoned:
                continue
            jobs.append(job)
            self._run(job)
            if monotonic() >= until:
                return

    def _run(self, job: Job[Any]) -> None:
        raw = self._raw()
        raw.execute("savepoint job")
        try:
            job.run(self._at_work().work, self.dialect, self.owner)
        except BaseException as error:
            if not raw.in_transaction:  # SQLite gave up the whole batch by itself
                raise
            raw.execute("rollback to job")
            job.error = error
        raw.execute("release job")

    def _raw(self) -> sqlite3.Connection:
        return self._at_work().raw

    async def _read(self, job: Job[Any]) -> None:
        reader = await self._idle.get()
        try:
            if not job.abandoned:
                await reader.run(_look, reader, job, self.owner)
        except BaseException as error:  # noqa: BLE001 - it is the caller's
            job.error = error
        finally:
            self._idle.put_nowait(reader)
            job.settle()


def _look(reader: Seat, job: Job[Any], owner: str) -> None:
    """Run a job on a snapshot that ends with it, in the reader's thread."""
    reader.raw.execute("begin")
    try:
        job.run(reader.work, SqliteDatabase.dialect, owner)
    finally:
        if reader.raw.in_transaction:
            reader.raw.execute("rollback")


def _emptied(queues: list[deque[Job[Any]]]) -> list[Job[Any]]:
    """Take every job out of these queues."""
    jobs = [job for queue in queues for job in queue]
    for queue in queues:
        queue.clear()
    return jobs


def _refuse(jobs: list[Job[Any]], error: BaseException) -> None:
    """Give every job the error, in SQLAlchemy's words where the driver spoke."""
    for job in jobs:
        if isinstance(error, sqlite3.Error):
            job.error = DBAPIError.instance(None, None, error, sqlite3.Error)
        else:
            job.error = error
