"""Who sends what: messages drawn with their tokens, and what dead processes left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, select, update

from credit.moment import Moment
from storage import outbox, outbox_care, outbox_turns, rates, workers
from storage.outbox import Outgoing, Priority, State
from storage.outbox_turns import Drawn, Recovered
from storage.rates import Pace
from storage.tables import outbox as table
from storage.tables import rate_bucket
from storage.work import Work
from tests.storage.inline import inline

NOON = Moment(datetime(2026, 11, 23, 12, tzinfo=UTC), ZoneInfo("Europe/Paris"))
LATER = NOON.at + timedelta(minutes=2)
SLOW = Pace(overall=0.001, overall_burst=3, chat=0.001, chat_burst=2)
UNHURRIED = Pace(overall=1_000, overall_burst=1_000, chat=1_000, chat_burst=1_000)
HERE, THERE, ELSEWHERE = "here/1/a", "there/2/b", "elsewhere/3/c"


def a_post(work: Work, chat_id: int = 1, **changes: Any) -> int:
    values: dict[str, Any] = {
        "kind": "alert",
        "person_id": None,
        "chat_id": chat_id,
        "body": {"customer_id": 3},
        "priority": Priority.ALERT,
        "at": NOON,
        "ready": False,
    }
    row_id = outbox.post(work, **{**values, **changes})
    assert row_id is not None
    return row_id


def draw(work: Work, owner: str = HERE, **changes: Any) -> Drawn:
    values: dict[str, Any] = {"most": 100, "spent": 0, "busy": (), "now": NOON.at, **changes}
    work.owner = owner
    return outbox_turns.draw(work, SLOW, **values)


def drawn(work: Work, owner: str = HERE, **changes: Any) -> list[int]:
    return [row.id for row in draw(work, owner, **changes).rows]


def test_news_that_a_clock_ahead_has_dated_leaves_all_the_same(database_url: str) -> None:
    with inline(database_url) as work:
        full(work)
        today = agreed(work)
        tomorrow = today.plus(timedelta(days=1))
        at_once = a_post(work, 1, at=tomorrow)
        years_off = a_post(work, 2, at=tomorrow, not_before=today.at + timedelta(days=800))
        a_post(work, 3, at=tomorrow, not_before=tomorrow.at + timedelta(hours=3))
        a_post(work, 4, at=today, not_before=today.at + timedelta(days=3))
        a_post(work, 5, at=today, not_before=today.at + timedelta(days=30))
        a_post(work, 6, at=tomorrow, kind="digest", priority=Priority.DIGEST)  # its day comes
        assert outbox_turns.set_right(work, NOON.at) == 2
        assert outbox_turns.set_right(work, NOON.at) == 0
        soon = today.at + timedelta(seconds=30)
        assert drawn(work, now=soon) == [at_once, years_off]


def test_what_another_machine_wrote_a_moment_ahead_is_left_as_it_is(database_url: str) -> None:
    with inline(database_url) as work:
        a_post(work, at=agreed(work).plus(timedelta(seconds=20)))
        assert outbox_turns.set_right(work, NOON.at) == 0


def agreed(work: Work) -> Moment:
    """Return what the database's clock says, or a file's reader."""
    return Moment(max(NOON.at, workers.shared_now(work, NOON.at)), NOON.zone)


def full(work: Work, level: float = 3.0) -> None:
    """Let the whole bot's bucket hold so many tokens."""
    rates.owe(work, SLOW, NOON.at, 0)
    rates.owe(work, SLOW, NOON.at, -int(level))


def column(work: Work, name: str, row_id: int) -> Any:
    return work.scalar(select(table.c[name]).where(table.c.id == row_id))


def test_a_bucket_nobody_knew_begins_empty(database_url: str) -> None:
    with inline(database_url) as work:
        a_post(work)
        found = draw(work)
        assert found.rows == []
        assert 990 < found.pause <= 1_000


