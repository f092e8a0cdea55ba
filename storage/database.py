"""The one door between coroutines and the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from storage.job import Listener
from storage.sqlite_path import UnknownDatabaseError, path_of
from storage.work import Work

P = ParamSpec("P")
T = TypeVar("T")


class DatabaseClosedError(RuntimeError):
    """The database was asked for something before it was opened or after it was closed."""

    def __init__(self) -> None:
        super().__init__("the database is not open")


class Database(Protocol):
    """Run whole functions in transactions; nobody waits for a disk in the event loop.

    The functions may be run twice, so they have no effect outside the database. A caller
    that is cancelled while it waits is forgotten if its function has not begun; one that
    has begun is committed and only its answer is lost.
    """

    dialect: str
    owner: str  # the name of this process, which every `Work` carries
    url: str  # where another process finds the same database

    @property
    def writable(self) -> bool:
        """Tell whether what is given is stored: `storage.outage` says when it is not."""

    async def open(self) -> None:
        """Connect; raise the driver's error when that is not possible."""

    async def close(self) -> None:
        """Carry out everything that waits, then disconnect."""

    def listen(self, listener: Listener) -> None:
        """Call a function in the event loop with every note left by `Work.after_commit`.

        It is called once the commit is durable, before the caller of `transact` goes on.
        """

    def hear(self, channel: str, callback: Callable[[], None]) -> None:
        """Call a function in the event loop after `Work.signal` of any process on a channel.

        A signal may be missed while the connection is away, and several may come as one:
        look at the table now and then all the same.
        """

    async def transact(
        self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function in one durable transaction; its error undoes it and comes out here."""

    async def promptly(
        self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do the same with what takes a few milliseconds, and is done for every tap.

        A file is asked in the loop's own thread, which stands still meanwhile; nothing but
        the disk is waited for elsewhere.
        """

    async def background(
        self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do the same once no `transact` waits, one piece per commit.

        A piece delays those who come meanwhile by its own length: keep it under 10 ms. It is
        durable with the next `transact`: it notes what is left to do in its own commit, and
        nothing leaves the house on its word before another has been committed.
        """

    async def read(
        self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function on one read-only snapshot, which never waits for a writer."""


def connect(url: str, owner: str = "") -> Database:
    """Return the database of a URL, not yet open; `owner` names this process.

    `sqlite:////absolute.db`, `sqlite:///relative.db` or `postgresql://…`; anything else, a
    database in memory too, raises `UnknownDatabaseError`.
    """
    if url.startswith("sqlite:"):
        from storage.sqlite_database import SqliteDatabase  # noqa: PLC0415 - one driver is loaded

        return SqliteDatabase(path_of(url), owner=owner)
    if url.startswith(("postgresql:", "postgresql+psycopg:")):
        from storage.postgres_database import PostgresDatabase  # noqa: PLC0415 - same

        return PostgresDatabase(url, owner=owner)
    raise UnknownDatabaseError(url.partition(":")[0])
