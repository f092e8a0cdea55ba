"""What the numbers of a company say of one another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import siren as luhn
from stdnum.fr import tva

from credit.identifiers import same_company, siren_of, siren_of_vat, vat_of


def test_a_siret_and_a_vat_number_hold_the_siren() -> None:
    assert siren_of("73282932000074") == "732829320"
    assert siren_of_vat("FR44732829320") == "732829320"
    assert vat_of("732829320") == "FR44732829320"


def test_another_country_and_monaco_hold_none() -> None:
    assert siren_of_vat("DE136695976") is None
    assert siren_of_vat("FR53000004605") is None


@given(st.integers(min_value=1_000_000, max_value=99_999_999))
def test_the_vat_number_of_any_siren_is_one_that_the_register_accepts(base: int) -> None:
    digits = next(f"{base:08d}{key}" for key in range(10) if luhn.is_valid(f"{base:08d}{key}"))
    assert tva.is_valid(vat_of(digits))
    assert siren_of_vat(vat_of(digits)) in {digits, None}


@pytest.mark.parametrize(
    ("holder", "name"),
    [
        ("MENUISERIE DUPONT", "Menuiserie Dupont SARL"),
        ("S.A.R.L. Dupont & Fils", "Dupont et Fils"),
        ("Ets Éric Bérenger", "BERENGER ERIC"),
        ("SAS", "SAS"),
    ],
)
def test_the_holder_is_the_company_whatever_the_legal_form_says(holder: str, name: str) -> None:
    assert same_company(holder, name)


@pytest.mark.parametrize(
    ("holder", "name"),
    [
        ("Jean Dupont", "Menuiserie Dupont"),
        ("Menuiserie Dupont Holding", "Menuiserie Dupont"),
        ("", "Menuiserie Dupont"),
        ("Chez Paul", "SARL Durand"),
    ],
)
def test_a_person_a_sign_or_another_company_is_not_the_holder(holder: str, name: str) -> None:
    assert not same_company(holder, name)
