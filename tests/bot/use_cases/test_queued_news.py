"""News that waits tells how things stand when it leaves, or nothing when it is overtaken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from credit.people import Role
from storage.work import Work
from tests.bot.use_cases.alarms import MONDAY_OPEN, SATURDAY, late, news, owed, scanned, sent
from tests.credit.builders import paris
from tests.day.company import a_customer, fresh, hire
from tests.storage.inline import inline

MONDAY = paris(2026, 11, 30, 8)


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as one:
        fresh(one)
        yield one


def test_a_queued_alert_whose_figures_changed_tells_the_new_ones(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customer = a_customer(work, "C1")
    item = late(work, customer, minor=500_000)
    scanned(work, customer, now=SATURDAY)
    (row,) = news(work, lea)
    assert row.not_before == MONDAY_OPEN
    owed(work, item, 345_600)
    scanned(work, customer, now=SATURDAY.plus(timedelta(hours=2)))  # as the next import does
    fresh(work, MONDAY)
    (row,) = news(work, lea)
    body = sent(work, row, 50, MONDAY)
    assert body is not None
    text = body["params"]["text"].replace("\u202f", " ").replace("\xa0", " ")
    assert "3 456" in text
    assert "5 000" not in text


def test_a_queued_alert_whose_account_was_paid_meanwhile_is_dropped(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customer = a_customer(work, "C1")
    item = late(work, customer)
    scanned(work, customer, now=SATURDAY)
    (row,) = news(work, lea)
    owed(work, item, 0)
    scanned(work, customer, now=MONDAY)
    assert sent(work, row, 50, MONDAY) is None
