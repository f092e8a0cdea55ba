"""A broadcast goes into the outbox by pieces: to each once, whatever comes between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from credit.people import Role
from storage import broadcast_waves, broadcasts, outbox, people, tables
from storage.broadcast_waves import PIECE
from storage.broadcasts import SENT, WAITING
from storage.outbox import State
from storage.work import Work
from tests.day.company import MORNING, hire, waiting
from tests.storage.inline import inline

AT = MORNING.at
LATER = AT + timedelta(hours=2)
MANY = 2 * PIECE + 7


def go_on_to_the_end(url: str, broadcast: int) -> int:
    """Go on as a process of its own does, one transaction a piece; return how many pieces."""
    pieces = 0
    while True:
        with inline(url) as one:
            if not broadcast_waves.go_on(one, broadcast, AT):
                return pieces
        pieces += 1


def test_two_processes_go_on_with_one_broadcast(database_url: str) -> None:
    with inline(database_url) as one:
        broadcast = a_broadcast(one, 4 * PIECE)
        broadcast_waves.begin(one, broadcast, WAITING, AT, AT)
    with ThreadPoolExecutor() as pool:
        both = [pool.submit(go_on_to_the_end, database_url, broadcast) for _ in range(2)]
        assert sum(one.result() for one in both) >= 3
    with inline(database_url) as one:
        rows = waiting(one, "broadcast")
    assert len(rows) == len({row.person_id for row in rows}) == 4 * PIECE


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as one:
        yield one


def a_broadcast(work: Work, readers: int) -> int:
    """Write to so many reps; nothing of it is posted."""
    author = hire(work, "Sophie", Role.CREDIT_MANAGER)
    known = {"role": Role.REP.value, "locale": "fr", "enrolled_at": AT}
    rows = [{"telegram_id": 50_000 + n, "name": f"Rep {n}", **known} for n in range(readers)]
    work.execute_many(insert(tables.person), rows)
    reps = people.of_roles(work, (Role.REP,), author.id)
    return broadcasts.add(work, author.id, "Réunion", "reps", reps, AT)


def all_of_it(work: Work, broadcast: int) -> list[int]:
    """Go on until nothing is left; return how many messages each piece posted."""
    pieces = []
    before = len(waiting(work, "broadcast"))
    while broadcast_waves.go_on(work, broadcast, AT):
        now = len(waiting(work, "broadcast"))
        pieces.append(now - before)
        before = now
    return pieces


@pytest.mark.parametrize("readers", [1, PIECE - 1, PIECE, PIECE + 1, MANY])
def test_each_recipient_is_posted_to_once_in_pieces(work: Work, readers: int) -> None:
    broadcast = a_broadcast(work, readers)
    broadcast_waves.begin(work, broadcast, WAITING, AT, AT)
    assert len(waiting(work, "broadcast")) == min(readers, PIECE)
    assert max(all_of_it(work, broadcast), default=0) <= PIECE
    assert broadcast_waves.unfinished(work) == []
    rows = waiting(work, "broadcast")
    assert set(Counter(row.person_id for row in rows).values()) == {1}
    assert len(rows) == readers
    assert {(row.not_before, row.body["again"]) for row in rows} == {(AT, False)}


def test_a_reminder_that_begins_before_the_message_has_left_for_all(work: Work) -> None:
    broadcast = a_broadcast(work, MANY)
    broadcast_waves.begin(work, broadcast, WAITING, AT, AT)
    first = waiting(work, "broadcast")[:10]
    for row in first:
        outbox.settle(work, row, State.SENT, AT, 1)
    assert broadcast_waves.expected(work, broadcast, SENT, ":2026-11-23") == len(first)
    for _ in range(2):  # pressed twice
        broadcast_waves.begin(work, broadcast, SENT, AT, LATER, ":2026-11-23")
    assert broadcast_waves.unfinished(work) == [broadcast]
    all_of_it(work, broadcast)
    rows = waiting(work, "broadcast")
    reminded = {row.person_id for row in rows if row.body["again"]}
    assert reminded == {row.person_id for row in first}
    assert len(rows) == MANY - len(first) + len(first)
    assert {row.not_before for row in rows if row.body["again"]} == {LATER}
    assert broadcast_waves.expected(work, broadcast, SENT, ":2026-11-23") == 0


def test_who_left_between_two_pieces_is_not_written_to(work: Work) -> None:
    broadcast = a_broadcast(work, MANY)
    broadcast_waves.begin(work, broadcast, WAITING, AT, AT)
    reps = work.scalars(select(tables.broadcast_recipient.c.person_id))
    gone = update(tables.person).where(tables.person.c.id == max(reps)).values(active=False)
    work.execute(gone)
    all_of_it(work, broadcast)
    assert max(reps) not in {row.person_id for row in waiting(work, "broadcast")}


def test_the_readers_of_a_message_of_the_night_are_not_woken(work: Work) -> None:
    broadcast = a_broadcast(work, MANY)
    broadcast_waves.begin(work, broadcast, WAITING, AT, LATER)
    all_of_it(work, broadcast)
    assert {row.not_before for row in waiting(work, "broadcast")} == {LATER}
