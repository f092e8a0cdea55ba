"""DSO and its kin: the vectors of handbook 2.1 to 2.5, and what must hold for any figures."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.dso import CountBack, MonthSales, collection_effectiveness, count_back, dso, split

AMOUNTS = st.integers(0, 10**9).map(Decimal)
SALES = st.integers(1, 10**9).map(Decimal)
MONTHS = st.lists(
    st.builds(MonthSales, st.integers(-(10**6), 10**7).map(Decimal), st.integers(28, 31)),
    max_size=24,
)


def tenth(value: Decimal | None) -> str:
    assert value is not None
    return str(round(value, 1))


@pytest.mark.parametrize(
    ("receivables", "sales", "days", "found"),
    [
        ("250000", "325000", 91, "70.0"),
        ("472000", "2870400", 365, "60.0"),
        ("20000", "45000", 90, "40.0"),
    ],
)
def test_the_vectors_of_handbook_2_1(receivables: str, sales: str, days: int, found: str) -> None:
    assert tenth(dso(Decimal(receivables), Decimal(sales), days)) == found


def test_without_sales_there_is_no_dso() -> None:
    assert dso(Decimal(5), Decimal(0), 90) is None
    assert split(Decimal(1), Decimal(2), Decimal(-1), 90) is None


def test_the_vectors_of_handbook_2_2() -> None:
    quarter = [
        MonthSales(Decimal(sales), days)
        for sales, days in [(120000, 30), (95000, 31), (110000, 30)]
    ]
    found = count_back(Decimal(250000), quarter)
    assert (tenth(found.days), found.complete) == ("70.5", True)
    two = [MonthSales(Decimal(12500), 30), MonthSales(Decimal(10000), 31)]
    assert round(count_back(Decimal(20000), two).days, 2) == Decimal("53.25")


def test_a_month_of_credit_notes_adds_its_days_and_what_it_lacks() -> None:
    months = [MonthSales(Decimal(-1000), 30), MonthSales(Decimal(11000), 31)]
    assert count_back(Decimal(10000), months) == CountBack(Decimal(61), complete=True)


def test_a_history_that_runs_out_is_said_to_be_incomplete() -> None:
    found = count_back(Decimal(500), [MonthSales(Decimal(100), 30)])
    assert found == CountBack(Decimal(30), complete=False)
    assert count_back(Decimal(0), []) == CountBack(Decimal(0), complete=True)


def test_the_vector_of_handbook_2_3() -> None:
    parts = split(Decimal(160000), Decimal(90000), Decimal(325000), 91)
    assert parts is not None
    assert (tenth(parts.terms), tenth(parts.late), tenth(parts.whole)) == ("44.8", "25.2", "70.0")


def test_the_vector_of_handbook_2_5() -> None:
    found = collection_effectiveness(*map(Decimal, (230000, 325000, 250000, 160000)))
    assert tenth(found) == "77.2"
    assert collection_effectiveness(*map(Decimal, (0, 10, 10, 10))) is None


@given(AMOUNTS, AMOUNTS, SALES, st.integers(1, 366))
def test_the_parts_of_the_dso_add_up(
    not_due: Decimal, overdue: Decimal, sales: Decimal, days: int
) -> None:
    parts = split(not_due, overdue, sales, days)
    whole = dso(not_due + overdue, sales, days)
    assert parts is not None
    assert whole is not None
    assert abs(parts.whole - whole) < Decimal("1e-15") * max(whole, Decimal(1))


@given(AMOUNTS, AMOUNTS, MONTHS)
def test_owing_more_never_takes_fewer_days(
    less: Decimal, more: Decimal, months: list[MonthSales]
) -> None:
    steady = [month for month in months if month.sales > 0]
    low, high = sorted((less, more))
    assert count_back(low, steady).days <= count_back(high, steady).days


@given(AMOUNTS, MONTHS)
def test_the_days_never_exceed_the_history(receivables: Decimal, months: list[MonthSales]) -> None:
    assert 0 <= count_back(receivables, months).days <= sum(month.days for month in months)
