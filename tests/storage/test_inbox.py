"""The durable inbox on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from credit.moment import Moment
from storage import inbox, serving
from storage.inbox import AlreadyHandled, Received
from storage.tables import inbox as table
from tests.storage.inline import inline

NOON = Moment(datetime(2026, 11, 23, 12, tzinfo=UTC), ZoneInfo("Europe/Paris"))


def an_update(number: int = 7, sender: int = 42, **more: object) -> Received:
    return Received(number, sender, f'{{"update_id": {number}}}', **more)  # type: ignore[arg-type]


def test_an_update_that_comes_twice_is_stored_once(database_url: str) -> None:
    with inline(database_url) as work:
        work.owner = "one"
        first = inbox.store(work, [an_update(7), an_update(7), an_update(8)], NOON, places=9)
    with inline(database_url) as work:
        work.owner = "one"
        second = inbox.store(work, [an_update(8), an_update(9, sender=43)], NOON, places=9)
        waiting = inbox.pending(work, NOON.at, 10)
    assert [one.update_id for one in first] == [7, 8]
    assert [one.update_id for one in second] == [9]
    assert [one.update_id for one in waiting] == [7, 8, 9]


def test_a_number_lower_than_the_last_is_new_all_the_same(database_url: str) -> None:
    with inline(database_url) as work:
        inbox.store(work, [an_update(900)], NOON)
        inbox.store(work, [an_update(5)], NOON)
        assert inbox.pending(work, NOON.at, 10) == [
            an_update(5, taken_over=True),
            an_update(900, taken_over=True),
        ]


def test_one_who_takes_nobody_is_given_nothing_where_others_are(postgres_url: str) -> None:
    with inline(postgres_url) as work:
        work.owner = "one"
        batch = [an_update(number, sender=number) for number in (3, 1, 2)]
        assert inbox.store(work, batch, NOON) == []
        taken = inbox.store(work, [an_update(9, sender=9), an_update(8, sender=8)], NOON, places=1)
        assert taken == [an_update(8, sender=8)]
        # somebody of whom something waits already is not taken: memory would miss that
        assert inbox.store(work, [an_update(4, sender=1)], NOON, places=9) == []


def test_an_update_is_marked_only_for_the_one_who_serves_its_sender(postgres_url: str) -> None:
    with inline(postgres_url) as work:
        work.owner = "one"
        inbox.store(work, [an_update(7)], NOON, places=1)
        work.owner = "two"
        with pytest.raises(AlreadyHandled):
            inbox.finish(work, 7, NOON)
        work.owner = "one"
        inbox.finish(work, 7, NOON)


def test_an_empty_batch_is_nothing(database_url: str) -> None:
    with inline(database_url) as work:
        assert inbox.store(work, [], NOON) == []


def test_a_handled_update_waits_no_more_and_cannot_be_handled_again(database_url: str) -> None:
    with inline(database_url) as work:
        inbox.store(work, [an_update(7)], NOON)
        inbox.finish(work, 7, NOON)
        assert inbox.pending(work, NOON.at, 10) == []
        with pytest.raises(AlreadyHandled) as refusal:
            inbox.finish(work, 7, NOON)
    assert refusal.value.update_id == 7


def test_a_failed_update_waits_with_its_tries_until_it_is_parked(database_url: str) -> None:
    with inline(database_url) as work:
        inbox.store(work, [an_update(7)], NOON)
        inbox.fail(work, 7, 1, "ValueError()", parked=False)
        assert [one.attempts for one in inbox.pending(work, NOON.at, 10)] == [1]
        inbox.fail(work, 7, 2, "half \ud800 and \0 and " + "x" * 900, parked=True)
        assert inbox.pending(work, NOON.at, 10) == []
        row = work.first(select(table))
    assert row is not None
    assert row.parked
    assert row.done_at is None
    assert row.error.startswith("half ? and  and x")
    assert len(row.error) == 400


def test_what_came_a_moment_ago_or_before_a_number_is_not_swept(database_url: str) -> None:
    with inline(database_url) as work:
        inbox.store(work, [an_update(7), an_update(8)], NOON)
        assert inbox.pending(work, NOON.at - timedelta(seconds=5), 10) == []
        assert [one.update_id for one in inbox.pending(work, NOON.at, 10, after=7)] == [8]
        assert [one.update_id for one in inbox.pending(work, NOON.at, 1)] == [7]


def test_what_a_clock_that_went_ahead_stored_is_swept_all_the_same(database_url: str) -> None:
    with inline(database_url) as work:
        inbox.store(work, [an_update(7)], NOON)
        yesterday = NOON.at - timedelta(days=1)
        assert [one.update_id for one in inbox.pending(work, yesterday, 9)] == [7]


def test_an_update_known_to_be_bad_is_stored_parked(database_url: str) -> None:
    with inline(database_url) as work:
        assert inbox.store(work, [an_update(-9, error="no usable update_id")], NOON) == []
        assert inbox.pending(work, NOON.at, 10) == []
        assert work.scalar(select(table.c.parked))


def test_the_next_number_is_asked_for_until_telegram_may_have_numbered_anew(
    database_url: str,
) -> None:
    with inline(database_url) as work:
        assert inbox.next_offset(work, NOON) is None
        inbox.store(work, [an_update(-3, error="bad")], NOON)
        assert inbox.next_offset(work, NOON) is None
        inbox.store(work, [an_update(41), an_update(40)], NOON)
        assert inbox.next_offset(work, NOON.plus(timedelta(days=6))) == 42
        assert inbox.next_offset(work, NOON.plus(timedelta(days=8))) is None


def test_what_another_process_left_is_counted_as_often_as_it_was_begun(database_url: str) -> None:
    with inline(database_url) as work:
        inbox.store(work, [an_update(7)], NOON)
        for times in range(3):
            (left,) = inbox.pending(work, NOON.at, 10)
            assert (left.begun, left.taken_over) == (times, True)
            inbox.begin(work, 7)


def test_only_the_senders_of_a_process_that_died_are_taken_over(postgres_url: str) -> None:
    with inline(postgres_url) as work:
        work.owner = "dead"
        inbox.store(work, [an_update(1, sender=1)], NOON, places=1)
        work.owner = "ends"
        inbox.store(work, [an_update(2, sender=2)], NOON, places=1)
        serving.give_back(work)
        inbox.store(work, [an_update(3, sender=3)], NOON)
        assert serving.free(work, ["dead"]) == 1
        work.owner = "alive"
        found = serving.claim(work, NOON, 9)
        taken = inbox.received_rows(found.rows, found.orphans)
        assert {one.sender: one.taken_over for one in taken} == {1: True, 2: False, 3: False}
