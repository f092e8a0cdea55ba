"""The durable outbox on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from credit.moment import Moment
from credit.people import Role
from storage import outbox, outbox_turns, people, rates
from storage.outbox import Outgoing, Priority, Settled, State
from storage.rates import Pace
from storage.tables import broadcast, broadcast_recipient, person
from storage.tables import outbox as table
from storage.work import Work
from tests.storage.inline import inline

NOON = Moment(datetime(2026, 11, 23, 12, tzinfo=UTC), ZoneInfo("Europe/Paris"))
LATER = NOON.at + timedelta(minutes=2)
UNHURRIED = Pace(overall=10_000, overall_burst=10_000, chat=10_000, chat_burst=10_000)


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


def drawn(work: Work, now: datetime = NOON.at, most: int = 100, **changes: Any) -> list[Outgoing]:
    values = {"most": most, "spent": 0, "busy": (), **changes}
    return list(outbox_turns.draw(work, UNHURRIED, now, **values).rows)


def column(work: Work, name: str, row_id: int | None) -> Any:
    return work.scalar(select(table.c[name]).where(table.c.id == row_id))


def test_the_sender_is_told_of_a_message_once_it_is_committed(database_url: str) -> None:
    notes: list[object] = []
    with inline(database_url, notes) as work:
        row_id = a_post(work)
    (told,) = notes
    with inline(database_url) as work:
        rates.owe(work, UNHURRIED, NOON.at - timedelta(minutes=1), 0)
        assert drawn(work) == [told]
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


def test_a_deferred_message_is_told_to_nobody(database_url: str) -> None:
    notes: list[object] = []
    with inline(database_url, notes) as work:
        a_post(work, not_before=LATER)
        assert not outbox_turns.push_waits(work, NOON.at)
        assert outbox_turns.push_waits(work, LATER)
    assert notes == []


def test_an_answer_belongs_to_the_process_that_wrote_it(database_url: str) -> None:
    with inline(database_url) as work:
        work.owner = "here/1/a"
        mine = a_post(work, priority=Priority.ANSWER)
        later = a_post(work, priority=Priority.ANSWER, not_before=LATER)
        alert = a_post(work)
        assert [column(work, "owner", row) for row in (mine, later, alert)] == [
            "here/1/a",
            None,
            None,
        ]


@pytest.mark.parametrize("state", [State.SENT, State.DROPPED, State.FAILED, State.PARKED])
def test_a_settled_message_is_over(database_url: str, state: State) -> None:
    with inline(database_url) as work:
        row = a_row(work)
        assert outbox.settle(work, row, state, NOON.at, 77, "why\0" + "y" * 500)
        assert not outbox.settle(work, row, State.SENT, NOON.at)
        outbox.put_back(work, row, NOON.at, "too late")
        assert column(work, "state", row.id) == state.value
        assert column(work, "message_id", row.id) == 77
        assert column(work, "sent_at", row.id) == (NOON.at if state is State.SENT else None)
        assert len(column(work, "error", row.id)) == 400


@pytest.mark.parametrize(
    ("state", "becomes"),
    [
        (State.SENT, "sent"),
        (State.FAILED, "failed"),
        (State.PARKED, "failed"),
        (State.DROPPED, "blocked"),
    ],
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


def test_how_a_message_ended_is_told_once(database_url: str) -> None:
    notes: list[object] = []
    with inline(database_url, notes) as work:
        row = a_row(work)
        outbox.settle(work, row, State.SENT, NOON.at)
        outbox.settle(work, row, State.FAILED, NOON.at)
    assert [note for note in notes if not isinstance(note, Outgoing)] == [Settled("alert", "sent")]


def test_a_chat_that_got_another_number_takes_its_person_and_messages_along(
    database_url: str,
) -> None:
    with inline(database_url) as work:
        rep = a_rep(work)
        waiting, over = a_post(work), a_row(work)
        outbox.settle(work, over, State.SENT, NOON.at)
        outbox.migrate(work, 1001, -100_2002)
        found = people.by_id(work, rep)
        assert found is not None
        assert found.telegram_id == -100_2002
        assert column(work, "chat_id", waiting) == -100_2002
        assert column(work, "chat_id", over.id) == 1001
        outbox.migrate(work, 1001, -100_2002)


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
    return a_row(work, kind="broadcast", person_id=rep, body={"broadcast_id": number}, priority=3)


def a_row(work: Work, **changes: Any) -> Outgoing:
    row_id = a_post(work, **changes)
    assert row_id is not None
    values = {
        "priority": Priority.ALERT,
        "kind": "alert",
        "person_id": None,
        "chat_id": 1001,
        "ready": False,
        "body": {"customer_id": 3},
        **changes,
    }
    return Outgoing(id=row_id, created_at=NOON.at, not_before=NOON.at, **values)
