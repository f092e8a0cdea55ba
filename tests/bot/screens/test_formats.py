"""Amounts, days and names as readers of each language expect them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel.numbers import format_currency, get_currency_precision
from hypothesis import given
from hypothesis import strategies as st

from bot.screens import formats
from credit.money import Money

PARIS = ZoneInfo("Europe/Paris")
NARROW, FIXED = "\u202f", "\u00a0"


def euros(text: str, currency: str = "EUR") -> Money:
    return Money(Decimal(text), currency)


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (euros("1234.5"), f"1{NARROW}234,50{FIXED}€", "€1,234.50"),
        (euros("0"), f"0,00{FIXED}€", "€0.00"),
        (euros("-1234.5"), f"-1{NARROW}234,50{FIXED}€", "-€1,234.50"),
        (euros("12400", "JPY"), f"12{NARROW}400{FIXED}JPY", "¥12,400"),
        (euros("1.234", "TND"), f"1,234{FIXED}TND", "TND1.234"),
    ],
)
def test_money_has_its_currency_and_its_decimals(value: Money, french: str, english: str) -> None:
    assert formats.money(value, "fr") == french
    assert formats.money(value, "en").replace(FIXED, "") == english


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (euros("12400"), f"12{NARROW}400{FIXED}€", "€12,400"),
        (euros("12400.49"), f"12{NARROW}400{FIXED}€", "€12,400"),
        (euros("12400.50"), f"12{NARROW}401{FIXED}€", "€12,401"),
        (euros("9999.99"), f"9{NARROW}999,99{FIXED}€", "€9,999.99"),
        (euros("0"), f"0{FIXED}€", "€0"),
        (euros("-12400.50"), f"-12{NARROW}401{FIXED}€", "-€12,401"),
    ],
)
def test_round_money_drops_the_cents_of_large_amounts(
    value: Money, french: str, english: str
) -> None:
    assert formats.round_money(value, "fr") == french
    assert formats.round_money(value, "en") == english


@given(
    st.decimals(-(10**9), 10**9, places=3),
    st.sampled_from(["EUR", "USD", "GBP", "CHF", "JPY", "TND", "MAD"]),
    st.sampled_from(["fr", "en"]),
)
def test_money_is_written_as_babel_writes_it(amount: Decimal, currency: str, locale: str) -> None:
    value = Money(round(amount, get_currency_precision(currency)), currency)
    written = format_currency(value.amount, currency, locale=locale)
    if locale == "en":  # but for a currency's letters, which Babel glues to the digits
        written = written.replace(currency, f"{currency}\N{NO-BREAK SPACE}")
    assert formats.money(value, locale) == written


def test_days_are_written_the_local_way() -> None:
    day = date(2026, 12, 15)
    assert formats.day(day, "fr") == "15/12/2026"
    assert formats.day(day, "en") == "15 Dec 2026"
    assert formats.short_day(day, "fr") == "mar. 15/12"
    assert formats.short_day(day, "en") == "Tue 15 Dec"
    assert formats.long_day(day, "fr") == "mardi 15 décembre"
    assert formats.long_day(day, "en") == "Tuesday 15 December"


def test_a_moment_is_read_on_the_company_s_wall() -> None:
    at = datetime(2026, 7, 14, 22, 5, tzinfo=UTC)
    assert formats.moment(at, "fr", PARIS) == "15/07 à 00:05"
    assert formats.moment(at, "en", PARIS) == "15 Jul, 00:05"


def test_counts_and_shares() -> None:
    assert formats.count(12_345, "fr") == f"12{NARROW}345"
    assert formats.count(-3, "en") == "-3"
    assert formats.percent(Decimal("0.42"), "fr") == f"42{FIXED}%"
    assert formats.percent(0.42, "en") == "42%"


@pytest.mark.parametrize(
    ("given_", "shown"),
    [
        ("  Durand \t & \n Fils ", "Durand & Fils"),
        ("abc\u202edef\u200f\u2066", "abcdef"),
        ("a\x00b\x1bc", "a b c"),
        ("a\u2028b\u2029c", "a b c"),
        ("\u200b\u202e", "?"),
        ("", ""),
        ("<b>A & B</b>", "<b>A & B</b>"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
    ],
)
def test_a_name_from_a_file_becomes_harmless(given_: str, shown: str) -> None:
    assert formats.name(given_) == shown


def test_a_name_of_three_hundred_letters_is_cut() -> None:
    assert formats.name("x" * 300) == "x" * 59 + "…"
    assert formats.name("x" * 60) == "x" * 60
    assert formats.name("Société Anonyme", 8) == "Société…"


@given(st.text(max_size=300), st.integers(1, 80))
def test_a_name_is_one_line_without_marks_and_never_too_long(text: str, limit: int) -> None:
    shown = formats.name(text, limit)
    assert len(shown) <= limit
    assert shown.isprintable() or "…" in shown
    assert formats.name(shown, limit) == shown


def test_a_rate_has_its_space_in_french_only() -> None:
    assert formats.rate(Decimal("12.65"), "fr") == "12,65\N{NO-BREAK SPACE}%"
    assert formats.rate(Decimal("5.00"), "en") == "5.00%"


def test_a_currency_without_a_sign_stands_apart_from_its_digits() -> None:
    francs = Money(Decimal("4870.05"), "CHF")
    assert formats.money(francs, "en") == "CHF\N{NO-BREAK SPACE}4,870.05"
    assert formats.round_money(Money(Decimal(-12), "CHF"), "en") == "-CHF\N{NO-BREAK SPACE}12"
    assert formats.money(Money(Decimal("1.50"), "EUR"), "en") == "€1.50"
