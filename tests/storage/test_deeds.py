"""Promises, disputes, contacts and tasks as rows: what was said comes back as it was said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from credit.people import Person, Role
from credit.promise import Means, PromiseLine, PromiseState
from storage import contacts, customers, disputes, figures, promises, tables
from storage.work import Work
from tests.credit.builders import TODAY
from tests.day.company import (
    MORNING,
    a_customer,
    an_invoice,
    contacted,
    disputed,
    hire,
    planned,
    promised,
)
from tests.storage.inline import inline

AT = MORNING.at


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as one:
        yield one


@pytest.fixture
def rep(work: Work) -> Person:
    return hire(work, "Léa", Role.REP, "R1")


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


def kept(work: Work, promise: int) -> promises.Kept:
    one = promises.by_id(work, promise)
    assert one is not None
    return one


def test_a_promise_comes_back_with_its_lines_and_invoices(work: Work, rep: Person) -> None:
    customer = a_customer(work, "C1")
    items = [an_invoice(work, customer, number, late=late) for number, late in (("B", 5), ("A", 9))]
    values: dict[str, Any] = {
        "uid": "u-1",
        "customer_id": customer,
        "person_id": rep.id,
        "contact": "Mme X",
        "means": "cheque",
        "scope": "all",
        "currency": "EUR",
        "amount_minor": 70_000,
        "state": "open",
        "warnings": [],
        "made_at": AT,
        "made_on": TODAY,
    }
    lines = [PromiseLine(day(3), 50_000), PromiseLine(day(10), 20_000)]
    number = promises.add(work, values, lines, [(items[0], 40_000), (items[1], 30_000)])
    one = kept(work, number)
    assert (one.promise.lines, one.promise.means) == (tuple(lines), Means.CHEQUE)
    assert one.promise.items == set(items)
    assert one.numbers == ("A", "B")
    assert one.line_states == (PromiseState.OPEN, PromiseState.OPEN)
    assert (one.promise.contact, one.engaged, one.confirmed) == ("Mme X", True, False)
    promises.confirm(work, number, AT)
    assert kept(work, number).confirmed
    assert promises.customer_of(work, number) == customer
    assert promises.by_id(work, 10**6) is None
    [row] = promises.export(work)
    assert (row["code"], row["author"], row["numbers"]) == ("C1", "Léa", ["A", "B"])
    assert [line.n for line in row["lines"]] == [1, 2]


def test_payments_judge_a_promise_and_each_of_its_lines(work: Work, rep: Person) -> None:
    customer = a_customer(work, "C1")
    number = promised(work, customer, rep, 100, day(-3))
    read, partly = kept(work, number), PromiseState.PARTLY_KEPT
    assert promises.judge(work, read, partly, [(partly, 60, 15)], AT)
    one = kept(work, number)
    assert (one.promise.state, one.paid_minor) == (PromiseState.PARTLY_KEPT, 60)
    assert (one.line_states, one.line_paid) == ((PromiseState.PARTLY_KEPT,), (60,))
    assert (one.credited_minor, one.line_credited) == (15, (15,))
    since = {"ids": [customer], "since_promised": day(-30)}
    assert list(map(tuple, figures.NOW.broken.rows(work, since))) == [(customer, 1)]
    assert not promises.close(work, number, PromiseState.WITHDRAWN, AT)


def test_a_promise_taken_back_while_it_is_judged_stays_taken_back(work: Work, rep: Person) -> None:
    number = promised(work, a_customer(work, "C1"), rep, 100, day(-3))
    read, broken = kept(work, number), PromiseState.BROKEN
    assert promises.close(work, number, PromiseState.WITHDRAWN, AT)
    assert not promises.judge(work, read, broken, [(broken, 0, 0)], AT)
    one = kept(work, number)
    assert (one.promise.state, one.line_states) == (PromiseState.WITHDRAWN, (PromiseState.OPEN,))


def test_a_replaced_promise_runs_again_when_its_successor_is_undone(
    work: Work, rep: Person
) -> None:
    customer = a_customer(work, "C1")
    first, second = (promised(work, customer, rep, 100, day(3)) for _ in range(2))
    assert promises.close(work, first, PromiseState.SUPERSEDED, AT, second)
    assert [p.promise.id for p in promises.of_customer(work, customer)] == [second]
    assert promises.reopen_superseded(work, second) == [first]
    assert len(promises.of_customer(work, customer)) == 2
    assert len(promises.latest(work, customer, 1)) == 1


def test_instalments_due_in_a_span_and_broken_promises_by_invoice(work: Work, rep: Person) -> None:
    customer = a_customer(work, "C1")
    item = an_invoice(work, customer, "F1")
    promised(work, customer, rep, 100, day(2))
    promised(work, customer, rep, 100, day(3))
    broken = [(item, 100)]
    promised(work, customer, rep, 100, day(-9), items=broken, state="broken")
    promised(work, a_customer(work, "C2"), rep, 100, day(9))
    assert promises.whose_due(work, day(2), day(8)) == [customer]
    assert promises.broken_by_item(work, customer) == {item: 1}


def test_a_dispute_goes_through_its_life_one_arrow_at_a_time(work: Work, rep: Person) -> None:
    customer = a_customer(work, "C1")
    item = an_invoice(work, customer, "F1", 500)
    number = disputed(work, customer, rep, 300, item=item, target_on=day(-1))
    disputes.attach(work, number, "photo", "unique", AT)
    row = disputes.by_id(work, number)
    assert row is not None
    assert (row.number, row.open_minor) == ("F1", 500)
    assert disputes.photos(work, number) == ["photo"]
    assert [one.id for one in disputes.of_customer(work, customer, TODAY)] == [number]
    assert disputes.export(work)[0]["photos"] == 1
    assert disputes.set_state(work, number, "open", "founded", AT)
    assert not disputes.set_state(work, number, "open", "withdrawn", AT)
    assert disputes.paid_meanwhile(work) == []
    work.execute(update(tables.item_row).values(open_minor=0))
    assert [one.id for one in disputes.paid_meanwhile(work)] == [number]
    assert disputes.customer_of(work, number) == customer
    assert disputes.customer_of(work, 10**6) is None


def test_contacts_are_read_newest_first_until_they_are_taken_back(work: Work, rep: Person) -> None:
    customer = a_customer(work, "C1")
    for days in (-5, -1, -3):
        contacted(work, customer, rep, day(days))
    read = contacts.since(work, customer, day(-3))
    assert [(row.on, row.author) for row in read] == [(day(-1), "Léa"), (day(-3), "Léa")]
    assert contacts.withdraw(work, read[0].id, AT)
    assert not contacts.withdraw(work, read[0].id, AT)
    assert [row.on for row in contacts.last(work, customer, 1)] == [day(-3)]
    found = contacts.by_id(work, read[0].id)
    assert found is not None
    assert found.withdrawn_at == AT
    assert len(contacts.export(work)) == 3


def test_tasks_are_due_done_and_brought_back(work: Work, rep: Person) -> None:
    customer = a_customer(work, "C1")
    today, later = planned(work, customer, rep), planned(work, customer, rep, day(4))
    assert [row.id for row in contacts.tasks_due(work, rep.id, TODAY)] == [today]
    assert [row.id for row in contacts.tasks_of(work, customer)] == [today, later]
    assert contacts.done(work, today, AT)
    assert not contacts.done(work, today, AT)
    contacts.undone(work, today)
    assert [row.id for row in contacts.tasks_due(work, rep.id, TODAY)] == [today]


def test_people_at_a_customer_s_keep_what_was_known_of_them(work: Work) -> None:
    customer = a_customer(work, "C1")
    customers.keep_contact(work, customer, "Mme X", role="Compta", phone="01")
    customers.keep_contact(work, customer, "Mme X", email="x@y.fr")
    customers.keep_contact(work, customer, "y" * 300)
    first, second = customers.contacts(work, customer)
    assert (first.name, first.role, first.phone, first.email) == ("Mme X", "Compta", "01", "x@y.fr")
    assert len(second.name) == 120


def test_an_assigned_customer_belongs_to_his_new_code(work: Work) -> None:
    customer = a_customer(work, "C1", rep=None)
    a_customer(work, "C2", rep="")
    assert customers.owner(work, customer) == (True, None)
    assert customers.owner(work, 10**6) == (False, None)
    assert customers.orphans(work)[0] == 2
    customers.assign(work, customer, "R7")
    assert customers.owner(work, customer) == (True, "R7")
    assert customers.rep_codes(work) == ["R7"]
    assert [code for _, code, _ in customers.orphans(work)[1]] == ["C2"]
    found = customers.by_code(work, "C1")
    assert found is not None
    assert found.rep_code == "R7"


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("Ça & Là", "ca la"), ("É.T.S  DURAND", "e t s durand"), ("straße", "strasse"), ("", "")],
)
def test_typed_names_meet_stored_ones(typed: str, folded: str) -> None:
    assert customers.fold(typed) == folded
