"""What a credit note took was paid by nobody, said to the database and said of rows alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from bot.alerts.figures import by_money
from credit.receivable import CREDIT_KINDS
from credit.set_offs import tell_apart
from storage import evidence, figures, set_offs, tables
from storage.work import Work
from tests.credit.builders import TODAY
from tests.day.company import a_customer, an_invoice, fresh, settled
from tests.storage.inline import inline

LONG_AGO = TODAY - timedelta(days=400)
KINDS = ("invoice", "invoice", "bill", "other", "credit_note", "credit_note", "payment")
ITEM = tables.item.c.id == tables.settlement.c.item_id
WHO = tables.customer.c.id == tables.item.c.customer_id


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as one:
        fresh(one)
        yield one


def a_book(work: Work, chance: Random) -> list[int]:
    """Invent debts and credits that went down by the same few amounts on the same few days."""
    found = []
    for name in ("A", "B", "C"):
        rep = chance.choice(("R1", "R2", None))
        customer = a_customer(work, name, rep=rep)
        for n in range(chance.randint(0, 9)):
            currency = chance.choice(("EUR", "EUR", "USD"))
            kind = chance.choice(KINDS)
            one = an_invoice(work, customer, f"{name}{n}", currency=currency, kind=kind)
            for _ in range(chance.randint(0, 2)):
                sign = -1 if kind in CREDIT_KINDS else 1
                minor = sign * chance.choice((1_000, 1_000, 2_000, 3_000, -1_000))
                settled(work, one, minor, TODAY - timedelta(days=chance.randint(0, 1)))
        found.append(customer)
    _some_paid(work, chance)
    return found


def _some_paid(work: Work, chance: Random) -> None:
    """Let the ledger know the payment behind some of what went down."""
    rows = tables.settlement_row
    for one in work.scalars(select(rows.c.id)):
        if chance.random() < 0.2:
            work.execute(update(rows).where(rows.c.id == one).values(payment_id=one))


Money = Counter[tuple[Any, ...]]


def said_by_the_trade(work: Work, customers: list[int]) -> Money:
    """Count the money of these customers as promises are judged by it."""
    kept: Money = Counter()
    for one in customers:
        settled = evidence.settled_since(work, one, LONG_AGO)
        paid, _ = tell_apart(settled, evidence.notes_since(work, one, LONG_AGO))
        kept.update((one, each.item_id, each.on, each.amount_minor) for each in paid)
    return kept


def said_of_rows(work: Work, customers: list[int]) -> Money:
    """Count it as the warning lights see it."""
    values = {"ids": customers, "since_settled": LONG_AGO}
    read = [tuple(row) for row in figures.NOW.paid.rows(work, values)]
    kept: Money = Counter()
    for customer, currency in {(row[0], row[3]) for row in read}:
        mine = [row for row in read if (row[0], row[3]) == (customer, currency)]
        debts = [row for row in by_money(mine) if row[2] not in CREDIT_KINDS]
        kept.update((row[0], row[1], _day(row[7]), row[8]) for row in debts)
    return kept


def _day(day: date | str) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day


def less(work: Work, took: dict[int, int], customers: list[int]) -> Money:
    """Take what the database says off what went of these customers' debts."""
    part = tables.settlement.c
    statement = (
        select(part.id, tables.item.c.customer_id, part.item_id, part.settled_on, part.amount_minor)
        .select_from(tables.settlement.join(tables.item, ITEM))
        .where(
            tables.item.c.kind.not_in(sorted(CREDIT_KINDS)),
            tables.item.c.customer_id.in_(customers),
        )
    )
    kept: Money = Counter()
    for one, *about, minor in (tuple(row) for row in work.all(statement)):
        if took.get(one) != minor:
            kept[(*about, minor - took.get(one, 0))] += 1
    return kept


def everywhere(work: Work, customers: list[int], money: Money) -> None:
    """Hold the database and the warning lights against what is expected."""
    assert less(work, set_offs.of_codes(work, None, LONG_AGO), customers) == money
    assert said_of_rows(work, customers) == money
    assert said_by_the_trade(work, customers) == money


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_all_ways_to_say_it_leave_the_same_money(work: Work, seed: int) -> None:
    with work.rehearsal() as stage:
        customers = a_book(stage, Random(seed))
        everywhere(stage, customers, said_by_the_trade(stage, customers))
        for one in customers:
            took = set_offs.of_customer(stage, one, LONG_AGO)
            assert less(stage, took, [one]) == said_by_the_trade(stage, [one])
        owned = tables.customer.c.rep_code == "R1"
        of_lea = stage.scalars(select(tables.customer.c.id).where(owned))
        took = set_offs.of_codes(stage, frozenset({"R1"}), LONG_AGO)
        assert less(stage, took, of_lea) == said_by_the_trade(stage, of_lea)
        assert set(took) <= set(set_offs.of_codes(stage, None, LONG_AGO))


def test_one_credit_note_takes_the_one_known_longest_of_two_equal_debts(work: Work) -> None:
    customer = a_customer(work, "C1")
    older, newer = (an_invoice(work, customer, number) for number in ("F1", "F2"))
    note = an_invoice(work, customer, "A1", -1_000, kind="credit_note")
    for one, minor in ((newer, 1_000), (older, 1_000), (note, -1_000)):
        settled(work, one, minor, TODAY)
    everywhere(work, [customer], Counter([(customer, newer, TODAY, 1_000)]))


def test_a_debt_that_a_known_payment_paid_leaves_the_credit_note_for_another(work: Work) -> None:
    customer = a_customer(work, "C1")
    older, newer = (an_invoice(work, customer, number) for number in ("F1", "F2"))
    note = an_invoice(work, customer, "A1", -1_000, kind="credit_note")
    settled(work, newer, 1_000, TODAY)
    settled(work, note, -1_000, TODAY)
    row = {"item_id": older, "settled_on": TODAY, "amount_minor": 1_000, "import_id": 1}
    work.execute(insert(tables.settlement_row), {**row, "payment_id": 7})
    everywhere(work, [customer], Counter([(customer, older, TODAY, 1_000)]))


def test_money_and_a_note_that_settle_an_invoice_together_count_the_money(work: Work) -> None:
    customer = a_customer(work, "C1")
    invoice = an_invoice(work, customer, "F1", 10_000)
    note = an_invoice(work, customer, "A1", -4_000, kind="credit_note")
    settled(work, invoice, 10_000, TODAY)
    settled(work, note, -4_000, TODAY)
    everywhere(work, [customer], Counter([(customer, invoice, TODAY, 6_000)]))


def test_two_notes_for_two_invoices_of_other_amounts_leave_no_money(work: Work) -> None:
    customer = a_customer(work, "C1")
    for n, minor in enumerate((7_000, 5_000)):
        settled(work, an_invoice(work, customer, f"F{n}", minor), minor, TODAY)
    for n, minor in enumerate((9_000, 3_000)):
        note = an_invoice(work, customer, f"A{n}", -minor, kind="credit_note")
        settled(work, note, -minor, TODAY)
    everywhere(work, [customer], Counter())
