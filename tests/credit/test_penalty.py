"""Late-payment penalties: vectors P1 to P6 and their properties."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.reference import load_late_payment_rates
from credit.money import Money
from credit.penalty import NoRate, Semester, bearing_fee, late_payment
from credit.receivable import ItemKind, OpenItem
from tests.credit.builders import eur

RATES = load_late_payment_rates()


@pytest.mark.parametrize(
    ("amount", "due", "paid", "contract", "days", "penalty", "with_fee"),
    [
        ("12000", date(2025, 5, 31), date(2025, 7, 20), None, 50, "209.59", "249.59"),
        ("1800", date(2026, 1, 31), date(2026, 3, 17), None, 45, "26.96", "66.96"),
        ("4567.89", date(2023, 12, 15), date(2024, 2, 10), None, 57, "102.43", "142.43"),
        ("1800", date(2026, 1, 31), date(2026, 3, 17), "7.86", 45, "17.44", "57.44"),
        ("250", date(2024, 6, 30), date(2024, 7, 1), None, 1, "0.10", "40.10"),
        ("999", date(2024, 6, 30), date(2024, 6, 30), None, 0, "0.00", "0.00"),
    ],
    ids=["P1", "P2", "P3", "P4", "P5", "P6"],
)
def test_the_vectors_of_handbook_2_9(
    amount: str,
    due: date,
    paid: date,
    contract: str | None,
    days: int,
    penalty: str,
    with_fee: str,
) -> None:
    rate = Decimal(contract) if contract else None
    result = late_payment(eur(amount), due, paid, RATES, contract_rate=rate)
    assert result.days == days
    assert result.penalty == eur(penalty)
    assert result.totals == {"EUR": eur(with_fee)}
    assert result.verified
    assert not result.estimated


def test_a_delay_over_midyear_is_split_at_the_half_year() -> None:
    result = late_payment(eur("12000"), date(2025, 5, 31), date(2025, 7, 20), RATES)
    assert [(s.days, s.rate) for s in result.segments] == [
        (30, Decimal("13.15")),
        (20, Decimal("12.15")),
    ]


def test_the_rate_is_the_one_of_the_first_day_of_the_half_year() -> None:
    result = late_payment(eur("1000"), date(2024, 9, 30), date(2024, 10, 30), RATES)
    assert [segment.rate for segment in result.segments] == [Decimal("14.25")]


def test_a_missing_half_year_is_estimated_with_the_last_known_rate() -> None:
    result = late_payment(eur("1000"), date(2026, 6, 30), date(2026, 8, 1), RATES)
    assert result.segments[0].rate == Decimal("12.15")
    assert result.estimated
    assert not result.verified


def test_before_the_first_half_year_the_oldest_rate_stands_in() -> None:
    result = late_payment(eur("1000"), date(2018, 1, 1), date(2018, 1, 11), RATES)
    assert result.estimated


def test_without_any_rate_nothing_is_invented() -> None:
    empty = replace(RATES, semesters={})
    with pytest.raises(NoRate) as refusal:
        late_payment(eur("1000"), date(2026, 1, 1), date(2026, 2, 1), empty)
    assert str(refusal.value.semester) == "2026S1"


def test_part_payments_lower_the_base_from_the_next_day() -> None:
    due, paid = date(2026, 1, 31), date(2026, 3, 2)
    result = late_payment(
        eur("1000"),
        due,
        paid,
        RATES,
        payments=[(date(2026, 2, 20), eur("200")), (date(2026, 2, 10), eur("300"))],
    )
    assert [(s.base, s.days) for s in result.segments] == [
        (eur("1000"), 10),
        (eur("700"), 10),
        (eur("500"), 10),
    ]
    assert result.flat_fee == eur("40")


def test_payments_before_the_due_date_and_after_the_last_day_do_not_split() -> None:
    due, paid = date(2026, 1, 31), date(2026, 2, 10)
    result = late_payment(
        eur("1000"),
        due,
        paid,
        RATES,
        payments=[(date(2026, 1, 1), eur("400")), (date(2026, 5, 1), eur("100"))],
    )
    assert [(s.base, s.days) for s in result.segments] == [(eur("600"), 10)]


def test_an_invoice_wholly_paid_before_it_is_late_costs_nothing() -> None:
    result = late_payment(
        eur("1000"),
        date(2026, 1, 31),
        date(2026, 3, 1),
        RATES,
        payments=[(date(2026, 1, 15), eur("1000"))],
    )
    assert result.totals == {"EUR": eur("0")}


def test_another_currency_keeps_the_forty_euros_apart() -> None:
    dollars = Money(Decimal(1000), "USD")
    result = late_payment(dollars, date(2026, 1, 31), date(2026, 3, 17), RATES)
    assert set(result.totals) == {"USD", "EUR"}


def test_a_contract_rate_has_a_legal_floor() -> None:
    assert RATES.contract_floor(Semester(2026, 1)) == Decimal("7.86")


DAYS = st.dates(date(2020, 1, 1), date(2026, 6, 30))


@given(st.integers(1, 10**9), DAYS, st.integers(0, 900), st.integers(0, 900))
def test_interest_is_additive_over_segments_and_never_falls(
    minor: int, due: date, first: int, second: int
) -> None:
    amount = Money.from_minor(minor, "EUR")
    middle, end = due + timedelta(days=first), due + timedelta(days=first + second)
    whole = late_payment(amount, due, end, RATES)
    before = late_payment(amount, due, middle, RATES)
    after = late_payment(amount, middle, end, RATES)
    apart = before.penalty.minor + after.penalty.minor
    assert abs(whole.penalty.minor - apart) <= 1
    assert whole.penalty >= before.penalty
    assert sum(segment.days for segment in whole.segments) == whole.days


def test_the_flat_fee_is_borne_once_an_invoice_by_its_first_late_line() -> None:
    def late(number: str, key: int) -> OpenItem:
        issued = date(2026, 1, 5)
        return OpenItem(key, 1, ItemKind.INVOICE, number, issued, issued, "EUR", 100, 100)

    assert bearing_fee([late("F1", 1), late("F1", 2), late("F2", 3), late("", 4), late("", 5)]) == {
        1,
        3,
        4,
        5,
    }
