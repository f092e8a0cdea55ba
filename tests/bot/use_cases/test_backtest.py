"""Rules tried on the past: when each would have lit, and whether a real delay followed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from bot.use_cases.backtest import backtest, week_ends
from credit.people import Role
from storage import orders
from storage.work import Work
from tests.credit.builders import TODAY
from tests.day import company
from tests.day.company import rules
from tests.storage.inline import inline


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as opened:
        yield opened


def test_weeks_end_on_sundays_up_to_today() -> None:
    ends = week_ends(date(2026, 11, 22), 1)
    assert ends == [date(2026, 10, 25) + timedelta(days=7 * n) for n in range(5)]
    assert week_ends(date(2026, 11, 23), 1)[-1] == date(2026, 11, 22)


def test_a_fall_of_orders_that_came_before_a_delay_is_counted_as_followed(work: Work) -> None:
    company.hire(work, "Léa", Role.REP, "R1")
    one = company.a_customer(work, "C1")
    company.an_invoice(work, one, "F1", late=90)
    fallen = TODAY - timedelta(days=80)
    orders.take(
        work,
        [
            {
                "customer_id": one,
                "number": f"O{weeks}",
                "ordered_on": fallen - timedelta(weeks=weeks),
                "currency": "EUR",
                "amount_minor": 50_000,
                "status": None,
                "siret": None,
                "address": None,
                "buyer": None,
            }
            for weeks in range(1, 40, 2)
        ],
    )
    found = backtest(work, TODAY, 6, rules())
    by_rule = {each.rule: each for each in found.rules}
    assert by_rule["C1-01"].fired == 1
    assert by_rule["C1-01"].judged == by_rule["C1-01"].followed == 1
    assert (by_rule["C2-01"].fired, by_rule["C2-01"].judged) == (1, 0)
    assert found.pushes >= 1
    assert found.per_rep_and_week == round(found.pushes / found.weeks, 2)
    assert found.as_json()["rules"]
