"""Columns are recognised by their names and by what they hold, or asked for."""

from __future__ import annotations

from datetime import date

import pytest

from credit.receivable import ItemKind
from storage.sync.reading import Field, FileReason, Kind, QuestionKind, Reading
from tests.storage.reading.exports import (
    a_line,
    an_export,
    customers,
    history,
    items,
    payments,
    read,
)


def asked(reading: Reading) -> set[tuple[QuestionKind, str]]:
    return {(question.kind, question.key) for question in reading.questions}


@pytest.mark.parametrize(
    "header",
    [
        "Code client;Intitulé;N° pièce;Date pièce;Date échéance;Montant TTC;Reste à payer",
        "Auxiliaire;Libellé auxiliaire;Référence;Date comptable;Échéance;Montant;Solde dû",
        "CT_Num;CT_Intitule;EC_RefPiece;Date;EC_Echeance;EC_Montant;Restant dû",
        "CUSTOMER_ID;Customer Name;InvoiceNumber;InvoiceDate;DueDate;InvoiceAmount;OpenAmount",
        "N° Client;Nom client;Facture;Date facturation;À payer avant le;Total TTC;Montant dû (€)",
        "KUNNR;Name 1;BELNR;BLDAT;Échéance nette;DMBTR;Solde ouvert",
    ],
)
def test_the_headers_of_known_packages_are_recognised_with_certainty(header: str) -> None:
    reading = read(an_export(a_line(), a_line(number="FA002"), header=header))
    (first, _) = items(reading)
    assert reading.certain
    assert reading.kind is Kind.RECEIVABLES
    assert (first.customer_code, first.customer_name) == ("C001", "Boulangerie Hélène")
    assert (first.number, first.open_minor) == ("FA001", 10000)
    assert (first.issued_on, first.due_on) == (date(2026, 9, 15), date(2026, 10, 15))


def test_an_aged_balance_is_refused_as_items() -> None:
    reading = read("Client;Non échu;0-30;31-60;> 60 j;Total\nA;1,00;2,00;3,00;4,00;10,00\n")
    assert reading.refused is FileReason.AGED_BALANCE
    assert not reading.certain
    assert list(reading.rows()) == []


def test_a_running_balance_is_asked_about_and_never_imported_as_open_amounts() -> None:
    header = "Compte;Date;Pièce;Échéance;Débit;Crédit;Solde"
    text = an_export(
        "411A;13/02/2026;F1;13/03/2026;100,00;;100,00",
        "411A;14/02/2026;F2;14/03/2026;50,00;;150,00",
        "411A;20/02/2026;R1;;;30,00;120,00",
        header=header,
    )
    reading = read(text)
    assert asked(reading) == {(QuestionKind.CUMULATIVE_BALANCE, "amount_open")}
    assert items(reading) == []
    answered = read(text, overrides={"amount_open": "-"})
    assert answered.certain
    assert [row.open_minor for row in items(answered)] == [10000, 5000, -3000]


def test_a_balance_of_each_line_is_an_open_amount() -> None:
    text = an_export(
        "C1;F1;13/02/2026;13/03/2026;100,00;40,00",
        "C1;F2;14/02/2026;14/03/2026;50,00;50,00",
        "C1;F3;14/02/2026;14/03/2026;60,00;10,00",
        header="Client;N° facture;Date;Échéance;Montant;Solde",
    )
    reading = read(text)
    assert reading.certain
    assert [row.open_minor for row in items(reading)] == [4000, 5000, 1000]


def test_an_invoice_total_alone_is_asked_about_unless_the_file_is_said_to_be_of_open_items() -> (
    None
):
    header = "Code client;N° facture;Date échéance;Montant TTC"
    text = an_export("C1;F1;13/02/2026;100,00", header=header)
    assert asked(read(text)) == {(QuestionKind.TOTAL_AS_OPEN, "amount_open")}
    assert read(text, kind=Kind.RECEIVABLES).certain
    answered = read(text, overrides={"amount_open": "montant ttc"})
    assert [row.open_minor for row in items(answered)] == [10000]


def test_a_client_column_is_a_code_or_a_name_by_what_it_holds() -> None:
    header = "Client;N° facture;Échéance;Reste dû"
    (coded,) = items(read(an_export("C0012;F1;13/02/2026;1,00", header=header)))
    (named,) = items(read(an_export("Boulangerie Hélène;F1;13/02/2026;1,00", header=header)))
    assert (coded.customer_code, coded.customer_name) == ("C0012", None)
    assert (named.customer_code, named.customer_name) == (
        "BOULANGERIE HELENE",
        "Boulangerie Hélène",
    )


def test_an_instalment_number_called_echeance_is_no_due_date() -> None:
    header = "Code client;N° facture;Échéance;Date échéance;Reste dû"
    reading = read(an_export("C1;F1;1;13/02/2026;1,00", "C1;F2;2;14/02/2026;1,00", header=header))
    assert [row.due_on for row in items(reading)] == [date(2026, 2, 13), date(2026, 2, 14)]


