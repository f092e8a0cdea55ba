"""Files of every encoding, separator and layout are read alike."""

from __future__ import annotations

import codecs
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date

import pytest

from storage.sync.reading import FileReason, Kind, Reason, read_bytes
from tests.storage.reading.exports import HEADER, a_line, a_workbook, an_export, items, read

ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: text.encode(),
    "utf-8-sig": lambda text: text.encode("utf-8-sig"),
    "utf-16-le": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "utf-16-be": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "cp1252": lambda text: text.encode("cp1252"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_separator_and_line_end_reads_the_same(
    encoding: str, separator: str, line_end: str
) -> None:
    rows = [
        HEADER.split(";"),
        ["00123", "Hélène & Cœur €", "FA1", "15/09/2026", "15/10/2026", "1 234,56", "1 000,00"],
        ["C2", "Été", "FA2", "16/09/2026", "16/10/2026", "50,00", "-5,25"],
    ]
    text = line_end.join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    reading = read(ENCODINGS[encoding](text))
    first, second = items(reading)
    assert reading.certain
    assert reading.kind is Kind.RECEIVABLES
    assert reading.layout.separator == separator
    assert (first.customer_code, first.customer_name) == ("00123", "Hélène & Cœur €")
    assert (first.amount_minor, first.open_minor, first.currency) == (123456, 100000, "EUR")
    assert (first.issued_on, first.due_on) == (date(2026, 9, 15), date(2026, 10, 15))
    assert (second.line, second.open_minor) == (3, -525)
    assert reading.rejections == []


def test_titles_repeated_headers_page_breaks_totals_and_blocks_leave_only_the_items() -> None:
    text = "\n".join(
        (
            "Société Dupont - Créances au 31/10/2026",
            "Édité le 02/11/2026;;;;;;;",
            "",
            HEADER + ";",
            a_line(opened="60,00") + ";",
            ";;FA002;16/09/2026;16/10/2026;100,00;40,00;",
            "Total client;;;;;;100,00;",
            "Page 2/3",
            HEADER + ";",
            a_line(code="C002", name="Garage", number="FA003", opened="1 000,00") + ";",
            "Sous-total;;;;;;1 000,00;",
            "Report;;;;;;1 100,00;",
            "Total général;;;;;;1 100,00;",
            ";;;;;;;",
        )
    )
    reading = read(text)
    rows = items(reading)
    assert [(r.line, r.customer_code, r.customer_name, r.open_minor) for r in rows] == [
        (5, "C001", "Boulangerie Hélène", 6000),
        (6, "C001", "Boulangerie Hélène", 4000),
        (10, "C002", "Garage", 100000),
    ]
    assert reading.certain
    assert reading.rejections == []
    assert reading.total_check is not None
    assert reading.total_check.agreed == 1
    assert reading.layout.header_line == 4


def test_heads_of_blocks_name_the_customer_of_the_lines_below() -> None:
    lines = (
        "C001;Boulangerie;;;;;",
        ";;FA1;15/09/2026;15/10/2026;10,00;10,00",
        ";;FA2;15/09/2026;15/10/2026;10,00;10,00",
        "C002;Garage;;;;;",
        ";;FA3;15/09/2026;15/10/2026;10,00;10,00",
    )
    rows = items(read(an_export(*lines)))
    assert [(r.customer_code, r.customer_name, r.number) for r in rows] == [
        ("C001", "Boulangerie", "FA1"),
        ("C001", "Boulangerie", "FA2"),
        ("C002", "Garage", "FA3"),
    ]


def test_one_line_without_customer_is_rejected_where_the_others_repeat_theirs() -> None:
    reading = read(an_export(a_line(), a_line(number="FA2"), a_line(code="", number="FA3")))
    assert len(items(reading)) == 2
    (rejection,) = reading.rejections
    assert (rejection.line, rejection.reason, rejection.column, rejection.letter) == (
        4,
        Reason.MISSING_CUSTOMER,
        "Code client",
        "A",
    )


def test_a_customer_called_total_is_not_a_total() -> None:
    rows = items(read(an_export(a_line(code="TOTAL", name="Total Énergies"), a_line())))
    assert [row.customer_name for row in rows] == ["Total Énergies", "Boulangerie Hélène"]


def test_too_many_and_too_few_cells_are_rejected_with_their_place() -> None:
    reading = read(an_export(a_line(), a_line(name="Dupont;Fils"), "C3;Nom;FA9;15/09/2026"))
    assert len(items(reading)) == 1
    assert [(r.line, r.reason) for r in reading.rejections] == [
        (3, Reason.TOO_MANY_CELLS),
        (4, Reason.TOO_FEW_CELLS),
    ]


def test_a_quote_that_is_never_closed_costs_no_line() -> None:
    lines = [a_line(number=f"FA{i}") for i in range(60)]
    lines[3] = a_line(name='"Chez Paul', number="FA3")
    assert len(items(read(an_export(*lines)))) == 60


def test_a_quoted_cell_that_swallows_the_next_line_is_rejected() -> None:
    swallowed = '"C001;Nom;FA1;15/09/2026\nC002";Nom;FA2;15/09/2026;15/10/2026;1,00;1,00'
    reading = read(an_export(swallowed, a_line()))
    assert len(items(reading)) == 1
    assert reading.rejections[0].reason is Reason.BROKEN_QUOTES


def test_tables_on_other_sheets_of_a_workbook_are_named_and_notes_are_not() -> None:
    rows: list[Sequence[object]] = [
        HEADER.split(";"),
        ["C1", "Nord", "FA1", date(2026, 9, 15), date(2026, 10, 15), 10, 10],
    ]
    more = [*rows, ["C2", "Sud", "FA2", date(2026, 9, 15), date(2026, 10, 15), 10, 10]]
    only_titles = rows[:1]
    sheets: dict[str, Sequence[Sequence[object]]]
    sheets = {"Nord": rows, "Sud": more, "Modèle": only_titles, "Notes": [["Client", "vu"]]}
    layout = read(a_workbook(sheets)).layout
    assert (layout.sheet, layout.unread_sheets) == ("Sud", ("Nord",))


def test_a_file_that_only_calls_itself_a_workbook_is_to_be_saved_again() -> None:
    assert read_bytes("export.xlsx", b"bonjour").refused is FileReason.UNREADABLE
    assert read_bytes("export.csv", b"bonjour").refused is FileReason.NO_HEADER


def test_a_workbook_is_read_by_the_sheet_that_holds_the_data() -> None:
    rows: list[Sequence[object]] = [
        ["Créances"],
        HEADER.split(";"),
        ["00123", "Hélène", "FA1", date(2026, 9, 15), date(2026, 10, 15), 1234.56, 0.1 + 0.2],
        ["C2", "Été", 2195380883, "16/09/2026", 46311, "1 000,00", "-5,25"],
        ["Total général", None, None, None, None, None, -4.95],
    ]
    reading = read(a_workbook({"Notes": [["Bonjour"]], "Export": rows, "Vide": []}))
    first, second = items(reading)
    assert reading.layout.sheet == "Export"
    assert reading.certain
    assert (first.line, first.customer_code, first.open_minor) == (3, "00123", 30)
    assert (first.amount_minor, first.due_on) == (123456, date(2026, 10, 15))
    assert (second.number, second.due_on) == ("2195380883", date(2026, 10, 16))
    assert (second.amount_minor, second.open_minor) == (100000, -525)
    assert reading.refused is None


def test_merged_customer_cells_of_a_workbook_fill_down() -> None:
    rows: list[Sequence[object]] = [
        HEADER.split(";"),
        ["C1", "Un", "FA1", "15/09/2026", "15/10/2026", 1, 1],
        [None, None, "FA2", "15/09/2026", "15/10/2026", 2, 2],
        ["C2", "Deux", "FA3", "15/09/2026", "15/10/2026", 3, 3],
    ]
    codes = [row.customer_code for row in items(read(a_workbook({"A": rows})))]
    assert codes == ["C1", "C1", "C2"]


def test_a_zip_bomb_is_refused_before_it_is_opened() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(7):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b"\0" * (100 << 20))
    assert read(buffer.getvalue()).refused is FileReason.TOO_LARGE


