"""Rows of many customers, found by looking each of them up or by walking their range."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from credit.people import Role
from storage import alerts, observations
from storage.bulk import WIDEST, Among, Bulk, Scattered
from storage.tables import observation
from storage.work import Work
from tests.credit.builders import TODAY
from tests.day.company import MORNING, a_customer, hire
from tests.storage.inline import inline

SEEN = select(observation.c.customer_id, observation.c.code).where(Among(observation.c.customer_id))
SCATTERED, NEAR, EACH = Scattered(SEEN), Bulk(SEEN, scattered=True), Bulk(SEEN)
MANY = 3 * WIDEST


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as one:
        rep = hire(one, "Léa", Role.REP, "R1")
        for n in range(MANY):
            customer = a_customer(one, f"C{n}")
            for code in ("T01", "T02")[: n % 3]:
                values = {"customer_id": customer, "person_id": rep.id, "code": code}
                at = MORNING.at - timedelta(days=n)
                observations.add(
                    one, {**values, "on": TODAY, "at": at, "files": [], "uid": f"{n}:{code}"}
                )
        yield one


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ids=st.sets(st.integers(min_value=-5, max_value=MANY + 5)))
def test_near_or_far_the_same_rows_are_found_and_nobody_elses(work: Work, ids: set[int]) -> None:
    each = sorted(tuple(row) for row in EACH.rows(work, {"ids": ids}))
    assert sorted(tuple(row) for row in SCATTERED.rows(work, {"ids": ids})) == each
    assert sorted(tuple(row) for row in NEAR.rows(work, {"ids": ids})) == each
    assert {customer for customer, _ in each} <= ids
    assert len(each) == sum((one - 1) % 3 for one in ids if 1 <= one <= MANY)


MOMENTS = st.sampled_from((None, MORNING.at))
ALERTS = st.dictionaries(
    st.integers(min_value=1, max_value=4),
    st.builds(
        alerts.Stored,
        customer_id=st.just(0),
        level=st.integers(min_value=0, max_value=4),
        state=st.just("raised"),
        lights=st.just("{}"),
        signals=st.just("[]"),
        action=st.sampled_from((None, "call")),
        points=st.integers(min_value=0, max_value=9),
        version=st.just(1),
        raised_at=st.just(MORNING.at),
        changed_at=st.just(MORNING.at),
        pushed_level=st.integers(min_value=0, max_value=4),
        pushed_at=MOMENTS,
        answer_by=MOMENTS,
        escalated_at=MOMENTS,
        snoozed_until=MOMENTS,
        answered_by=st.sampled_from((None, 1)),
        dismissal=st.sampled_from((None, "known")),
    ),
)


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=ALERTS, after=ALERTS)
def test_rows_are_written_whatever_is_empty_in_all_or_some_of_them(
    work: Work, before: dict[int, alerts.Stored], after: dict[int, alerts.Stored]
) -> None:
    with work.rehearsal() as stage:
        for some in (before, after):
            kept = {one: row._replace(customer_id=one) for one, row in some.items()}
            alerts.save_all(stage, kept.values())
            assert alerts.stored(stage, kept) == kept
