"""Work in a process of its own: what it says, what it refuses, and that it may be killed."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import aclosing, suppress
from pathlib import Path
from types import MappingProxyType

import pytest

from bot.jobs.child import ChildDiedError, each_from_child, in_child

PROXY: Mapping[str, int] = MappingProxyType({"one": 1})


def whoever() -> int:
    return os.getpid()


def counted(until: int, wrong: int = -1) -> Iterator[int]:
    for number in range(until):
        if number == wrong:
            raise LookupError(number)
        yield number


def endless(trace: Path) -> Iterator[str]:
    trace.write_text(str(os.getpid()))
    while True:
        yield "x" * 1_000


def killed() -> Iterator[int]:
    yield 1
    os.kill(os.getpid(), signal.SIGKILL)


def the_same(value: Mapping[str, int]) -> Mapping[str, int]:
    return value


async def _noted(into: list[int], values: AsyncIterator[int]) -> None:
    async for one in values:
        into.append(one)  # noqa: PERF401 - what came before an error is to be seen


def test_a_function_is_called_in_another_process() -> None:
    assert asyncio.run(in_child(whoever)) != os.getpid()


def test_a_read_only_mapping_travels() -> None:
    answer = asyncio.run(in_child(the_same, PROXY))
    assert isinstance(answer, MappingProxyType)
    assert answer == PROXY


def test_what_a_generator_yields_comes_one_by_one_and_its_error_after_it() -> None:
    async def story() -> tuple[list[int], list[int]]:
        whole: list[int] = []
        before: list[int] = []
        await _noted(whole, each_from_child(counted, 3))
        with pytest.raises(LookupError, match="2"):
            await _noted(before, each_from_child(counted, 3, wrong=2))
        return whole, before

    assert asyncio.run(story()) == ([0, 1, 2], [0, 1])


def test_a_process_that_is_killed_does_not_end_well() -> None:
    async def story() -> list[int]:
        before: list[int] = []
        with pytest.raises(ChildDiedError):
            await _noted(before, each_from_child(killed))
        return before

    assert asyncio.run(story()) == [1]


def test_who_stops_listening_ends_the_process(tmp_path: Path) -> None:
    trace = tmp_path / "pid"

    async def story() -> None:
        async with aclosing(each_from_child(endless, trace)) as words:
            assert await anext(words) == "x" * 1_000

    asyncio.run(story())
    child = int(trace.read_text())
    for _ in range(500):
        with suppress(ChildProcessError):
            os.waitpid(child, os.WNOHANG)
        if not _lives(child):
            return
        time.sleep(0.01)
    pytest.fail("it goes on")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
