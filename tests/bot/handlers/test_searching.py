"""A name that has to be looked for among very many is found a moment later, and says the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import insert

from bot.handlers import wide
from bot.use_cases import search
from credit.people import Person, Role
from storage.customers import fold
from storage.tables import customer_row
from storage.work import Work
from tests.day import company
from tests.day.company import MORNING
from tests.storage.inline import inline

READ = ("dupond", "/calcul dupond")
BEGUN = ("/visite dupond", "/garantie dupond", "/commande dupond 3200")
AT_ONCE = ("dupont", "C7", "F7", "/calcul dupont", "/visite dupont", "/commande dupont 3200")
STATEMENTS = 20
"""However many customers there are: who asks, what is looked for, and the order."""


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as one:
        company.an_invoice(one, company.a_customer(one, "C7", "DUPONT"), "F7", late=40)
        company.fresh(one)
        yield one


def credit_manager(work: Work, name: str) -> Person:
    return company.hire(work, name, Role.CREDIT_MANAGER)


def crowd(work: Work) -> None:
    """Let the book name more customers than are read while people wait."""
    names = [f"Menuiserie Vauquermont {n}" for n in range(search.MANY + 1)]
    known = {"rep_code": "R1", "changed_at": MORNING.at}
    rows = [
        {"code": f"K{n}", "name": name, "search": fold(f"K{n} {name}"), **known}
        for n, name in enumerate(names)
    ]
    work.execute_many(insert(customer_row), rows)


def later(work: Work, person: Person, asked: str) -> company.Told:
    """Ask, and let what was ordered have its turn."""
    with company.counted(work) as statements:
        told = company.says(work, person, asked)
    assert len(statements) < STATEMENTS
    assert [body["method"] for body in told.bodies] == ["sendChatAction"]
    [row] = company.waiting(work, wide.PAGE)
    return company.rendered(work, row)


@pytest.mark.parametrize("asked", READ)
def test_a_misspelt_name_opens_the_same_account_a_moment_later(work: Work, asked: str) -> None:
    at_once = company.says(work, credit_manager(work, "Claire"), asked)
    crowd(work)
    found = later(work, credit_manager(work, "Max"), asked)
    assert "DUPONT" in found.text
    assert (found.text, found.labels) == (at_once.text, at_once.labels)


@pytest.mark.parametrize("asked", BEGUN)
def test_what_a_misspelt_name_would_have_begun_is_a_tap_away(work: Work, asked: str) -> None:
    at_once = company.says(work, credit_manager(work, "Claire"), asked)
    crowd(work)
    max_ = credit_manager(work, "Max")
    offered = later(work, max_, asked)
    begun = company.taps(work, max_, offered.data("DUPONT"))
    assert at_once.text
    assert (begun.text, begun.labels) == (at_once.text, at_once.labels)


@pytest.mark.parametrize("asked", AT_ONCE)
def test_what_is_typed_as_it_is_written_is_found_at_once_among_many(work: Work, asked: str) -> None:
    crowd(work)
    claire = credit_manager(work, "Claire")
    assert "DUPONT" in company.says(work, claire, asked).text
    assert company.waiting(work, wide.PAGE) == []


@pytest.mark.parametrize("asked", ["me", "me va", "menuiserie va 19", "vaukermon"])
def test_names_that_very_many_hold_are_offered_a_moment_later(work: Work, asked: str) -> None:
    crowd(work)
    claire = credit_manager(work, "Claire")
    found = search.find(work, claire, asked)
    assert len(found.hits) == search.MOST
    told = later(work, claire, asked)
    assert all(one.name in str(told.labels) for one in found.hits)


def test_the_names_of_a_team_of_very_many_are_read_a_moment_later(work: Work) -> None:
    crowd(work)
    mona = company.hire(work, "Mona", Role.SALES_MANAGER, "R1")
    assert "DUPONT" in later(work, mona, "dupond").text
