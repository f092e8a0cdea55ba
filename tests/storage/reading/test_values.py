"""Amounts and dates are read as their file writes them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.sync.reading import Kind, QuestionKind, Reason
from storage.sync.reading.amounts import Mark, read_number, to_minor
from storage.sync.reading.dates import DateOrder, read_date
from storage.sync.reading.reasons import Refused, column_letter
from storage.sync.reading.texts import Cell
from tests.storage.reading.exports import a_line, a_workbook, an_export, items, read

BLANKS = [" ", "\u00a0", "\u202f"]


def minor(text: Cell, mark: Mark = Mark.COMMA, currency: str = "EUR") -> int:
    number = read_number(text, mark)
    assert number is not None
    return to_minor(number, number.currency or currency)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1234,56", 123456),
        ("1.234,56", 123456),
        ("1 234,56", 123456),
        ("1\u00a0234,56 €", 123456),
        ("1\u202f234\u202f567,8", 123456780),
        ("1'234,56", 123456),
        ("1’234,56", 123456),
        ("€ 12,00", 1200),
        ("12,00 EUR", 1200),
        ("EUR -12,00", -1200),
        ("-12,00€", -1200),
        ("12,00-", -1200),
        ("12,00- EUR", -1200),
        ("(12,00)", -1200),
        ("(12,00) €", -1200),
        ("12,00 CR", -1200),
        ("12,00 C", -1200),
        ("12,00 D", 1200),
        ("\u221212,00", -1200),
        ("+12,00", 1200),
        ("12", 1200),
        ("0,5", 50),
        (",50", 50),
        ("12,", 1200),
        ("1.234", 123400),
        ("1,230", 123),
        ("0", 0),
    ],
)
def test_amounts_with_a_decimal_comma(text: str, cents: int) -> None:
    assert minor(text) == cents


@pytest.mark.parametrize(
    ("text", "cents"),
    [("1,234.56", 123456), ("1234.5", 123450), ("$1,234", 123400), ("(1'000.25)", -100025)],
)
def test_amounts_with_a_decimal_point(text: str, cents: int) -> None:
    number = read_number(text, Mark.POINT)
    assert number is not None
    assert to_minor(number, "EUR") == cents


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "1,2,3",
        "12 34,56",
        "--5",
        "-(5)",
        "(5",
        "1.23.456,00",
        "12,00 XXQ",
        "1e5",
        "٣",
        "1/2",
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_number(text, Mark.COMMA)


def test_currencies_have_their_own_decimals() -> None:
    assert minor("1 234", currency="JPY") == 1234
    assert minor("1,234", currency="TND") == 1234
    for text, currency in (("1,5", "JPY"), ("1,234", "EUR"), ("1,2345", "TND")):
        with pytest.raises(Refused) as refused:
            minor(text, currency=currency)
        assert refused.value.reason is Reason.EXCESS_DECIMALS


def test_native_numbers_lose_their_binary_dust() -> None:
    assert minor(0.1 + 0.2) == 30
    assert minor(1234.5) == 123450
    assert minor(-3) == -300


@settings(deadline=None)
@given(
    cents=st.integers(-(10**12), 10**12),
    blank=st.sampled_from(["", *BLANKS, "."]),
    form=st.sampled_from(["-{}", "{}-", "({})", "{} CR", "\u2212{} €", "EUR -{}"]),
)
def test_an_amount_written_in_any_french_way_reads_back(cents: int, blank: str, form: str) -> None:
    whole, rest = divmod(abs(cents), 100)
    text = f"{whole:,}".replace(",", blank) + f",{rest:02d}"
    assert minor(form.format(text) if cents < 0 else text) == cents


@settings(deadline=None)
@given(
    day=st.dates(date(1970, 1, 1), date(2099, 12, 31)),
    form=st.sampled_from(["%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y%m%d", "%d-%m-%Y", "%Y/%m/%d"]),
)
def test_a_date_written_in_any_form_reads_back(day: date, form: str) -> None:
    assert read_date(day.strftime(form), DateOrder.DAY_FIRST) == day


@settings(deadline=None)
@given(day=st.dates(date(1970, 1, 1), date(2069, 12, 31)))
def test_two_digit_years_and_american_dates_and_serials_read_back(day: date) -> None:
    assert read_date(f"{day.month}/{day.day}/{day.year}", DateOrder.MONTH_FIRST) == day
    assert read_date(day.strftime("%d/%m/%y"), DateOrder.DAY_FIRST) == day
    serial = (day - date(1899, 12, 30)).days
    assert read_date(str(serial), None) == day
    assert date(1899, 12, 30) + timedelta(days=serial) == read_date(float(serial), None)


@pytest.mark.parametrize(
    "text",
    [
        "5 décembre 2026",
        "05-déc.-26",
        "5 DEC 2026",
        "samedi 5 décembre 2026",
        "December 5, 2026",
        "Dec 5th, 2026",
        "5th December 2026",
        "05/12/2026 00:00:00",
        "2026-12-05T10:00:00",
    ],
)
def test_months_may_be_words(text: str) -> None:
    assert read_date(text, DateOrder.DAY_FIRST) == date(2026, 12, 5)


def test_the_first_of_a_month_in_french() -> None:
    assert read_date("1er août 2026", None) == date(2026, 8, 1)


@pytest.mark.parametrize("text", ["", "00/00/0000", "00000000", " ", "0", "-"])
def test_blank_dates_are_no_dates(text: str) -> None:
    assert read_date(text, DateOrder.DAY_FIRST) is None


@pytest.mark.parametrize("text", ["31/02/2026", "13/13/2026", "1/1/1800", "demain", "9" * 60, "12"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_date(text, DateOrder.DAY_FIRST)


def test_a_thousands_point_alone_follows_the_evidence_of_the_column() -> None:
    comma = read(an_export(a_line(opened="1.234"), a_line(number="F2", opened="12,50")))
    assert [row.open_minor for row in items(comma)] == [123400, 1250]
    header = "customer_id,invoice_number,due_date,open_amount"
    point = read(an_export('C1,F1,2026-02-13,"1,234"', "C1,F2,2026-02-13,1.5", header=header))
    assert [row.open_minor for row in items(point)] == [123400, 150]


def test_an_undecidable_decimal_mark_is_asked_and_may_be_answered() -> None:
    header = "Code client;N° facture;Date échéance;Reste dû"
    text = an_export("C1;F1;13/02/2026;1.234", header=header)
    reading = read(text)
    assert [(q.kind, q.candidates) for q in reading.questions] == [
        (QuestionKind.AMBIGUOUS_DECIMAL, ("comma", "point"))
    ]
    assert items(read(text, overrides={"decimal": "comma"}))[0].open_minor == 123400


def test_american_dates_are_read_when_the_file_proves_them() -> None:
    header = "customer_id;invoice_number;invoice_date;due_date;open_amount"
    reading = read(an_export("C1;F1;1/5/2026;1/25/2026;1.00", header=header))
    (row,) = items(reading)
    assert (row.issued_on, row.due_on) == (date(2026, 1, 5), date(2026, 1, 25))


def test_undecidable_dates_are_french_under_french_headers_and_asked_under_english_ones() -> None:
    french = read(an_export(a_line(issued="03/04/2026", due="05/06/2026")))
    assert items(french)[0].issued_on == date(2026, 4, 3)
    header = "customer_id;invoice_number;invoice_date;due_date;open_amount"
    text = an_export("C1;F1;03/04/2026;05/06/2026;1.00", header=header)
    assert [q.kind for q in read(text).questions] == [QuestionKind.AMBIGUOUS_DATES]
    (row,) = items(read(text, overrides={"date_order": "month_first"}))
    assert row.due_on == date(2026, 5, 6)


def test_a_column_that_proves_both_orders_is_refused() -> None:
    lines = (a_line(due="25/01/2026"), a_line(due="01/25/2026"))
    reading = read(an_export(*lines))
    assert [q.kind for q in reading.questions] == [QuestionKind.CONTRADICTORY_DATES]
    assert items(reading) == []
    answered = read(an_export(*lines), overrides={"date_order": "day_first"})
    assert len(items(answered)) == 1
    assert answered.rejections[0].reason is Reason.INVALID_DATE


def test_currencies_come_from_a_column_a_sign_or_a_header() -> None:
    header = "Code client;N° facture;Date échéance;Reste dû;Devise"
    lines = ("C1;F1;13/02/2026;1,00;usd", "C1;F2;13/02/2026;100;JPY", "C1;F3;13/02/2026;1,00;")
    assert [(r.currency, r.open_minor) for r in items(read(an_export(*lines, header=header)))] == [
        ("USD", 100),
        ("JPY", 100),
        ("EUR", 100),
    ]
    signs = read(an_export(a_line(opened="1,00 £"), a_line(opened="1,00", number="F2")))
    assert [row.currency for row in items(signs)] == ["GBP", "EUR"]
    named = "Code client;N° facture;Date échéance;Reste dû (CHF)"
    assert items(read(an_export("C1;F1;13/02/2026;1,00", header=named)))[0].currency == "CHF"
    (row,) = items(read(an_export(a_line()), default_currency="MAD"))
    assert row.currency == "MAD"


def test_faults_of_a_line_are_reported_with_their_place_and_value() -> None:
    header = "Code client;N° facture;Date échéance;Reste dû;Devise"
    lines = (
        "C1;F1;13/02/2026;1,005;EUR",
        "C1;F2;31/02/2026;1,00;EUR",
        "C1;F3;13/02/2026;douze;EUR",
        "C1;F4;13/02/2026;1,00;QQQ",
        "C1;F5;13/02/2026;1,00 $;EUR",
        "C1;F6;13/02/2026;;EUR",
        f"{'C' * 80};F7;13/02/2026;1,00;EUR",
        "C1;F8;13/02/2026;99999999999999999,00;EUR",
        "C1;F9;13/02/2026;9,00;EUR",
    )
    reading = read(an_export(*lines, header=header))
    assert [row.number for row in items(reading)] == ["F9"]
    assert [(r.line, r.letter, r.value, r.reason) for r in reading.rejections] == [
        (2, "D", "1,005", Reason.EXCESS_DECIMALS),
        (3, "C", "31/02/2026", Reason.INVALID_DATE),
        (4, "D", "douze", Reason.INVALID_AMOUNT),
        (5, "E", "QQQ", Reason.UNKNOWN_CURRENCY),
        (6, "D", "1,00 $", Reason.CURRENCY_CONFLICT),
        (7, "D", "", Reason.MISSING_AMOUNT),
        (8, "A", "C" * 80, Reason.CELL_TOO_LONG),
        (9, "D", "99999999999999999,00", Reason.AMOUNT_TOO_LARGE),
    ]
    assert {r.file for r in reading.rejections} == {"export.csv"}


def test_hostile_names_are_cleaned_and_it_is_said() -> None:
    hostile = ("<b>A & B</b>", "=HYPERLINK(1)", "a\u202eb\u200b", "N\x00UL", "x" * 300, "y" * 400)
    reading = read(an_export(*(a_line(name=n, number=f"F{i}") for i, n in enumerate(hostile))))
    assert [row.customer_name for row in items(reading)] == [
        "<b>A & B</b>",
        "=HYPERLINK(1)",
        "ab",
        "NUL",
        "x" * 300,
        "y" * 300,
    ]
    assert [(w.line, w.reason) for w in reading.warnings] == [
        (4, Reason.CONTROL_CHARACTERS),
        (5, Reason.CONTROL_CHARACTERS),
        (7, Reason.TRUNCATED),
    ]


def test_a_siren_is_kept_only_when_its_key_is_right() -> None:
    header = "Code client;SIREN;N° facture;Date échéance;Reste dû"
    lines = (
        "C1;552 100 554;F1;13/02/2026;1,00",
        "C1;552100555;F2;13/02/2026;1,00",
        "C1;5500117;F3;13/02/2026;1,00",
    )
    reading = read(an_export(*lines, header=header))
    assert items(reading)[0].siren == "552100554"
    assert items(reading)[1].siren is None
    assert reading.warnings[0].reason is Reason.INVALID_SIREN


def test_zero_amounts_are_kept() -> None:
    assert items(read(an_export(a_line(opened="0,00"))))[0].open_minor == 0


def test_columns_have_the_letters_of_a_spreadsheet() -> None:
    assert [column_letter(n) for n in (1, 26, 27, 703)] == ["A", "Z", "AA", "AAA"]


@settings(deadline=None)
@given(data=st.binary(max_size=400))
def test_arbitrary_bytes_never_crash_the_reader(data: bytes) -> None:
    reading = read(data)
    assert len(list(reading.rows())) == reading.counts.rows


@settings(deadline=None)
@given(
    lines=st.lists(
        st.lists(
            st.one_of(
                st.text(max_size=12),
                st.sampled_from(["C1", "13/02/2026", "1,00", "Total", "(", '"', "1.234", "\x00"]),
            ),
            max_size=8,
        ).map(";".join),
        max_size=8,
    )
)
def test_arbitrary_lines_below_a_header_are_read_or_rejected_never_lost(lines: list[str]) -> None:
    reading = read(an_export(*lines).encode("utf-8", "surrogatepass"), kind=Kind.RECEIVABLES)
    rows = list(reading.rows())
    counts = reading.counts
    assert counts.lines == len(rows) + counts.rejected + counts.skipped + counts.closed


@settings(deadline=None, max_examples=30)
@given(
    rows=st.lists(
        st.lists(st.one_of(st.floats(-1e6, 1e6), st.text("ab12 ", max_size=5))), max_size=4
    )
)
def test_arbitrary_cells_of_a_workbook_never_crash_the_reader(
    rows: list[list[float | str]],
) -> None:
    header = ["Code client", "N° facture", "Date échéance", "Reste dû"]
    reading = read(a_workbook({"A": [header, *rows]}))
    assert len(list(reading.rows())) == reading.counts.rows