def test_a_reference_is_the_number_when_it_identifies_and_the_order_otherwise() -> None:
    header = "Code client;Référence;Échéance;Reste dû"
    unique = read(an_export(*(f"C1;F{i};13/02/2026;1,00" for i in range(9)), header=header))
    assert [row.number for row in items(unique)] == [f"F{i}" for i in range(9)]
    same = read(an_export(*("C1;CDE1;13/02/2026;1,00" for _ in range(9)), header=header))
    assert (QuestionKind.MISSING_FIELD, "invoice_number") in asked(same)


def test_two_columns_that_claim_the_same_field_are_asked_about() -> None:
    header = "Code tiers;Compte client;N° facture;Échéance;Reste dû"
    reading = read(an_export("T1;C1;F1;13/02/2026;1,00", header=header))
    (question,) = reading.questions
    assert question.kind is QuestionKind.AMBIGUOUS_FIELD
    assert question.candidates == ("Code tiers", "Compte client")


def test_a_missing_due_date_is_asked_and_may_be_answered_none() -> None:
    header = "Code client;N° facture;Date facture;Reste dû"
    text = an_export("C1;F1;13/02/2026;1,00", header=header)
    assert asked(read(text)) == {(QuestionKind.MISSING_FIELD, "due_date")}
    (row,) = items(read(text, overrides={"due_on": "-"}))
    assert row.due_on is None


def test_answers_map_unknown_headers_and_are_remembered_by_fingerprint() -> None:
    text = an_export("C1;F1;13/02/2026;1,00", header="Colonne A;N° facture;Date échéance;Colonne D")
    first = read(text)
    assert not first.certain
    assert len(first.samples) == 1
    answered = read(
        text, overrides={"customer_code": "Colonne A", "open": "#4"}, kind=Kind.RECEIVABLES
    )
    assert answered.certain
    later = read(text.replace("F1", "F2"), remembered=answered.remember())
    assert later.certain
    assert later.fingerprint == first.fingerprint
    assert [(r.customer_code, r.number) for r in items(later)] == [("C1", "F2")]


def test_what_was_remembered_of_another_layout_is_not_applied() -> None:
    one = read(an_export(a_line()))
    other = read(
        an_export("C1;F1;13/02/2026;1,00", header="Code client;N° facture;Échéance;Montant"),
        remembered=one.remember(),
    )
    assert not other.certain


def test_an_answer_that_names_nothing_is_asked_again() -> None:
    reading = read(an_export(a_line()), overrides={"colour": "Solde dû", "due_date": "Nowhere"})
    assert asked(reading) == {
        (QuestionKind.UNKNOWN_ANSWER, "colour"),
        (QuestionKind.UNKNOWN_ANSWER, "due_date"),
    }


def test_customers_are_recognised_with_all_they_carry() -> None:
    text = (
        "Code client;Raison sociale;SIRET;Code commercial;Nom commercial;Équipe;Plafond;"
        "Conditions de paiement;Téléphone;Portable;E-mail;Interlocuteur;Fonction;Adresse;"
        "Code postal;Ville;Code groupe\n"
        "00012;TOTAL ÉNERGIES;552 100 554 00013;R1;Léa;Ouest;10 000,00 €;30 jours;;"
        "0601020304;lea@exemple.fr;Paul;Comptable;1 rue X;75001;Paris;G1\n"
        "00013;=HYPERLINK(1);123;R1;Léa;Ouest;;;;;pas-une-adresse;;;;;;\n"
    )
    reading = read(text)
    first, second = customers(reading)
    assert reading.certain
    assert reading.kind is Kind.CUSTOMERS
    assert (first.code, first.name, first.siren) == ("00012", "TOTAL ÉNERGIES", "552100554")
    assert (first.siret, first.rep_code, first.rep_name, first.team) == (
        "55210055400013",
        "R1",
        "Léa",
        "Ouest",
    )
    assert (first.credit_limit_minor, first.currency, first.phone) == (1000000, "EUR", "0601020304")
    assert (first.contact_name, first.contact_role) == ("Paul", "Comptable")
    assert (first.address, first.group_code) == ("1 rue X, 75001, Paris", "G1")
    assert (second.name, second.siren, second.email) == ("=HYPERLINK(1)", None, None)
    assert {warning.reason.value for warning in reading.warnings} == {
        "invalid_siret",
        "invalid_email",
    }


def test_payments_are_recognised_with_their_means() -> None:
    text = (
        "Date règlement;Code client;Montant;Mode de règlement;N° facture;Référence\n"
        "13/02/2026;C1;100,00;VIR SEPA;F1;X1\n"
        "14/02/2026;C2;-50,00;Chèque n° 3;F2;\n"
        "15/02/2026;C2;1,00;Virement instantané;;\n"
        "16/02/2026;C2;1,00;LCR;;\n17/02/2026;C2;1,00;Troc;;\n18/02/2026;C2;1,00;;;\n"
    )
    reading = read(text)
    rows = payments(reading)
    assert reading.certain
    assert reading.kind is Kind.PAYMENTS
    assert (rows[0].received_on, rows[0].amount_minor) == (date(2026, 2, 13), 10000)
    assert (rows[0].invoice_number, rows[0].reference) == ("F1", "X1")
    assert rows[1].amount_minor == -5000
    assert [row.means and row.means.value for row in rows] == [
        "transfer",
        "cheque",
        "instant",
        "bill",
        "other",
        None,
    ]