def test_the_most_urgent_goes_first_then_the_oldest_as_far_as_tokens_go(database_url: str) -> None:
    with inline(database_url) as work:
        full(work)
        broadcast, digest, alert, later = (
            a_post(work, chat, priority=priority)
            for chat, priority in enumerate((3, 2, 1, 1), start=1)
        )
        found = draw(work)
        assert [row.id for row in found.rows] == [alert, later, digest]
        assert found.pause > 900
        assert column(work, "state", alert) == "sending"
        assert column(work, "owner", alert) == HERE
        assert column(work, "state", broadcast) == "waiting"


def test_no_more_digests_are_drawn_than_can_be_made_and_alerts_all_the_same(
    database_url: str,
) -> None:
    with inline(database_url) as work:
        full(work)
        first, second, alert = (
            a_post(work, chat, priority=priority)
            for chat, priority in enumerate((2, 2, 1), start=1)
        )
        assert drawn(work, digests=1) == [alert, first]
        assert drawn(work, digests=0) == []
        assert column(work, "state", second) == "waiting"
        assert drawn(work) == [second]


def test_a_message_is_drawn_by_one_process(database_url: str) -> None:
    with inline(database_url) as work:
        full(work)
        first, second = a_post(work, 1), a_post(work, 2)
        assert drawn(work, most=1) == [first]
        assert drawn(work, THERE, most=1) == [second]
        assert drawn(work, THERE) == []


def test_a_chat_gets_one_at_a_time_in_order_whoever_draws(database_url: str) -> None:
    with inline(database_url) as work:
        full(work)
        first, second = a_post(work), a_post(work)
        (row,) = draw(work).rows
        assert row.id == first
        assert drawn(work, THERE) == []
        assert not outbox.put_back(work, row, LATER, "never his")
        work.owner = HERE
        assert outbox.put_back(work, row, LATER, "never left")
        assert drawn(work, THERE) == [first]
        work.owner = THERE
        outbox.settle(work, row, State.SENT, NOON.at)
        assert drawn(work) == []  # the chat has used up its two tokens
        assert column(work, "state", second) == "waiting"


def test_a_hundred_messages_for_a_resting_chat_hold_nobody_up(database_url: str) -> None:
    with inline(database_url) as work:
        full(work)
        for _ in range(100):
            a_post(work, 1)
        other = a_post(work, 2)
        rates.rest(work, SLOW, NOON.at, 1, 5.0)
        assert drawn(work) == [other]


def test_a_hundred_messages_for_one_chat_let_the_others_come_too(database_url: str) -> None:
    with inline(database_url) as work:
        full(work)
        first, *_ = [a_post(work, 1) for _ in range(100)]
        second, third = a_post(work, 2), a_post(work, 3)
        assert drawn(work) == [first, second, third]


def test_chats_that_are_busy_with_answers_wait(database_url: str) -> None:
    with inline(database_url) as work:
        full(work)
        busy, free = a_post(work, 1), a_post(work, 2)
        assert drawn(work, busy={1}) == [free]
        assert drawn(work, busy=set()) == [busy]


def test_what_was_sent_without_asking_is_missing_for_the_others(database_url: str) -> None:
    with inline(database_url) as work:
        full(work)
        only = a_post(work, 1)
        a_post(work, 2)
        assert drawn(work, spent=2) == [only]
        assert draw(work).rows == []


def test_deferred_messages_and_answers_are_not_drawn(database_url: str) -> None:
    with inline(database_url) as work:
        full(work)
        a_post(work, not_before=LATER)
        a_post(work, priority=Priority.ANSWER)
        assert drawn(work) == []


def test_what_was_drawn_and_did_not_leave_is_given_back(database_url: str) -> None:
    with inline(database_url) as work:
        full(work)
        row_id = a_post(work)
        drawn(work)
        work.owner = THERE
        assert outbox_turns.release(work, [row_id]) == 0
        work.owner = HERE
        assert outbox_turns.release(work, [row_id]) == 1
        (row,) = draw(work, THERE).rows
        assert (row.id, row.doubtful) == (row_id, False)


