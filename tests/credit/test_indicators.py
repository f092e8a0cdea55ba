"""The indicators agree with each other: DSO is BPDSO and ADD, with open credits too."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.ageing import CREDITS, NO_DUE_DATE, NOT_DUE, balance_of
from credit.dso import MonthSales
from credit.indicators import Ledger, effectiveness, speed
from tests.credit.builders import eur

QUARTER = (
    MonthSales(Decimal(120_000), 30),
    MonthSales(Decimal(95_000), 31),
    MonthSales(Decimal(110_000), 30),
    MonthSales(Decimal(0), 0),
)
"""The months of handbook 2.2: 325,000 in 91 days."""
EUROS = st.integers(0, 10**6)


def a_ledger(
    not_due: int, overdue: int, credits_: int = 0, undated: int = 0, opening: int = 230_000
) -> Ledger:
    euros = {NOT_DUE: not_due, "1-30": overdue, CREDITS: -credits_, NO_DUE_DATE: undated}
    balance = balance_of({place: minor * 100 for place, minor in euros.items()}, "EUR")
    return Ledger(balance, eur(str(opening)), QUARTER)


def tenths(ledger: Ledger) -> list[Decimal]:
    found = speed(ledger)
    assert found.dso is not None
    assert found.best is not None
    assert found.late is not None
    return [round(one, 1) for one in (found.dso, found.best, found.late)]


@pytest.mark.parametrize(
    ("ledger", "expected"),
    [
        pytest.param(a_ledger(160_000, 90_000), ("70.0", "44.8", "25.2"), id="handbook 2.3"),
        pytest.param(a_ledger(160_000, 115_000, 25_000), ("70.0", "44.8", "25.2"), id="overdue"),
        pytest.param(a_ledger(260_000, 10_000, 20_000), ("70.0", "70.0", "0.0"), id="not due too"),
        pytest.param(a_ledger(150_000, 90_000, 0, 10_000), ("70.0", "44.8", "25.2"), id="undated"),
    ],
)
def test_credits_meet_what_is_overdue_and_what_has_no_date_is_not_late(
    ledger: Ledger, expected: tuple[str, str, str]
) -> None:
    assert tenths(ledger) == [Decimal(one) for one in expected]


@given(EUROS, EUROS, EUROS, EUROS)
def test_dso_less_best_possible_dso_is_what_lateness_adds(
    not_due: int, overdue: int, credits_: int, undated: int
) -> None:
    found = speed(a_ledger(not_due, overdue, credits_, undated))
    assert found.dso is not None
    assert found.best is not None
    assert found.late is not None
    assert abs(found.dso - found.best - found.late) < Decimal("1e-18")
    assert found.late >= 0


def test_the_effectiveness_is_that_of_handbook_2_5() -> None:
    found = effectiveness(a_ledger(160_000, 90_000))
    assert found is not None
    assert round(found, 1) == Decimal("77.2")


@given(EUROS, EUROS, EUROS)
def test_open_credits_never_collect_more_than_could_be(
    not_due: int, overdue: int, credits_: int
) -> None:
    found = effectiveness(a_ledger(not_due, overdue, credits_, opening=10**6))
    assert found is None or found <= 100
