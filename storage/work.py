"""What a use case may do with the database while its one transaction is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from sqlalchemy import text

from storage import direct
from storage.upsert import Upsert

if TYPE_CHECKING:
    from sqlalchemy import Connection, CursorResult, Executable, Row

    from storage.direct import Outcome

Parameters = Mapping[str, Any]


_NOTIFY = text("select pg_notify(:channel, '')")

# an engine made with these still knows how many rows an insert touched
ENGINE_OPTIONS = {"preserve_rowcount": True}


class WorkEndedError(RuntimeError):
    """A use case kept its `Work` and used it after its transaction was over."""

    def __init__(self) -> None:
        super().__init__("this transaction is over: read everything before returning")


class NoKeyError(RuntimeError):
    """An insert whose new key was asked for made none that the database can tell."""

    def __init__(self) -> None:
        super().__init__("this statement gives back no integer key")


class _Ended:
    """Stand where the connection was, and refuse."""

    def __getattr__(self, name: str) -> NoReturn:
        raise WorkEndedError


class Work:
    """Speak to the database inside one transaction, without the power to end it.

    A function that is handed a `Work` may be run twice (a shared commit that failed, a
    serialization failure), so it has no effect outside the database: what the outside
    must learn goes through `after_commit`. Let database errors through: PostgreSQL
    accepts nothing more in a transaction after one.
    """

    __slots__ = ("_connection", "_driver", "_notes", "dialect", "owner")

    def __init__(
        self, connection: Connection, dialect: str, notes: list[object], owner: str = ""
    ) -> None:
        self._connection = connection
        self._driver: Any = connection.connection.driver_connection
        self._notes = notes
        self.dialect = dialect
        self.owner = owner  # the process that works here; "" when it has no name

    def execute(self, statement: Executable | Upsert, parameters: Parameters | None = None) -> int:
        """Carry out one statement and return the number of rows it touched."""
        result = self._run(statement, parameters)
        # SQLite counts returned rows as they are fetched, PostgreSQL may fetch a key by itself
        fetched = len(result.all()) if result.returns_rows else 0
        return max(fetched, result.rowcount)

    def insert(self, statement: Executable, parameters: Parameters) -> int:
        """Insert one row and return its new integer key.

        An `Upsert` may make no row, so no key: ask for it with its `returning` and `scalar`.
        """
        key = self._run(statement, parameters).inserted_primary_key
        if key is None or not isinstance(key[0], int):
            raise NoKeyError
        return key[0]

    def execute_many(
        self, statement: Executable | Upsert, rows: Sequence[Mapping[str, Any]]
    ) -> int:
        """Carry out one statement for every row and return the number of rows touched."""
        if len(rows) < 2:  # noqa: PLR2004 - one row is worth the short way
            return self._run(statement, rows[0]).rowcount if rows else 0
        if isinstance(statement, Upsert):
            statement = statement.on(self.dialect)
        touched = direct.run_many(self._connection, self._driver, statement, rows)
        return self._connection.execute(statement, rows).rowcount if touched is None else touched

    def first(
        self, statement: Executable | Upsert, parameters: Parameters | None = None
    ) -> Row[Any] | None:
        """Return the first row, or None."""
        return self._run(statement, parameters).first()

    def all(
        self, statement: Executable | Upsert, parameters: Parameters | None = None
    ) -> Sequence[Row[Any]]:
        """Return every row."""
        return self._run(statement, parameters).all()

    def scalar(self, statement: Executable | Upsert, parameters: Parameters | None = None) -> Any:  # noqa: ANN401
        """Return the first column of the first row, or None."""
        return self._run(statement, parameters).scalar()

    def scalars(
        self, statement: Executable | Upsert, parameters: Parameters | None = None
    ) -> list[Any]:
        """Return the first column of every row."""
        return list(self._run(statement, parameters).scalars())

    def raw(self) -> Any:  # noqa: ANN401 - the two drivers share no type
        """Return the driver's connection, for bulk loads inside `storage` only.

        It is a `sqlite3.Connection` or a `psycopg.Connection`: use `executemany` or COPY on
        it, never begin, commit, roll back or set a pragma.
        """
        return self._driver

    @contextmanager
    def rehearsal(self) -> Iterator[Work]:
        """Yield a `Work` that sees what it writes; in the end all of it is undone, notes too."""
        stage = Work(self._connection, self.dialect, [], self.owner)
        self._mark("savepoint rehearsal")
        try:
            yield stage
        finally:
            stage.end()
            self._mark("rollback to savepoint rehearsal")
            self._mark("release savepoint rehearsal")

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Undo what was written inside, notes too, when an error comes out; it goes on."""
        kept = len(self._notes)
        self._mark("savepoint attempt")
        try:
            yield
        except BaseException:
            self._mark("rollback to savepoint attempt")
            self._mark("release savepoint attempt")
            del self._notes[kept:]
            raise
        self._mark("release savepoint attempt")

    def after_commit(self, note: object) -> None:
        """Keep a note for the database's listeners, who get it only if the commit succeeds."""
        self._notes.append(note)

    def signal(self, channel: str) -> None:
        """Tell the other processes on this database, once the commit is durable.

        On SQLite there is one process: nobody to tell.
        """
        if self.dialect == "postgresql":
            self.execute(_NOTIFY, {"channel": channel})

    def end(self) -> None:
        """Make any later use fail; called by the database when the function returns."""
        self._connection = self._driver = _Ended()  # type: ignore[assignment]

    def _mark(self, sql: str) -> None:
        """Set or leave a savepoint; SQLite's driver does it thirty times as fast by itself."""
        if self.dialect == "sqlite":
            self.raw().execute(sql)
        else:
            self._connection.exec_driver_sql(sql)

    def _run(
        self, statement: Executable | Upsert, parameters: Parameters | None
    ) -> CursorResult[Any] | Outcome:
        if isinstance(statement, Upsert):
            statement = statement.on(self.dialect)
        outcome = direct.run(self._connection, self._driver, statement, parameters or {})
        if outcome is not None:
            return outcome
        return self._connection.execute(statement, parameters)
