"""Lines read by columns and lines read one by one give the same rows, whatever the cells."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.sync.reading import FileReason, Kind, Reading, Reason, Row
from storage.sync.reading.amounts import Mark, read_number, to_minor
from storage.sync.reading.line_reader import LineReader, PlainPart
from storage.sync.reading.plain_amounts import plain_cents
from storage.sync.reading.reasons import Refused
from storage.sync.reading.sources import below
from storage.sync.reading.texts import Cell
from storage.sync.reading.totals import Totals
from storage.sync.reading.values import Reporter
from tests.storage.reading.exports import a_line, an_export, items, read

HEADERS = (
    "Code client;Client;Facture;Date facture;Échéance;Total TTC;Reste dû;Devise;Commercial",
    "Compte client;N° pièce;Type;Date échéance;Débit;Crédit;Litige",
    "Raison sociale;SIREN;N° facture;Date échéance;Montant TTC;Réglé;Référence",
    "Code client;N° pièce;Date échéance;Montant;Sens;Conditions de paiement",
    "customerID;invoiceNumber;InvoiceDate;DueDate;InvoiceAmount;SettledDate",
)
FORMS = (
    *("{},{:02d}", "-{},{:02d}", "{},{:02d}-", "{:,}.{:02d}", "{} {:03d},00", "{},{:02d} €"),
    *("{}", "{}.{:03d},00", "({},{:02d})", "{},{:02d} USD", "{},{:d}", " {},{:02d} "),
)
AMOUNTS = st.builds(
    lambda cents, form: form.format(cents // 100, cents % 100),
    st.integers(0, 10**9),
    st.sampled_from(FORMS),
)
CELLS = st.one_of(
    st.sampled_from(["C1", "C2", "Boulangerie", "FA1", "AV-2", "13/02/2026", "31/02/2026", "EUR"]),
    st.sampled_from(["", " ", "USD", "JPY", "D", "C", "Avoir", "Facture", "Oui", "552100554"]),
    st.sampled_from(["Total", "a\u00a0b", "N\x00L", "\ufffd", "x" * 70, "y" * 310, "-", "٣,٣٣"]),
    AMOUNTS,
    st.text(max_size=8).filter(lambda text: not set(text) & set(';"\r\n')),
)
ANSWERS = {"decimal": "comma", "date_order": "day_first"}


def a_reading(header: str, lines: Sequence[Sequence[str]]) -> Reading:
    sound = header.count(";") + 1
    text = an_export(*(";".join(cells[:sound]) for cells in lines), header=header)
    return read(text.encode("utf-8", "surrogatepass"), overrides=ANSWERS)


class Alone:
    """Lines read one by one, with their sums."""

    def __init__(self, reading: Reading) -> None:
        assert reading.plan is not None
        self.reporter = Reporter("", (), reading.columns)
        self.lines = LineReader(reading.plan, reading.columns, self.reporter)
        self.totals = Totals(self.lines.values)

    def read(self, number: int, cells: list[Cell], fault: Reason | None) -> Row | None:
        """Return the row of a line, nothing when it is refused or something is remarked."""
        before = self.reporter.warnings.total
        try:
            fitted = self.lines.fit(cells, fault)
            row = self.lines.read(number, fitted)
        except Refused:
            return None
        if self.reporter.warnings.total > before:
            return None
        self.totals.add(fitted, -1 if self.lines.turned else 1)
        return row


def assert_both_ways_agree(reading: Reading) -> int:
    """Compare the two ways of reading line by line; return how many lines were plain."""
    if reading.plan is None or reading.kind not in {Kind.RECEIVABLES, Kind.HISTORY}:
        return 0
    by_columns, alone, plain = Alone(reading), Alone(reading), 0
    for stretch in below(reading.plan.source, reading.plan.header.line):
        lines = list(stretch.lines())
        first = stretch.numbers[0]
        for part in by_columns.lines.parts(stretch):
            if not isinstance(part, PlainPart):
                by_columns.read(*part)
                alone.read(*part)
                continue
            rows = list(part.rows)
            expected = [alone.read(*lines[row.line - first]) for row in rows]
            assert expected == rows
            assert list(map(type, expected)) == list(map(type, rows))
            part.add_to(by_columns.totals)
            plain += len(part.rows)
    assert by_columns.totals.written == alone.totals.written
    assert by_columns.totals.signed == alone.totals.signed
    return plain


@settings(deadline=None, max_examples=150)
@given(
    header=st.sampled_from(HEADERS),
    lines=st.lists(st.lists(CELLS, min_size=9, max_size=9), min_size=1, max_size=12),
)
def test_whatever_the_cells_a_line_read_by_columns_is_the_same_line_read_alone(
    header: str, lines: list[list[str]]
) -> None:
    assert_both_ways_agree(a_reading(header, lines))


@settings(deadline=None, max_examples=80)
@given(
    amounts=st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=30),
    code=st.sampled_from(["C1", "", "C2"]),
    kind=st.sampled_from(["Facture", "Avoir", "", "ZZ", "Règlement"]),
)
def test_whatever_the_amounts_a_line_read_by_columns_is_the_same_line_read_alone(
    amounts: list[tuple[str, str]], code: str, kind: str
) -> None:
    header = "Code client;N° facture;Type;Date échéance;Montant TTC;Reste dû;Devise"
    lines = [
        [code if place else "C9", f"AV{place}", kind, "13/02/2026", total, left, "EUR"]
        for place, (total, left) in enumerate(amounts)
    ]
    assert_both_ways_agree(a_reading(header, lines))


@pytest.mark.parametrize(
    ("header", "line"),
    [
        (HEADERS[0], "C1;Un;FA{n};13/02/2026;15/03/2026;1 234,50;{n},00;EUR;R1"),
        (HEADERS[1], "C1;F{n};Facture;13/02/2026;{n},00;;Oui"),
        (HEADERS[2], "Un;552100554;F{n};13/02/2026;1.234,00;{n},00;REF"),
        (HEADERS[4], "C1;F{n};13/01/2026;13/02/2026;-{n}.5;20/03/2026"),
        (HEADERS[0] + ";;", "C1;Un;FA{n};13/02/2026;15/03/2026;10,00-;{n},00;EUR;R1;;"),
    ],
)
def test_plain_lines_are_all_read_by_columns(header: str, line: str) -> None:
    text = an_export(*(line.format(n=n) for n in range(1, 2001)), header=header)
    assert assert_both_ways_agree(read(text)) == 2000


@settings(deadline=None)
@given(column=st.lists(AMOUNTS, max_size=6), mark=st.sampled_from(list(Mark)))
def test_amounts_read_at_once_are_those_read_one_by_one(column: list[str], mark: Mark) -> None:
    together = plain_cents(column, mark)
    if together is not None:
        numbers = [read_number(cell, mark) for cell in column]
        assert together == [number and to_minor(number, "EUR") for number in numbers]


def test_amounts_of_mixed_thousands_or_two_minuses_are_not_plain() -> None:
    for odd in ("1.234 567,00", "1234 567,00", "-1,00-", "1,00\n2,00", "12,", "٣,٣٣", "1_0,00"):
        assert plain_cents(["1,00", odd], Mark.COMMA) is None
    assert plain_cents(["1 234,00", "-5,00", "5,00-", ""], Mark.COMMA) == [123400, -500, -500, None]
    assert plain_cents(["12", "1.5", "-0.25", ""], Mark.POINT) == [1200, 150, -25, None]


def test_a_total_shorter_than_the_column_of_currencies_is_a_total() -> None:
    header = "Code client;N° facture;Date échéance;Reste dû;Commercial;Devise"
    reading = read(an_export("C1;F1;13/02/2026;10,00;R1;EUR", "Total;;;11,00", header=header))
    assert [row.open_minor for row in items(reading)] == [1000]
    assert reading.refused is FileReason.TOTAL_MISMATCH


def test_figures_of_other_scripts_are_refused_with_and_without_decimals() -> None:
    reading = read(an_export(a_line(), a_line(number="F2", opened="٣٣,٣٣")))
    assert [row.number for row in items(reading)] == ["FA001"]
    assert reading.rejections[0].reason is Reason.INVALID_AMOUNT
