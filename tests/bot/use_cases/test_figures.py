"""Every payment signal lights up from rows of the database, and stays dark one step before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from bot.alerts.evaluation import evaluate
from bot.use_cases import sign_figures
from bot.use_cases.figures import account_figures
from credit.people import Person, Role
from storage import tables
from storage.work import Work
from tests.credit.builders import TODAY
from tests.day.company import (
    MORNING,
    a_customer,
    an_invoice,
    contacted,
    disputed,
    hire,
    paid,
    promised,
    rules,
    settled,
)

Lit = dict[str, tuple[int, dict[str, Any]]]


@pytest.fixture
def rep(work: Work) -> Person:
    return hire(work, "Léa", Role.REP, "R1")


@pytest.fixture
def customer(work: Work) -> int:
    """Know somebody for long: his very first invoice was paid years ago."""
    one = a_customer(work, "C1")
    an_invoice(work, one, "FIRST", 10_000, late=900, open_minor=0)
    return one


def lit(work: Work, customer: int) -> Lit:
    figures = account_figures(work, customer, MORNING, rules())
    assert figures is not None
    return {
        one.id: (one.points, {name: _plain(value) for name, value in one.figure.items()})
        for one in evaluate(figures, rules().policy).signals
    }


def _plain(value: object) -> object:
    return str(value) if hasattr(value, "currency") else value


def days_ago(days: int) -> Any:
    return TODAY - timedelta(days=days)


def test_nobody_has_no_figures(work: Work) -> None:
    assert account_figures(work, 10**9, MORNING, rules()) is None


def test_an_account_without_anything_open_is_dark(work: Work, customer: int) -> None:
    assert lit(work, customer) == {}


@pytest.mark.parametrize(("days", "points"), [(9, 0), (10, 1), (30, 2), (60, 4)])
def test_c1_01_late_now(work: Work, customer: int, days: int, points: int) -> None:
    an_invoice(work, customer, "F1", 20_000, late=days)
    an_invoice(work, customer, "soon", 900_000, late=-10)
    found = lit(work, customer)
    assert found.get("C1-01", (0, {}))[0] == points
    if points:
        assert found["C1-01"][1]["days"] == days
        assert found["C1-01"][1]["number"] == "F1"


def test_a_bill_is_no_second_sale(work: Work, customer: int) -> None:
    an_invoice(work, customer, "F1", 100_000, late=-20, open_minor=0)
    an_invoice(work, customer, "LCR1", 100_000, late=-20, kind="bill")
    an_invoice(work, customer, "A1", -6_000, late=-20, kind="credit_note")
    assert lit(work, customer)["C2-08"][1]["percent"] == 6


def test_c1_01_leaves_dust_and_disputes_out(work: Work, customer: int, rep: Person) -> None:
    an_invoice(work, customer, "dust", 14_999, late=100)
    assert "C1-01" not in lit(work, customer)
    item = an_invoice(work, customer, "big", 500_000, late=100)
    disputed(work, customer, rep, 500_000, item=item)
    assert "C1-01" not in lit(work, customer)


def test_c1_01_takes_the_worst_currency_and_adds_none(work: Work, customer: int) -> None:
    an_invoice(work, customer, "eur", 10_000, late=100)
    an_invoice(work, customer, "usd", 10_000, late=100, currency="USD")
    assert "C1-01" not in lit(work, customer), "two halves of the floor in two currencies"
    an_invoice(work, customer, "usd2", 20_000, late=12, currency="USD")
    assert lit(work, customer)["C1-01"][0] == 1


def test_c1_02_growing_delay(work: Work, customer: int) -> None:
    for n in range(3):
        past = an_invoice(work, customer, f"P{n}", 50_000, due_on=days_ago(200 + n), open_minor=0)
        settled(work, past, 50_000, days_ago(200 + n - 2))
        recent = an_invoice(work, customer, f"R{n}", 50_000, due_on=days_ago(60 + n), open_minor=0)
        settled(work, recent, 50_000, days_ago(60 + n - 10))
    an_invoice(work, customer, "soon", 10_000, late=-5)
    points, figure = lit(work, customer)["C1-02"]
    assert (points, figure["recent"], figure["past"]) == (1, 10, 2)


def test_c1_02_a_credit_note_is_no_late_payment(work: Work, customer: int) -> None:
    for n in range(3):
        past = an_invoice(work, customer, f"P{n}", 50_000, due_on=days_ago(200 + n), open_minor=0)
        settled(work, past, 50_000, days_ago(200 + n))
        recent = an_invoice(work, customer, f"R{n}", 50_000, due_on=days_ago(60 + n), open_minor=0)
        settled(work, recent, 30_000, days_ago(60 + n))
        settled(work, recent, 20_000, days_ago(n))
        note = an_invoice(
            work, customer, f"A{n}", -20_000, late=60, kind="credit_note", open_minor=0
        )
        settled(work, note, -20_000, days_ago(n))
    an_invoice(work, customer, "soon", 10_000, late=-5)
    assert "C1-02" not in lit(work, customer)


def test_c1_12_a_credit_note_pays_no_later_invoice(work: Work, customer: int) -> None:
    an_invoice(work, customer, "LARGE", 500_000, late=20)
    small = an_invoice(work, customer, "SMALL", 50_000, late=10, open_minor=0)
    settled(work, small, 50_000, days_ago(2))
    note = an_invoice(work, customer, "A1", -50_000, late=10, kind="credit_note", open_minor=0)
    settled(work, note, -50_000, days_ago(2))
    assert "C1-12" not in lit(work, customer)


def test_c1_03_overdue_share(work: Work, customer: int, rep: Person) -> None:
    item = an_invoice(work, customer, "late", 40_000, late=5)
    an_invoice(work, customer, "soon", 60_000, late=-5)
    an_invoice(work, customer, "credit", -50_000, late=5, kind="credit_note")
    assert lit(work, customer)["C1-03"][0] == 2
    assert lit(work, customer)["C1-03"][1]["percent"] == 40
    disputed(work, customer, rep, 21_000, item=item)
    assert "C1-03" not in lit(work, customer), "19 % is claimable, and the rest is contested"


@pytest.mark.parametrize(("broken", "points"), [(0, None), (1, 2), (2, 4)])
def test_c1_04_broken_promises(
    work: Work, customer: int, rep: Person, broken: int, points: int | None
) -> None:
    for _ in range(broken):  # given long ago, broken lately
        promised(work, customer, rep, 1_000, days_ago(3), state="broken", made_on=days_ago(100))
    promised(work, customer, rep, 1_000, days_ago(3), state="kept")
    promised(work, customer, rep, 1_000, days_ago(90), state="broken", made_on=days_ago(100))
    assert lit(work, customer).get("C1-04", (None,))[0] == points


def test_c1_06_odd_payments(work: Work, customer: int) -> None:
    an_invoice(work, customer, "F1", 100_000, late=1)
    an_invoice(work, customer, "F2", 50_000, late=0)
    paid(work, customer, 150_000, days_ago(2))  # both invoices: nothing odd
    paid(work, customer, 33_333, days_ago(2))
    assert "C1-06" not in lit(work, customer)
    paid(work, customer, 33_333, days_ago(3), currency="USD")
    assert lit(work, customer)["C1-06"] == (1, {"count": 2, "window_days": 90})


@pytest.mark.parametrize(("lately", "points"), [("transfer", 2), ("direct_debit", None)])
def test_c1_07_a_means_that_binds_less(
    work: Work, customer: int, lately: str, points: int | None
) -> None:
    for days, means in ((300, "direct_debit"), (240, "bill"), (180, "bill"), (30, lately)):
        paid(work, customer, 10_000, days_ago(days))
        table = tables.payment_row
        work.execute(update(table).where(table.c.means.is_(None)).values(means=means))
    assert lit(work, customer).get("C1-07", (None,))[0] == points


def _asked_for_time(work: Work, customer: int, rep: Person, reason: str, days: int) -> None:
    contacted(work, customer, rep, days_ago(days))
    table = tables.contact_record
    latest = update(table).where(table.c.reason.is_(None))
    work.execute(latest.values(reason=reason))


@pytest.mark.parametrize(("asked", "points"), [(0, None), (1, 1), (2, 2)])
def test_c1_08_extension_requests(
    work: Work, customer: int, rep: Person, asked: int, points: int | None
) -> None:
    for n in range(asked):
        _asked_for_time(work, customer, rep, "M05", 20 + n)
    _asked_for_time(work, customer, rep, "M01", 5)
    _asked_for_time(work, customer, rep, "M05", 181)
    assert lit(work, customer).get("C1-08", (None,))[0] == points


def test_c1_09_late_and_unfounded_disputes(work: Work, customer: int, rep: Person) -> None:
    table = tables.dispute
    one = disputed(work, customer, rep, 1_000)
    work.execute(update(table).where(table.c.id == one).values(late=False))
    assert "C1-09" not in lit(work, customer)
    work.execute(update(table).where(table.c.id == one).values(late=True))
    assert lit(work, customer)["C1-09"][0] == 1
    two = disputed(work, customer, rep, 1_000)
    both = table.c.id.in_([one, two])
    work.execute(update(table).where(both).values(state="unfounded"))
    assert lit(work, customer)["C1-09"] == (2, {"count": 2, "window_days": 180})
    work.execute(update(table).where(both).values(state="withdrawn"))
    assert "C1-09" not in lit(work, customer)


@pytest.mark.parametrize(
    ("owed", "points"), [(100_000, None), (100_001, 1), (120_001, 2), (150_001, 4)]
)
def test_c1_10_over_the_limit(work: Work, owed: int, points: int | None) -> None:
    customer = a_customer(work, "C9", credit_limit_minor=100_000, limit_currency="EUR")
    an_invoice(work, customer, "old", 1_000, late=900, open_minor=0)
    an_invoice(work, customer, "soon", owed + 30_000, late=-5)
    an_invoice(work, customer, "credit", -30_000, kind="credit_note", late=-1)
    an_invoice(work, customer, "usd", 900_000, late=-5, currency="USD")
    assert lit(work, customer).get("C1-10", (None,))[0] == points


def test_c1_11_first_purchase_unpaid(work: Work, rep: Person) -> None:
    customer = a_customer(work, "C9")
    first = an_invoice(work, customer, "F1", 100_000, late=1)
    an_invoice(work, customer, "F2", 100_000, late=-20)
    assert lit(work, customer)["C1-11"][0] == 2
    disputed(work, customer, rep, 100_000, item=first)
    assert "C1-11" not in lit(work, customer)


def test_c1_11_is_dark_once_the_first_invoice_was_paid(work: Work, customer: int) -> None:
    an_invoice(work, customer, "F2", 100_000, late=5)
    assert "C1-11" not in lit(work, customer)


def test_c1_12_large_invoice_left_aside(work: Work, customer: int) -> None:
    an_invoice(work, customer, "LARGE", 500_000, late=20)
    small = an_invoice(work, customer, "SMALL", 50_000, late=10, open_minor=0)
    assert "C1-12" not in lit(work, customer)
    settled(work, small, 50_000, days_ago(2))
    points, figure = lit(work, customer)["C1-12"]
    assert (points, figure["number"], figure["paid_later"]) == (1, "LARGE", 1)


def test_c1_13_silence_ends_with_an_answer(work: Work, customer: int, rep: Person) -> None:
    contacted(work, customer, rep, days_ago(3), answered=False)
    contacted(work, customer, rep, days_ago(2), answered=False)
    assert "C1-13" not in lit(work, customer)
    contacted(work, customer, rep, days_ago(1), answered=False)
    assert lit(work, customer)["C1-13"] == (2, {"attempts": 3, "days": 3, "window_days": 10})
    contacted(work, customer, rep, TODAY, answered=True)
    assert "C1-13" not in lit(work, customer)


def test_c1_13_needs_several_days_and_contacts_that_were_not_taken_back(
    work: Work, customer: int, rep: Person
) -> None:
    for _ in range(3):
        contacted(work, customer, rep, TODAY, answered=False)
    assert "C1-13" not in lit(work, customer)
    contacted(work, customer, rep, days_ago(1), answered=False)
    assert "C1-13" in lit(work, customer)
    table = tables.contact_record
    work.execute(update(table).values(withdrawn_at=MORNING.at))
    assert "C1-13" not in lit(work, customer)


def test_two_thousand_lines_of_zero_negative_and_many_currencies_are_summed_right(
    work: Work, customer: int
) -> None:
    rows = [
        {
            "customer_id": customer,
            "key": f"N{n}#1",
            "kind": "invoice",
            "number": f"N{n}",
            "issued_on": days_ago(80),
            "due_on": days_ago(40),
            "currency": ("EUR", "USD", "JPY")[n % 3],
            "amount_minor": 100 if n % 10 else -100,
            "open_minor": 100 if n % 10 else -100,
            "stated_on": TODAY,
            "first_import": 1,
        }
        for n in range(2_000)
    ]
    work.execute_many(insert(tables.item_row), rows)
    figures = account_figures(work, customer, MORNING, rules())
    assert figures is not None
    for one in figures.currencies:
        mine = [row for row in rows if row["currency"] == one.currency]
        claimable = sum(int(str(row["open_minor"])) for row in mine if row["open_minor"] == 100)
        assert one.claimable == claimable
        assert one.balance == sum(int(str(row["open_minor"])) for row in mine)
    assert [one.currency for one in figures.currencies] == ["EUR", "JPY", "USD"]


def test_money_that_is_matched_to_nothing_is_no_sale_taken_back(work: Work, customer: int) -> None:
    an_invoice(work, customer, "F1", 20_000, late=-30)
    other = a_customer(work, "C2")
    an_invoice(work, other, "F2", 80_000, late=-30)
    an_invoice(work, other, "VIR", -60_000, kind="payment", late=-30)
    an_invoice(work, other, "AV", -10_000, kind="credit_note", late=-30)
    large = sign_figures.large_customers(work, TODAY, rules())
    assert large == {
        str(customer): {"EUR": (20_000, 90_000)},
        str(other): {"EUR": (70_000, 90_000)},
    }
