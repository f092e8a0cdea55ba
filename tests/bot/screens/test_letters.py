"""Letters: each dated and sourced, complete, and safe on the page that leaves the house."""

from __future__ import annotations

import re
from html import unescape
from importlib import resources
from typing import Any

import pytest
from jinja2 import UndefinedError

from bot.screens.letter_text import Letter, letter, page, written

NBSP = "\N{NO-BREAK SPACE}"
NAMES = sorted(
    one.name.removesuffix(".toml")
    for one in resources.files("bot.screens").joinpath("letters").iterdir()
)
US: dict[str, Any] = {
    "name": "Ouest Matériaux",
    "form": "SAS",
    "capital": "200 000 €",
    "siren": "009 999 715",
    "register": "RCS Rennes",
    "address": ["12 rue des Chantiers", "35000 Rennes"],
    "vat": "FR64009999715",
    "iban": "FR76 0000 0000 0000 0001 2345 675",
    "bic": "TILEFRP0",
    "holder": "Ouest Matériaux",
}
THEM: dict[str, Any] = {
    "name": "Dupont & Fils",
    "code": "C1",
    "siren": "732 829 320",
    "address": ["3 quai de la Prévalaye", "35000 Rennes"],
}
NOTHING = {name: [] if name == "address" else "" for name in US} | {"name": "Ouest Matériaux"}
VALUES: dict[str, Any] = {
    "us": US,
    "them": THEM,
    "reference": "MED-C1-20261123",
    "today": "lundi 23 novembre 2026",
    "claimed": ["1 200,00 €", "300,00 CHF"],
    "penalty": ["12,00 €", "3,00 CHF"],
    "flat_fee": "80,00 €",
    "fee_each": "40,00 €",
    "total": ["1 292,00 €", "303,00 CHF"],
    "rates": "12,15 %",
    "days": 8,
    "signer": "Claire Roy",
    "phone": "02 99 00 00 10",
    "email": "credit@ouest.example",
    "formal_on": "",
    "lines": [
        {
            "number": "F-1",
            "issued": "01/09/2026",
            "due": "01/10/2026",
            "amount": "1 200,00 €",
            "days": 53,
            "total": "2 000,00 €",
            "settled": "500,00 €",
            "disputed": "300,00 €",
        },
        {
            "number": "F-2",
            "issued": "",
            "due": "22/11/2026",
            "amount": "300,00 CHF",
            "days": 1,
            "total": "300,00 CHF",
            "settled": "",
            "disputed": "",
        },
    ],
}
HEAD = """Ouest Matériaux
SAS au capital de 200 000 €
12 rue des Chantiers
35000 Rennes
SIREN : 009 999 715, RCS Rennes
TVA intracommunautaire : FR64009999715

Dupont & Fils
3 quai de la Prévalaye
35000 Rennes
SIREN : 732 829 320
Compte client : C1
Référence : MED-C1-20261123

Le lundi 23 novembre 2026

"""
PAYMENT = """

Réglez par virement, en rappelant la référence MED-C1-20261123 et les numéros des factures :
Titulaire du compte : Ouest Matériaux
IBAN : FR76 0000 0000 0000 0001 2345 675
BIC : TILEFRP0

"""
# Handbook 7.6: what each letter must hold.
CLAIMED = """
- Facture F-1 du 01/09/2026, échue le 01/10/2026 (53 jours de retard)
  Montant TTC : 2 000,00 € ; réglé ou déduit : 500,00 € ; contesté, non réclamé : 300,00 €\
 ; reste dû : 1 200,00 €
- Facture F-2, échue le 22/11/2026 (1 jour de retard)
  Montant TTC : 300,00 CHF ; reste dû : 300,00 CHF

Principal restant dû, toutes taxes comprises : 1 200,00 € et 300,00 CHF
Pénalités de retard à ce jour : 12,00 € et 3,00 CHF (taux annuel : 12,15 %)
Indemnité forfaitaire pour frais de recouvrement : 80,00 € (40,00 € par facture)
Total à régler à ce jour : 1 292,00 € et 303,00 CHF

"""
# Handbook 7.7: what a formal notice must hold.
CHECKLIST = (
    "MISE EN DEMEURE",
    "METTONS EN DEMEURE",
    "Dupont & Fils",
    "F-1",
    "MISE EN DEMEURE de payer 1 200,00 € et 300,00 CHF en principal, pénalités et",
    "juridiction",
    "1344-1",
    "L441-10",
    "lundi 23 novembre 2026",
    "Claire Roy\nService crédit, Ouest Matériaux\nTéléphone\N{NO-BREAK SPACE}: 02 99 00 00 10",
    "E-mail\N{NO-BREAK SPACE}: credit@ouest.example",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_says_where_it_comes_from_and_when_it_was_read(name: str) -> None:
    one = letter(name)
    assert one.source.strip()
    assert one.subject.strip()
    assert one.checked_on.year >= 2026


def test_a_formal_notice_holds_every_point_of_the_checklist() -> None:
    text = written(letter("formal"), VALUES)
    for point in CHECKLIST:
        assert point in text, point


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_claims_line_by_line_with_penalties_fee_total_and_a_day(name: str) -> None:
    text = written(letter(name), VALUES).replace(NBSP, " ")
    assert CLAIMED in text
    assert "dans un délai de 8 jours à compter de la réception" in text
    assert "L441-10, II du Code de commerce" in text


@pytest.mark.parametrize(
    ("name", "one", "several"),
    [
        ("formal", "La facture suivante, relative à", "Les factures suivantes, relatives à"),
        ("suspension", "cet impayé constitue une", "ces impayés constituent une"),
    ],
)
def test_a_letter_about_one_invoice_speaks_of_one(name: str, one: str, several: str) -> None:
    lone = written(letter(name), {**VALUES, "lines": VALUES["lines"][:1]})
    assert one in lone
    assert several not in lone
    assert several in written(letter(name), VALUES)


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_opens_with_both_parties_and_says_how_to_pay(name: str) -> None:
    text = written(letter(name), VALUES).replace("\N{NO-BREAK SPACE}:", " :")
    assert text.startswith(HEAD)
    assert PAYMENT in text
    assert "figurent sur nos factures" not in text


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_leaves_out_what_is_not_known(name: str) -> None:
    them = {**THEM, "siren": "", "address": []}
    text = written(letter(name), {**VALUES, "us": NOTHING, "them": them})
    assert text.startswith("Ouest Matériaux\n\nDupont & Fils\nCompte client")
    assert "Réglez aux coordonnées bancaires qui figurent sur nos factures" in text
    for word in ("SIREN", "TVA", "IBAN", "BIC", "Titulaire", "\n\n\n"):
        assert word not in text


def test_a_letter_without_a_capital_a_register_or_a_bic_has_no_torn_line() -> None:
    known = {**US, "form": "Entreprise individuelle", "capital": "", "register": "", "bic": ""}
    text = written(letter("formal"), {**VALUES, "us": known})
    assert "\nEntreprise individuelle\n" in text
    assert "009 999 715\n" in text
    assert "BIC" not in text


def test_a_suspension_names_the_law_and_the_notice_that_it_follows() -> None:
    alone = written(letter("suspension"), VALUES)
    after = written(letter("suspension"), {**VALUES, "formal_on": "12/11/2026"})
    assert "articles 1219 et 1220" in alone
    assert "mise en demeure du 12/11/2026" in after
    assert "mise en demeure du" not in alone
    assert "reprendront dès le règlement" in after


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_with_a_hole_is_never_written(name: str) -> None:
    values = {key: value for key, value in VALUES.items() if key != "claimed"}
    with pytest.raises(UndefinedError):
        written(letter(name), values)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("phone", "email", "foot"),
    [
        (
            "02 99",
            "a@b.fr",
            "\nTéléphone\N{NO-BREAK SPACE}: 02 99\nE-mail\N{NO-BREAK SPACE}: a@b.fr",
        ),
        ("02 99", "", "\nTéléphone\N{NO-BREAK SPACE}: 02 99"),
        ("", "a@b.fr", "\nE-mail\N{NO-BREAK SPACE}: a@b.fr"),
        ("", "", ""),
    ],
)
def test_a_letter_ends_with_where_its_signer_is_reached(
    name: str, phone: str, email: str, foot: str
) -> None:
    text = written(letter(name), {**VALUES, "phone": phone, "email": email})
    assert text.endswith(f"\n\nClaire Roy\nService crédit, Ouest Matériaux{foot}")


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_has_no_large_gap_and_no_mark_of_the_template(name: str) -> None:
    text = written(letter(name), VALUES)
    assert "\n\n\n" not in text
    assert "{" not in text


def test_what_files_say_of_a_customer_is_escaped_on_the_page() -> None:
    content = page("Mise en demeure", "Dupont <script>alert(1)</script> & Fils").decode()
    assert "<script>" not in content
    assert "&lt;script&gt;" in content


@pytest.mark.parametrize("name", NAMES)
def test_on_the_page_both_parties_stand_side_by_side(name: str) -> None:
    text = written(letter(name), VALUES)
    made = page("Titre", text).decode()
    head, _, body = made.partition("</header>")
    sender, _, addressee = head.partition("</div><div>")
    assert "SIREN : 009 999 715" in unescape(sender).replace(NBSP, " ")
    assert "SIREN : 732 829 320" in unescape(addressee).replace(NBSP, " ")
    assert body.startswith("Le lundi 23 novembre 2026")
    shown = re.sub(r"</div><div>|</div></header>", "\n\n", made.partition("<header><div>")[2])
    assert unescape(shown.removesuffix("</body></html>")) == text


def test_an_unknown_letter_is_no_letter() -> None:
    with pytest.raises(FileNotFoundError):
        letter("nothing")


def test_a_letter_is_read_once() -> None:
    assert isinstance(letter("formal"), Letter)
    assert letter("formal") is letter("formal")
