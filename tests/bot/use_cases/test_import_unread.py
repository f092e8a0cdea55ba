"""Lines that cannot be read: what they name stays as it was, and the report says so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.bot.use_cases.ledger import ITEMS, TODAY, a_file, item, items, line, take
from tests.storage.inline import inline
from tests.storage.reading.exports import a_workbook

YESTERDAY = TODAY - timedelta(days=1)


def test_what_a_rejected_line_names_stays_as_it_was(database_url: str, tmp_path: Path) -> None:
    with inline(database_url) as work:
        lines = [line(f"F{n}", "10") for n in range(5)]
        take(work, a_file(tmp_path, ITEMS, *lines), on=YESTERDAY)
        report = take(work, a_file(tmp_path, ITEMS, *lines[:3], line("F4", "dix", total="10")))
        assert (report.rejected, report.settled, report.unread) == (1, 1, 1)
        [fault] = report.rejections
        assert (fault.line, fault.column, fault.value) == (5, "Reste dû", "dix")
        assert [(n.code, dict(n.data)) for n in report.notices] == [("unread_items", {"unread": 1})]
        assert report.as_json()["unread"] == 1
        assert items(work) == {"F0#1": 1000, "F1#1": 1000, "F2#1": 1000, "F3#1": 0, "F4#1": 1000}
        assert item(work, "F4#1").stated_on == YESTERDAY
        again = take(work, a_file(tmp_path, ITEMS, *lines[:3]), hour=10)
        assert (again.settled, again.unread) == (1, 0)


def test_instalments_beside_one_that_cannot_be_read_are_left_alone(
    sqlite_url: str, tmp_path: Path
) -> None:
    with inline(sqlite_url) as work:
        first, second = line("F1", "60", due="01/10/2026"), line("F1", "40", due="01/12/2026")
        take(work, a_file(tmp_path, ITEMS, first, second, line("F2", "5")), on=YESTERDAY)
        paid = line("F1", "20", total="60", due="01/10/2026")
        broken = line("F1", "40", due="32/12/2026")
        report = take(work, a_file(tmp_path, ITEMS, paid, broken, line("F2", "5")))
        assert (report.changed, report.settled, report.unchanged, report.unread) == (0, 0, 1, 2)
        assert items(work) == {"F1#1": 6000, "F1#2": 4000, "F2#1": 500}


def test_a_new_invoice_is_taken_although_another_line_of_its_number_is_rejected(
    sqlite_url: str, tmp_path: Path
) -> None:
    with inline(sqlite_url) as work:
        path = a_file(tmp_path, ITEMS, line("F1", "60"), line("F1", "x"), line("F2", "5"))
        report = take(work, path)
        assert (report.new, report.rejected, report.unread) == (2, 1, 0)


def test_a_line_with_a_cell_too_many_may_name_its_item_anywhere(
    sqlite_url: str, tmp_path: Path
) -> None:
    with inline(sqlite_url) as work:
        lines = [line(f"F{n}", "10") for n in range(5)]
        take(work, a_file(tmp_path, ITEMS, *lines), on=YESTERDAY)
        shifted = lines[4].replace("Client C1", "Client; C1")
        report = take(work, a_file(tmp_path, ITEMS, *lines[:4], shifted))
        assert (report.rejected, report.settled, report.unread) == (1, 0, 1)


def test_a_customer_code_too_long_leaves_its_item_alone(sqlite_url: str, tmp_path: Path) -> None:
    with inline(sqlite_url) as work:
        lines = [line(f"F{n}", "10") for n in range(3)]
        take(work, a_file(tmp_path, ITEMS, *lines), on=YESTERDAY)
        strange = line("F2", "10", customer="C" * 61)
        report = take(work, a_file(tmp_path, ITEMS, *lines[:2], strange))
        assert (report.rejected, report.settled, report.unread) == (1, 0, 1)


def test_a_report_says_when_what_vanished_may_be_what_was_not_read(
    sqlite_url: str, tmp_path: Path
) -> None:
    with inline(sqlite_url) as work:
        lines = [line(f"F{n}", "10") for n in range(5)]
        take(work, a_file(tmp_path, ITEMS, *lines), on=YESTERDAY)
        report = take(work, a_file(tmp_path, ITEMS, *lines[:4], line("", "dix", total="10")))
        assert (report.rejected, report.settled, report.unread) == (1, 1, 0)
        assert [(n.code, dict(n.data)) for n in report.notices] == [
            ("vanished_or_unread", {"vanished": 1, "n": 1})
        ]


def test_a_table_on_another_sheet_is_told_as_not_read(sqlite_url: str, tmp_path: Path) -> None:
    rows = [[cell.strip() for cell in one.split(";")] for one in (ITEMS, line("F1", "10"))]
    path = tmp_path / "export.xlsx"
    path.write_bytes(a_workbook({"Nord": [*rows, [*rows[1][:2], "F2", *rows[1][3:]]], "Sud": rows}))
    with inline(sqlite_url) as work:
        told = [(n.code, dict(n.data)) for n in take(work, path).notices]
    assert told == [("other_sheets", {"sheet": "Nord", "others": "Sud"})]