def test_payments_written_as_credits_of_the_account_are_money_received() -> None:
    header = "Customer ID;Payment date;Amount;Payment method"
    reading = read(
        an_export("C1;2026-02-13;-10.00;wire", "C2;2026-02-14;-5.00;cash", header=header)
    )
    assert [row.amount_minor for row in payments(reading)] == [1000, 500]


def test_a_history_gives_open_lines_when_nothing_was_settled() -> None:
    header = "Code client;N° facture;Date facture;Date échéance;Montant TTC;Date règlement"
    text = an_export(
        "C1;F1;13/01/2026;13/02/2026;10,00;15/02/2026",
        "C1;F2;14/01/2026;14/02/2026;20,00;",
        header=header,
    )
    reading = read(text)
    paid, unpaid = history(reading)
    assert reading.kind is Kind.HISTORY
    assert (paid.settled_on, paid.open_minor, paid.amount_minor) == (date(2026, 2, 15), 0, 1000)
    assert (unpaid.settled_on, unpaid.open_minor) == (None, 2000)


def test_document_types_give_kinds_and_signs() -> None:
    header = "Code client;N° pièce;Type;Date pièce;Échéance;Reste dû"
    types = ("Facture", "Avoir", "Règlement", "Acompte", "LCR", "Mystère", "DZ", "RV", "DG")
    lines = (f"C1;P{i};{t};13/02/2026;13/03/2026;1,00" for i, t in enumerate(types))
    rows = items(read(an_export(*lines, header=header)))
    assert [(row.kind, row.open_minor) for row in rows] == [
        (ItemKind.INVOICE, 100),
        (ItemKind.CREDIT_NOTE, -100),
        (ItemKind.PAYMENT, -100),
        (ItemKind.PAYMENT, -100),
        (ItemKind.BILL, 100),
        (ItemKind.OTHER, 100),
        (ItemKind.PAYMENT, -100),
        (ItemKind.INVOICE, 100),
        (ItemKind.CREDIT_NOTE, -100),
    ]


def test_a_side_column_signs_the_amounts() -> None:
    header = "Code client;N° pièce;Date échéance;Montant;Sens"
    lines = (f"C1;P{i};13/02/2026;5,00;{s}" for i, s in enumerate("DCSH"))
    rows = items(read(an_export(*lines, header=header)))
    assert [row.open_minor for row in rows] == [500, -500, 500, -500]


def test_lettered_groups_that_balance_are_closed_and_the_others_stay_open() -> None:
    header = "Compte client;N° pièce;Date pièce;Date échéance;Débit;Crédit;Lettrage"
    text = an_export(
        "C1;F1;13/02/2026;13/03/2026;100,00;;A",
        "C1;R1;14/03/2026;;;100,00;A",
        "C1;F2;13/02/2026;13/03/2026;80,00;;B",
        "C1;R2;14/03/2026;;;30,00;B",
        "C2;F3;13/02/2026;13/03/2026;7,00;;A",
        header=header,
    )
    reading = read(text)
    assert [(r.number, r.open_minor) for r in items(reading)] == [
        ("F2", 8000),
        ("R2", -3000),
        ("F3", 700),
    ]
    assert reading.counts.closed == 2


def test_paid_amounts_are_taken_from_the_total() -> None:
    header = "Code client;N° facture;Date échéance;Montant TTC;Déjà réglé;Litige;N° commande"
    text = an_export(
        "C1;F1;13/02/2026;100,00;30,00;oui;CD1",
        "C1;F2;13/02/2026;100,00;;non;",
        header=header,
    )
    first, second = items(read(text))
    assert (first.amount_minor, first.open_minor) == (10000, 7000)
    assert (first.disputed, first.order_number) == (True, "CD1")
    assert (second.open_minor, second.disputed, second.order_number) == (10000, False, None)


def test_the_columns_say_which_header_is_which_field() -> None:
    reading = read(an_export(a_line()))
    column = reading.columns.get(Field.OPEN)
    assert column is not None
    assert (column.index, column.header) == (6, "Solde dû")


@pytest.mark.parametrize(
    "header",
    ["Code client;Nom;Pièce;Jour;Valeur;Commercial", "Code client;N° facture;Quand;Combien"],
)
def test_lines_with_an_invoice_number_are_never_taken_for_customers(header: str) -> None:
    lines = [";".join(f"x{n}{place}" for place in range(header.count(";") + 1)) for n in range(3)]
    reading = read(an_export(*lines, header=header))
    assert reading.kind is None
    assert [one.kind for one in reading.questions] == [QuestionKind.UNKNOWN_KIND]
