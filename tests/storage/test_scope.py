"""A few portfolios read by themselves: the same as all of them, and not by way of the book."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from itertools import chain, combinations
from pkgutil import iter_modules
from random import Random
from typing import Any

from sqlalchemy import Select, update
from sqlalchemy.dialects import sqlite

import storage
from credit.people import Role
from storage import activity, alert_volume, alerts, customers, indicators, news, portfolio, tables
from storage.scope import Scoped
from storage.work import Work
from tests.credit.builders import TODAY
from tests.day.company import (
    a_customer,
    an_invoice,
    contacted,
    hire,
    promised,
    settled,
)
from tests.storage.inline import inline

OWNERS = ("R1", "R1", "R2", "", None)
SELDOM = {"news._EASED"}
"""What is found by what happened lately: there is little of it."""


def the_scoped() -> Iterator[tuple[str, Select[Any]]]:
    """Name every statement over a few portfolios."""
    for module in iter_modules(storage.__path__):
        if not module.ispkg:
            for name, one in vars(import_module(f"storage.{module.name}")).items():
                if isinstance(one, Scoped):
                    yield f"{module.name}.{name}", one._some
    yield "portfolio._AGED_OF", portfolio._AGED_OF


def plan_of(work: Work, statement: Select[Any]) -> str:
    """Ask SQLite how it would find the rows, in an empty book."""
    words = str(statement.compile(dialect=sqlite.dialect()))
    words = re.sub(r"\(__\[POSTCOMPILE_\w+\]\)", "(?, ?)", words)
    plan = work.raw().execute(f"explain query plan {words}", [None] * words.count("?"))
    return " ".join(row[3] for row in plan)


def test_a_few_portfolios_are_found_by_the_index_of_owners(sqlite_url: str) -> None:
    found = {}
    with inline(sqlite_url) as work:
        for name, statement in the_scoped():
            found[name] = plan_of(work, statement)
    assert len(found) > 30
    by_owner = {name for name, plan in found.items() if "ix_customer_owner" in plan}
    assert found.keys() - by_owner == SELDOM
    # what is called `promised` is a few rows, found by the index before
    whole = re.compile(r"SCAN (customer|item|promise(?!d))")
    assert [one for one in by_owner if whole.search(found[one])] == []


def test_the_clock_does_not_read_every_alert_to_find_those_that_wake(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        plan = plan_of(work, alerts._WAKING)
    assert plan == "SEARCH alert USING INDEX ix_alert_snoozed (snoozed_until<?)"


def test_who_was_never_told_is_not_looked_for_alert_by_alert(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        plan = plan_of(work, alert_volume._UNTOLD)
    assert plan.startswith("SCAN alert_volume LIST SUBQUERY 2 SEARCH outbox ")


def test_a_code_in_a_portfolio_is_found_by_the_index_of_codes(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        plan = plan_of(work, customers._CODED_OF["sqlite"])
    assert "USING INDEX ix_customer_search (search=?)" in plan
    assert "ix_customer_owner" not in plan


def a_book(work: Work, chance: Random) -> dict[int, str]:
    """Make customers with some of everything, and return whose each is."""
    rep = hire(work, "Rémi", Role.REP, "R1")
    owners = {}
    for n in range(20):
        customer = a_customer(work, f"C{n}", rep=(owner := chance.choice(OWNERS)))
        owners[customer] = owner or ""
        for k in range(chance.randint(0, 4)):
            late, left = chance.randint(-30, 60), chance.choice((0, 40_000, 100_000))
            item = an_invoice(work, customer, f"F{n}-{k}", late=late, open_minor=left)
            if left < 100_000:
                day = TODAY - timedelta(days=chance.randint(0, 20))
                settled(work, item, 100_000 - left, day)
            if left and chance.random() < 0.5:
                due_on = TODAY + timedelta(days=chance.randint(-5, 20))
                promised(work, customer, rep, 30_000, due_on, items=[(item, 30_000)])
        for _ in range(chance.randint(0, 3)):
            contacted(work, customer, rep, TODAY - timedelta(days=chance.randint(0, 70)))
    return owners


def plain(rows: list[Any]) -> list[tuple[object, ...]]:
    return sorted(tuple(row) for row in rows)


def test_a_few_portfolios_say_what_all_of_them_say_of_these(database_url: str) -> None:
    ahead, before = TODAY + timedelta(days=30), TODAY - timedelta(days=10)
    with inline(database_url) as work:
        owners = a_book(work, Random(7))
        first, promised = (
            activity.first_contacts(work, None, TODAY),
            indicators.spoken_for(work, None, TODAY, ahead),
        )
        now, then = portfolio.aged(work, None, TODAY), portfolio.aged(work, None, before, past=True)
        assert first
        assert promised
        assert now != then
        for some in chain.from_iterable(combinations(("R1", "R2", ""), n) for n in range(4)):
            codes = frozenset(some)
            mine = {one for one, owner in owners.items() if owner in codes}
            assert plain(activity.first_contacts(work, codes, TODAY)) == plain(
                [row for row in first if row.customer_id in mine]
            )
            assert plain(indicators.spoken_for(work, codes, TODAY, ahead)) == plain(
                [row for row in promised if row.customer_id in mine]
            )
            for whole, few in (
                (now, portfolio.aged(work, codes, TODAY)),
                (then, portfolio.aged(work, codes, before, past=True)),
            ):
                assert few == {one: sums for one, sums in whole.items() if (one or "") in codes}


def test_what_left_the_export_is_summed_alike_for_a_few_portfolios_and_for_all(
    database_url: str,
) -> None:
    first, last = TODAY - timedelta(days=15), TODAY - timedelta(days=2)
    with inline(database_url) as work:
        a_book(work, Random(11))
        before = news.received(work, None, first, last)
        row = tables.settlement_row
        work.execute(update(row).where(row.c.id % 3 == 0).values(payment_id=7))
        [whole] = news.received(work, None, first, last)
        few = frozenset({"R1"}), frozenset({"R2", ""})
        each = [news.received(work, codes, first, last) for codes in few]
        assert all(each)
        assert sum(one.minor for [one] in each) == whole.minor
        assert before != [whole]  # what a payment settled counts as that payment