@pytest.mark.parametrize(("living", "taken"), [((THERE,), 0), ((ELSEWHERE,), 1), ((), 1)])
@pytest.mark.parametrize("left", [True, False])
def test_what_a_dead_process_was_sending_comes_back_in_doubt_only_if_it_had_left(
    database_url: str, living: tuple[str, ...], taken: int, *, left: bool
) -> None:
    with inline(database_url) as work:
        full(work)
        a_post(work)
        (row,) = draw(work, THERE).rows
        if left:
            assert outbox.leaves(work, row, NOON.at)
        assert outbox_turns.recover(work, NOON.at, living) == Recovered(taken, 0)
        found = draw(work).rows
        assert [one.doubts for one in found] == [int(left)] * taken
        assert [one.deaths for one in found] == [int(not left)] * taken
        assert column(work, "posted_at", row.id) is None or not taken


def test_what_comes_back_by_a_clock_that_went_back_waits_for_its_time(database_url: str) -> None:
    yesterday = NOON.at - timedelta(days=1)
    with inline(database_url) as work:
        full(work)
        a_post(work)
        (row,) = draw(work, THERE).rows
        outbox.leaves(work, row, NOON.at)
        assert outbox_turns.recover(work, yesterday, []) == Recovered(1, 0)
        assert not outbox_turns.push_waits(work, yesterday)
        assert [one.id for one in draw(work).rows] == [row.id]


def test_only_its_process_lets_a_message_leave_and_a_refused_one_has_not_left(
    database_url: str,
) -> None:
    with inline(database_url) as work:
        full(work)
        a_post(work)
        (row,) = draw(work, THERE).rows
        work.owner = HERE
        assert not outbox.leaves(work, row, NOON.at)
        work.owner = THERE
        assert outbox.leaves(work, row, NOON.at)
        outbox.put_back(work, row, LATER, "429")
        assert column(work, "posted_at", row.id) is None
        assert outbox_turns.recover(work, NOON.at, []) == Recovered(0, 0)


def test_messages_over_which_processes_died_wait_apart_and_the_deadly_one_is_parked(
    database_url: str,
) -> None:
    def now_drawn(at: datetime = NOON.at) -> list[int]:
        found = outbox_turns.draw(work, UNHURRIED, at, most=9, spent=0, busy=())
        return [row.id for row in found.rows]

    with inline(database_url) as work:
        work.owner = THERE
        rates.owe(work, UNHURRIED, NOON.at, -100)
        innocent, deadly = a_post(work, 1), a_post(work, 2)
        for _ in range(2):
            assert now_drawn() == [innocent, deadly]
            assert outbox_turns.recover(work, NOON.at, []) == Recovered(2, 0)
        assert now_drawn() == [innocent]  # the other one has to wait a little
        work.execute(delete(table).where(table.c.id == innocent))
        for parked in (0, 1):
            assert now_drawn(LATER) == [deadly]
            assert outbox_turns.recover(work, LATER, []) == Recovered(1 - parked, parked)
        assert column(work, "state", deadly) == "parked"


def test_what_a_restored_copy_says_is_due_stays_in_doubt_when_it_was_being_sent(
    database_url: str,
) -> None:
    with inline(database_url) as work:
        full(work)
        row_id = a_post(work)
        drawn(work, THERE)
        work.execute(update(table).where(table.c.id == row_id).values(error=outbox.IN_DOUBT))
        outbox_turns.recover(work, NOON.at, [])
        assert [one.doubtful for one in draw(work).rows] == [True]


@pytest.mark.parametrize(("living", "taken"), [((HERE, THERE), 0), ((HERE,), 1), ((), 1)])
def test_the_answers_of_a_dead_process_are_taken_over_in_doubt(
    database_url: str, living: tuple[str, ...], taken: int
) -> None:
    with inline(database_url) as work:
        work.owner = THERE
        row_id = a_post(work, priority=Priority.ANSWER, ready=True)
        work.owner = HERE
        adopted = outbox_turns.adopt(work, NOON.at, living, 10)
        assert [(row.id, row.doubtful) for row in adopted] == [(row_id, True)] * taken
        assert outbox_turns.own(work, [row_id]) == ({row_id} if taken else set())
        if taken:
            assert outbox_turns.adopt(work, NOON.at, [HERE], 10) == []


