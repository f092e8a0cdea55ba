"""Which message of which chat goes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.lanes import Lanes
from storage.outbox import Outgoing

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def a_row(row_id: int, priority: int = 0, chat_id: int = 1, **more: Any) -> Outgoing:
    return Outgoing(
        id=row_id,
        priority=priority,
        kind="answer",
        person_id=None,
        chat_id=chat_id,
        ready=True,
        body={},
        created_at=AT,
        not_before=AT,
        **more,
    )


def drained(lanes: Lanes) -> list[int]:
    order = []
    while (row := lanes.head()) is not None:
        lanes.take(row)
        order.append(row.id)
        lanes.free(row)
    return order


def test_the_most_urgent_chat_goes_first() -> None:
    lanes = Lanes()
    for row in (a_row(1, 3, 1), a_row(2, 1, 2), a_row(3, 0, 3), a_row(4, 1, 1)):
        lanes.add(row)
    assert (len(lanes), lanes.answers) == (4, 1)
    assert drained(lanes) == [3, 2, 4, 1]
    assert (len(lanes), lanes.answers) == (0, 0)


def test_a_chat_has_one_message_on_its_way_at_a_time() -> None:
    lanes = Lanes()
    first, second, other = a_row(1), a_row(2), a_row(3, chat_id=2)
    for row in (first, second, other):
        lanes.add(row)
    assert lanes.head() == first
    lanes.take(first)
    assert lanes.head() == other
    lanes.take(other)
    assert lanes.head() is None
    lanes.free(first)
    assert lanes.head() == second


def test_a_message_that_goes_back_keeps_its_place_and_its_chat_rests() -> None:
    lanes = Lanes()
    first, second = a_row(1), a_row(2)
    lanes.add(first)
    lanes.add(second)
    lanes.take(first)
    lanes.rest(1, 10.0)
    lanes.free(first, replace(first, attempts=1))
    assert lanes.head() is None
    assert lanes.next_wake() == 10.0
    lanes.wake(9.9)
    assert lanes.head() is None
    lanes.wake(10.0)
    assert lanes.head() == replace(first, attempts=1)
    assert drained(lanes) == [1, 2]


def test_a_longer_rest_is_not_shortened() -> None:
    lanes = Lanes()
    lanes.add(a_row(1))
    lanes.rest(1, 20.0)
    lanes.rest(1, 10.0)
    lanes.wake(15.0)
    assert lanes.head() is None
    lanes.wake(20.0)
    assert lanes.head() == a_row(1)


def test_what_is_forgotten_is_never_sent_and_the_next_of_its_chat_goes() -> None:
    lanes = Lanes()
    rows = [a_row(1), a_row(2), a_row(3, priority=1, chat_id=2)]
    for row in rows:
        lanes.add(row)
    assert sorted(row.id for row in lanes.waiting()) == [1, 2, 3]
    lanes.forget(rows[0])
    assert (len(lanes), lanes.answers) == (2, 1)
    assert drained(lanes) == [2, 3]


def test_a_chat_that_has_something_here_or_rests_is_known() -> None:
    lanes = Lanes()
    lanes.add(a_row(1))
    lanes.take(a_row(1))
    lanes.add(a_row(2, chat_id=2))
    lanes.rest(3, 20.0)
    assert lanes.chats == {1, 2, 3}
    lanes.free(a_row(1))
    assert lanes.chats == {2, 3}


def test_a_message_goes_on_in_the_chat_its_chat_has_become() -> None:
    lanes = Lanes()
    lanes.add(a_row(1))
    lanes.take(a_row(1))
    lanes.free(a_row(1), replace(a_row(1), chat_id=9))
    assert lanes.chats == {9}
    assert drained(lanes) == [1]


def test_what_is_held_is_not_taken_in_twice() -> None:
    lanes = Lanes()
    row = a_row(1)
    lanes.add(row)
    lanes.take(row)
    lanes.add(row)
    assert 1 in lanes
    assert lanes.head() is None
    lanes.free(row)
    assert 1 not in lanes
    assert lanes.head() is None


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), max_size=60))
def test_everything_leaves_once_and_in_order_within_its_chat(rows: list[tuple[int, int]]) -> None:
    lanes = Lanes()
    added = [a_row(n, priority, chat) for n, (priority, chat) in enumerate(rows, 1)]
    for row in added:
        lanes.add(row)
    order = drained(lanes)
    assert order == [row.id for row in sorted(added, key=lambda row: (row.priority, row.id))]
