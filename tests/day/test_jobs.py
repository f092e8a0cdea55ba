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


def test_what_is_told_in_pieces_is_told_of_all_once(database_url: str, tmp_path: Path) -> None:
    many = 2 * daily.POSTED + 1
    with inline(database_url) as work:
        reps = [company.hire(work, f"Rep {n}", Role.REP, f"R{n}") for n in range(many)]
        company.hire(work, "Paul", Role.CREDIT_MANAGER, digest_at="18:00")
        for n, rep in enumerate(reps):
            one = company.a_customer(work, f"C{n}", rep=f"R{n}")
            company.an_invoice(work, one, f"F{n}")
            company.promised(work, one, rep, 5_000, TODAY + timedelta(days=1))
        lit = [company.a_customer(work, f"LIT{n}") for n in range(2 * watch.TOLD + 1)]
        for one in lit:
            company.an_invoice(work, one, f"F-LIT{one}")
            alarmed(work, one)
        work.execute(tables.alert.update().values(answer_by=MORNING.at - timedelta(hours=1)))
        for one in lit[1::2]:
            work.execute(
                tables.alert.update()
                .where(tables.alert.c.customer_id == one)
                .values(state=alerts.SNOOZED, snoozed_until=MORNING.at, answered_by=reps[0].id)
            )
    at_work(database_url, tmp_path)
    with inline(database_url) as work:
        posted = kinds(work)
        assert (posted.count("digest"), posted.count("promise_due")) == (many, many)
        assert work.scalars(select(tables.alert.c.state).distinct()) == [alerts.RAISED]
        told = select(tables.event.c.customer_id).where(tables.event.c.kind == "alert.escalated")
        assert sorted(work.scalars(told)) == lit[::2]


def test_promises_whose_time_is_over_are_judged_in_pieces(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        company.fresh(work)
        made = []
        for n in range(2 * daily.JUDGED + 1):
            one = company.a_customer(work, f"C{n}")
            item = company.an_invoice(work, one, f"F{n}", late=40)
            due_on = TODAY - timedelta(days=25)
            made.append(
                company.promised(
                    work,
                    one,
                    lea,
                    5_000,
                    due_on,
                    items=[(item, 5_000)],
                    made_on=due_on - timedelta(days=5),
                )
            )
    at_work(database_url, tmp_path)
    with inline(database_url) as work:
        assert work.scalars(select(tables.promise.c.state).distinct()) == ["broken"]
        assert kinds(work).count("promise_judged") == len(made)
