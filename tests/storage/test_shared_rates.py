"""The rates that all processes share, as rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from storage import rates
from storage.rates import Bucket, Pace, Till
from storage.tables import rate_bucket
from storage.work import Work
from storage.workers import shared_now
from tests.storage.inline import inline

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SLOW = Pace(overall=0.001, overall_burst=10, chat=0.001, chat_burst=3, answer_debt=5)


def overall(work: Work) -> Bucket:
    till = Till(work, SLOW, NOON)
    till.overall.fill(till.now)
    return till.overall


def test_what_one_process_takes_is_missing_for_the_next(database_url: str) -> None:
    with inline(database_url) as work:
        rates.owe(work, SLOW, NOON, 0)
        rates.owe(work, SLOW, NOON, -10)
        till = Till(work, SLOW, NOON)
        till.take([7, 8])
        till.keep()
    with inline(database_url) as work:
        assert 7.99 < overall(work).level < 8.1
        chat = Till(work, SLOW, NOON).chat(7)
        assert 1.99 < chat.level < 2.1


def test_a_flood_of_answers_holds_the_others_up_for_a_second_at_most(database_url: str) -> None:
    with inline(database_url) as work:
        rates.owe(work, Pace(overall=30), NOON, 10_000)
        level = work.scalar(select(rate_bucket.c.level))
        assert level == -30


def test_a_429_in_a_crowded_chat_pauses_that_chat_only(database_url: str) -> None:
    with inline(database_url) as work:
        till = Till(work, SLOW, NOON)
        till.take([7, 7])
        till.keep()
        assert not rates.refuse(work, SLOW, NOON, 7, 5.0, crowded=False)
        assert Till(work, SLOW, NOON).resting() == {7}
        assert rates.closed_for(work, NOON) == 0.0
        assert not rates.refuse(work, SLOW, NOON, 8, 5.0, crowded=True)
        assert Till(work, SLOW, NOON).resting() == {7, 8}


def test_a_429_in_a_chat_with_one_message_pauses_every_process(database_url: str) -> None:
    with inline(database_url) as work:
        till = Till(work, SLOW, NOON)
        till.take([7])
        till.keep()
        assert rates.refuse(work, SLOW, NOON, 7, 5.0, crowded=False)
    with inline(database_url) as work:
        assert 4.0 < rates.closed_for(work, NOON) <= 5.0
        assert Till(work, SLOW, NOON).overall.wait(shared_now(work, NOON).timestamp()) > 4.0


def test_a_group_is_slower_than_a_person(database_url: str) -> None:
    with inline(database_url) as work:
        till = Till(work, Pace(), NOON)
        assert till.chat(-5).rate == 20 / 60
        assert till.chat(5).rate == 1.0


def test_a_clock_set_back_by_hours_stops_nobody(database_url: str) -> None:
    with inline(database_url) as work:
        rates.owe(work, SLOW, NOON, 0)
        rates.owe(work, SLOW, NOON, -5)
        ahead = shared_now(work, NOON) + timedelta(hours=3)
        work.execute(update(rate_bucket).values(at=ahead, closed_until=ahead))
        found = Till(work, SLOW, NOON)
        assert found.overall.wait(found.now) == 0.0
        assert 4.99 < found.overall.level < 5.1


def test_a_bucket_written_under_a_higher_rate_is_cut_to_this_one(database_url: str) -> None:
    with inline(database_url) as work:
        rates.owe(work, Pace(overall_burst=500), NOON, 0)
        rates.owe(work, Pace(overall_burst=500), NOON, -400)
        assert overall(work).level == 10


def test_nothing_comes_into_a_closed_bucket() -> None:
    bucket = Bucket(1.0, 5.0, 5.0)
    bucket.close(100.0, 10.0)
    assert bucket.level == 1.0
    bucket.take(105.0)
    assert bucket.wait(110.0) == 1.0
    assert bucket.wait(111.5) == 0.0


def test_a_pause_written_by_a_clock_that_was_ahead_holds_nobody_up(sqlite_url: str) -> None:
    ahead = NOON + timedelta(hours=1)
    with inline(sqlite_url) as work:
        assert rates.refuse(work, SLOW, ahead, 7, 30.0, crowded=False)
        assert rates.closed_for(work, ahead) == 30.0
        assert rates.closed_for(work, NOON) == 0.0
        assert rates.closed_for(work, ahead - timedelta(seconds=2)) == 32.0
