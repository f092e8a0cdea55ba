"""Of several processes on one database one runs each job, once a period, whoever dies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete

from bot.jobs import slot, timetable
from bot.jobs.timetable import Bench, Timetable
from config.clock import Clock
from credit.moment import Moment
from storage import slots
from storage.database import connect
from storage.tables import job_slot
from storage.work import Work
from tests.bot.jobs.test_timetable import until
from tests.credit.builders import PARIS
from tests.day.company import rules

HOUR = 3_600.0


@asynccontextmanager
async def a_bench(url: str, owner: str, *gone: str, offset: float = 0.0) -> AsyncIterator[Bench]:
    database = connect(url, owner)
    await database.open()
    folder = Path("store")
    clock = Clock(offset, PARIS)
    try:
        yield Bench(database, rules(), clock, folder, folder, is_gone=lambda one: one in gone)
    finally:
        await database.close()


def test_two_replicas_run_a_job_once_a_period(postgres_url: str) -> None:
    ran: list[str] = []

    async def job(bench: Bench) -> None:
        ran.append(bench.database.owner)

    async def story() -> None:
        async with a_bench(postgres_url, "one") as one, a_bench(postgres_url, "two") as two:
            tables = [Timetable(bench, {"job": (job, HOUR)}) for bench in (one, two)]
            for table in tables:
                table.start()
            await until(lambda: len(ran) == 1)
            for table in tables:
                await table.stop()
            assert not await slot.run(one, "job", job, HOUR)
            assert not await slot.run(two, "job", job, HOUR)
            assert len(ran) == 1
        async with a_bench(postgres_url, "later", offset=HOUR) as later:
            assert await slot.run(later, "job", job, HOUR)

    asyncio.run(story())


def test_on_a_file_a_daily_job_is_not_run_again_by_the_next_start(sqlite_url: str) -> None:
    ran: list[str] = []

    async def job(_bench: Bench) -> None:
        ran.append("x")

    async def story() -> None:
        async with a_bench(sqlite_url, "one") as bench:
            table = Timetable(bench, {"job": (job, 24 * HOUR)})
            table.start()
            await until(lambda: ran)
            await table.stop()
        async with a_bench(sqlite_url, "two") as bench:
            assert not await slot.run(bench, "job", job, 24 * HOUR)

    asyncio.run(story())


def test_a_job_that_failed_is_due_again_before_its_long_period(database_url: str) -> None:
    async def job(_bench: Bench) -> None:
        raise ZeroDivisionError

    async def story() -> None:
        async with a_bench(database_url, "one") as bench:
            with pytest.raises(ZeroDivisionError):
                await slot.run(bench, "job", job, 24 * HOUR)
            assert not await slot.run(bench, "job", job, 24 * HOUR)
        async with a_bench(database_url, "one", offset=600) as bench:
            with pytest.raises(ZeroDivisionError):
                await slot.run(bench, "job", job, 24 * HOUR)

    asyncio.run(story())


def test_a_job_cut_by_a_stop_is_taken_over_at_once(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timetable, "PATIENCE", 0.05)
    ran: list[str] = []

    async def job(bench: Bench) -> None:
        ran.append(bench.database.owner)
        if bench.database.owner == "one":
            await asyncio.sleep(HOUR)

    async def story() -> None:
        async with a_bench(postgres_url, "one") as one, a_bench(postgres_url, "two") as two:
            table = Timetable(one, {"job": (job, HOUR)})
            table.start()
            await until(lambda: ran == ["one"])
            assert not await slot.run(two, "job", job, HOUR)
            await table.stop()
            assert await slot.run(two, "job", job, HOUR)

    asyncio.run(story())


def test_what_a_killed_process_of_this_machine_was_doing_is_done_again_at_once(
    postgres_url: str,
) -> None:
    async def job(_bench: Bench) -> None:
        pass

    async def story() -> None:
        async with a_bench(postgres_url, "heir", "dead") as bench:
            now, hour = bench.clock.now(), slots.HOLD
            await bench.database.transact(slots.claim, "job", "dead", now, hour)
            await bench.database.transact(slots.claim, "other", "alive", now, hour)
            assert await slot.run(bench, "job", job, HOUR)
            assert not await slot.run(bench, "other", job, HOUR)

    asyncio.run(story())


@dataclass(frozen=True, slots=True)
class WrongClock:
    """The clock of a machine that nobody sets."""

    wrong_by: float
    zone: ZoneInfo = PARIS
    offset_seconds: float = 0.0

    def now(self) -> Moment:
        return Clock(self.wrong_by, self.zone).now()


@pytest.mark.parametrize("wrong_by", [1_800.0, -1_800.0])
def test_a_machine_whose_clock_is_wrong_runs_nothing_twice(
    postgres_url: str, wrong_by: float
) -> None:
    ran: list[str] = []

    async def story() -> None:
        async with a_bench(postgres_url, "one") as one, a_bench(postgres_url, "two") as true:
            two = replace(true, clock=WrongClock(wrong_by))
            benches = {"one": one, "two": two}

            async def job(bench: Bench) -> None:
                ran.append(bench.database.owner)
                other = {"one": two, "two": one}[bench.database.owner]
                assert not await slot.run(other, "job", job, 60.0), "while it runs"

            for first, second in (("one", "two"), ("two", "one")):
                ran.clear()
                await one.database.transact(forget)
                assert await slot.run(benches[first], "job", job, 60.0)
                assert not await slot.run(benches[second], "job", job, 60.0), "before it is due"
                assert ran == [first]

    asyncio.run(story())


def forget(work: Work) -> None:
    work.execute(delete(job_slot))


def test_a_long_job_keeps_its_slot(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slot, "RENEW_SECONDS", 0.02)

    async def story() -> None:
        async with a_bench(postgres_url, "one") as one, a_bench(postgres_url, "two") as two:

            async def job(bench: Bench) -> None:
                first = await due_at(bench)
                await until_renewed(bench, first)
                assert not await slot.run(two, "job", job, HOUR)

            assert await slot.run(one, "job", job, HOUR)

    asyncio.run(story())


async def due_at(bench: Bench) -> object:
    row = await bench.database.read(lambda work: work.first(slots._SLOT, {"name": "job"}))
    assert row is not None
    return row.due_at


async def until_renewed(bench: Bench, first: object) -> None:
    for _ in range(500):
        if await due_at(bench) != first:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("never renewed")
