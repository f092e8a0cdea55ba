"""One function waiting for its transaction, and the answer its caller waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from storage.work import Work

if TYPE_CHECKING:
    from sqlalchemy import Connection

T = TypeVar("T")
Listener = Callable[[object], None]


class FunctionStoppedError(RuntimeError):
    """A function let StopIteration out, which no asyncio future can carry."""

    def __init__(self) -> None:
        super().__init__("the function raised StopIteration")


@dataclass(slots=True, eq=False)
class Job(Generic[T]):
    """Carry one call from the event loop to a worker's thread and its outcome back."""

    function: Callable[..., T]
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    answer: asyncio.Future[T] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    result: T | None = None
    error: BaseException | None = None
    notes: list[object] = field(default_factory=list)

    @property
    def abandoned(self) -> bool:
        """Tell whether the caller has gone."""
        return self.answer.cancelled()

    def run(self, connection: Connection, dialect: str, owner: str = "") -> None:
        """Call the function in a worker's thread; its error comes out, no StopIteration does.

        Notes of an earlier run are forgotten: the job may be run again.
        """
        self.error = None
        self.notes = []
        work = Work(connection, dialect, self.notes, owner)
        try:
            self.result = self.function(work, *self.args, **self.kwargs)
        except StopIteration as error:
            raise FunctionStoppedError from error
        finally:
            work.end()

    def settle(self, listeners: Iterable[Listener] = ()) -> None:
        """Hand the notes of a committed job to the listeners, then the answer to the caller.

        The notes go out even when the caller has gone: its rows are committed.
        """
        if self.error is None:
            loop = self.answer.get_loop()
            for note in self.notes:
                for listener in listeners:
                    loop.call_soon(listener, note)
        if self.answer.done():
            return
        if self.error is None:
            self.answer.set_result(cast("T", self.result))
        else:
            self.answer.set_exception(self.error)
