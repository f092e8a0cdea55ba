"""Who sees everybody finds by a typed code what who sees a portfolio finds in it."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bot.use_cases.search import ManyNames, find
from credit.people import Role
from storage.tables import customer_row
from tests.day import company
from tests.storage.inline import inline

NAMED = {"4110": "MARTIN", "4111": "DUPONT 4112", "4112": "DUPONT", "411": "4110 SARL"}


@pytest.mark.parametrize("typed", ["4110", "411", "4112", "F-4110", "dupont", "dupon", "4110 sarl"])
def test_a_manager_of_all_and_a_rep_of_all_find_the_same(database_url: str, typed: str) -> None:
    with inline(database_url) as work:
        manager = company.hire(work, "Max", Role.CREDIT_MANAGER)
        rep = company.hire(work, "Léa", Role.REP, "R1")
        ids = [company.a_customer(work, code, name) for code, name in NAMED.items()]
        work.execute(update(customer_row).values(rep_code="R1"))
        company.an_invoice(work, ids[1], "4110", late=3)
        company.an_invoice(work, ids[2], "F-4110", late=3)
        found = find(work, manager, typed)
        assert found == find(work, rep, typed)
        assert found.hits


def test_a_code_is_found_in_ones_own_portfolio_without_reading_its_names(database_url: str) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        tom = company.hire(work, "Tom", Role.REP, "R2")
        ids = [company.a_customer(work, code, name) for code, name in NAMED.items()]
        found = find(work, lea, "4110", most=2)
        assert [one.customer for one in found.hits] == ids[:1]
        assert found.sure
        assert find(work, tom, "4110").hits == ()
        with pytest.raises(ManyNames):
            find(work, lea, "dupont", most=2)
