"""Looks at promises that were planned: once each, and only while money is waited for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from bot.alerts.digest import DigestKind
from bot.use_cases import digests, worklist
from bot.use_cases.promises import FOLLOW_UP
from credit.people import Person, Role
from storage import tables
from storage.work import Work
from tests.credit.builders import TODAY
from tests.day import company
from tests.day.company import MORNING, rules
from tests.storage.inline import inline

LONG_AGO = TODAY - timedelta(days=20)
LATELY = TODAY - timedelta(days=10)


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as one:
        yield one


@pytest.fixture
def lea(work: Work) -> Person:
    return company.hire(work, "Léa", Role.REP, "R1")


def a_look(work: Work, lea: Person, customer: int, promise: int, due_on: date) -> int:
    task = {"customer_id": customer, "person_id": lea.id, "kind": FOLLOW_UP, "due_on": due_on}
    more = {"uid": f"look-{promise}-{due_on}", "promise_id": promise, "created_at": MORNING.at}
    return work.insert(insert(tables.task), {**task, **more})


def in_two_parts(work: Work, lea: Person, customer: int, *, first: str, second: str) -> int:
    """Promise two instalments, a look after each; return the promise."""
    promise = company.promised(work, customer, lea, 50_000, LONG_AGO)
    line = tables.promise_line
    work.execute(line.update().where(line.c.promise_id == promise).values(state=first))
    later = {"promise_id": promise, "n": 2, "due_on": LATELY, "amount_minor": 50_000}
    work.execute(insert(line), {**later, "state": second})
    for due_on in (LONG_AGO, LATELY):
        a_look(work, lea, customer, promise, due_on + timedelta(days=1))
    return promise


def looks(work: Work, lea: Person) -> list[date]:
    """Read the days of the looks that his list shows; the digest shows as many."""
    found = digests.build(work, lea, MORNING, rules())
    lines = [line for line in found.page.lines if line.kind is DigestKind.CALL_PLANNED]
    shown = [task for task in worklist.tasks(work, lea, TODAY) if task.kind == FOLLOW_UP]
    assert [line.subject for line in lines] == [task.id for task in shown]
    return [task.due_on for task in shown]


def test_an_instalment_kept_needs_no_look(work: Work, lea: Person) -> None:
    one = company.a_customer(work, "C1")
    in_two_parts(work, lea, one, first="kept", second="open")
    assert looks(work, lea) == [LATELY + timedelta(days=1)]


def test_two_instalments_unpaid_are_one_look(work: Work, lea: Person) -> None:
    one = company.a_customer(work, "C1")
    in_two_parts(work, lea, one, first="open", second="open")
    assert looks(work, lea) == [LONG_AGO + timedelta(days=1)]


def test_a_promise_kept_as_a_whole_needs_none(work: Work, lea: Person) -> None:
    one = company.a_customer(work, "C1")
    promise = company.promised(work, one, lea, 50_000, LONG_AGO, state="kept")
    a_look(work, lea, one, promise, LATELY)
    assert looks(work, lea) == []


def test_what_else_was_planned_stays(work: Work, lea: Person) -> None:
    one = company.a_customer(work, "C1")
    in_two_parts(work, lea, one, first="kept", second="kept")
    call = company.planned(work, one, lea)
    assert [task.id for task in worklist.tasks(work, lea, TODAY)] == [call]


def test_the_digest_does_not_tell_a_promise_due_twice(work: Work, lea: Person) -> None:
    one = company.a_customer(work, "C1")
    promise = company.promised(work, one, lea, 50_000, TODAY - timedelta(days=1))
    a_look(work, lea, one, promise, TODAY)
    found = digests.build(work, lea, MORNING, rules())
    assert [line.kind for line in found.page.lines] == [DigestKind.PROMISE_DUE]
    assert [task.promise for task in worklist.tasks(work, lea, TODAY)] == [promise]
