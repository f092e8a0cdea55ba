"""Weighted delays and the trend against the own past."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.behaviour import (
    behaviour_delay,
    delay_trend,
    is_odd_payment,
    open_delay,
    paid_delay,
    weighted_delay,
)
from credit.receivable import ItemKind, OpenItem, Settlement
from tests.credit.builders import POLICY, TODAY, an_item, settled, without_due_date

RULE = POLICY.signals.growing_delay


def paid_invoices() -> list[Settlement]:
    return [settled(1_000_000, 5), settled(400_000, 30), settled(600_000, -2)]


def test_the_vectors_of_handbook_2_4() -> None:
    assert paid_delay(paid_invoices()) == Decimal("8.5")
    assert paid_delay(paid_invoices(), net=True) == Decimal("7.9")
    late = [(1_200_000, 10), (500_000, 45), (300_000, 95)]
    items = [an_item(minor, days_past_due=days) for minor, days in late]
    assert open_delay(items, TODAY) == Decimal("31.5")


def test_nothing_to_weigh_gives_no_delay() -> None:
    assert weighted_delay([]) is None
    assert paid_delay([Settlement(without_due_date(0), TODAY, 100)]) is None
    assert open_delay([an_item(days_past_due=0)], TODAY) is None


def test_a_customer_who_stops_paying_does_not_keep_a_good_mark() -> None:
    paid, unpaid = [settled(100_000, 0)], [an_item(100_000, days_past_due=60)]
    assert paid_delay(paid) == 0
    assert behaviour_delay(paid, unpaid, TODAY) == 30


def test_the_contested_part_weighs_nothing() -> None:
    items = [
        an_item(100_000, days_past_due=90, disputed_minor=100_000),
        an_item(100_000, days_past_due=10),
    ]
    assert open_delay(items, TODAY) == 10


def history(recent_days: int, past_days: int, count: int = 3) -> list[Settlement]:
    recent = [
        settled(100_000, recent_days, id=100 + n, on=TODAY - timedelta(days=n))
        for n in range(count)
    ]
    past = [
        settled(100_000, past_days, id=200 + n, on=TODAY - timedelta(days=91 + n))
        for n in range(count)
    ]
    return [*recent, *past]


def test_the_trend_compares_ninety_days_with_the_year_before() -> None:
    trend = delay_trend(history(20, 5), [], TODAY, RULE)
    assert trend is not None
    assert trend.change == 15
    assert trend.recent.invoices == trend.past.invoices == 3
    assert trend.recent.amount_minor == 300_000


def test_the_trend_needs_three_invoices_on_each_side() -> None:
    assert delay_trend(history(20, 5, count=2), [], TODAY, RULE) is None
    assert delay_trend([], [], TODAY, RULE) is None
    assert delay_trend(history(20, 5)[:3], [], TODAY, RULE) is None


def test_open_overdue_items_count_on_the_recent_side() -> None:
    paid = [one for one in history(0, 0) if one.item.id != 100]
    unpaid: list[OpenItem] = [an_item(100_000, days_past_due=30, id=300)]
    trend = delay_trend(paid, unpaid, TODAY, RULE)
    assert trend is not None
    assert trend.recent.invoices == 3
    assert trend.change == 10


def test_a_payment_outside_both_windows_does_not_count() -> None:
    old = [settled(10**9, 300, id=n, on=TODAY - timedelta(days=456)) for n in range(5)]
    trend = delay_trend([*history(20, 5), *old], [], TODAY, RULE)
    assert trend is not None
    assert trend.past.days == 5


@pytest.mark.parametrize(
    ("amount", "odd"),
    [
        (10_000, False),
        (10_100, False),
        (10_101, True),
        (15_000, False),
        (35_000, False),
        (20_000, False),
        (22_500, True),
        (5_000, False),
        (31_000, True),
    ],
)
def test_a_payment_is_odd_when_no_run_of_invoices_explains_it(amount: int, odd: bool) -> None:
    assert is_odd_payment(amount, [10_000, 5_000, 20_000], 100) is odd


def test_any_payment_is_odd_when_nothing_is_owed() -> None:
    assert is_odd_payment(10_000, [], 100)


def test_money_that_went_back_is_not_an_odd_payment() -> None:
    assert not is_odd_payment(-10_000, [10_000], 100)
    assert not is_odd_payment(0, [10_000], 100)


@given(
    st.lists(st.integers(1_000, 10**7), min_size=1, max_size=12),
    st.data(),
)
def test_a_run_of_invoices_is_never_odd(invoices: list[int], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(invoices) - 1))
    last = data.draw(st.integers(first + 1, len(invoices)))
    assert not is_odd_payment(sum(invoices[first:last]), invoices, 100)


@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(-100, 1000)), min_size=1))
def test_a_weighted_delay_lies_between_the_extremes(parts: list[tuple[int, int]]) -> None:
    delay = weighted_delay(parts)
    assert delay is not None
    days = [max(0, days) for _, days in parts]
    assert min(days) - Decimal("1e-9") <= delay <= max(days) + Decimal("1e-9")


def test_credit_notes_have_no_delay() -> None:
    note = an_item(-100, days_past_due=50, kind=ItemKind.CREDIT_NOTE)
    assert open_delay([note], TODAY) is None
