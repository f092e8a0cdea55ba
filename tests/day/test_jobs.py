"""What the clock wakes: each job once over a real database, and again with nothing to do."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.jobs import daily, watch
from bot.jobs.timetable import Bench
from config.clock import Clock
from credit.people import Role
from storage import alerts, tables
from storage.database import connect
from storage.work import Work
from tests.credit.builders import PARIS, TODAY
from tests.day import company
from tests.day.company import MORNING, rules
from tests.day.test_worklist import alarmed
from tests.storage.inline import inline

OFFSET = (MORNING.at - Clock(0, PARIS).now().at).total_seconds()


def at_work(url: str, folder: Path) -> None:
    """Run every job of this house twice, on Wednesday 25 November at nine."""

    async def run() -> None:
        database = connect(url)
        await database.open()
        clock = Clock(OFFSET, PARIS)
        bench = Bench(database, rules(), clock, folder, folder)
        try:
            for job in (watch.run, daily.digests, daily.promises, watch.reports) * 2:
                await job(bench)
        finally:
            await database.close()

    asyncio.run(run())


def kinds(work: Work) -> list[str]:
    return sorted(work.scalars(select(tables.outbox.c.kind)))


def test_every_job_does_its_work_once(database_url: str, tmp_path: Path) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        company.hire(work, "Paul", Role.SALES_MANAGER, "R1", digest_at="18:00")
        one = company.a_customer(work, "C1")
        company.an_invoice(work, one, "F1")
        alarmed(work, one)
        known = alerts.of(work, one)
        assert known is not None
        overdue = tables.alert.update().values(answer_by=MORNING.at - timedelta(hours=1))
        work.execute(overdue)
        company.promised(work, one, lea, 5_000, TODAY + timedelta(days=1))
    at_work(database_url, tmp_path)
    with inline(database_url) as work:
        assert kinds(work) == ["alert", "digest", "promise_due"]
        assert [row.person_id for row in company.waiting(work, "digest")] == [lea.id]


def test_with_nothing_to_do_nothing_is_posted(sqlite_url: str, tmp_path: Path) -> None:
    at_work(sqlite_url, tmp_path)
    with inline(sqlite_url) as work:
        assert kinds(work) == []
