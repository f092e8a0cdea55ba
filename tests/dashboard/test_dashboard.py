"""The dashboard over a book: each figure against one worked out by hand."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Select, func, select, update

from bot.screens.dashboard import FACTS, ShowDashboard
from bot.screens.dashboard_words import BLOCKS
from bot.use_cases import dashboard
from bot.use_cases.dashboard import Dashboard
from credit.people import Person, Role
from storage import portfolio, tables
from storage.tables import customer, item
from storage.work import Work
from tests.credit.builders import TODAY
from tests.day import company
from tests.day.company import MORNING, rules
from tests.day.test_account import clean
from tests.storage.inline import inline


def a_book(work: Work) -> tuple[Person, Person]:
    """Two reps: R1 owes 6 000 (4 000 late), R2 1 000 late; six months of paid invoices."""
    lea = company.hire(work, "Léa", Role.REP, "R1")
    chief = company.hire(work, "Claire", Role.CREDIT_MANAGER)
    one = company.a_customer(work, "C1", "ALPHA", credit_limit_minor=500_000, limit_currency="EUR")
    company.an_invoice(work, one, "F1", 300_000, late=70)
    company.an_invoice(work, one, "F2", 100_000, late=10)
    company.an_invoice(work, one, "F3", 200_000, late=-10)
    two = company.a_customer(work, "C2", "BETA", rep="R2")
    company.an_invoice(work, two, "F4", 100_000, late=100)
    for n in range(1, 7):
        due = TODAY - timedelta(days=30 * n)
        sent = company.an_invoice(work, one, f"P{n}", 150_000, due_on=due, open_minor=0)
        company.settled(work, sent, 150_000, due)
        rows = tables.item_row
        work.execute(update(rows).where(rows.c.id == sent).values(settled_on=due))
    return lea, chief


def seen(work: Work, who: Person) -> Dashboard:
    return dashboard.build(work, who, MORNING, rules())


def test_the_balance_of_a_dashboard_is_the_aged_balance(database_url: str) -> None:
    with inline(database_url) as work:
        lea, chief = a_book(work)
        mine, all_of_it = seen(work, lea).figures, seen(work, chief).figures
        aged = portfolio.whole(work, None, TODAY)
    assert [one.balance for one in all_of_it] == [aged["EUR"]]
    assert mine[0].balance.total.amount == 6000
    assert mine[0].balance.overdue.amount == 4000


def test_what_is_over_sixty_and_ninety_days_is_a_share_of_the_debts(database_url: str) -> None:
    with inline(database_url) as work:
        _, chief = a_book(work)
        one = seen(work, chief).figures[0]
    assert one.over_60 == Decimal(4000) * 100 / 7000
    assert one.over_90 == Decimal(1000) * 100 / 7000
    assert one.over_limit == 1
    assert one.excess.amount == 1000
    assert [name for name, _ in one.debtors] == ["ALPHA", "BETA"]
    assert one.cost.amount == Decimal("29.17")  # 7 000 x 5 % / 12


def test_the_speed_is_that_of_the_sales_of_the_period(database_url: str) -> None:
    with inline(database_url) as work:
        lea, _ = a_book(work)
        found = seen(work, lea)
        sold = work.scalar(_sales(found.since))
    days = Decimal((TODAY - found.since).days + 1)
    speed = found.figures[0].speed
    assert sold > 0
    assert speed.dso == Decimal(6000) * days / (Decimal(sold) / 100)
    assert speed.late == Decimal(4000) * days / (Decimal(sold) / 100)
    assert speed.best == Decimal(2000) * days / (Decimal(sold) / 100)


def _sales(since: date) -> Select[tuple[int]]:
    return (
        select(func.sum(item.c.amount_minor))
        .select_from(item.join(customer))
        .where(item.c.issued_on >= since, item.c.issued_on <= TODAY, customer.c.rep_code == "R1")
    )


@pytest.mark.parametrize(
    ("credit", "late"),
    [
        pytest.param(100_000, 3_000, id="credits meet what is overdue"),
        pytest.param(500_000, 0, id="and then what is not due yet"),
    ],
)
def test_the_parts_of_the_dso_add_up_to_it_with_the_credits(
    sqlite_url: str, credit: int, late: int
) -> None:
    with inline(sqlite_url) as work:
        lea, _ = a_book(work)
        one = company.a_customer(work, "C3")
        company.an_invoice(work, one, "A1", -credit, kind="credit_note", late=200)
        text = clean(company.taps(work, lea, ShowDashboard("speed")).text)
        found = seen(work, lea)
        sold = work.scalar(_sales(found.since))
    days = Decimal((TODAY - found.since).days + 1)
    speed = found.figures[0].speed
    assert speed.late == late * days / (Decimal(sold or 0) / 100)
    assert speed.dso is not None
    assert speed.best is not None
    assert speed.dso - speed.best - speed.late < Decimal("1e-9")
    assert found.figures[0].effectiveness is None or found.figures[0].effectiveness <= 100
    figures = dict(re.findall(r"(DSO|dont [^·]+?) · <b>(-?[\d,]+) j", text))
    whole, *parts = (Decimal(one.replace(",", ".")) for one in figures.values())
    assert list(figures) == ["DSO", "dont retards (ADD)", "dont délais accordés (BPDSO)"]
    assert abs(whole - sum(parts)) <= Decimal("0.1")


def test_receivables_older_than_half_a_year_are_counted_back_all_the_way(database_url: str) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        one = company.a_customer(work, "C1")
        company.an_invoice(work, one, "F1", 950_000, late=400)
        for n in range(12):
            due = TODAY - timedelta(days=30 * n)
            company.an_invoice(work, one, f"P{n}", 100_000, due_on=due, open_minor=0)
        speed = seen(work, lea).figures[0].speed
    assert speed.back is not None
    assert speed.back.complete
    assert speed.back.days > 270  # 9 500 owed, 1 000 sold a month


def test_without_a_history_of_paid_invoices_no_speed_is_told(database_url: str) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        company.an_invoice(work, company.a_customer(work, "C1"), "F1")
        told = company.taps(work, lea, ShowDashboard("speed"))
    assert "DSO · <b>n.c. (historique insuffisant)" in clean(told.text)


def test_promises_and_due_invoices_make_the_forecast(database_url: str) -> None:
    with inline(database_url) as work:
        lea, _ = a_book(work)
        one = company.a_customer(work, "C3")
        sent = company.an_invoice(work, one, "F9", 80_000, late=-5)
        company.promised(work, one, lea, 50_000, TODAY + timedelta(days=8), items=[(sent, 50_000)])
        found = seen(work, lea).figures[0]
    assert [money.amount for money in found.promised] == [0, 500, 0, 0]
    assert found.due.amount == 2300  # 2 000 of ALPHA, and 300 that nobody promised
    # ALPHA paid everything in time, and so is C3 taken to: 500 x 0.6 + 2 300
    assert found.expected.amount == 2600


def test_what_a_credit_note_took_was_paid_neither_late_nor_in_time(database_url: str) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        one = company.a_customer(work, "C1")
        due = TODAY - timedelta(days=60)
        sent = company.an_invoice(work, one, "F1", 100_000, due_on=due, open_minor=0)
        company.settled(work, sent, 90_000, due)
        company.settled(work, sent, 10_000, TODAY)
        company.an_invoice(work, one, "F2", 50_000, late=-5)
        assert seen(work, lea).figures[0].expected.amount == 450  # a tenth was paid late
        note = company.an_invoice(work, one, "A1", -10_000, kind="credit_note", open_minor=0)
        company.settled(work, note, -4_000, TODAY)
        assert seen(work, lea).figures[0].expected.amount == Decimal("468.75")  # 90 of 96 in time
        company.settled(work, note, -6_000, TODAY)
        assert seen(work, lea).figures[0].expected.amount == 500


def test_promises_are_kept_by_count_and_by_amount(database_url: str) -> None:
    with inline(database_url) as work:
        lea, _ = a_book(work)
        one = company.a_customer(work, "C3")
        company.promised(work, one, lea, 100_000, TODAY, state="kept")
        company.promised(work, one, lea, 300_000, TODAY, state="broken")
        company.promised(work, one, lea, 900_000, TODAY)
        words = seen(work, lea).figures[0].words
    assert (words.kept, words.count) == (1, 2)
    assert words.kept_amount.amount == 1000
    assert words.amount.amount == 4000
    assert words.trust.assumed


def test_disputes_count_by_reason_and_by_their_target(database_url: str) -> None:
    with inline(database_url) as work:
        lea, _ = a_book(work)
        one = company.a_customer(work, "C3")
        company.disputed(work, one, lea, 40_000)
        company.disputed(work, one, lea, 60_000, target_on=TODAY - timedelta(days=1))
        closed = company.disputed(work, one, lea, 70_000)
        _close(work, closed, MORNING.at)
        found = seen(work, lea)
    assert (found.open_disputes, found.overran) == (2, 1)
    assert (found.closed, found.closed_in_time) == (1, 1)
    assert found.figures[0].disputes["L04"][1].amount == 1000


def test_what_was_refused_of_a_dispute_is_not_counted_as_disputed(database_url: str) -> None:
    with inline(database_url) as work:
        lea, _ = a_book(work)
        one = company.a_customer(work, "C3")
        partly = company.disputed(work, one, lea, 40_000)
        whole = company.disputed(work, one, lea, 60_000)
        rows = tables.dispute
        for key, state, founded in ((partly, "partly_founded", 10_000), (whole, "founded", None)):
            change = update(rows).where(rows.c.id == key)
            work.execute(change.values(state=state, founded_minor=founded))
        found = seen(work, lea).figures[0]
    assert found.disputed.amount == 700
    assert found.disputes["L04"][0] == 2


def _close(work: Work, dispute: int, at: datetime) -> None:
    change = update(tables.dispute).where(tables.dispute.c.id == dispute)
    work.execute(change.values(state="closed", closed_at=at))


def test_currencies_are_never_added(database_url: str) -> None:
    with inline(database_url) as work:
        lea, _ = a_book(work)
        one = company.a_customer(work, "C3")
        company.an_invoice(work, one, "F9", 80_000, currency="USD")
        found = seen(work, lea)
        told = company.taps(work, lea, ShowDashboard("volume"))
    assert [one.currency for one in found.figures] == ["EUR", "USD"]
    assert found.figures[0].balance.total.amount == 6000
    assert "<b>USD</b>" in told.text


def test_a_rep_sees_his_portfolio_and_a_manager_a_line_per_rep(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea, chief = a_book(work)
        mine = company.says(work, lea, "/tableau")
        all_of_it = company.says(work, chief, "/dashboard")
        reps = company.taps(work, chief, ShowDashboard("reps"))
    assert "Votre portefeuille (R1)" in clean(mine.text)
    assert "Encours 6 000 €" in clean(mine.text)
    assert "BETA" not in mine.text
    assert "👥 Par commercial" not in mine.labels
    assert "Encours 7 000 €" in clean(all_of_it.text)
    assert "Léa (R1) · <b>4 000 € échus sur 6 000 €" in clean(reps.text)


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("block", list(BLOCKS))
def test_each_block_says_its_scope_its_date_and_its_formulas(
    sqlite_url: str, block: str, locale: str
) -> None:
    with inline(sqlite_url) as work:
        a_book(work)
        company.fresh(work)
        chief = company.hire(work, "Ada", Role.CREDIT_MANAGER, locale=locale)
        told = company.taps(work, chief, ShowDashboard(block))
    text = clean(told.text)
    assert ("Tous les portefeuilles" if locale == "fr" else "All portfolios") in text
    assert ("Données du" if locale == "fr" else "Data of") in text
    assert block == "reps" or " = " in text
    assert FACTS.keys() == BLOCKS.keys()


def test_an_empty_book_says_so(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        told = company.says(work, lea, "/tableau")
        block = company.taps(work, lea, ShowDashboard("risk"))
    assert "Rien n’est ouvert" in told.text
    assert "Rien n’est ouvert" in block.text
