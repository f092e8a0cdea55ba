"""Bailiff fees: the vectors of handbook 10.3."""

from datetime import date

import pytest

from config.reference import load_reference
from credit.bailiff import NoTariff, bailiff_fees
from tests.credit.builders import eur

TARIFFS = load_reference().tariffs
DAY = date(2025, 1, 1)


@pytest.mark.parametrize(
    ("amount", "fees"),
    [
        ("44", "4.30 5.16 21.49 25.79"),
        ("100", "9.77 11.72 21.49 25.79"),
        ("500", "36.03 43.24 54.98 65.98"),
        ("1000", "56.31 67.57 106.81 128.17"),
        ("1525", "74.21 89.05 160.68 192.82"),
        ("2500", "77.04 92.45 198.80 238.56"),
        ("4000", "81.39 97.67 257.45 308.94"),
        ("5000", "84.29 101.15 296.55 355.86"),
        ("10000", "98.79 118.55 492.05 590.46"),
        ("20000", "127.79 153.35 883.05 1059.66"),
        ("60000", "243.79 292.55 2378.65 2854.38"),
        ("180000", "550.00 660.00 5540.00 6648.00"),
    ],
)
def test_the_vectors_of_handbook_10_3(amount: str, fees: str) -> None:
    found = bailiff_fees(eur(amount), DAY, TARIFFS)
    four = (
        found.debtor.without_vat,
        found.debtor.with_vat,
        found.creditor.without_vat,
        found.creditor.with_vat,
    )
    assert [one.as_text() for one in four] == fees.split()


@pytest.mark.parametrize(
    ("amount", "debtor", "creditor"),
    [("4000", "80.70", "254.86"), ("60000", "243.10", "2354.42"), ("10000", "98.10", "487.06")],
)
def test_the_tariff_of_2020_is_still_known(amount: str, debtor: str, creditor: str) -> None:
    found = bailiff_fees(eur(amount), date(2022, 5, 1), TARIFFS)
    assert found.debtor.without_vat == eur(debtor)
    assert found.creditor.without_vat == eur(creditor)


def test_the_fee_drops_just_above_the_fixed_one_as_the_text_says() -> None:
    assert bailiff_fees(eur("188"), DAY, TARIFFS).creditor.without_vat == eur("21.49")
    assert bailiff_fees(eur("188.01"), DAY, TARIFFS).creditor.without_vat == eur("21.44")


def test_a_value_that_nobody_read_is_said_to_be_unverified() -> None:
    assert bailiff_fees(eur("4000"), DAY, TARIFFS).creditor.verified
    assert not bailiff_fees(eur("100"), DAY, TARIFFS).creditor.verified
    assert not bailiff_fees(eur("60000"), DAY, TARIFFS).creditor.verified
    assert bailiff_fees(eur("60000"), DAY, TARIFFS).debtor.verified


def test_after_its_last_checked_day_the_whole_tariff_is_unverified() -> None:
    found = bailiff_fees(eur("4000"), date(2026, 3, 1), TARIFFS)
    assert found.creditor.without_vat == eur("257.45")
    assert not found.creditor.verified
    assert not found.debtor.verified


def test_before_the_first_tariff_nothing_is_known() -> None:
    with pytest.raises(NoTariff):
        bailiff_fees(eur("4000"), date(2019, 1, 1), TARIFFS)
