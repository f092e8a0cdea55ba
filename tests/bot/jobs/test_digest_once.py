"""One digest per person and working day: whatever the clock, the zone and the process do."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.jobs import daily
from bot.jobs.timetable import Bench
from config.clock import Clock
from credit.people import Role
from storage.database import Database, connect
from storage.tables import outbox
from tests.credit.builders import PARIS
from tests.day import company
from tests.storage.inline import inline

MINUTE = timedelta(minutes=1)
DIGESTS = select(outbox.c.person_id, outbox.c.body).where(outbox.c.kind == "digest")
AUCKLAND, HONOLULU = ZoneInfo("Pacific/Auckland"), ZoneInfo("Pacific/Honolulu")


def paris(*place: int, zone: ZoneInfo = PARIS) -> datetime:
    """Return an instant named by what clocks on the wall show."""
    return datetime(*place, tzinfo=zone)  # type: ignore[misc,arg-type]


def hired(url: str, digest_at: str = "07:45", people: int = 1) -> None:
    with inline(url) as work:
        for number in range(people):
            company.hire(work, f"Rep {number}", Role.REP, f"R{number}", digest_at=digest_at)


async def looked(database: Database, at: datetime, zone: ZoneInfo = PARIS) -> None:
    """Let the job look once at an instant."""
    clock = Clock((at - Clock(0, zone).now().at).total_seconds(), zone)
    house = replace(company.rules(), zone=zone)
    await daily.digests(Bench(database, house, clock, Path("store"), Path("uploads")))


def at_each(url: str, instants: Iterable[datetime], zone: ZoneInfo = PARIS) -> None:
    """Let the job look at each instant, in a process that starts anew each time."""

    async def run() -> None:
        for at in instants:
            database = connect(url)
            await database.open()
            await looked(database, at, zone)
            await database.close()

    asyncio.run(run())


def days(url: str) -> Counter[tuple[int, str]]:
    with inline(url) as work:
        return Counter((row.person_id, row.body["on"]) for row in work.all(DIGESTS))


def every(minutes: int, start: datetime, end: datetime) -> Iterable[datetime]:
    at = start.astimezone(UTC)
    while at < end.astimezone(UTC):
        yield at
        at += minutes * MINUTE


@pytest.mark.parametrize(
    ("start", "worked"),
    [
        # the last Sundays of March and October 2026, between a Friday and a Monday
        (date(2026, 3, 27), ["2026-03-27", "2026-03-30"]),
        (date(2026, 10, 23), ["2026-10-23", "2026-10-26"]),
    ],
)
@pytest.mark.parametrize("digest_at", ["07:45", "02:30", "08:00"])
def test_when_the_clocks_change_each_worked_day_has_one(
    sqlite_url: str, start: date, worked: list[str], digest_at: str
) -> None:
    hired(sqlite_url, digest_at)
    begin = paris(start.year, start.month, start.day)
    at_each(sqlite_url, every(97, begin, begin + timedelta(days=4)))
    assert days(sqlite_url) == {(1, day): 1 for day in worked}


def test_a_late_start_sends_the_morning_s_digest_and_one_after_hours_none(sqlite_url: str) -> None:
    hired(sqlite_url)
    at_each(sqlite_url, [paris(2026, 11, 24, 11, 20)])
    assert days(sqlite_url) == {(1, "2026-11-24"): 1}
    at_each(sqlite_url, [paris(2026, 11, 25, 22, 0), paris(2026, 11, 25, 23, 59)])
    assert days(sqlite_url) == {(1, "2026-11-24"): 1}
    at_each(sqlite_url, [paris(2026, 11, 26, 7, 50)])
    assert days(sqlite_url) == {(1, "2026-11-24"): 1, (1, "2026-11-26"): 1}


def test_a_zone_that_is_changed_gives_no_second_digest_of_a_company_day(sqlite_url: str) -> None:
    hired(sqlite_url)
    at_each(sqlite_url, [paris(2026, 11, 24, 8, 0)])
    # the same Tuesday, later, on the wall of an island to the west
    west = paris(2026, 11, 24, 8, 0, zone=HONOLULU)
    at_each(sqlite_url, [west], HONOLULU)
    assert days(sqlite_url) == {(1, "2026-11-24"): 1}
    # and to the east, where it is Wednesday already
    east = paris(2026, 11, 25, 8, 0, zone=AUCKLAND)
    at_each(sqlite_url, [east, east + 5 * MINUTE], AUCKLAND)
    assert days(sqlite_url) == {(1, "2026-11-24"): 1, (1, "2026-11-25"): 1}
    at_each(sqlite_url, every(120, paris(2026, 11, 25), paris(2026, 11, 26)))
    assert days(sqlite_url) == {(1, "2026-11-24"): 1, (1, "2026-11-25"): 1}


def test_a_clock_set_back_sends_nothing_again(sqlite_url: str) -> None:
    hired(sqlite_url)
    morning = paris(2026, 11, 24, 8, 0)
    at_each(sqlite_url, [morning, morning - 10 * MINUTE, morning + MINUTE])
    assert days(sqlite_url) == {(1, "2026-11-24"): 1}


def test_an_hour_that_its_reader_changes_gives_no_second_one(sqlite_url: str) -> None:
    hired(sqlite_url)
    at_each(sqlite_url, [paris(2026, 11, 24, 8, 0)])
    with inline(sqlite_url) as work:
        from storage.tables import person

        work.execute(person.update().values(digest_at="10:00"))
    at_each(sqlite_url, [paris(2026, 11, 24, 10, 30)])
    assert days(sqlite_url) == {(1, "2026-11-24"): 1}


def test_replicas_that_look_at_the_same_instant_post_one_each(postgres_url: str) -> None:
    hired(postgres_url, people=20)

    async def run() -> None:
        replicas = [connect(postgres_url, f"here/{number}/x") for number in range(3)]
        for database in replicas:
            await database.open()
        for minutes in range(3):
            at = paris(2026, 11, 24, 8, minutes)
            await asyncio.gather(*(looked(database, at) for database in replicas))
        for database in replicas:
            await database.close()

    asyncio.run(run())
    assert days(postgres_url) == {(number, "2026-11-24"): 1 for number in range(1, 21)}
