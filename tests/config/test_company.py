"""Our own company in the policy: numbers checked by their keys, faults that say what to put."""

from pathlib import Path

import pytest

from config.company import checked
from config.policy import load_policy
from config.typed_toml import ConfigFault
from credit.creditor import Creditor
from tests.config.test_policy import PACKAGED

HEAD = PACKAGED[: PACKAGED.index("[company]")]
WHOLE = """
[company]
name = "Ouest Matériaux"
form = "SAS"
capital = { amount = 200000, currency = "EUR" }
siren = "009 999 715"
register = " RCS Rennes "
address = ["12 rue des Chantiers", "35000 Rennes"]
vat = "fr 64 009 999 715"
iban = "FR76 0000 0000 0000 0001 2345 675"
bic = "tilefrp0"
"""


def loaded(folder: Path, text: str) -> Creditor:
    path = folder / "mine.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load_policy(path).creditor


def test_numbers_are_kept_without_the_spaces_they_were_copied_with(tmp_path: Path) -> None:
    company = loaded(tmp_path, WHOLE)
    assert (company.siren, company.vat) == ("009999715", "FR64009999715")
    assert (company.iban, company.bic) == ("FR7600000000000000012345675", "TILEFRP0")
    assert (company.register, company.address) == (
        "RCS Rennes",
        ("12 rue des Chantiers", "35000 Rennes"),
    )
    assert company.missing == ()


def test_an_own_file_that_says_nothing_of_the_company_is_still_read(tmp_path: Path) -> None:
    nothing = ("name", "form", "siren", "register", "address", "vat", "iban", "bic")
    assert loaded(tmp_path, "").missing == nothing
    assert load_policy().creditor.missing == nothing
    assert loaded(tmp_path, '[company]\nname = "A"\n').missing == nothing[1:]


@pytest.mark.parametrize(
    ("old", "new", "key", "expected"),
    [
        ("009 999 715", "009 999 716", "siren", "the nine digits of a SIREN"),
        ("009 999 715", "00999971500014", "siren", "the nine digits of a SIREN"),
        ("fr 64", "fr 65", "vat", "a VAT number of the European Union"),
        ('"fr 64 009 999 715"', '"FR40303265045"', "vat", "FR64009999715, the VAT number of"),
        ("2345 675", "2345 657", "iban", "an IBAN copied from"),
        ("tilefrp0", "tilefr", "bic", "a BIC of 8 or 11"),
        ("amount = 200000", "amount = 0", "capital", "an amount above zero"),
        ("Ouest Matériaux", "O" * 81, "name", "one line of 80 characters"),
        ("Ouest Matériaux", "Ouest\\nMatériaux", "name", "one line of 80 characters"),
        ("35000 Rennes", "35000\\nRennes", "address[1]", "one line of 80 characters"),
        ('"35000 Rennes"', '"", "", "", "", ""', "address", "5 lines at most"),
        ("iban =", "ibann =", "ibann", "no such key"),
        ('"009 999 715"', "999715", "siren", "text"),
    ],
)
def test_a_wrong_number_names_the_file_the_key_and_what_to_put(
    tmp_path: Path, old: str, new: str, key: str, expected: str
) -> None:
    assert old in WHOLE
    with pytest.raises(ConfigFault) as fault:
        loaded(tmp_path, WHOLE.replace(old, new, 1))
    assert fault.value.file == str(tmp_path / "mine.toml")
    assert fault.value.key == f"company.{key}"
    assert fault.value.expected.startswith(expected)


def test_a_foreign_vat_number_is_not_held_against_the_siren() -> None:
    assert checked(Creditor(siren="009999715", vat="BE0403170701"), "f").vat == "BE0403170701"
