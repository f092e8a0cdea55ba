"""Open lines as the ledger says, less what is disputed, with what is promised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from config.policy import load_policy
from credit.people import Person, Role
from credit.receivable import ItemKind, OpenItem
from storage import disputes, first_invoices, items, portfolio, tables
from storage.work import Work
from tests.credit.builders import TODAY
from tests.day.company import (
    a_customer,
    an_invoice,
    disputed,
    hire,
    promised,
)
from tests.storage.inline import inline

RULES = load_policy().dispute.rules


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as one:
        yield one


@pytest.fixture
def rep(work: Work) -> Person:
    return hire(work, "Léa", Role.REP, "R1")


def opened(work: Work, customer: int) -> dict[str, OpenItem]:
    return {one.number: one for one in lines(work, customer)}


def lines(work: Work, customer: int) -> list[OpenItem]:
    contested = disputes.of_customer(work, customer, TODAY)
    return items.open_of(work, customer, RULES, contested)


def changed(work: Work, table: Any, row: int, **values: Any) -> None:
    work.execute(update(table).where(table.c.id == row).values(**values))


def test_open_lines_come_oldest_due_first_and_undated_ones_last(work: Work) -> None:
    customer = a_customer(work, "C1")
    an_invoice(work, customer, "late", late=90)
    undated = an_invoice(work, customer, "undated")
    changed(work, tables.item_row, undated, due_on=None)
    an_invoice(work, customer, "soon", late=-5)
    an_invoice(work, customer, "settled", open_minor=0)
    an_invoice(work, customer, "credit", -5_000, kind="credit_note", late=10)
    an_invoice(work, a_customer(work, "C2"), "other's")
    numbers = [one.number for one in lines(work, customer)]
    assert numbers == ["late", "credit", "soon", "undated"]


def test_a_line_is_read_whole(work: Work, rep: Person) -> None:
    customer = a_customer(work, "C1")
    row = an_invoice(work, customer, "A1", -5_000, kind="credit_note", late=10, currency="CHF")
    issued, firm = TODAY - timedelta(days=40), TODAY + timedelta(days=5)
    changed(work, tables.item_row, row, amount_minor=-6_000, issued_on=issued)
    promised(work, customer, rep, 700, firm, items=[(row, 700)])
    note = OpenItem(
        id=row,
        customer=customer,
        kind=ItemKind.CREDIT_NOTE,
        number="A1",
        issued_on=issued,
        due_on=TODAY - timedelta(days=10),
        currency="CHF",
        amount_minor=-6_000,
        open_minor=-5_000,
        promised_until=firm,
        promised_minor=700,
    )
    assert lines(work, customer) == [note]
    assert items.by_id(work, row) == (
        customer,
        replace(note, promised_until=None, promised_minor=None),
    )


def test_a_disputed_part_is_not_claimed(work: Work, rep: Person) -> None:
    customer = a_customer(work, "C1")
    item = an_invoice(work, customer, "F1", 100_000)
    disputed(work, customer, rep, 30_000, item=item)
    one = opened(work, customer)["F1"]
    assert (one.open_minor, one.disputed_minor, one.undisputed_minor) == (100_000, 30_000, 70_000)


def test_a_line_the_ledger_calls_disputed_is_not_claimed_at_all(work: Work, rep: Person) -> None:
    customer = a_customer(work, "C1")
    item = an_invoice(work, customer, "F1", 100_000)
    credit = an_invoice(work, customer, "A1", -5_000, kind="credit_note")
    for row in (item, credit):
        changed(work, tables.item_row, row, disputed_in_ledger=True)
    disputed(work, customer, rep, 30_000, item=item)
    assert opened(work, customer)["F1"].undisputed_minor == 0
    assert opened(work, customer)["A1"].disputed_minor == 0


@pytest.mark.parametrize("state", ["unfounded", "closed", "withdrawn"])
def test_a_dispute_that_is_over_suspends_nothing(work: Work, rep: Person, state: str) -> None:
    customer = a_customer(work, "C1")
    item = an_invoice(work, customer, "F1", 100_000)
    dispute = disputed(work, customer, rep, 30_000, item=item)
    changed(work, tables.dispute, dispute, state=state, resume_on=TODAY)
    assert opened(work, customer)["F1"].disputed_minor == 0


def test_a_dispute_that_was_refused_rests_until_dunning_resumes(work: Work, rep: Person) -> None:
    customer = a_customer(work, "C1")
    item = an_invoice(work, customer, "F1", 100_000)
    dispute = disputed(work, customer, rep, 30_000, item=item)
    tomorrow = TODAY + timedelta(days=1)
    changed(work, tables.dispute, dispute, state="unfounded", resume_on=tomorrow)
    assert opened(work, customer)["F1"].disputed_minor == 30_000
    [debtor] = portfolio.debtors(work, None, TODAY, RULES)
    assert [one.disputed_minor for one in debtor.items] == [30_000]
    [debtor] = portfolio.debtors(work, None, tomorrow, RULES)
    assert [one.disputed_minor for one in debtor.items] == [0]


def test_a_dispute_about_the_whole_account_lies_on_the_oldest_lines_of_its_currency(
    work: Work, rep: Person
) -> None:
    customer = a_customer(work, "C1")
    an_invoice(work, customer, "usd", 100_000, late=90, currency="USD")
    an_invoice(work, customer, "credit", -10_000, late=80, kind="credit_note")
    an_invoice(work, customer, "old", 20_000, late=70)
    an_invoice(work, customer, "new", 100_000, late=10)
    disputed(work, customer, rep, 50_000)
    parts = {number: one.disputed_minor for number, one in opened(work, customer).items()}
    assert parts == {"usd": 0, "credit": 0, "old": 20_000, "new": 30_000}


def test_a_dispute_of_a_kind_that_suspends_nothing_leaves_the_claim(
    work: Work, rep: Person
) -> None:
    customer = a_customer(work, "C1")
    item = an_invoice(work, customer, "F1", 100_000)
    for target in (item, None):
        dispute = disputed(work, customer, rep, 50_000, item=target)
        changed(work, tables.dispute, dispute, reason="L12")
    assert opened(work, customer)["F1"].disputed_minor == 0


def test_a_partly_founded_dispute_keeps_its_founded_part(work: Work, rep: Person) -> None:
    customer = a_customer(work, "C1")
    item = an_invoice(work, customer, "F1", 100_000)
    dispute = disputed(work, customer, rep, 50_000, item=item)
    changed(work, tables.dispute, dispute, state="partly_founded", founded_minor=10_000)
    assert opened(work, customer)["F1"].disputed_minor == 10_000


def test_a_promise_of_several_instalments_covers_until_the_last(work: Work, rep: Person) -> None:
    customer = a_customer(work, "C1")
    item = an_invoice(work, customer, "F1", 100_000)
    last = TODAY + timedelta(days=20)
    promise = promised(
        work, customer, rep, 40_000, TODAY + timedelta(days=5), items=[(item, 80_000)]
    )
    second = {"promise_id": promise, "n": 2, "due_on": last, "amount_minor": 40_000}
    work.execute(insert(tables.promise_line), {**second, "state": "open"})
    changed(work, tables.promise, promise, amount_minor=80_000)
    one = opened(work, customer)["F1"]
    assert (one.promised_minor, one.promised_until) == (80_000, last)
    assert one.promised_on(TODAY) == 80_000
    assert one.promised_on(last + timedelta(days=1)) == 0


def test_two_running_promises_on_one_invoice_add_up(work: Work, rep: Person) -> None:
    customer = a_customer(work, "C1")
    item = an_invoice(work, customer, "F1", 100_000)
    for days, minor in ((3, 30_000), (9, 20_000)):
        day = TODAY + timedelta(days=days)
        promised(work, customer, rep, minor, day, items=[(item, minor)])
    one = opened(work, customer)["F1"]
    assert (one.promised_minor, one.promised_until) == (50_000, TODAY + timedelta(days=9))


@pytest.mark.parametrize(
    ("state", "engaged"), [("broken", True), ("withdrawn", True), ("open", False)]
)
def test_a_promise_that_does_not_run_covers_nothing(
    work: Work, rep: Person, state: str, *, engaged: bool
) -> None:
    customer = a_customer(work, "C1")
    item = an_invoice(work, customer, "F1", 100_000)
    day = TODAY + timedelta(days=3)
    promise = promised(work, customer, rep, 10_000, day, items=[(item, 10_000)], state=state)
    changed(work, tables.promise, promise, engaged=engaged)
    one = opened(work, customer)["F1"]
    assert (one.promised_minor, one.promised_until) == (None, None)


def test_a_vague_promise_does_not_lengthen_a_firm_one(work: Work, rep: Person) -> None:
    customer = a_customer(work, "C1")
    item = an_invoice(work, customer, "F1", 100_000)
    firm = TODAY + timedelta(days=3)
    promised(work, customer, rep, 10_000, firm, items=[(item, 10_000)])
    vague = promised(work, customer, rep, 1, firm + timedelta(days=50), items=[(item, 1)])
    changed(work, tables.promise, vague, engaged=False)
    assert opened(work, customer)["F1"].promised_until == firm


def test_an_item_is_found_by_id_and_by_number_whatever_its_case(work: Work) -> None:
    customer = a_customer(work, "C1")
    item = an_invoice(work, customer, "Fa-12")
    assert items.by_number(work, ["12", " fA-12 "]) == [(item, customer, "Fa-12")]
    assert items.by_number(work, ["12"]) == []
    found = items.by_id(work, item)
    assert found is not None
    assert (found[0], found[1].number, found[1].kind) == (customer, "Fa-12", ItemKind.INVOICE)
    assert items.by_id(work, 10**9) is None


def test_the_first_invoice_ever_is_the_oldest_issued_paid_or_not(work: Work) -> None:
    customer = a_customer(work, "C1")
    assert first_invoices.first_invoices(work, [customer]) == {}
    undated = an_invoice(work, customer, "undated", late=900)
    changed(work, tables.item_row, undated, issued_on=None)
    an_invoice(work, customer, "new", late=5)
    old = an_invoice(work, customer, "old", late=500, open_minor=0)
    an_invoice(work, customer, "older credit", -1, late=900, kind="credit_note")
    another = an_invoice(work, a_customer(work, "C2"), "alone", late=-5)
    both = first_invoices.first_invoices(work, [customer, customer + 1])
    assert both == {customer: old, customer + 1: another}


def test_open_items_keep_their_currencies_and_signs(work: Work) -> None:
    customer = a_customer(work, "C1")
    an_invoice(work, customer, "a", 100, currency="USD")
    an_invoice(work, customer, "b", 200)
    an_invoice(work, customer, "c", -50, kind="credit_note")
    found = [(one.currency, one.open_minor) for one in lines(work, customer)]
    assert sorted(found) == [("EUR", -50), ("EUR", 200), ("USD", 100)]
