"""Work that keeps a processor busy, in a process of its own: nobody who taps waits for it."""

from __future__ import annotations

import asyncio
import copyreg
import os
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing, suppress
from multiprocessing import get_context
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Concatenate, Final, Generic, ParamSpec, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

P = ParamSpec("P")
Q = TypeVar("Q")
T = TypeVar("T")
NICE: Final = 10
IDLE_SECONDS: Final = 10.0


class ChildDiedError(RuntimeError):
    """The process that worked for us was killed, or had no memory left."""


async def in_child(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function of a module in a process of its own; it is killed with its caller.

    Arguments, result and error are plain values. Raise `ChildDiedError` when it says nothing.
    """
    async with aclosing(each_from_child(_once, function, args, kwargs)) as answers:
        return await anext(answers)


async def each_from_child(
    function: Callable[P, Iterable[T]], *args: P.args, **kwargs: P.kwargs
) -> AsyncGenerator[T]:
    """Yield what a generator of a module yields in a process of its own.

    It runs ahead by as much as a pipe holds. Close this (`aclosing`) and it is killed.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_tell, args=(theirs, function, args, kwargs), daemon=True)
    try:
        await asyncio.to_thread(_begin, child, theirs)
        while (said := await asyncio.to_thread(_heard, child, ours)) is not None:
            good, value = said
            if not good:
                raise value
            yield value
    finally:
        if child.pid is not None:
            child.kill()


class Companion(Generic[Q, T]):
    """A process of its own that is asked again and again, and ends when nobody asks any more.

    `function` is a generator of a module: it is given the questions as they come, and yields
    the answer to each before it takes the next. Questions, answers and errors are plain values.
    """

    def __init__(
        self,
        function: Callable[Concatenate[Iterator[Q], P], Iterator[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        self._work = (function, args, kwargs)
        self._turn = asyncio.Lock()
        self._child: tuple[SpawnProcess, Connection] | None = None
        self._rest: asyncio.TimerHandle | None = None

    async def ask(self, question: Q) -> T:
        """Return the answer to a question, or raise its error, which ends the process.

        Raise `ChildDiedError` when it says nothing; the next question begins another one.
        """
        async with self._turn:
            self._stay()
            try:
                answer: T = await self._answer(question)
            except BaseException:  # cancelled too: what it says now would answer the next one
                self.close()
                raise
            self._rest = asyncio.get_running_loop().call_later(IDLE_SECONDS, self.close)
            return answer

    def close(self) -> None:
        """End the process, whatever it does."""
        self._stay()
        if self._child is not None:
            child, _ = self._child
            self._child = None
            if child.pid is not None:
                child.kill()
                asyncio.get_running_loop().run_in_executor(None, child.join)

    def _stay(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None

    async def _answer(self, question: Q) -> Any:  # noqa: ANN401 - what the process says
        if self._child is None:
            context = get_context("spawn")
            ours, theirs = context.Pipe()
            child = context.Process(target=_converse, args=(theirs, *self._work), daemon=True)
            self._child = (child, ours)
            await asyncio.to_thread(_begin, child, theirs)
        said = await asyncio.to_thread(_exchanged, *self._child, question)
        if said is None:
            raise ChildDiedError
        good, value = said
        if not good:
            raise value
        return value


def _exchanged(child: SpawnProcess, ours: Connection, question: object) -> tuple[bool, Any] | None:
    """Put a question and wait for what is said to it."""
    try:
        ours.send(question)
    except BrokenPipeError:
        return None
    return _heard(child, ours)


def _converse(
    pipe: Connection,
    function: Callable[..., Iterator[object]],
    args: tuple[object, ...],
    kwargs: Mapping[str, object],
) -> None:
    _tell(pipe, function, (_questions(pipe), *args), kwargs)


def _questions(pipe: Connection) -> Iterator[object]:
    while True:
        try:
            yield pipe.recv()
        except EOFError:  # who asked has gone
            return


def _begin(child: SpawnProcess, theirs: Connection) -> None:
    child.start()
    theirs.close()


def _heard(child: SpawnProcess, ours: Connection) -> tuple[bool, Any] | None:
    """Wait for the next that the child says; None: it has said everything."""
    try:
        said: tuple[bool, Any] = ours.recv()
    except EOFError:
        ours.close()
        child.join()
        return None if child.exitcode == 0 else (False, ChildDiedError())
    return said


def _once(
    function: Callable[..., T], args: tuple[object, ...], kwargs: Mapping[str, object]
) -> Iterator[T]:
    yield function(*args, **kwargs)


def _tell(
    pipe: Connection,
    function: Callable[..., Iterable[object]],
    args: tuple[object, ...],
    kwargs: Mapping[str, object],
) -> None:
    os.nice(NICE)
    try:
        for one in function(*args, **kwargs):
            pipe.send((True, one))
    except Exception as error:  # noqa: BLE001 - it is the caller's
        with suppress(BrokenPipeError):  # who was killed hears nothing
            pipe.send((False, error))


def _proxy(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


def _taken_apart(proxy: MappingProxyType[Any, Any]) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    return _proxy, (dict(proxy),)


copyreg.pickle(MappingProxyType, _taken_apart)  # which pickle cannot do by itself
