"""Money is exact and never mixed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.money import (
    Currency,
    ExcessDecimals,
    MixedCurrencies,
    Money,
    UnknownCurrency,
    total,
    zero,
)
from tests.credit.builders import eur

CURRENCIES = st.sampled_from(["EUR", "JPY", "TND", "CLF", "ZZZ"])
MINORS = st.integers(-(10**14), 10**14)


@pytest.mark.parametrize(
    ("code", "decimals"), [("EUR", 2), ("JPY", 0), ("TND", 3), ("CLF", 4), ("ZZZ", 2)]
)
def test_each_currency_has_its_decimals(code: str, decimals: int) -> None:
    assert Currency(code).decimals == decimals


@pytest.mark.parametrize("code", ["eur", "EU", "EURO", "E1R", "ÉUR", ""])
def test_what_is_not_an_iso_code_is_refused(code: str) -> None:
    with pytest.raises(UnknownCurrency) as refusal:
        Money(Decimal(1), code)
    assert refusal.value.code == code


@given(MINORS, CURRENCIES)
def test_minor_units_come_back_unchanged(minor: int, currency: str) -> None:
    assert Money.from_minor(minor, currency).minor == minor


@given(st.one_of(MINORS, st.integers(10**23, 10**25)), CURRENCIES)
def test_minor_units_are_the_amount_that_they_spell(minor: int, currency: str) -> None:
    digits, places = str(abs(minor)).rjust(9, "0"), Currency(currency).decimals
    sign, at = "-" if minor < 0 else "", len(digits) - places
    written = Money(Decimal(f"{sign}{digits[:at]}.{digits[at:]}"), currency)
    made = Money.from_minor(minor, currency)
    assert (made, made.as_text()) == (written, written.as_text())


@given(MINORS, MINORS, CURRENCIES)
def test_adding_is_adding_minor_units_and_can_be_undone(a: int, b: int, currency: str) -> None:
    left, right = Money.from_minor(a, currency), Money.from_minor(b, currency)
    assert (left + right).minor == a + b
    assert left + right - right == left
    assert -left == zero(currency) - left
    assert (left < right, left <= right, left > right, left >= right) == (
        (a < b),
        (a <= b),
        (a > b),
        (a >= b),
    )


@pytest.mark.parametrize("currency", ["EUR", "JPY", "TND", "CLF"])
def test_a_sum_that_decimal_would_round_is_refused(currency: str) -> None:
    most = Money.from_minor(10**28 - 1, currency)
    with pytest.raises(ExcessDecimals):
        most + Money.from_minor(2, currency)
    with pytest.raises(ExcessDecimals):
        -most - Money.from_minor(2, currency)
    assert (most - Money.from_minor(2, currency)).minor == 10**28 - 3


def test_a_sum_that_comes_to_nothing_has_no_sign() -> None:
    nothing = [eur("1") - eur("1"), -eur("1") + eur("1"), -eur("0") - eur("0"), -eur("0")]
    assert [one.as_text() for one in nothing] == ["0.00"] * 4


@given(MINORS, CURRENCIES)
def test_the_text_reads_back_as_the_same_amount(minor: int, currency: str) -> None:
    money = Money.from_minor(minor, currency)
    assert Money(Decimal(money.as_text()), currency) == money


def test_the_text_has_the_decimals_of_the_currency_and_no_negative_zero() -> None:
    assert eur("1234.5").as_text() == "1234.50"
    assert Money(Decimal(1500), "JPY").as_text() == "1500"
    assert Money(Decimal("-0.000"), "TND").as_text() == "0.000"
    assert Money(Decimal("1E+3"), "EUR").as_text() == "1000.00"


@pytest.mark.parametrize("amount", ["0.001", "NaN", "Infinity", "1e30"])
def test_an_amount_that_the_currency_cannot_hold_is_refused(amount: str) -> None:
    with pytest.raises(ExcessDecimals) as refusal:
        Money(Decimal(amount), "EUR")
    assert refusal.value.currency == "EUR"


def test_two_currencies_are_never_mixed() -> None:
    yen = Money(Decimal(1), "JPY")
    for mixing in (
        lambda: eur("1") + yen,
        lambda: eur("1") - yen,
        lambda: eur("1") < yen,
        lambda: eur("1") >= yen,
    ):
        with pytest.raises(MixedCurrencies) as refusal:
            mixing()
        assert (refusal.value.left, refusal.value.right) == ("EUR", "JPY")


def test_a_total_keeps_each_currency_apart() -> None:
    yen = Money(Decimal(100), "JPY")
    assert total([eur("1"), yen, eur("2.50")]) == {"EUR": eur("3.50"), "JPY": yen}
    assert total([]) == {}


def test_only_zero_is_nothing() -> None:
    assert not zero("EUR")
    assert eur("-0.01")
