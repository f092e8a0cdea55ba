"""The sums of a dashboard against the same added up line by line, over books that are drawn."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from bot.screens.dashboard import CHARTED
from bot.use_cases import alerts, dashboard, dashboard_charts
from credit.ageing import AgedBalance, age
from credit.people import Role
from credit.receivable import ItemKind, OpenItem
from storage import indicators, portfolio, tables
from storage.scope import Codes
from storage.work import Work
from tests.credit.builders import TODAY
from tests.day import company
from tests.day.company import MORNING, rules
from tests.storage.inline import inline

SCOPES: tuple[Codes, ...] = (None, frozenset({"R1"}), frozenset({"R2", ""}))
KINDS = ("invoice", "invoice", "invoice", "credit_note", "payment")


def a_book(work: Work, chance: Random) -> dict[int, str]:
    """Draw customers with every kind of line, and return whose each is."""
    owners = {}
    for n in range(40):
        code = chance.choice(("R1", "R2", ""))
        limit: dict[str, Any] = chance.choice(
            ({}, {"credit_limit_minor": 150_000, "limit_currency": "EUR"})
        )
        customer = company.a_customer(work, f"C{n}", rep=code or None, **limit)
        owners[customer] = code
        for k in range(chance.randint(0, 6)):
            _a_line(work, customer, f"F{n}-{k}", chance)
    return owners


def _a_line(work: Work, customer: int, number: str, chance: Random) -> None:
    kind, minor = chance.choice(KINDS), chance.randint(1, 900_000)
    amount = minor if kind == "invoice" else -minor
    left = chance.choice((amount, amount, amount // 3, 0, -10 if kind == "invoice" else amount))
    due = TODAY - timedelta(days=chance.choice((-30, -9, 0, 1, 30, 31, 60, 61, 90, 91, 120, 121)))
    currency = chance.choice(("EUR", "EUR", "USD"))
    facts: dict[str, Any] = {"kind": kind, "currency": currency, "open_minor": left}
    item = company.an_invoice(work, customer, number, amount, due_on=due, **facts)
    if chance.random() < 0.1:
        change = tables.item_row.update().where(tables.item_row.c.id == item)
        work.execute(change.values(due_on=None, issued_on=None))
    if left != amount and kind == "invoice":
        day = due + timedelta(days=chance.randint(-3, 3))
        company.settled(work, item, amount - left, min(day, TODAY))


def lines(work: Work, owners: dict[int, str], codes: Codes) -> list[Any]:
    rows = work.all(select(tables.item).order_by(tables.item.c.id))
    return [one for one in rows if codes is None or owners[one.customer_id] in codes]


def as_item(row: Any) -> OpenItem:
    return OpenItem(
        id=row.id,
        customer=row.customer_id,
        kind=ItemKind(row.kind),
        number=row.number,
        issued_on=row.issued_on,
        due_on=row.due_on,
        currency=row.currency,
        amount_minor=row.amount_minor,
        open_minor=row.open_minor,
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("codes", SCOPES)
def test_what_customers_owe_is_what_their_lines_say(
    database_url: str, codes: Codes, seed: int
) -> None:
    with inline(database_url) as work:
        owners = a_book(work, Random(seed))
        found = indicators.exposed(work, codes, TODAY)
        rows = [one for one in lines(work, owners, codes) if one.open_minor]
    balances: dict[tuple[int, str], AgedBalance] = {}
    for customer in {one.customer_id for one in rows}:
        own = [as_item(one) for one in rows if one.customer_id == customer]
        balances |= {(customer, code): one for code, one in age(own, TODAY).items()}
    assert {(one.customer, one.currency): one.balance for one in found} == balances
    for one in found:
        known = balances[one.customer, one.currency]
        sums = (one.total_minor, one.gross_minor, one.overdue_minor)
        assert sums == (known.total.minor, known.gross.minor, known.overdue.minor)
        assert (one.owner or "") == owners[one.customer]
    for owner, sums_of in indicators.by_owner(found).items():
        mine = [as_item(one) for one in rows if owners[one.customer_id] == (owner or "")]
        assert sums_of == age(mine, TODAY)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("codes", SCOPES)
def test_what_falls_due_and_what_stood_before_is_told_in_the_same_walk(
    database_url: str, codes: Codes, seed: int
) -> None:
    until, before = TODAY + timedelta(days=20), TODAY - timedelta(days=45)
    with inline(database_url) as work:
        owners = a_book(work, Random(seed))
        found = indicators.exposed(work, codes, TODAY, until=until, before=before)
        later = indicators.settled_since(work, codes, before)
        rows = lines(work, owners, codes)
        settled = work.all(select(tables.settlement))
    assert found
    for one in found:
        mine = [
            row
            for row in rows
            if row.open_minor and (row.customer_id, row.currency) == (one.customer, one.currency)
        ]
        falling = [
            row.open_minor
            for row in mine
            if row.kind == "invoice"
            and row.open_minor > 0
            and row.due_on is not None
            and TODAY <= row.due_on < until
        ]
        stood = [row.open_minor for row in mine if is_of(row, before)]
        assert one.falling_minor == sum(falling)
        assert one.stood_minor == (sum(stood) if stood else None)
    old = {row.id: row.currency for row in rows if is_of(row, before)}
    sums: Counter[str] = Counter()
    for row in settled:
        if row.item_id in old and row.settled_on is not None and row.settled_on > before:
            sums[old[row.item_id]] += row.amount_minor
    assert later == sums


def is_of(row: Any, day: date) -> bool:
    """Tell whether a line was issued by the end of a day, as far as is known."""
    return row.issued_on is None or row.issued_on <= day


@pytest.mark.parametrize("past", [False, True])
@pytest.mark.parametrize("codes", SCOPES)
def test_all_together_is_the_sum_of_each_portfolio(
    database_url: str, codes: Codes, past: bool
) -> None:
    day = TODAY - timedelta(days=25) if past else TODAY
    with inline(database_url) as work:
        a_book(work, Random(5))
        each = portfolio.aged(work, codes, day, past=past).values()
        whole = portfolio.whole(work, codes, day, past=past)
    for currency, balance in whole.items():
        parts = [one[currency] for one in each if currency in one]
        for name in balance.buckets:
            added = sum(one.buckets[name].minor for one in parts)
            assert balance.buckets[name].minor == added
        assert balance.total.minor == sum(one.total.minor for one in parts)
        assert balance.credits.minor == sum(one.credits.minor for one in parts)
    assert set(whole) == {currency for one in each for currency in one}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("codes", SCOPES)
def test_sales_are_those_of_the_lines_by_month(database_url: str, codes: Codes, seed: int) -> None:
    since, until = TODAY - timedelta(days=100), TODAY - timedelta(days=20)
    with inline(database_url) as work:
        owners = a_book(work, Random(seed))
        found = indicators.sales(work, codes, since, until)
        rows = lines(work, owners, codes)
    minor: Counter[tuple[str, str]] = Counter()
    settled: Counter[tuple[str, str]] = Counter()
    for one in rows:
        invoiced = one.kind != "payment" and one.issued_on and since <= one.issued_on <= until
        if invoiced:
            minor[one.currency, f"{one.issued_on:%Y-%m}"] += one.amount_minor
            settled[one.currency, f"{one.issued_on:%Y-%m}"] += not one.open_minor
    assert {(row.currency, row.month): int(row.minor) for row in found} == minor
    assert {(row.currency, row.month): int(row.settled) for row in found} == settled


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("code", ["R1", None])
def test_the_whole_dashboard_is_made_of_the_lines(
    database_url: str, code: str | None, seed: int
) -> None:
    with inline(database_url) as work:
        owners = a_book(work, Random(seed))
        role = Role.REP if code else Role.CREDIT_MANAGER
        who = company.hire(work, "Ada", role, *([code] if code else []))
        found = dashboard.build(work, who, MORNING, rules(), dashboard.REPS)
        codes = frozenset({code}) if code else None
        rows = lines(work, owners, codes)
    whole = age([as_item(one) for one in rows if one.open_minor], TODAY)
    assert {one.currency: one.balance for one in found.figures} == whole
    for one in found.figures:
        ahead = TODAY + timedelta(weeks=4)
        due = [
            row
            for row in rows
            if row.currency == one.currency and row.kind == "invoice" and row.open_minor > 0
            if row.due_on and TODAY <= row.due_on < ahead
        ]
        assert one.due.minor == sum(row.open_minor for row in due)
        assert Decimal(0) <= one.expected.amount <= one.due.amount


@pytest.mark.parametrize("block", CHARTED)
@pytest.mark.parametrize("code", ["R1", None])
def test_a_chart_shows_the_figures_of_the_dashboard(
    sqlite_url: str, code: str | None, block: str
) -> None:
    with inline(sqlite_url) as work:
        owners = a_book(work, Random(3))
        role = Role.REP if code else Role.CREDIT_MANAGER
        who = company.hire(work, "Ada", role, *([code] if code else []))
        lea = company.hire(work, "Léa", Role.REP, "R1")
        for n, customer in enumerate(owners):
            company.an_invoice(work, customer, "OLD", 50_000, late=150, open_minor=0)
            company.promised(work, customer, lea, 1_000 * n, TODAY + timedelta(days=n))
        alerts.scan(work, company.signed(), owners, rules(), tell=False)
        whole = dashboard.build(work, who, MORNING, rules())
        found = dashboard_charts.charted(work, who, MORNING, rules(), block)
    assert found is not None
    first = whole.figures[0]
    assert (found.balance, found.promised) == (first.balance, first.promised)
    assert any(found.promised)
    assert found.lights == (whole.lights if block == "risk" else {})
    assert any(whole.lights.values())
    assert found.codes == whole.codes
    assert bool(found.months) == (block == "speed")
    for last in found.months[-1:]:  # the month that is not over is what the dashboard says
        assert (last.dso.terms, last.dso.late) == (first.speed.best, first.speed.late)
