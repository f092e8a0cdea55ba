"""What was seen on site goes after its time: how often in a month stays, of nobody and nowhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, select

from storage import observations, tables
from storage.observations import Often
from storage.retention import PIECE
from storage.work import Work
from tests.storage.contents import contents
from tests.storage.inline import inline
from tests.storage.lives import a_life, put
from tests.storage.test_retention import LATELY, LONG_AGO, rule, run

IN_JANUARY, IN_MARCH = LONG_AGO, datetime(2020, 3, 31, 9, tzinfo=UTC)


def company(work: Work) -> None:
    put(work, "person", id=1, name="A", role="rep")
    put(work, "customer_row", id=1, code="C1", name="ACME", search="acme", changed_at=LONG_AGO)


def saw(work: Work, at: datetime, code: str, n: int = 1, **more: Any) -> None:
    row = {"customer_id": 1, "person_id": 1, "at": at, "on": at.date(), "code": code, "files": []}
    rows = [{**row, "uid": str(uuid4()), **more} for _ in range(n)]
    work.execute_many(insert(tables.observation), rows)


def counted(work: Work) -> list[tuple[date, str, int]]:
    count = tables.observation_count.c
    rows = work.all(select(count.month, count.code, count.n).order_by(count.month, count.code))
    return [(row.month, row.code, row.n) for row in rows]


def left(work: Work) -> list[str]:
    return work.scalars(select(tables.observation.c.code).order_by(tables.observation.c.id))


def test_observations_go_after_their_time_and_a_number_by_month_stays(database_url: str) -> None:
    with inline(database_url) as work:
        company(work)
        saw(work, IN_JANUARY, "T01", 3)
        saw(work, IN_JANUARY, "T05")
        saw(work, IN_MARCH, "T01", 2)
        saw(work, IN_MARCH, "T01", withdrawn_at=IN_MARCH)
        saw(work, LATELY, "T02", 2)
        saw(work, LATELY, "T01", withdrawn_at=LATELY)
        before = observations.often(work)
        assert run(work, rule("sightings")) == 7
        assert left(work) == ["T02", "T02", "T01"]
        january, march = date(2020, 1, 1), date(2020, 3, 1)
        assert counted(work) == [(january, "T01", 3), (january, "T05", 1), (march, "T01", 2)]
        assert observations.often(work) == {
            "T01": Often(5, january),
            "T05": Often(1, january),
            "T02": Often(2, LATELY.date()),
        }
        assert {code: one.n for code, one in before.items()} == {"T01": 5, "T05": 1, "T02": 2}
    told = repr(contents(database_url)["observation_count"])
    assert "ACME" not in told
    assert "C1" not in told


def test_what_goes_later_is_added_to_its_month_and_nothing_is_counted_twice(
    database_url: str,
) -> None:
    with inline(database_url) as work:
        company(work)
        saw(work, IN_JANUARY, "T01", 2)
        ids = work.scalars(select(tables.observation.c.id))
        assert observations.forget(work, ids) == 2
    with inline(database_url) as work:
        assert observations.forget(work, ids) == 0  # as of another process, a moment later
        assert counted(work) == [(date(2020, 1, 1), "T01", 2)]
        saw(work, IN_JANUARY + timedelta(days=3), "T01")
        observations.forget(work, work.scalars(select(tables.observation.c.id)))
        assert counted(work) == [(date(2020, 1, 1), "T01", 3)]


def test_a_run_cut_short_has_counted_what_went_and_the_next_goes_on(database_url: str) -> None:
    with inline(database_url) as work:
        company(work)
        saw(work, IN_JANUARY, "T01", 2 * PIECE + 7)
        saw(work, LATELY, "T01")
        assert run(work, rule("sightings"), most=1) == PIECE
    with inline(database_url) as work:
        assert counted(work) == [(date(2020, 1, 1), "T01", PIECE)]
        assert run(work, rule("sightings")) == PIECE + 7
        assert counted(work) == [(date(2020, 1, 1), "T01", 2 * PIECE + 7)]
        assert len(left(work)) == 1


@pytest.mark.parametrize("name", ["sightings", "contacts"])
def test_a_last_row_that_waited_goes_once_there_is_a_newer_one(
    database_url: str, name: str
) -> None:
    with inline(database_url) as work:
        a_life(work, LONG_AGO, 1)
        assert run(work, rule(name)) == 0
        assert run(work, rule(name)) == 0
        a_life(work, LATELY, 2)
        assert run(work, rule(name)) == 1
        assert run(work, rule(name)) == 0


def test_the_audit_trail_forgets_what_was_seen_and_keeps_that_somebody_saw_something(
    database_url: str,
) -> None:
    with inline(database_url) as work:
        a_life(work, LONG_AGO, 1)
        a_life(work, LATELY, 2)
        assert run(work, rule("trail_sightings")) == 1
        event = tables.event.c
        seen = select(event.person_id, event.customer_id, event.at, event.data)
        old, young = work.all(seen.where(event.kind == "observation.recorded").order_by(event.id))
        assert tuple(old) == (1, 1, LONG_AGO, {"uid": "o1", "code": None})
        assert young.data == {"uid": "o2", "code": "T01"}
