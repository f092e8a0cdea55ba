"""The audit trail: in order, signed, with identities that a repeated run gives again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from uuid import uuid5

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from credit.people import Role
from storage import events
from storage.events import JOURNAL_KINDS, NAMESPACE, Origin, record
from storage.tables import event
from storage.work import Work
from tests.day.company import MORNING, a_customer, hire
from tests.storage import databases
from tests.storage.inline import inline

MADE: tuple[str, dict[str, Any]] = ("promise.made", {"n": 1})


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as one:
        yield one


def origin(key: str = "u1", person: int | None = None) -> Origin:
    return Origin(person, 1 if key.startswith("u") else None, MORNING, key)


def journal(work: Work) -> list[Any]:
    return events.journal_after(work, 0, events.settled(work, 0))


def test_the_same_change_run_twice_has_the_same_identity() -> None:
    assert origin().uid("promise") == origin().uid("promise")
    assert len({origin(key).uid(what) for key in ("u1", "u2") for what in ("a", "b")}) == 4


@given(key=st.text(), what=st.text())
def test_an_identity_is_the_uuid_of_its_name(key: str, what: str) -> None:
    assert Origin(None, None, MORNING, key).uid(what) == str(uuid5(NAMESPACE, f"{key}:{what}"))


def test_many_events_at_once_are_those_told_one_by_one(work: Work) -> None:
    customers = [a_customer(work, f"C{n}") for n in range(3)]
    shared = {"points": 3, "level": 1, "why": "é"}
    told = [("alert.raised", shared, one) for one in customers]
    told.append(("alert.cleared", {"points": 0, "level": 0}, customers[0]))
    with work.rehearsal() as alone:
        for kind, data, customer in told:
            record(alone, origin(), kind, data, customer)
        expected = _written(alone)
    events.record_all(work, origin(), iter(told))
    assert _written(work) == expected
    assert len(expected) == len(told)


def _written(work: Work) -> list[Any]:
    columns = [one for one in event.c if one.name != "id"]
    return sorted(str(tuple(row)) for row in work.all(select(*columns)))


def test_the_journal_tells_who_did_what_to_whom_in_order(work: Work) -> None:
    person = hire(work, "Léa", Role.REP, "R1")
    customer = a_customer(work, "C1")
    record(work, origin("u1"), "person.enrolled", {"person": person.id})
    uids = [
        record(work, origin(f"u{n}", person.id), kind, {"n": n}, customer)
        for n, kind in enumerate(sorted(JOURNAL_KINDS), 10)
    ]
    rows = journal(work)
    assert [row.uid for row in rows] == uids
    assert {(row.author, row.author_id, row.customer) for row in rows} == {("Léa", person.id, "C1")}
    assert rows[0].data == {"n": 10}
    assert rows[0].at == MORNING.at
    assert [
        row.uid for row in events.journal_after(work, rows[2].id, events.latest(work), 2)
    ] == uids[3:5]


def test_what_the_clock_did_has_no_author_and_may_have_no_customer(work: Work) -> None:
    record(work, origin("job:x"), "broadcast.sent", {})
    [row] = journal(work)
    assert (row.author, row.customer, row.update_id) == (None, None, None)


def test_an_account_s_history_is_newest_first_and_paged(work: Work) -> None:
    customer, other = a_customer(work, "C1"), a_customer(work, "C2")
    for n in range(5):
        record(work, origin(f"u{n}"), "contact.recorded", {"n": n}, customer)
    record(work, origin("u9"), "contact.recorded", {"n": 9}, other)
    assert [row.data["n"] for row in events.of_customer(work, customer, most=3)] == [4, 3, 2]
    assert [row.data["n"] for row in events.of_customer(work, customer, skip=3)] == [1, 0]
    last = events.last_of(work, customer, ("contact.recorded", "promise.made"))
    assert last is not None
    assert last.data == {"n": 4}
    assert events.last_of(work, customer, ("promise.made",)) is None


def test_the_journal_waits_for_what_began_before_and_is_not_over_yet(postgres_url: str) -> None:
    with inline(postgres_url) as first:
        earlier = record(first, origin("u1"), "promise.made", {"n": 1})
        with inline(postgres_url) as second:
            later = record(second, origin("u2"), "promise.made", {"n": 2})
        with inline(postgres_url) as reader:
            assert events.latest(reader) == 2
            assert events.settled_now(reader) == 0, "or what waits would never be told"
            assert journal(reader) == []
            assert events.settled(reader, 0) == 0, "so that what waits is looked for again"
    with inline(postgres_url) as reader:
        assert [row.uid for row in journal(reader)] == [earlier, later]
        assert events.settled(reader, 0) == 2


def test_what_began_first_and_was_numbered_later_does_not_hide_what_still_runs(
    postgres_url: str,
) -> None:
    with ExitStack() as late:
        with inline(postgres_url) as early:
            hire(early, "Léa", Role.REP, "R1")  # it is a transaction from here on
            hole = record(late.enter_context(inline(postgres_url)), origin("u1"), *MADE)
            seen = record(early, origin("u2"), *MADE)
        with inline(postgres_url) as reader:
            assert events.latest(reader) == 2
            assert journal(reader) == []
            assert events.settled_now(reader) == 0
    with inline(postgres_url) as reader:
        assert [row.uid for row in journal(reader)] == [hole, seen]


def test_the_journal_waits_for_no_other_database_of_the_server(postgres_url: str) -> None:
    with inline(postgres_url) as work:
        record(work, origin("u1"), *MADE)
    with (
        databases.a_database(postgres_url) as elsewhere,
        psycopg.connect(elsewhere) as busy,
    ):
        busy.execute("create table busy (id int)")
        with inline(postgres_url) as reader:
            assert len(journal(reader)) == 1


def test_the_journal_waits_for_nobody_who_has_written_nothing_of_it(postgres_url: str) -> None:
    with inline(postgres_url) as early:
        someone = hire(early, "Léa", Role.REP, "R1")  # it runs, as a cleaning of the server may
        with inline(postgres_url) as work:
            earlier = record(work, origin("u1"), *MADE)
        with inline(postgres_url) as reader:
            assert [row.uid for row in journal(reader)] == [earlier]
        later = record(early, origin("u2", someone.id), *MADE)
    with inline(postgres_url) as reader:
        assert [row.uid for row in journal(reader)] == [earlier, later]
