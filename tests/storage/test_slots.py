"""A slot lets one of several processes do periodic work, once a period."""

from __future__ import annotations

from datetime import timedelta

from credit.moment import Moment
from storage import slots
from storage.work import Work
from tests.credit.builders import paris
from tests.storage.inline import inline

HOUR = timedelta(hours=1)
NOON = paris(2026, 11, 25, 12)


def claimed(work: Work, by: str, at: Moment, dead: str | None = None) -> bool:
    return slots.claim(work, "digests", by, at, HOUR, dead)


def test_one_of_two_claims_a_slot_that_is_new(database_url: str) -> None:
    with inline(database_url) as work:
        assert slots.due(work, "digests", NOON, HOUR)
        assert claimed(work, "one", NOON)
        assert not slots.due(work, "digests", NOON, HOUR)
        assert not claimed(work, "two", NOON)
        assert slots.owner(work, "digests") == "one"


def test_work_that_is_done_is_due_again_after_its_period(database_url: str) -> None:
    with inline(database_url) as work:
        claimed(work, "one", NOON)
        slots.done(work, "digests", "one", NOON.plus(HOUR))
        assert slots.owner(work, "digests") is None
        assert not claimed(work, "two", NOON.plus(HOUR - timedelta(seconds=1)))
        assert claimed(work, "two", NOON.plus(HOUR))


def test_who_works_for_long_keeps_the_slot_as_long_as_he_says_so(database_url: str) -> None:
    with inline(database_url) as work:
        claimed(work, "one", NOON)
        later = NOON.plus(slots.HOLD - timedelta(seconds=1))
        assert slots.renew(work, "digests", "one", later)
        assert not claimed(work, "two", NOON.plus(slots.HOLD))
        assert claimed(work, "two", later.plus(slots.HOLD))
        assert not slots.renew(work, "digests", "one", later.plus(slots.HOLD))


def test_the_slot_of_one_known_to_be_dead_is_taken_at_once(database_url: str) -> None:
    with inline(database_url) as work:
        claimed(work, "one", NOON)
        assert not claimed(work, "two", NOON, dead="three")
        assert claimed(work, "two", NOON, dead="one")


def test_one_that_lost_its_slot_states_nothing(database_url: str) -> None:
    with inline(database_url) as work:
        claimed(work, "one", NOON)
        claimed(work, "two", NOON.plus(slots.HOLD))
        slots.done(work, "digests", "one", NOON.plus(HOUR * 5))
        assert slots.owner(work, "digests") == "two"


def test_a_slot_stated_by_a_clock_that_ran_ahead_is_due(database_url: str) -> None:
    with inline(database_url) as work:
        claimed(work, "one", NOON.plus(timedelta(days=9)))
        slots.done(work, "digests", "one", NOON.plus(timedelta(days=9) + HOUR))
        assert slots.due(work, "digests", NOON, HOUR)
        assert claimed(work, "two", NOON)


def test_a_slot_may_be_taken_from_anybody(database_url: str) -> None:
    with inline(database_url) as work:
        claimed(work, "one", NOON)
        slots.take(work, "digests", "two", NOON)
        assert slots.owner(work, "digests") == "two"
        assert not slots.renew(work, "digests", "one", NOON)
