"""What credit costs: the vectors of handbook 2.7, 2.8 and 6.2."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.cost import (
    ImpossibleFigure,
    compensating_turnover,
    credit_cost,
    discount_annual_rate,
    late_cost,
    unpaid_cost,
)
from credit.money import Money
from tests.credit.builders import eur


def test_the_vectors_of_handbook_2_7() -> None:
    cost = credit_cost(eur("3000000"), Decimal(62), Decimal(5))
    assert cost.receivables == eur("509589.04")
    assert cost.annual == eur("25479.45")
    assert (cost.day_cash, cost.day_annual) == (eur("8219.18"), eur("410.96"))


def test_a_week_less_frees_cash_and_saves_interest() -> None:
    week = credit_cost(eur("3000000"), Decimal(7), Decimal(5))
    assert (week.receivables, week.annual) == (eur("57534.25"), eur("2876.71"))


@pytest.mark.parametrize(("base", "cost"), [(365, "65.75"), (360, "66.67")])
def test_the_cost_of_one_late_invoice_depends_on_the_year_s_base(base: int, cost: str) -> None:
    assert late_cost(eur("15000"), 40, Decimal(4), base) == eur(cost)


@pytest.mark.parametrize(
    ("loss", "margin", "turnover"),
    [
        ("1000", 5, "20000"),
        ("20000", 5, "400000"),
        ("8000", 12, "66666.67"),
        ("5000", 10, "50000"),
    ],
)
def test_the_vectors_of_handbook_2_8(loss: str, margin: int, turnover: str) -> None:
    assert compensating_turnover(eur(loss), Decimal(margin)) == eur(turnover)


@pytest.mark.parametrize("margin", [0, -3])
def test_nothing_makes_up_for_a_loss_without_margin(margin: int) -> None:
    assert compensating_turnover(eur("1"), Decimal(margin)) is None


def test_a_loss_excludes_the_vat_that_comes_back() -> None:
    with_vat = unpaid_cost(eur("1200"), eur("1000"), eur("20"), vat=True)
    assert (with_vat.loss, with_vat.total) == (eur("1000"), eur("1020"))
    assert unpaid_cost(eur("1200"), eur("1000"), eur("20"), vat=False).total == eur("1220")


def test_the_vector_of_handbook_6_2() -> None:
    assert round(discount_annual_rate(Decimal(1), 30), 2) == Decimal("12.29")


@pytest.mark.parametrize(("rate", "days"), [(100, 30), (-1, 30), (1, 0)])
def test_an_impossible_discount_is_refused(rate: int, days: int) -> None:
    with pytest.raises(ImpossibleFigure):
        discount_annual_rate(Decimal(rate), days)


def test_a_currency_without_decimals_keeps_none() -> None:
    assert late_cost(Money(Decimal(15000), "JPY"), 40, Decimal(4)) == Money(Decimal(66), "JPY")


@given(st.integers(0, 10**8), st.integers(0, 400), st.integers(0, 400))
def test_more_days_never_cost_less(amount: int, one: int, other: int) -> None:
    few, many = sorted((one, other))
    money = Money.from_minor(amount, "EUR")
    assert late_cost(money, few, Decimal(5)) <= late_cost(money, many, Decimal(5))
