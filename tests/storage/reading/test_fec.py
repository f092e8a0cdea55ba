"""A FEC: entries of customers' accounts are read, those of all others are not."""

from __future__ import annotations

import pytest

from storage.sync.reading import NONE_OF_THEM, Kind, Reason
from tests.storage.reading.exports import items, read

HEADER = (
    "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib"
    "|PieceRef|PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise"
    "|Idevise"
)


def entry(
    account: str, third: str, piece: str, debit: str, credit: str, let: str = "", label: str = "x"
) -> str:
    name = f"Tiers {third}" if third else ""
    amounts = f"{debit}|{credit}|{let}||20260131||"
    return f"VE|Ventes|1|20260105|{account}|{label}|{third}|{name}|{piece}|20260105|Pièce|{amounts}"


def a_fec(*entries: str) -> str:
    return "\r\n".join((HEADER, *entries)) + "\r\n"


SALE = (
    entry("411000", "C1", "F1", "120,00", "0,00"),
    entry("707000", "", "F1", "0,00", "100,00"),
    entry("445710", "", "F1", "0,00", "20,00"),
)
PURCHASE = (
    entry("401000", "S1", "A1", "0,00", "60,00"),
    entry("607000", "", "A1", "60,00", "0,00"),
)


def test_a_supplier_is_no_customer() -> None:
    reading = read(a_fec(*SALE, *PURCHASE), overrides={"due_date": NONE_OF_THEM})
    assert reading.certain
    assert [(row.customer_code, row.open_minor) for row in items(reading)] == [("C1", 12_000)]
    assert (reading.rejections, reading.aside) == ([], 4)
    # as often as it is read
    assert (len(items(reading)), reading.aside) == (1, 4)


def test_lines_keep_the_numbers_that_they_have_in_the_file() -> None:
    content = a_fec(*PURCHASE, *SALE, entry("416000", "C2", "F0", "x", "0,00"))
    reading = read(content, overrides={"due_date": NONE_OF_THEM})
    assert [row.line for row in items(reading)] == [4]
    assert [(one.line, one.value) for one in reading.rejections] == [(7, "x")]


def test_bills_and_doubtful_customers_are_customers_advances_are_not() -> None:
    accounts = ("411DUPONT", "413000", "416000", "418100", "419100")
    content = a_fec(*(entry(a, f"C{n}", f"F{n}", "10,00", "0,00") for n, a in enumerate(accounts)))
    reading = read(content, overrides={"due_date": NONE_OF_THEM})
    assert [row.customer_code for row in items(reading)] == ["C0", "C1", "C2"]


def test_groups_that_pay_each_other_off_are_closed_among_customers_alone() -> None:
    paid = entry("411000", "C1", "V1", "0,00", "120,00", "A")
    sale = entry("411000", "C1", "F1", "120,00", "0,00", "A")
    strange = entry("512000", "C1", "V1", "120,00", "0,00", "A")  # would leave the group open
    reading = read(a_fec(sale, paid, strange, SALE[0]), overrides={"due_date": NONE_OF_THEM})
    assert [row.open_minor for row in items(reading)] == [12_000]


def test_the_question_about_due_dates_offers_dates_alone_and_none_first() -> None:
    reading = read(a_fec(*SALE))
    [question] = reading.questions
    assert (reading.kind, question.kind.value) == (Kind.RECEIVABLES, "no_due_dates")
    assert question.key == "due_date"
    assert question.candidates[0] == NONE_OF_THEM
    assert set(question.candidates[1:]) == {"EcritureDate", "ValidDate"}


def test_a_ledger_that_is_no_fec_is_read_as_it_stands() -> None:
    header = "CompteNum;Compte auxiliaire;N° pièce;Date pièce;Date échéance;Débit;Crédit"
    content = f"{header}\n401000;S1;A1;01/10/2026;01/11/2026;60,00;0,00\n"
    reading = read(content)
    assert [row.customer_code for row in items(reading)] == ["S1"]
    assert reading.aside == 0


