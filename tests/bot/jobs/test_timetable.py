"""Jobs run at once and again, a failing one stops nobody, and stopping waits for what runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.jobs import timetable
from bot.jobs.timetable import JOBS, Bench, Job, Timetable
from config.clock import Clock
from storage.database import connect
from tests.credit.builders import PARIS
from tests.day.company import rules

SOON = 0.05


def a_timetable(jobs: Mapping[str, tuple[Job, float]], offset: float = 0.0) -> Timetable:
    database = connect("sqlite:////nowhere/never-opened.db")
    clock = Clock(offset, PARIS)
    return Timetable(Bench(database, rules(), clock, Path("store"), Path("uploads")), jobs)


async def until(done: Any, seconds: float = 10.0) -> None:
    for _ in range(int(seconds / 0.01)):
        if done():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen")


@pytest.mark.parametrize("offset", [0.0, -400_000_000.0, 400_000_000.0])
def test_every_job_runs_at_once_whatever_the_rehearsal_s_clock(offset: float) -> None:
    ran: list[str] = []

    async def slow(_bench: Bench) -> None:
        ran.append("an hour")

    async def story() -> None:
        table = a_timetable({"slow": (slow, 3_600.0)}, offset)
        table.start()
        await until(lambda: ran)
        await table.stop()
        assert ran == ["an hour"]

    asyncio.run(story())


def test_a_job_that_fails_comes_again_and_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    ran: list[str] = []

    async def broken(_bench: Bench) -> None:
        ran.append("broken")
        raise ZeroDivisionError

    async def sound(_bench: Bench) -> None:
        ran.append("sound")

    async def story() -> None:
        table = a_timetable({"broken": (broken, SOON), "sound": (sound, SOON)})
        table.start()
        await until(lambda: ran.count("broken") > 2 and ran.count("sound") > 2)
        await table.stop()

    with caplog.at_level(logging.INFO):
        asyncio.run(story())
    failures = [record for record in caplog.records if record.msg == "job failed"]
    assert {record.__dict__["job"] for record in failures} == {"broken"}
    assert not [record for record in caplog.records if record.name.startswith("apscheduler")]


def test_a_job_never_runs_twice_at_a_time() -> None:
    now, most = 0, 0

    async def long(_bench: Bench) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(SOON * 3)
        now -= 1

    async def story() -> None:
        table = a_timetable({"long": (long, SOON)})
        table.start()
        await asyncio.sleep(SOON * 10)
        await table.stop()

    asyncio.run(story())
    assert most == 1


def test_a_clock_that_is_set_back_an_hour_stops_no_job_for_an_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timetable, "CLOCK_SECONDS", SOON, raising=False)
    ran: list[str] = []

    async def sound(_bench: Bench) -> None:
        ran.append("sound")

    async def story() -> None:
        table = a_timetable({"sound": (sound, 60.0)})
        table.start()
        await until(lambda: ran)
        by_the_old_clock = datetime.now(PARIS) + timedelta(hours=1)
        table._scheduler.modify_job("sound", next_run_time=by_the_old_clock)
        await until(lambda: len(ran) == 2)
        await asyncio.sleep(SOON * 4)
        await table.stop()

    asyncio.run(story())
    assert len(ran) == 2


def test_a_clock_that_goes_a_day_ahead_makes_a_job_run_once() -> None:
    async def nothing(_bench: Bench) -> None:
        pass

    async def story() -> None:
        table = a_timetable({"nothing": (nothing, 1.0)})
        table.start()
        job = table._scheduler.get_job("nothing")
        assert len(job._get_run_times(datetime.now(PARIS) + timedelta(days=1))) == 1
        await table.stop()

    asyncio.run(story())


def test_stopping_waits_for_what_runs() -> None:
    ended: list[str] = []

    async def long(_bench: Bench) -> None:
        await asyncio.sleep(SOON * 4)
        ended.append("long")

    async def story() -> None:
        table = a_timetable({"long": (long, 3_600.0)})
        table.start()
        await asyncio.sleep(SOON)
        await table.stop()
        assert ended == ["long"]

    asyncio.run(story())


def test_what_does_not_end_is_cancelled_and_told_as_no_defect(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(timetable, "PATIENCE", SOON)
    seen: list[str] = []

    async def endless(_bench: Bench) -> None:
        try:
            await asyncio.sleep(3_600)
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    async def story() -> None:
        table = a_timetable({"endless": (endless, 3_600.0)})
        table.start()
        await asyncio.sleep(SOON)
        await table.stop()
        assert seen == ["cancelled"]

    with caplog.at_level(logging.INFO):
        asyncio.run(story())
    told = [(record.msg, record.levelname) for record in caplog.records]
    assert ("job cut short", "INFO") in told
    assert not [one for one in told if one[1] == "ERROR"]


def test_a_run_has_an_identity_of_its_own() -> None:
    bench = a_timetable({})._bench
    first, second = bench.origin("scan"), bench.origin("scan")
    assert first.key.startswith("job:scan:")
    assert first.person_id is None
    assert first.uid("x") != second.uid("x")


def test_every_period_is_a_few_seconds_to_a_few_minutes_or_a_slot_of_long() -> None:
    periods = [seconds for _, seconds in JOBS.values()]
    assert all(1 <= seconds <= 300 or seconds >= timetable.LONG for seconds in periods)
