"""A file that does not add up to its own total is refused."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

from storage.sync.reading import FileReason, Kind, read_file
from tests.storage.reading.exports import (
    HEADER,
    a_line,
    a_workbook,
    an_export,
    history,
    items,
    read,
)

IBM = Path(__file__).parents[2] / "data" / "ibm_receivables_history.csv"


def american(text: str) -> date:
    month, day, year = map(int, text.split("/"))
    return date(year, month, day)


def test_a_file_that_does_not_add_up_to_its_own_total_is_refused() -> None:
    reading = read(an_export(a_line(), a_line(number="F2"), "Total général;;;;;;250,00"))
    assert reading.certain
    assert len(items(reading)) == 2
    assert reading.refused is FileReason.TOTAL_MISMATCH
    assert reading.total_check is not None
    (mismatch,) = reading.total_check.mismatches
    assert (mismatch.line, mismatch.expected, mismatch.found, mismatch.difference) == (
        4,
        25000,
        20000,
        5000,
    )
    assert (mismatch.header, mismatch.currency) == ("Solde dû", "EUR")


def test_a_rejected_line_counts_in_the_comparison_with_the_total() -> None:
    lines = (a_line(), a_line(number="F2", due="31/02/2026"), "Total général;;;;;200,00;200,00")
    reading = read(an_export(*lines))
    assert len(items(reading)) == 1
    assert reading.refused is None
    assert reading.total_check is not None
    assert reading.total_check.agreed == 2


def test_the_last_total_after_a_subtotal_is_the_file_s_own() -> None:
    lines = (
        a_line(),
        "Total;;;;;;100,00",
        a_line(code="C2"),
        "Total;;;;;;100,00",
        "Total;;;;;;999,00",
    )
    reading = read(an_export(*lines))
    assert len(items(reading)) == 2
    assert reading.refused is FileReason.TOTAL_MISMATCH


def test_bare_subtotals_are_not_taken_for_the_grand_total() -> None:
    lines = (a_line(), "Total;;;;;;100,00", a_line(code="C2"), "Total;;;;;;100,00")
    reading = read(an_export(*lines))
    assert len(items(reading)) == 2
    assert (reading.refused, reading.total_check) == (None, None)


def test_a_line_of_sums_without_a_label_is_no_item() -> None:
    reading = read(an_export(a_line(), a_line(number="F2"), ";;;;;200,00;200,00"))
    assert len(items(reading)) == 2
    assert reading.total_check is not None
    assert reading.total_check.agreed == 2


def test_totals_are_compared_per_currency() -> None:
    lines = (
        a_line(opened="100,00 €"),
        a_line(number="F2", opened="7,00 USD"),
        "Total général;;;;;;100,00 EUR",
        "Total général;;;;;;8,00 USD",
    )
    reading = read(an_export(*lines))
    assert len(items(reading)) == 2
    assert reading.total_check is not None
    assert [(m.currency, m.difference) for m in reading.total_check.mismatches] == [("USD", 100)]


def test_a_total_that_leaves_the_sign_of_credit_notes_out_agrees_too() -> None:
    header = "Code client;N° pièce;Type;Date échéance;Reste dû"
    lines = ("C1;F1;Facture;13/02/2026;10,00", "C1;A1;Avoir;13/02/2026;3,00")
    for total in ("7,00", "13,00"):
        reading = read(an_export(*lines, f"Total général;;;;{total}", header=header))
        assert [row.open_minor for row in items(reading)] == [1000, -300]
        assert reading.refused is None


def test_debits_and_credits_are_both_compared() -> None:
    header = "Compte client;N° pièce;Date échéance;Débit;Crédit"
    lines = ("C1;F1;13/02/2026;10,00;", "C1;R1;;;4,00", "Total général;;;10,00;5,00")
    reading = read(an_export(*lines, header=header))
    assert len(items(reading)) == 2
    assert reading.total_check is not None
    assert [m.header for m in reading.total_check.mismatches] == ["Crédit"]


def test_the_ibm_file_is_read_whole_and_adds_up_to_an_independent_computation() -> None:
    reading = read_file(IBM)
    rows = history(reading)
    assert reading.certain
    assert reading.kind is Kind.HISTORY
    assert reading.rejections == []
    assert reading.counts.rows == len(rows) == 2586
    with IBM.open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    per_customer: Counter[str] = Counter()
    for line in lines:
        per_customer[line["customerID"]] += int(Decimal(line["InvoiceAmount"]) * 100)
    found: Counter[str] = Counter()
    for row in rows:
        found[row.customer_code] += row.amount_minor or 0
    assert found == per_customer
    assert [(r.number, r.issued_on, r.due_on, r.settled_on, r.disputed) for r in rows] == [
        (
            line["invoiceNumber"],
            *(american(line[name]) for name in ("InvoiceDate", "DueDate", "SettledDate")),
            line["Disputed"] == "Yes",
        )
        for line in lines
    ]
    assert {row.open_minor for row in rows} == {0}


def test_a_reading_can_be_walked_twice_with_the_same_result() -> None:
    reading = read(an_export(a_line(), a_line(due="x"), "Total général;;;;;;9,00"))
    first = items(reading)
    assert items(reading) == first
    assert reading.counts.rejected == len(reading.rejections) == 1


def test_rejections_are_kept_up_to_a_thousand_and_all_are_counted() -> None:
    reading = read(an_export(a_line(), *(a_line(due="x", number=f"F{i}") for i in range(1200))))
    assert len(items(reading)) == 1
    assert len(reading.rejections) == 1000
    assert reading.counts.rejected == 1200
    assert reading.reporter.rejections.total == 1200


def test_the_total_of_a_large_workbook_is_summed_although_its_bytes_do_not_name_it() -> None:
    row: list[object] = ["C001", "Hélène", "F1", "15/09/2026", "15/10/2026", 100.0, 100.0]
    total: list[object] = ["Total général", "", "", "", "", 100.0, 100.0]
    book = io.BytesIO(a_workbook({"Export": [HEADER.split(";"), row, total]}))
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr("docProps/picture.bin", bytes(9 << 20))
    assert len(book.getvalue()) > 8 << 20
    reading = read(book.getvalue())
    assert len(items(reading)) == 1
    assert reading.refused is None
    assert reading.total_check is not None
    assert reading.total_check.agreed == 2


def test_twenty_thousand_lines_are_all_read() -> None:
    reading = read(an_export(*(a_line(number=f"FA{i}") for i in range(20_000))))
    assert sum(1 for _ in reading.rows()) == 20_000
