"""Facts and leases on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from credit.moment import Moment
from storage import facts
from tests.storage.inline import inline

NOON = Moment(datetime(2026, 11, 23, 12, tzinfo=UTC), ZoneInfo("Europe/Paris"))
SPAN = timedelta(seconds=12)


def test_a_fact_is_what_was_stated_last(database_url: str) -> None:
    with inline(database_url) as work:
        assert facts.get(work, "data.as_of") is None
        facts.put(work, "data.as_of", "2026-11-20")
        facts.put(work, "data.as_of", {"day": 21, "é": [1, None]})
        assert facts.get(work, "data.as_of") == {"day": 21, "é": [1, None]}


def test_only_one_owner_holds_a_lease_until_it_runs_out(database_url: str) -> None:
    with inline(database_url) as work:
        assert facts.acquire(work, "poll", "a", NOON, SPAN)
        assert facts.acquire(work, "poll", "a", NOON.plus(timedelta(seconds=5)), SPAN)
        assert not facts.acquire(work, "poll", "b", NOON.plus(timedelta(seconds=16)), SPAN)
        assert facts.holder(work, "poll") == "a"
        assert facts.acquire(work, "poll", "b", NOON.plus(timedelta(seconds=17)), SPAN)
        assert facts.holder(work, "poll") == "b"
        assert not facts.acquire(work, "poll", "a", NOON.plus(timedelta(seconds=18)), SPAN)


def test_two_leases_do_not_meet(database_url: str) -> None:
    with inline(database_url) as work:
        assert facts.acquire(work, "poll", "a", NOON, SPAN)
        assert facts.acquire(work, "jobs", "b", NOON, SPAN)
        assert facts.holder(work, "digests") is None


def test_a_lease_given_back_is_free_but_only_its_owner_gives_it_back(database_url: str) -> None:
    with inline(database_url) as work:
        facts.acquire(work, "poll", "a", NOON, SPAN)
        facts.release(work, "poll", "b")
        assert not facts.acquire(work, "poll", "b", NOON, SPAN)
        facts.release(work, "poll", "a")
        assert facts.acquire(work, "poll", "b", NOON, SPAN)


def test_the_lease_of_an_owner_known_to_be_dead_is_taken_at_once(database_url: str) -> None:
    with inline(database_url) as work:
        facts.acquire(work, "poll", "a", NOON, SPAN)
        assert not facts.acquire(work, "poll", "b", NOON, SPAN, dead="c")
        assert facts.acquire(work, "poll", "b", NOON, SPAN, dead="a")


def test_a_lease_taken_under_a_clock_far_ahead_does_not_hold_for_ever(database_url: str) -> None:
    with inline(database_url) as work:
        facts.acquire(work, "poll", "a", NOON.plus(timedelta(days=30)), SPAN)
        assert facts.acquire(work, "poll", "b", NOON, SPAN)


def test_of_two_that_state_the_same_one_changes_it(database_url: str) -> None:
    with inline(database_url) as work:
        assert facts.change(work, "webhook", "a")
        assert not facts.change(work, "webhook", "a")
        assert facts.change(work, "webhook", "b")
        assert facts.get(work, "webhook") == "b"
