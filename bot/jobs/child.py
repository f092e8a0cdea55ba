"""Work that keeps a processor busy, in a process of its own: nobody who taps waits for it."""

from __future__ import annotations

import asyncio
import copyreg
import os
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing
from multiprocessing import get_context
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

P = ParamSpec("P")
T = TypeVar("T")
NICE: Final = 10


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
        pipe.send((False, error))


def _proxy(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


def _taken_apart(proxy: MappingProxyType[Any, Any]) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    return _proxy, (dict(proxy),)


copyreg.pickle(MappingProxyType, _taken_apart)  # which pickle cannot do by itself
