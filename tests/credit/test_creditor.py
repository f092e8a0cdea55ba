"""Our own company: what a letter misses of it."""

import pytest

from credit.creditor import Creditor


@pytest.mark.parametrize(
    ("form", "has_capital"),
    [
        ("SAS", True),
        ("S.A.R.L.", True),
        ("Société anonyme", True),
        ("E.U.R.L.", True),
        ("Entreprise individuelle", False),
        ("GIE", False),
        ("", False),
        (None, False),
    ],
)
def test_a_capital_is_missed_only_of_a_form_that_has_one(
    form: str | None, *, has_capital: bool
) -> None:
    assert ("capital" in Creditor(form=form).missing) is has_capital


def test_what_is_empty_is_missing_and_a_holder_never_is() -> None:
    missing = Creditor(name="", address=(), iban="FR76", siren="009999715").missing
    assert missing == ("name", "form", "register", "address", "vat", "bic")