def test_an_answer_of_nobody_is_taken_over_after_a_while(database_url: str) -> None:
    with inline(database_url) as work:
        row_id = a_post(work, priority=Priority.ANSWER)
        assert outbox_turns.adopt(work, NOON.at, [HERE], 10) == []
        (row,) = outbox_turns.adopt(work, LATER, [HERE], 10)
        assert (row.id, row.doubtful) == (row_id, True)


def test_processes_that_draw_at_once_share_messages_and_tokens(postgres_url: str) -> None:
    with inline(postgres_url) as work:
        for chat in range(60):
            a_post(work, chat)
        full(work, 0)
    pace = Pace(overall=0.001, overall_burst=50, chat=1, chat_burst=1)
    with inline(postgres_url) as work:
        rates.owe(work, pace, NOON.at, -50)

    def process(name: str) -> list[Outgoing]:
        kept: list[Outgoing] = []
        for _ in range(20):
            with inline(postgres_url) as work:
                work.owner = name
                kept += outbox_turns.draw(work, pace, NOON.at, most=4, spent=0, busy=()).rows
        return kept

    with ThreadPoolExecutor(4) as threads:
        each = list(threads.map(process, ["a/1/a", "b/2/b", "c/3/c", "d/4/d"]))
    ids = [row.id for rows in each for row in rows]
    assert len(ids) == len(set(ids)) == 50


def test_a_living_process_is_one_heard_of_lately(database_url: str) -> None:
    with inline(database_url) as work:
        now = Moment(workers.shared_now(work, NOON.at), NOON.zone)
        workers.beat(work, HERE, "all", now)
        workers.beat(work, THERE, "worker", now)
        assert {one.owner: one.role for one in workers.alive(work, now)} == {
            HERE: "all",
            THERE: "worker",
        }
        work.execute(workers._BEAT, _row(THERE, now.at - workers.SPAN))
        assert [one.owner for one in workers.alive(work, now)] == [HERE]
        assert workers.dead(work, now) == [THERE]
        workers.leave(work, THERE)
        assert workers.dead(work, now) == []


def test_a_process_heard_of_in_the_far_future_is_dead_the_clock_was_set_back(
    database_url: str,
) -> None:
    with inline(database_url) as work:
        now = Moment(workers.shared_now(work, NOON.at), NOON.zone)
        work.execute(workers._BEAT, _row(THERE, now.at + timedelta(hours=1)))
        assert workers.dead(work, now) == [THERE]


def _row(owner: str, at: datetime) -> dict[str, object]:
    return {"owner": owner, "role": "all", "started_at": at, "seen_at": at}


def test_a_busy_day_leaves_no_buckets_behind(database_url: str) -> None:
    with inline(database_url) as work:
        full(work)
        for chat in range(3):
            a_post(work, chat)
        assert len(drawn(work)) == 3
        rates.forget_rested(work, NOON.at + timedelta(minutes=1))
        assert work.scalar(select(func.count()).select_from(rate_bucket)) == 4
        later = datetime.now(UTC) + timedelta(days=300)
        work.execute(rates._FORGET, {"before": later})
        assert work.scalars(select(rate_bucket.c.name)) == ["overall"]


def test_what_another_one_decided_meanwhile_is_not_decided_again(database_url: str) -> None:
    with inline(database_url) as work:
        full(work)
        a_post(work)
        (row,) = draw(work).rows
        outbox.settle(work, row, State.SENT, NOON.at)
        outbox_care.again(work, [row.id], LATER)
        outbox_care.discard(work, [row.id], "given up", LATER)
        assert column(work, "state", row.id) == "sent"
