"""Amounts as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scripts.typed_amounts import parse_amount
from credit.money import Money


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1500", "1500"),
        ("1 500", "1500"),
        ("1\u202f500", "1500"),
        ("1\u00a0500,00 €", "1500"),
        ("1500,50 €", "1500.50"),
        ("1500.5", "1500.50"),
        ("1.500,50", "1500.50"),
        ("1,500.50", "1500.50"),
        ("1'500.50", "1500.50"),
        ("1 500 EUR", "1500"),
        ("EUR 1500", "1500"),
        ("€1500", "1500"),
        ("1500 euros", "1500"),
        ("1500€", "1500"),
        ("1.500", "1500"),
        ("1,500", "1500"),
        ("1.500.000", "1500000"),
        ("1,234,567.8", "1234567.80"),
        ("12,345.67", "12345.67"),
        ("0,50", "0.50"),
        ("0,500", "0.50"),
        ("1,5k", "1500"),
        ("1.5 K", "1500"),
        ("1,500k", "1500"),
        ("2k", "2000"),
        ("2 k€", "2000"),
        ("１５００", "1500"),
    ],
)
def test_an_amount_is_read_as_it_is_typed(text: str, amount: str) -> None:
    for language in ("fr", "en"):
        assert parse_amount(text, "EUR", language) == Money(Decimal(amount), "EUR")


@pytest.mark.parametrize(
    "text",
    [
        *("", "0", "0,00", "-5", "+5", "la moitié", "tout", "k", "€", "1500 $", "USD 1500"),
        *("1500,505", "1 50", "1 5000", "15 00,5", "1,50,20", "1,500.00.1", "1500,", ",50"),
        *("1 500 000 000 000 000 000 000 000 000 000", "10 %", "1e5", "vendredi", "1 500 le 15"),
        "1" * 41,
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    assert parse_amount(text, "EUR") is None
    assert parse_amount(text, "EUR", "en") is None


def test_the_currency_says_how_many_decimals_there_are() -> None:
    assert parse_amount("1500", "JPY") == Money(Decimal(1500), "JPY")
    assert parse_amount("1500,5", "JPY") is None
    assert parse_amount("1 500 TND", "TND") == Money(Decimal(1500), "TND")
    assert parse_amount("1,500", "TND", "fr") == Money(Decimal("1.5"), "TND")
    assert parse_amount("1,500", "TND", "en") == Money(Decimal(1500), "TND")
    assert parse_amount("1.500", "TND", "en") == Money(Decimal("1.5"), "TND")


@given(st.integers(1, 10**11), st.sampled_from(["EUR", "JPY", "TND"]))
def test_every_amount_reads_back_grouped_or_not(minor: int, currency: str) -> None:
    money = Money.from_minor(minor, currency)
    plain = money.as_text()
    assert parse_amount(plain.replace(".", ","), currency, "fr") == money
    assert parse_amount(f"{money.amount:,}".replace(",", " "), currency, "en") == money
    assert parse_amount(f"{money.amount:,}", currency, "en") == money


@given(st.text(max_size=50), st.sampled_from(["EUR", "JPY", "TND"]), st.sampled_from(["fr", "en"]))
def test_any_text_is_read_or_refused_without_a_fault(
    text: str, currency: str, language: str
) -> None:
    found = parse_amount(text, currency, language)
    assert found is None or (found.currency == currency and found.amount > 0)


@given(st.text("0123456789 .,'k€", max_size=20))
def test_any_figures_are_read_or_refused_without_a_fault(text: str) -> None:
    found = parse_amount(text, "EUR")
    assert found is None or found.amount > 0
