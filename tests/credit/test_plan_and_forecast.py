"""Payment plans and expected cash: the vectors of handbook 8.1 and 12.2."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.forecast import Expected, Reliability, expected_cash, reliability
from credit.money import Money
from credit.plan import Instalment, instalments, is_usual
from tests.credit.builders import eur


def test_the_vectors_of_handbook_8_1() -> None:
    four = instalments(eur("9000"), 4, date(2026, 12, 1))
    assert [one.amount for one in four] == [eur("2250")] * 4
    three = instalments(eur("10000"), 3, date(2026, 12, 1))
    assert [one.amount.as_text() for one in three] == ["3333.33", "3333.33", "3333.34"]


@pytest.mark.parametrize(("count", "usual"), [(1, True), (4, True), (5, False), (7, False)])
def test_a_plan_beyond_three_months_is_more_than_usual(count: int, *, usual: bool) -> None:
    """Handbook 8.1: at most 3 to 6 instalments within 90 days."""
    assert is_usual(instalments(eur("9000"), count, date(2026, 7, 1))) is usual


def test_a_plan_of_many_small_steps_is_more_than_usual() -> None:
    weekly = [Instalment(n, date(2026, 7, 1 + 7 * n), eur("10")) for n in range(4)]
    assert is_usual(weekly)
    assert not is_usual(weekly * 2)


def test_the_instalments_fall_a_month_apart_at_the_latest_on_the_last_day() -> None:
    days = [one.due_on for one in instalments(eur("900"), 3, date(2026, 12, 31))]
    assert days == [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28)]


@pytest.mark.parametrize(("amount", "count"), [("10", 0), ("0.02", 3), ("-5", 2)])
def test_an_impossible_plan_is_refused(amount: str, count: int) -> None:
    with pytest.raises(ValueError, match=str(count)):
        instalments(eur(amount), count, date(2026, 12, 1))


@given(st.integers(24, 10**9), st.integers(1, 24), st.sampled_from(["EUR", "JPY", "TND"]))
def test_a_plan_adds_up_and_its_last_instalment_takes_the_rest(
    minor: int, count: int, currency: str
) -> None:
    plan = instalments(Money.from_minor(minor, currency), count, date(2026, 1, 31))
    assert sum(one.amount.minor for one in plan) == minor
    assert plan[-1].amount == max(one.amount for one in plan)


def test_the_forecast_vector_of_handbook_12_2() -> None:
    promised = [Expected(Decimal(10000), Decimal("0.7"))]
    due = [Expected(Decimal(20000), Decimal("0.5"))]
    assert expected_cash(promised, due) == 17000


def test_few_promises_prove_nothing() -> None:
    assert reliability(Decimal(0), Decimal(900), 4) == Reliability(Decimal("0.6"), 4, assumed=True)
    assert reliability(Decimal(0), Decimal(0), 9).assumed


def test_five_promises_speak_for_themselves() -> None:
    assert reliability(Decimal(30), Decimal(40), 5).ratio == Decimal("0.75")
    assert reliability(Decimal(50), Decimal(40), 5).ratio == 1
