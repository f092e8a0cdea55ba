"""A look at many customers finds what looks at one after the other find, and what credit says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot.alerts.evaluation import evaluate
from bot.alerts.figures import AccountFigures
from bot.use_cases import alert_answers, alerts
from bot.use_cases.figures import account_figures, draw, drawing_of
from credit.ageing import age
from credit.behaviour import delay_trend
from credit.people import Person, Role
from credit.receivable import CREDIT_KINDS, ItemKind, OpenItem, Settlement
from credit.set_offs import Note, Settled, taken
from storage import alerts as stored
from storage import disputes, items, tables
from storage.events import record
from storage.work import Work
from tests.credit.builders import TODAY
from tests.day import company
from tests.day.company import (
    MORNING,
    a_customer,
    an_invoice,
    disputed,
    fresh,
    hire,
    paid,
    promised,
    rules,
    settled,
    signed,
)
from tests.storage.inline import inline

SEEDS = st.integers(min_value=0, max_value=2**32)
KINDS = ("invoice", "invoice", "invoice", "bill", "credit_note", "payment")


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as one:
        fresh(one)
        yield one


def days_ago(days: int) -> Any:
    return TODAY - timedelta(days=days)


def a_company(work: Work, chance: Random, rep: Person) -> list[int]:
    """Invent some customers to whom anything may have happened."""
    ids = []
    for n in range(chance.randint(1, 5)):
        limit = chance.choice((None, 0, 60_000, 500_000))
        currency = chance.choice(("EUR", "USD", None))
        one = a_customer(work, f"K{n}", credit_limit_minor=limit, limit_currency=currency)
        known = [_an_item(work, chance, one, f"{one}-{i}") for i in range(chance.randint(0, 7))]
        for item in known:
            if chance.random() < 0.5:
                day = days_ago(chance.randint(0, 500))
                settled(work, item, chance.choice((20_000, 50_000, -5_000)), day)
        for _ in range(chance.choice((0, 0, 3))):
            paid(work, one, chance.randint(1, 120_000), days_ago(chance.randint(0, 120)))
        if chance.random() < 0.4:
            about = chance.choice([None, *known])
            _contested(work, chance, disputed(work, one, rep, 30_000, item=about))
        if chance.random() < 0.3:
            due_on = days_ago(chance.randint(0, 120))
            promised(work, one, rep, 9_000, due_on, state="broken", made_on=days_ago(130))
        for _ in range(chance.choice((0, 0, 4))):
            day = days_ago(chance.randint(0, 12))
            company.contacted(work, one, rep, day, answered=chance.random() < 0.2)
        ids.append(one)
    return ids


def _an_item(work: Work, chance: Random, customer: int, number: str) -> int:
    kind = chance.choice(KINDS)
    minor = chance.choice((4_000, 50_000, 300_000)) * (-1 if chance.random() < 0.15 else 1)
    item = an_invoice(
        work,
        customer,
        number,
        minor,
        late=chance.randint(-40, 200),
        currency=chance.choice(("EUR", "EUR", "JPY")),
        kind=kind,
        open_minor=chance.choice((0, minor, minor // 2)),
    )
    table = tables.item_row
    odd: dict[str, Any] = {"disputed_in_ledger": chance.random() < 0.1}
    if chance.random() < 0.1:
        odd["due_on"] = None
    if chance.random() < 0.3:
        odd["issued_on"] = chance.choice((None, days_ago(30)))
    work.execute(update(table).where(table.c.id == item).values(**odd))
    return item


def _contested(work: Work, chance: Random, dispute: int) -> None:
    table = tables.dispute
    state = chance.choice(("open", "founded", "unfounded", "closed", "withdrawn"))
    late = chance.random() < 0.5
    resume_on = chance.choice((None, TODAY, TODAY + timedelta(days=1)))
    values = {"state": state, "late": late, "resume_on": resume_on}
    work.execute(update(table).where(table.c.id == dispute).values(**values))


def drawn_together(work: Work, ids: list[int]) -> dict[int, AccountFigures]:
    found = draw(work, ids, drawing_of(work, MORNING, rules()), loud=set(ids))
    assert not found.quiet
    return {one.customer: one for one in found.figures}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=SEEDS)
def test_many_are_drawn_as_each_one_is_and_as_credit_says(work: Work, seed: int) -> None:
    with work.rehearsal() as stage:
        ids = a_company(stage, Random(seed), hire(stage, "Léa", Role.REP, "R1"))
        together = drawn_together(stage, ids)
        for one in ids:
            alone = account_figures(stage, one, MORNING, rules())
            assert alone == together[one]
            _as_credit_says(stage, together[one])
        lit = draw(stage, ids, drawing_of(stage, MORNING, rules()))
        assert sorted([*(one.customer for one in lit.figures), *lit.quiet]) == ids
        for one in lit.quiet:
            found = evaluate(together[one], rules().policy)
            assert (found.level, found.signals) == (0, ())


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=SEEDS)
def test_who_owes_nothing_late_is_seen_when_he_owes_too_much(work: Work, seed: int) -> None:
    with work.rehearsal() as stage:
        ids = _in_time(stage, Random(seed))
        together = drawn_together(stage, ids)
        drawing = drawing_of(stage, MORNING, rules())
        quiet = draw(stage, ids, drawing).quiet
        for one in quiet:
            assert not evaluate(together[one], rules().policy).signals


def _in_time(work: Work, chance: Random) -> list[int]:
    """Invent some customers of whom nothing is known but a limit and what is due later."""
    ids = []
    for n in range(6):
        limit = chance.choice((None, 0, 60_000, 60_000, 100_000))
        currency = chance.choice(("EUR", "USD", None))
        one = a_customer(work, f"K{n}", credit_limit_minor=limit, limit_currency=currency)
        for i in range(chance.randint(0, 4)):
            an_invoice(
                work,
                one,
                f"{one}-{i}",
                chance.choice((20_000, 40_000, -30_000)),
                late=-chance.randint(0, 40),
                currency=chance.choice(("EUR", "EUR", "USD")),
                kind=chance.choice(KINDS),
            )
        ids.append(one)
    return ids


def _as_credit_says(work: Work, figures: AccountFigures) -> None:
    """Draw the same from whole items, one rule of `credit` at a time."""
    policy = rules().policy
    contested = disputes.of_customer(work, figures.customer, TODAY)
    open_items = items.open_of(work, figures.customer, policy.dispute.rules, contested)
    trend = policy.signals.growing_delay
    since = days_ago(trend.recent_days + trend.past_days)
    settlements = _settlements(work, figures.customer, since)
    aged = age(open_items, TODAY)
    assert [one.currency for one in figures.currencies] == sorted(aged)
    for one in figures.currencies:
        mine = [item for item in open_items if item.currency == one.currency]
        late = [item for item in mine if item.is_overdue(TODAY) and item.undisputed_minor]
        assert (one.owed, one.balance) == (
            aged[one.currency].gross.minor,
            aged[one.currency].total.minor,
        )
        assert one.claimable == sum(item.undisputed_minor for item in late)
        assert sorted((item.item, item.days, item.minor) for item in one.late) == sorted(
            (item.id, item.days_past_due(TODAY), item.undisputed_minor) for item in late
        )
        paid_of = [each for each in settlements if each.item.currency == one.currency]
        assert one.trend == delay_trend(_by_money(paid_of), mine, TODAY, trend)
    table = tables.item
    mine_ever = select(table.c.id, table.c.issued_on).where(
        table.c.customer_id == figures.customer, table.c.kind == "invoice"
    )
    first = min(
        work.all(mine_ever), key=lambda row: (row.issued_on or date.max, row.id), default=None
    )
    still = next((item for item in open_items if first and item.id == first.id), None)
    unpaid = still is not None and still.is_overdue(TODAY) and still.undisputed_minor > 0
    assert (figures.first_purchase is not None) == unpaid


def _by_money(paid_of: list[Settlement]) -> list[Settlement]:
    """Leave out credits, and what credit notes took."""
    debts = [one for one in paid_of if one.item.kind not in CREDIT_KINDS]
    took = taken(
        [
            Settled(n, one.item.id, one.item.currency, one.on, one.amount_minor, None)
            for n, one in enumerate(debts)
        ],
        [
            Note(one.item.currency, one.on, -one.amount_minor)
            for one in paid_of
            if one.item.kind is ItemKind.CREDIT_NOTE
        ],
    )
    left = [
        replace(one, amount_minor=one.amount_minor - took.get(n, 0)) for n, one in enumerate(debts)
    ]
    return [one for n, one in enumerate(left) if one.amount_minor or n not in took]


def _settlements(work: Work, customer: int, since: date) -> list[Settlement]:
    table, paid_on = tables.settlement, tables.settlement.c.settled_on
    items_of = {row.id: row for row in work.all(select(tables.item))}
    rows = work.all(select(table).where(paid_on > since).order_by(paid_on, table.c.id))
    return [
        Settlement(_whole(items_of[row.item_id]), row.settled_on, row.amount_minor)
        for row in rows
        if items_of[row.item_id].customer_id == customer
    ]


def _whole(row: Any) -> OpenItem:
    return OpenItem(
        row.id,
        row.customer_id,
        ItemKind(row.kind),
        row.number,
        row.issued_on,
        row.due_on,
        row.currency,
        row.amount_minor,
        row.open_minor,
    )


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=SEEDS)
def test_a_set_leaves_the_same_alerts_as_one_look_after_the_other(work: Work, seed: int) -> None:
    with work.rehearsal() as stage:
        chance = Random(seed)
        lea = hire(stage, "Léa", Role.REP, "R1")
        ids = a_company(stage, chance, lea)
        alerts.scan(stage, signed(), chance.sample(ids, len(ids) // 2), rules())
        for item in stage.scalars(select(tables.item.c.id)):
            if chance.random() < 0.4:
                table = tables.item_row
                change = update(table).where(table.c.id == item)
                stage.execute(change.values(open_minor=chance.choice((0, 300_000))))
        with stage.rehearsal() as one_by_one:
            alone = [alerts.scan(one_by_one, signed(), [one], rules()) for one in ids]
            expected = _left(one_by_one)
        report = alerts.scan(stage, signed(), ids, rules())
        assert _left(stage) == expected
        assert report.total == len(ids) == sum(one.total for one in alone)
        assert report.pushed == sum(one.pushed for one in alone)
        again = alerts.scan(stage, signed(), ids, rules())
        assert (again.unchanged, again.pushed) == (len(ids), 0)
        assert _left(stage) == expected


def _left(work: Work) -> list[Any]:
    known = work.all(select(tables.alert).order_by(tables.alert.c.customer_id))
    event = tables.event
    happened = select(event.c.kind, event.c.customer_id, event.c.data)
    posted = select(tables.outbox.c.kind, tables.outbox.c.dedupe, tables.outbox.c.state)
    return [
        *(tuple(row) for row in known),
        *sorted(str(tuple(row)) for row in work.all(happened)),
        *sorted(str(tuple(row)) for row in work.all(posted)),
    ]


def test_a_look_takes_as_many_statements_for_thirty_accounts_as_for_three(work: Work) -> None:
    ids = [a_customer(work, f"C{n}", credit_limit_minor=1_000) for n in range(30)]
    for one in ids:
        an_invoice(work, one, f"F{one}", late=70)
    seen = []
    for some in (ids[:3], ids):
        alerts.look(work, some, MORNING, rules())  # the first time compiles statements
        with company.counted(work) as statements:
            assert len(alerts.look(work, some, MORNING, rules()).looked) == len(some)
        seen.append(len(statements))
    assert seen[0] == seen[1] > 0


def test_an_answer_given_between_look_and_writing_is_not_lost(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    one = a_customer(work, "C1")
    an_invoice(work, one, "F1", 500_000, late=65)
    alerts.scan(work, signed(), [one], rules())
    an_invoice(work, one, "F2", 900_000, late=200)
    sight = alerts.look(work, [one], MORNING, rules())
    assert not sight.looked[0].same
    alert_answers.take_charge(work, signed(MORNING, lea), lea, one)
    (kept,) = alerts.keep_seen(work, signed(), sight, rules())
    after = stored.of(work, one)
    assert after is not None
    assert (after.state, after.answered_by) == (stored.ACKNOWLEDGED, lea.id)
    assert kept.before is not None
    assert kept.before.answered_by == lea.id


def test_who_was_touched_since_the_look_is_looked_at_again(work: Work) -> None:
    one, two = (a_customer(work, code) for code in ("C1", "C2"))
    item = an_invoice(work, one, "F1", 500_000, late=65)
    an_invoice(work, two, "F2", 500_000, late=65)
    sight = alerts.look(work, [one, two], MORNING, rules())
    table = tables.item_row
    work.execute(update(table).where(table.c.id == item).values(open_minor=0))
    record(work, signed(), "contact.recorded", {}, one)
    (kept,) = alerts.keep_seen(work, signed(), sight, rules())
    assert kept.customer_id == two
    assert stored.of(work, one) is None
    assert stored.of(work, two) is not None


def test_an_import_since_the_look_makes_all_of_it_old(work: Work) -> None:
    one = a_customer(work, "C1")
    item = an_invoice(work, one, "F1", 500_000, late=65)
    sight = alerts.look(work, [one], MORNING, rules())
    table = tables.item_row
    work.execute(update(table).where(table.c.id == item).values(open_minor=0))
    record(work, signed(), "import.done", {})
    assert alerts.keep_seen(work, signed(), sight, rules()) == []
    assert stored.of(work, one) is None


def test_what_was_seen_is_written_as_it_was_when_nothing_came_between(work: Work) -> None:
    hire(work, "Léa", Role.REP, "R1")
    one = a_customer(work, "C1")
    an_invoice(work, one, "F1", 500_000, late=65)
    sight = alerts.look(work, [one], MORNING, rules())
    assert alerts.keep_seen(work, signed(), sight, rules()) == list(sight.looked)
    assert len(company.waiting(work, "alert")) == 1
    known = stored.of(work, one)
    assert known is not None
    assert known.level == sight.looked[0].assessment.level
