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

from bot.jobs import child
from bot.jobs.child import ChildDiedError, Companion, each_from_child, in_child

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


def doubled(numbers: Iterator[int], wrong: int, trace: Path | None = None) -> Iterator[int]:
    """Answer each number with its double and the process's own number; die, fail or hang."""
    for number in numbers:
        if trace is not None:
            trace.write_text(str(os.getpid()))
            time.sleep(60)
        if number == wrong:
            raise LookupError(number)
        if number < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        yield 1_000_000 * os.getpid() + 2 * number


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
    _gone(int(trace.read_text()))


def test_a_companion_answers_again_and_again_in_one_process() -> None:
    async def story() -> list[int]:
        companion = Companion(doubled, 99)
        found = await asyncio.gather(*(companion.ask(number) for number in (1, 2, 3)))
        companion.close()
        return found

    found = asyncio.run(story())
    assert [one % 1_000_000 for one in found] == [2, 4, 6]
    (pid,) = {one // 1_000_000 for one in found}
    assert pid != os.getpid()
    _gone(pid)


def test_a_companion_that_failed_or_was_killed_is_followed_by_another() -> None:
    async def story() -> set[int]:
        companion = Companion(doubled, 2)
        found = {await companion.ask(1)}
        with pytest.raises(LookupError, match="2"):
            await companion.ask(2)
        found.add(await companion.ask(1))
        with pytest.raises(ChildDiedError):
            await companion.ask(-1)
        found.add(await companion.ask(1))
        companion.close()
        return found

    found = asyncio.run(story())
    assert {one % 1_000_000 for one in found} == {2}
    assert len(found) == 3


def test_a_companion_that_died_while_nobody_asked_is_told_of() -> None:
    async def story() -> None:
        companion = Companion(doubled, 99)
        pid = await companion.ask(1) // 1_000_000
        os.kill(pid, signal.SIGKILL)
        await asyncio.to_thread(_gone, pid)
        with pytest.raises(ChildDiedError):
            await companion.ask(2)
        assert (await companion.ask(2)) % 1_000_000 == 4
        companion.close()

    asyncio.run(story())


def test_who_no_longer_waits_for_a_companion_ends_it(tmp_path: Path) -> None:
    trace = tmp_path / "pid"

    async def story() -> None:
        companion = Companion(doubled, 99, trace)
        asked = asyncio.create_task(companion.ask(1))
        while not trace.exists() or not trace.read_text():
            await asyncio.sleep(0.01)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked

    asyncio.run(story())
    _gone(int(trace.read_text()))


def test_a_companion_whom_nobody_asks_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "IDLE_SECONDS", 0.05)

    async def story() -> tuple[int, int]:
        companion = Companion(doubled, 99)
        first = await companion.ask(1) // 1_000_000
        await asyncio.to_thread(_gone, first)
        second = await companion.ask(1) // 1_000_000
        companion.close()
        return first, second

    first, second = asyncio.run(story())
    assert first != second


def _gone(pid: int) -> None:
    """Wait until a process has ended."""
    for _ in range(500):
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        if not _lives(pid):
            return
        time.sleep(0.01)
    pytest.fail("it goes on")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
