"""The aged balance always adds up."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from credit.ageing import BUCKETS, age, bucket_of, place_of
from credit.money import Money
from credit.receivable import ItemKind, OpenItem, days_past_due
from tests.credit.builders import TODAY, an_item, eur, without_due_date

JUNE_30 = date(2026, 6, 30)


def handbook_items() -> list[OpenItem]:
    dues = [
        (100_000, date(2026, 6, 30)),
        (200_000, date(2026, 5, 31)),
        (50_000, date(2026, 5, 30)),
        (70_000, date(2026, 4, 1)),
        (30_000, date(2026, 3, 31)),
    ]
    items = [an_item(minor, due_on=due, id=n) for n, (minor, due) in enumerate(dues, 1)]
    return [*items, an_item(-20_000, due_on=date(2026, 5, 15), id=6, kind=ItemKind.CREDIT_NOTE)]


def test_the_vector_of_handbook_2_6() -> None:
    balance = age(handbook_items(), JUNE_30)["EUR"]
    assert balance.not_due == eur("1000")
    assert dict(balance.buckets) == {
        "1-30": eur("2000"),
        "31-60": eur("500"),
        "61-90": eur("700"),
        "91-120": eur("300"),
        "121+": eur("0"),
    }
    assert balance.credits == eur("-200")
    assert balance.overdue == eur("3500")
    assert balance.total == eur("4300")
    assert balance.overdue_percent is not None
    assert balance.overdue_percent.quantize(Decimal("0.1")) == Decimal("77.8")


def test_due_today_is_not_late_and_the_last_bucket_is_open() -> None:
    assert days_past_due(TODAY, TODAY) == 0
    assert days_past_due(None, TODAY) == 0
    assert [bucket_of(days) for days in (1, 30, 31, 60, 61, 90, 91, 120, 121, 9999)] == [
        *("1-30", "1-30", "31-60", "31-60", "61-90"),
        *("61-90", "91-120", "91-120", "121+", "121+"),
    ]


def test_items_without_a_due_date_have_their_own_line() -> None:
    balance = age([without_due_date(500)], TODAY)["EUR"]
    assert balance.no_due_date == eur("5")
    assert balance.total == eur("5")
    assert not balance.overdue


def test_unapplied_cash_and_negative_invoices_are_credits() -> None:
    cash = an_item(-300, kind=ItemKind.PAYMENT)
    negative = an_item(-200)
    balance = age([cash, negative], TODAY)["EUR"]
    assert balance.credits == eur("-5")
    assert balance.overdue_percent is None
    assert cash.days_past_due(TODAY) == 0


ITEMS = st.builds(
    lambda minor, days, kind, currency, dated: (
        an_item(minor, days_past_due=days, kind=kind, currency=currency)
        if dated
        else without_due_date(minor)
    ),
    st.integers(-(10**9), 10**9),
    st.integers(-400, 4000),
    st.sampled_from(ItemKind),
    st.sampled_from(["EUR", "JPY"]),
    st.booleans(),
)


@given(st.lists(ITEMS, max_size=30))
def test_the_parts_always_add_up_to_the_balance(items: list[OpenItem]) -> None:
    for currency, balance in age(items, TODAY).items():
        own = [item for item in items if item.currency == currency]
        assert balance.total == Money.from_minor(sum(item.open_minor for item in own), currency)
        assert tuple(balance.buckets) == BUCKETS
        assert balance.credits.amount <= 0 or any(item.is_credit for item in own)
        parts = [balance.not_due, *balance.buckets.values(), balance.credits, balance.no_due_date]
        assert sum(part.minor for part in parts) == balance.total.minor
        assert balance.currency == currency


@given(st.lists(ITEMS, max_size=10))
def test_the_late_and_the_early_part_make_the_balance(items: list[OpenItem]) -> None:
    for balance in age(items, TODAY).values():
        assert balance.late_part + balance.early_part == balance.total
        assert Money(Decimal(0), balance.currency) <= balance.late_part <= balance.overdue


@given(ITEMS)
def test_an_item_lies_in_exactly_one_place(item: OpenItem) -> None:
    balance = age([item], TODAY)[item.currency]
    places = {
        **balance.buckets,
        "not_due": balance.not_due,
        "credits": balance.credits,
        "no_due_date": balance.no_due_date,
    }
    filled = [name for name, money in places.items() if money]
    assert filled == ([place_of(item, TODAY)] if item.open_minor else [])


@given(ITEMS)
def test_an_item_is_overdue_when_its_day_is_over_and_money_is_owed(item: OpenItem) -> None:
    assert item.is_overdue(TODAY) is (item.open_minor > 0 and item.days_past_due(TODAY) > 0)
