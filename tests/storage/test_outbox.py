"""The durable outbox on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from credit.moment import Moment
from credit.people import Role
from storage import outbox, people
from storage.outbox import Outgoing, Priority, State
from storage.tables import broadcast, broadcast_recipient, person
from storage.tables import outbox as table
from storage.work import Work
from tests.storage.inline import inline

NOON = Moment(datetime(2026, 11, 23, 12, tzinfo=UTC), ZoneInfo("Europe/Paris"))
LATER = NOON.at + timedelta(minutes=2)


def a_post(work: Work, **changes: Any) -> int | None:
    values: dict[str, Any] = {
        "kind": "alert",
        "person_id": None,
        "chat_id": 1001,
        "body": {"customer_id": 3},
        "priority": Priority.ALERT,
        "at": NOON,
        "ready": False,
    }
    return outbox.post(work, **{**values, **changes})


def a_rep(work: Work) -> int:
    return people.add(
        work, telegram_id=1001, name="Léa", role=Role.REP, locale="fr", codes=["R1"], at=NOON.at
    )


def due(work: Work, **changes: Any) -> list[Outgoing]:
    values = {"now": NOON.at, "answers_by": NOON.at, "limit": 100}
    return outbox.due(work, **{**values, **changes})


def column(work: Work, name: str, row_id: int | None) -> Any:
    return work.scalar(select(table.c[name]).where(table.c.id == row_id))


def test_the_sender_is_told_of_a_message_once_it_is_committed(database_url: str) -> None:
    notes: list[object] = []
    with inline(database_url, notes) as work:
        row_id = a_post(work)
    (told,) = notes
    with inline(database_url) as work:
        assert due(work) == [told]
    assert isinstance(told, Outgoing)
    assert told.id == row_id
    assert told.body == {"customer_id": 3}


def test_a_message_rolled_back_is_told_to_nobody(database_url: str) -> None:
    notes: list[object] = []
    with pytest.raises(IntegrityError):
        _post_and_fail(database_url, notes)
    assert notes == []


def test_the_same_message_is_not_posted_twice(database_url: str) -> None:
    notes: list[object] = []
    with inline(database_url, notes) as work:
        first = a_post(work, dedupe="digest:7:2026-11-23")
        assert a_post(work, dedupe="digest:7:2026-11-23") is None
        other = a_post(work, dedupe="digest:7:2026-11-24")
        assert a_post(work) != a_post(work)
    assert len(notes) == 4
    assert first is not None
    assert other is not None


def test_the_most_urgent_goes_first_then_the_oldest(database_url: str) -> None:
    with inline(database_url) as work:
        priorities = (Priority.BROADCAST, Priority.ALERT, Priority.DIGEST, Priority.ANSWER)
        ids = [a_post(work, priority=priority) for priority in (*priorities, Priority.ALERT)]
        order = [row.id for row in due(work)]
        assert [row.id for row in due(work, limit=2)] == order[:2]
    assert order == [ids[3], ids[1], ids[4], ids[2], ids[0]]


def test_a_deferred_message_is_told_to_nobody_and_waits_for_its_moment(database_url: str) -> None:
    notes: list[object] = []
    with inline(database_url, notes) as work:
        row_id = a_post(work, not_before=LATER)
        assert due(work) == []
        assert [row.id for row in due(work, now=LATER)] == [row_id]
    assert notes == []


def test_an_answer_found_in_the_table_is_an_orphan_in_doubt(database_url: str) -> None:
    with inline(database_url) as work:
        a_post(work, priority=Priority.ANSWER, ready=True)
        assert due(work, answers_by=NOON.at - timedelta(seconds=5)) == []
        (orphan,) = due(work)
    assert orphan.doubtful


def test_a_message_is_claimed_once(database_url: str) -> None:
    with inline(database_url) as work:
        row_id = a_post(work)
        assert row_id is not None
        assert outbox.claim(work, row_id, LATER)
        assert not outbox.claim(work, row_id, LATER)
        assert due(work, now=LATER) == []


def test_a_message_put_back_waits_and_is_no_longer_in_doubt(database_url: str) -> None:
    with inline(database_url) as work:
        row_id = a_post(work)
        assert row_id is not None
        outbox.claim(work, row_id, NOON.at)
        outbox.recover(work, NOON.at, alone=True)
        assert [row.doubtful for row in due(work)] == [True]
        outbox.put_back(work, row_id, LATER, 2, "429 Too Many Requests")
        assert due(work) == []
        (row,) = due(work, now=LATER)
    assert row.attempts == 2
    assert not row.doubtful


def test_what_another_living_process_sends_is_left_to_it(database_url: str) -> None:
    with inline(database_url) as work:
        row_id = a_post(work)
        assert row_id is not None
        outbox.claim(work, row_id, LATER)
        assert outbox.recover(work, NOON.at, alone=False) == 0
        assert outbox.recover(work, LATER, alone=False) == 1
        (row,) = due(work, now=LATER)
    assert row.doubtful


@pytest.mark.parametrize("state", [State.SENT, State.DROPPED, State.FAILED, State.PARKED])
def test_a_settled_message_is_over(database_url: str, state: State) -> None:
    with inline(database_url) as work:
        a_post(work)
        (row,) = due(work)
        assert outbox.settle(work, row, state, NOON.at, 77, "why\0" + "y" * 500)
        assert not outbox.settle(work, row, State.SENT, NOON.at)
        outbox.put_back(work, row.id, NOON.at, 1, "too late")
        assert due(work) == []
        assert column(work, "state", row.id) == state.value
        assert column(work, "message_id", row.id) == 77
        assert column(work, "sent_at", row.id) == (NOON.at if state is State.SENT else None)
        assert len(column(work, "error", row.id)) == 400


@pytest.mark.parametrize(
    ("state", "becomes"),
    [(State.SENT, "sent"), (State.FAILED, "failed"), (State.DROPPED, "blocked")],
)
def test_a_broadcast_learns_what_became_of_its_recipient(
    database_url: str, state: State, becomes: str
) -> None:
    with inline(database_url) as work:
        row = _a_broadcast(work)
        outbox.settle(work, row, state, NOON.at)
        assert work.scalar(select(broadcast_recipient.c.state)) == becomes


def test_a_recipient_who_has_seen_it_already_stays_so(database_url: str) -> None:
    with inline(database_url) as work:
        row = _a_broadcast(work)
        work.execute(update(broadcast_recipient).values(state="seen"))
        outbox.settle(work, row, State.SENT, NOON.at)
        assert work.scalar(select(broadcast_recipient.c.state)) == "seen"


def test_a_reader_who_blocked_the_bot_is_remembered_and_gets_nothing_more(
    database_url: str,
) -> None:
    with inline(database_url) as work:
        row = _a_broadcast(work)
        assert outbox.may_read(work, row.person_id)
        outbox.unreachable(work, row, NOON.at, "Forbidden: bot was blocked by the user")
        assert work.scalar(select(person.c.unreachable_since)) == NOON.at
        assert work.scalar(select(broadcast_recipient.c.state)) == "blocked"
        assert column(work, "state", row.id) == "dropped"
        assert not outbox.may_read(work, row.person_id)
        people.set_unreachable(work, 1001, None)
        assert outbox.may_read(work, row.person_id)


def test_a_revoked_person_and_one_who_is_not_there_get_nothing(database_url: str) -> None:
    with inline(database_url) as work:
        rep = a_rep(work)
        people.revoke(work, rep, NOON.at)
        assert not outbox.may_read(work, rep)
        assert not outbox.may_read(work, 999)
        assert outbox.may_read(work, None)


def test_only_what_is_over_is_purged(database_url: str) -> None:
    with inline(database_url) as work:
        for _ in range(6):
            a_post(work)
        rows = due(work)
        for row, state in zip(rows, [*outbox.OVER, State.PARKED], strict=False):
            outbox.settle(work, row, state, NOON.at)
        outbox.claim(work, rows[4].id, LATER)
        assert outbox.purge(work, NOON.at) == 0
        assert outbox.purge(work, NOON.at + timedelta(days=1)) == 3
        assert sorted(work.scalars(select(table.c.state))) == ["parked", "sending", "waiting"]


def _post_and_fail(url: str, notes: list[object]) -> None:
    with inline(url, notes) as work:
        a_post(work)
        a_post(work, priority=9)


def _a_broadcast(work: Work) -> Outgoing:
    rep = a_rep(work)
    number = work.insert(
        insert(broadcast),
        {"person_id": rep, "text": "Fermé lundi", "audience": "all", "at": NOON.at},
    )
    recipient = {"broadcast_id": number, "person_id": rep, "state": "waiting", "at": NOON.at}
    work.execute(insert(broadcast_recipient), recipient)
    a_post(work, kind="broadcast", person_id=rep, body={"broadcast_id": number}, priority=3)
    (row,) = due(work)
    return replace(row)
