"""On each worked day everybody is looked at: an invoice falls late without any file saying so."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.jobs import looking
from bot.jobs.timetable import JOBS, Bench
from bot.use_cases import alerts as alerts_in_use
from config.clock import Clock
from credit.moment import Moment
from credit.people import Role
from storage import alerts
from storage.database import connect
from tests.credit.builders import PARIS, TODAY
from tests.day import company
from tests.day.company import rules
from tests.storage.inline import inline

DUE = TODAY + timedelta(days=2)
LATER = date(2027, 2, 1)  # a Monday, 66 days after the due date
SUNDAY = LATER - timedelta(days=1)


def looked(url: str, now: Moment) -> None:
    """Let the clock's job run once at that moment."""

    async def once() -> None:
        database = connect(url)
        await database.open()
        offset = (now.at - Clock(0.0, PARIS).now().at).total_seconds()
        bench = Bench(database, rules(), Clock(offset, PARIS), Path(), Path())
        try:
            await looking.run(bench)
        finally:
            await database.close()

    asyncio.run(once())


def a_book(url: str) -> None:
    with inline(url) as work:
        company.hire(work, "Léa", Role.REP, "R1")
        customer = company.a_customer(work, "C1")
        company.an_invoice(work, customer, "F1", 500_000, due_on=DUE)


def news(url: str) -> int:
    with inline(url) as work:
        return len(company.waiting(work, alerts.NEWS))


def exported(url: str, now: Moment) -> None:
    with inline(url) as work:
        company.fresh(work, now)


def test_an_invoice_that_fell_late_by_the_calendar_alone_raises_an_alert_once(
    database_url: str,
) -> None:
    a_book(database_url)
    for now, told in ((company.at(TODAY), 0), (company.at(LATER), 1), (company.at(LATER, 15), 1)):
        exported(database_url, now)
        looked(database_url, now)
        assert news(database_url) == told


def test_many_are_looked_at_by_another_process_which_tells_what_is_to_be_written(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MANY", 0)
    monkeypatch.setattr(alerts_in_use, "look", None)  # here; the other process has its own
    a_book(database_url)
    with inline(database_url) as work:
        quiet = company.a_customer(work, "C2")
        company.an_invoice(work, quiet, "F2", 500_000, due_on=LATER)
    for now, told in ((company.at(LATER), 1), (company.at(LATER, 15), 1)):
        exported(database_url, now)
        looked(database_url, now)
        assert news(database_url) == told
    with inline(database_url) as work:
        assert [alerts.of(work, one) is None for one in (1, quiet)] == [False, True]


def test_an_old_book_is_not_looked_at_before_the_next_export(sqlite_url: str) -> None:
    a_book(sqlite_url)
    exported(sqlite_url, company.at(TODAY))
    looked(sqlite_url, company.at(LATER))
    with inline(sqlite_url) as work:
        assert alerts.of(work, 1) is None
    exported(sqlite_url, company.at(LATER, 14))
    looked(sqlite_url, company.at(LATER, 14))
    assert news(sqlite_url) == 1


def test_nobody_is_looked_at_on_a_day_off(sqlite_url: str) -> None:
    a_book(sqlite_url)
    exported(sqlite_url, company.at(SUNDAY))
    looked(sqlite_url, company.at(SUNDAY))
    assert news(sqlite_url) == 0


def test_the_clock_wakes_the_look() -> None:
    assert JOBS["look"][0] is looking.run
