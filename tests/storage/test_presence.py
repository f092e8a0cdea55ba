"""What nobody has is known not to be there, and what anybody has is known to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import insert

from credit.people import Role
from storage import observations, presence, tables
from storage.presence import Present
from storage.work import Work
from tests.credit.builders import TODAY
from tests.day.company import (
    MORNING,
    a_customer,
    an_invoice,
    contacted,
    disputed,
    fresh,
    hire,
    paid,
    promised,
    settled,
)
from tests.storage.inline import inline

NOTHING = Present(*[False] * len(Present._fields))
SIREN = "732829320"


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as one:
        fresh(one)
        yield one


def _observed(work: Work, customer: int) -> None:
    rep = hire(work, "Léa", Role.REP, "R1")
    values = {"customer_id": customer, "person_id": rep.id, "code": "T01", "on": TODAY}
    observations.add(work, {**values, "at": MORNING.at, "files": [], "uid": "1"})


def _ordered(work: Work, customer: int) -> None:
    values = {"customer_id": customer, "number": "C1", "ordered_on": TODAY}
    work.execute(insert(tables.sales_order), {**values, "currency": "EUR", "amount_minor": 1})


def _signed(work: Work, **whose: Any) -> None:
    values = {"kind": "cover", "key": "1", "on": TODAY, "data": {}}
    work.execute(insert(tables.sign), {**values, **whose})


def _published(work: Work, _: int) -> None:
    values = {"id": "B1", "siren": SIREN, "kind": "seat", "published_on": TODAY}
    rest = {"revision": "creation", "domiciliation": False}
    work.execute(insert(tables.notice), {**values, **rest})


def _registered(work: Work, _: int) -> None:
    values = {"siren": SIREN, "siret": "", "active": True, "stated_on": TODAY}
    work.execute(insert(tables.registry_unit), values)


MADE: dict[str, Callable[[Work, int], object]] = {
    "payments": lambda work, one: paid(work, one, 100, TODAY),
    "settlements": lambda work, one: settled(work, an_invoice(work, one, "F1"), 100, TODAY),
    "credit_notes": lambda work, one: an_invoice(work, one, "A1", -100, kind="credit_note"),
    "promises": lambda work, one: promised(
        work, one, hire(work, "Léa", Role.REP, "R1"), 100, TODAY
    ),
    "disputes": lambda work, one: disputed(work, one, hire(work, "Léa", Role.REP, "R1"), 100),
    "contacts": lambda work, one: contacted(
        work, one, hire(work, "Léa", Role.REP, "R1"), TODAY, answered=True
    ),
    "observations": _observed,
    "orders": _ordered,
    "signs": lambda work, one: _signed(work, customer_id=one),
    "notices": _published,
    "units": _registered,
}


def test_of_a_book_without_events_nothing_is_there(work: Work) -> None:
    an_invoice(work, a_customer(work, "C1"), "F1")
    assert presence.read(work) == NOTHING
    assert not presence.read(work).public


@pytest.mark.parametrize("kind", MADE)
def test_the_first_row_of_a_kind_is_seen(work: Work, kind: str) -> None:
    MADE[kind](work, a_customer(work, "C1"))
    assert presence.read(work) == NOTHING._replace(**{kind: True})


def test_a_fact_known_by_the_siren_is_one_of_a_company_too(work: Work) -> None:
    _signed(work, siren=SIREN)
    found = presence.read(work)
    assert found == NOTHING._replace(signs=True, company_signs=True)
    assert found.public
