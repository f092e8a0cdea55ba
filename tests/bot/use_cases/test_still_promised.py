"""What a promise still speaks for is one rule: to the judge, to the database, on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot.use_cases import judging
from credit.people import Person, Role
from credit.promise import Covered, PromiseState, still_promised
from storage import indicators, portfolio, promises, tables
from storage.promises import STILL_PROMISED, Kept
from storage.work import Work
from tests.bot.use_cases.ledger import ITEMS, a_file, a_rep, line, take
from tests.bot.use_cases.test_judging import MONDAY, THEN, a_promise, promised_of
from tests.bot.use_cases.test_judging_credit_notes import credit_note
from tests.credit.builders import TODAY
from tests.day import company
from tests.day.company import a_customer, an_invoice, fresh, settled
from tests.storage.inline import inline

LATER = TODAY + timedelta(days=5)


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as one:
        fresh(one)
        yield one


@pytest.fixture
def lea(work: Work) -> Person:
    return company.hire(work, "Léa", Role.REP, "R1")


def a_word(work: Work, lea: Person, customer: int, chance: Random) -> int:
    """Invent a promise on some invoices, and what went of them by money and credit notes."""
    covered = []
    for n in range(chance.randint(1, 3)):
        whole = chance.choice((3_000, 5_000))
        invoice = an_invoice(work, customer, f"F{n}", whole)
        covered.append((invoice, chance.choice((whole, 2_000, 1_000))))
    promise = company.promised(
        work, customer, lea, sum(part for _, part in covered), LATER, items=covered
    )
    left = {row.id: row.open_minor for row in work.all(select(tables.item))}
    for n in range(chance.randint(0, 3)):
        invoice, _ = chance.choice(covered)
        minor = min(left[invoice], chance.choice((500, 1_000, 3_000)))
        left[invoice] -= minor
        day = TODAY - timedelta(days=n)
        if minor:
            settled(work, invoice, minor, day)
        if chance.random() < 0.6:
            noted = minor if chance.random() < 0.7 else minor // 2
            note = an_invoice(work, customer, f"A{n}", -noted, kind="credit_note", open_minor=0)
            settled(work, note, -noted, day)
    rows = tables.item_row
    for invoice, minor in left.items():
        work.execute(update(rows).where(rows.c.id == invoice).values(open_minor=minor))
    return promise


def said_to_the_database(work: Work, promise: int) -> dict[int, int]:
    covered = tables.promise_item
    statement = (
        select(covered.c.item_id, STILL_PROMISED.label("minor"))
        .select_from(tables.promise.join(covered, covered.c.promise_id == tables.promise.c.id))
        .where(tables.promise.c.id == promise)
    )
    return {row.item_id: int(row.minor) for row in work.all(statement)}


def judged(work: Work, customer: int, promise: int) -> Kept:
    judging.judge(work, company.signed(), [customer], company.rules())
    kept = promises.by_id(work, promise)
    assert kept is not None
    return kept


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_the_database_says_what_the_judge_found(work: Work, lea: Person, seed: int) -> None:
    with work.rehearsal() as stage:
        customer = a_customer(stage, "C1")
        promise = a_word(stage, lea, customer, Random(seed))
        kept = judged(stage, customer, promise)
        owed = {row.id: row.open_minor for row in stage.all(select(tables.item))}
        rest = kept.promise.amount_minor - kept.paid_minor - kept.credited_minor
        covered = {
            one: Covered(part, owed[one]) for one, part in sorted(kept.promise.parts.items())
        }
        ruled = dict(zip(covered, still_promised(rest, tuple(covered.values())), strict=True))
        told = said_to_the_database(stage, promise)
        assert {one: min(minor, owed[one]) for one, minor in told.items()} == ruled
        # what is no more owed of it was paid, or a credit note took it
        assert sum(ruled.values()) == min(rest, sum(min(*one) for one in covered.values()))


CASES = pytest.mark.parametrize(
    ("noted", "left", "still"),
    [
        pytest.param("300", "700", 50_000, id="the part that nobody promised"),
        pytest.param("500", "500", 50_000, id="just that part"),
        pytest.param("600", "400", 40_000, id="what is owed falls short of the promise"),
    ],
)


def half_promised(work: Work, folder: Path, due: str, noted: str, left: str) -> Kept:
    """Promise 500 of an invoice of 1,000, on which a credit note is set off."""
    rep = a_rep(work, "R1")
    whole = line("F1", "1000", due=due)
    take(work, a_file(folder, ITEMS, whole), on=THEN)
    promise = a_promise(work, rep, 50_000, due=MONDAY + timedelta(days=4))
    work.execute(update(tables.promise_item).values(amount_minor=50_000))
    take(work, a_file(folder, ITEMS, whole, credit_note(noted)), on=THEN + timedelta(days=2))
    take(work, a_file(folder, ITEMS, line("F1", left, total="1000", due=due)), on=MONDAY)
    kept = promises.by_id(work, promise)
    assert kept is not None
    return kept


@CASES
def test_a_credit_note_lessens_first_what_was_not_promised(
    database_url: str, tmp_path: Path, noted: str, left: str, still: int
) -> None:
    with inline(database_url) as work:
        kept = half_promised(work, tmp_path, "01/10/2026", noted, left)
        assert kept.promise.state is PromiseState.OPEN
        assert kept.promise.amount_minor - kept.credited_minor == still
        assert promised_of(work, "F1#1", MONDAY) == still
        [debtor] = portfolio.debtors(work, None, MONDAY, company.rules().policy.dispute.rules)
        assert [one.promised_on(MONDAY) for one in debtor.items] == [still]


@CASES
def test_the_forecast_expects_the_rest_of_that_invoice_only(
    database_url: str, tmp_path: Path, noted: str, left: str, still: int
) -> None:
    with inline(database_url) as work:
        half_promised(work, tmp_path, "30/11/2026", noted, left)
        until = MONDAY + timedelta(days=28)
        [falling] = indicators.exposed(work, None, MONDAY, until=until)
        spoken_for = indicators.spoken_for(work, None, MONDAY, until)
        assert falling.falling_minor == int(left) * 100
        assert [int(row.minor) for row in spoken_for] == [still] * (still > 0)
