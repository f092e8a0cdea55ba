"""A customer is read with what the ledger states and what the credit manager decided."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert

from storage import customers
from storage.customers import Customer
from storage.tables import credit_decision
from storage.work import Work
from tests.day.company import MORNING, a_customer
from tests.storage.inline import inline

UNTIL = date(2027, 1, 31)


def stated(work: Work) -> int:
    return a_customer(
        work,
        "C1",
        "Durand",
        "R1",
        assigned_code="R2",
        siren="123456782",
        credit_limit_minor=500_000,
        limit_currency="CHF",
        terms="30 jours",
        risk_class="B",
        address="1 rue du Lac",
    )


def decide(work: Work, customer: int, *, applies: bool) -> None:
    decided = {
        "uid": "one",
        "customer_id": customer,
        "decided_at": MORNING.at,
        "cause": "asked",
        "risk_class": "D",
        "proposed_class": "D",
        "limit_minor": 200_000,
        "limit_currency": "EUR",
        "applies": applies,
        "valid_until": UNTIL,
        "data": {},
    }
    work.execute(insert(credit_decision), decided)


def test_a_customer_is_read_whole(database_url: str) -> None:
    with inline(database_url) as work:
        one = stated(work)
        as_stated = Customer(
            id=one,
            code="C1",
            name="Durand",
            siren="123456782",
            rep_code="R2",
            limit_minor=500_000,
            limit_currency="CHF",
            terms="30 jours",
            risk_class="B",
            address="1 rue du Lac",
            limit_until=None,
            ledger_limit_minor=500_000,
            ledger_currency="CHF",
            ledger_class="B",
        )
        assert customers.by_id(work, one) == customers.by_code(work, "C1") == as_stated
        assert customers.by_id(work, one + 1) is None


def test_what_was_decided_stands_beside_what_the_ledger_states(database_url: str) -> None:
    with inline(database_url) as work:
        one = stated(work)
        decide(work, one, applies=True)
        found = customers.by_id(work, one)
    assert found is not None
    assert (found.limit_minor, found.limit_currency, found.risk_class) == (200_000, "EUR", "D")
    assert (found.ledger_limit_minor, found.ledger_currency) == (500_000, "CHF")
    assert (found.ledger_class, found.limit_until) == ("B", UNTIL)