def test_a_sheet_that_claims_billions_of_cells_is_refused() -> None:
    sound = io.BytesIO(a_workbook({"A": [HEADER.split(";"), ["far"]]}))
    hostile = io.BytesIO()
    with zipfile.ZipFile(sound) as source, zipfile.ZipFile(hostile, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.startswith("xl/worksheets/"):
                content = content.replace(b'r="A2"', b'r="XFD1048576"')
            target.writestr(entry.filename, content)
    assert read(hostile.getvalue()).refused is FileReason.TOO_LARGE


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", FileReason.EMPTY),
        (b"bonjour\n1;2;3\n", FileReason.NO_HEADER),
        (b"PK\x03\x04 broken", FileReason.UNREADABLE),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, FileReason.UNREADABLE),
        (b"%PDF-1.7\nCode client;Facture\nC1;F1\n", FileReason.UNSUPPORTED),
        (bytes.fromhex("ffd8ffe000104a464946") + bytes(range(256)), FileReason.UNSUPPORTED),
        (b"{\\rtf1 Code client;Facture\n}", FileReason.UNSUPPORTED),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(content: bytes, reason: FileReason) -> None:
    reading = read(content)
    assert reading.refused is reason
    assert list(reading.rows()) == []


def test_an_archive_that_is_no_workbook_is_unsupported() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "a")
    assert read(buffer.getvalue()).refused is FileReason.UNSUPPORTED


def test_an_utf8_file_with_one_damaged_byte_keeps_its_accents() -> None:
    text = an_export(*(a_line(number=f"FA{i}") for i in range(20))).encode()
    reading = read(text + a_line(name="Sté X", number="FA99").encode("cp1252"))
    rows = items(reading)
    assert rows[0].customer_name == "Boulangerie Hélène"
    assert reading.warnings[0].reason is Reason.UNDECODABLE


def test_a_gigantic_cell_is_rejected_and_the_rest_is_read() -> None:
    reading = read(an_export(a_line(name="x" * 200_000), a_line(number="FA2")))
    assert [row.number for row in items(reading)] == ["FA2"]
    assert reading.rejections[0].reason is Reason.CELL_TOO_LONG
