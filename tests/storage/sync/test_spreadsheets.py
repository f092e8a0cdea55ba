"""Tables that a spreadsheet opens safely, replaced in one stroke."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.money import Money
from storage.sync.spreadsheets import FORMULA_STARTS, cell_text, disarmed, replace_file, table


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize(
    "text",
    ['=HYPERLINK("http://x";"y")', "+33 6", "-1 point", "@SUM(A1)", "\t=1", "\r=1", "  =1+1"],
)
def test_a_text_that_looks_like_a_formula_is_disarmed(text: str) -> None:
    assert disarmed(text).startswith("'")


@given(st.text(max_size=40))
def test_no_text_starts_a_formula(text: str) -> None:
    assert not disarmed(text).startswith(FORMULA_STARTS)


def test_numbers_stay_numbers_even_negative_ones() -> None:
    assert cell_text(Money(Decimal("-12.50"), "EUR")) == "-12,50"
    assert cell_text(Money(Decimal(1200), "JPY")) == "1200"
    assert cell_text(-3) == "-3"


def test_a_table_is_what_a_french_spreadsheet_reads() -> None:
    content = table(
        ["Client", "Montant", "Échéance", "Note"],
        [["Dupont; Fils", Money(Decimal("1234.5"), "EUR"), date(2026, 12, 1), None]],
    )
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    assert rows_of(content) == [
        ["Client", "Montant", "Échéance", "Note"],
        ["Dupont; Fils", "1234,50", "01/12/2026", ""],
    ]


@given(st.text(max_size=60))
def test_any_text_stays_in_its_own_cell(text: str) -> None:
    content = table(["A", "B"], [[text, "fin"]])
    assert len(rows_of(content)) == 2
    assert rows_of(content)[1][1] == "fin"


def test_a_file_is_replaced_only_when_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "out" / "promises.csv"
    assert replace_file(path, b"one")
    before = path.stat().st_ino
    assert not replace_file(path, b"one")
    assert path.stat().st_ino == before
    assert replace_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert [one.name for one in path.parent.iterdir()] == ["promises.csv"]


def test_a_reader_holds_the_old_content_whole_while_the_new_one_comes(tmp_path: Path) -> None:
    path = tmp_path / "promises.csv"
    replace_file(path, b"old " * 1000)
    with path.open("rb") as reader:
        first = reader.read(4)
        replace_file(path, b"new")
        assert first + reader.read() == b"old " * 1000
    assert path.read_bytes() == b"new"
