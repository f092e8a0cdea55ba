"""A FEC: entries of customers' accounts are read, those of all others are not."""

from __future__ import annotations

from storage.sync.reading import NONE_OF_THEM, Kind
from tests.storage.reading.exports import items, read

HEADER = (
    "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib"
    "|PieceRef|PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise"
    "|Idevise"
)


def entry(account: str, third: str, piece: str, debit: str, credit: str, let: str = "") -> str:
    name = f"Tiers {third}" if third else ""
    amounts = f"{debit}|{credit}|{let}||20260131||"
    return f"VE|Ventes|1|20260105|{account}|x|{third}|{name}|{piece}|20260105|Pièce|{amounts}"


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