def sale(account: str, label: str, piece: str, *, third: str = "", let: str = "") -> str:
    return entry(account, third, piece, "120,00", "0,00", let, label)


@pytest.mark.parametrize("accounts", [("411ABC", "411DUP"), ("41100012", "41100130")])
def test_subdivided_accounts_tell_the_customers_apart_where_no_third_party_is_named(
    accounts: tuple[str, str],
) -> None:
    one, other = accounts
    content = a_fec(sale(one, "ABC SARL", "F1"), sale(other, "Dupont", "F2"), sale(one, "", "F3"))
    reading = read(content, overrides={"due_date": NONE_OF_THEM})
    assert [(row.line, row.customer_code, row.customer_name) for row in items(reading)] == [
        (2, one, "ABC SARL"),
        (3, other, "Dupont"),
        (4, one, "ABC SARL"),
    ]
    assert reading.rejections == []


def test_the_customers_of_a_fec_are_told_as_often_as_it_is_read() -> None:
    content = a_fec(sale("411ABC", "ABC", "F1"), sale("411DUP", "Dupont", "F2"))
    reading = read(content, overrides={"due_date": NONE_OF_THEM})
    assert [len(items(reading)) for _ in range(2)] == [2, 2]


def test_a_collective_account_without_third_parties_is_refused_account_by_account() -> None:
    content = a_fec(
        sale("411000", "Clients", "F1"),
        sale("41110000", "Clients, ventes de biens", "F2"),
        sale("41170000", "Clients, retenues de garantie", "F3"),
    )
    reading = read(content, overrides={"due_date": NONE_OF_THEM})
    assert items(reading) == []
    assert [(one.line, one.column, one.value, one.reason) for one in reading.rejections] == [
        (2, "CompteNum", "411000", Reason.COLLECTIVE_ACCOUNT),
        (3, "CompteNum", "41110000", Reason.COLLECTIVE_ACCOUNT),
        (4, "CompteNum", "41170000", Reason.COLLECTIVE_ACCOUNT),
    ]


def test_two_accounts_with_one_label_are_not_two_customers() -> None:
    content = a_fec(sale("4110001", "Clients", "F1"), sale("4110002", "CLIENTS", "F2"))
    reading = read(content, overrides={"due_date": NONE_OF_THEM})
    assert items(reading) == []
    assert [one.value for one in reading.rejections] == ["4110001", "4110002"]


def test_a_third_party_that_is_named_goes_before_the_account() -> None:
    content = a_fec(
        sale("411ABC", "ABC", "F1", third="C1"),
        sale("411ABC", "ABC", "F2"),
        sale("411DUP", "Dupont", "F3"),
        sale("411000", "Clients", "F4"),
    )
    reading = read(content, overrides={"due_date": NONE_OF_THEM})
    assert [row.customer_code for row in items(reading)] == ["C1", "411ABC", "411DUP"]
    assert [(one.line, one.reason) for one in reading.rejections] == [
        (5, Reason.COLLECTIVE_ACCOUNT)
    ]


def test_a_line_of_a_collective_account_is_not_the_customers_above() -> None:
    content = a_fec(
        *(sale("411000", "Clients", f"F{n}", third="" if n % 2 else f"C{n}") for n in range(6))
    )
    reading = read(content, overrides={"due_date": NONE_OF_THEM})
    assert [row.customer_code for row in items(reading)] == ["C0", "C2", "C4"]
    assert [one.line for one in reading.rejections] == [3, 5, 7]


def test_groups_of_subdivided_accounts_are_closed_customer_by_customer() -> None:
    content = a_fec(
        sale("411ABC", "ABC", "F1", let="A"),
        entry("411ABC", "", "V1", "0,00", "120,00", "A", "ABC"),
        sale("411DUP", "Dupont", "F2", let="A"),
    )
    reading = read(content, overrides={"due_date": NONE_OF_THEM})
    assert [(row.customer_code, row.open_minor) for row in items(reading)] == [("411DUP", 12_000)]
