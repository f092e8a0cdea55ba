"""Exports come in: what is new, changed, settled, unchanged, and what stays of the past."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.use_cases.accounts import data_as_of
from bot.use_cases.balances import aged
from bot.use_cases.refusals import FileRefused, MappingUncertain
from storage import imports, tables
from storage.balance import By
from storage.sync.reading import Kind
from tests.bot.use_cases.ledger import (
    BARE,
    ITEMS,
    TODAY,
    a_file,
    balanced,
    bare,
    everything,
    item,
    items,
    line,
    settlements,
    stated_on,
    take,
    total,
)
from tests.storage.inline import inline

IBM = Path(__file__).parents[2] / "data" / "ibm_receivables_history.csv"
YESTERDAY = TODAY - timedelta(days=1)


def test_a_history_gives_the_balance_of_any_past_day_to_the_cent(database_url: str) -> None:
    with inline(database_url) as work:
        report = take(work, IBM)
        assert (report.kind, report.new, report.rejected) == ("history", 2586, 0)
        for day in (date(2012, 3, 31), date(2013, 6, 30), date(2013, 12, 31)):
            mine = {row.code: row for row in aged(work, day)}
            theirs = open_invoices(day)
            assert {code: row.total.minor for code, row in mine.items()} == {
                code: sum(one[0] for one in found) for code, found in theirs.items()
            }
            late = {code: sum(m for m, due in f if due < day) for code, f in theirs.items()}
            assert {code: row.overdue.minor for code, row in mine.items()} == late
        balanced(work)


def open_invoices(day: date) -> dict[str, list[tuple[int, date]]]:
    """Read the file with nothing of ours: open invoices of a day per customer."""
    found: dict[str, list[tuple[int, date]]] = {}
    with IBM.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            issued, due, settled = (
                datetime.strptime(f"{row[name]} +0000", "%m/%d/%Y %z").date()
                for name in ("InvoiceDate", "DueDate", "SettledDate")
            )
            if issued <= day < settled:
                units, _, cents = row["InvoiceAmount"].partition(".")
                minor = int(units) * 100 + int(cents.ljust(2, "0") or 0)
                found.setdefault(row["customerID"], []).append((minor, due))
    return found


def test_a_history_read_again_changes_nothing(database_url: str) -> None:
    with inline(database_url) as work:
        take(work, IBM)
        before = everything(work)
        again = take(work, IBM)
        assert (again.new, again.changed, again.unchanged) == (0, 0, 2586)
        after = everything(work)
        for name in ("customer", "item", "payment", "settlement"):
            assert after[name] == before[name]


def test_the_same_export_twice_changes_nothing(database_url: str, tmp_path: Path) -> None:
    path = a_file(tmp_path, ITEMS, line("F1", "100,00"), line("F2", "50,00", customer="C2"))
    with inline(database_url) as work:
        first = take(work, path)
        assert (first.new, first.totals, len(first.touched)) == (2, {"EUR": 15000}, 2)
        before = everything(work)
        again = take(work, path)
        assert (again.new, again.changed, again.settled, again.unchanged) == (0, 0, 0, 2)
        assert everything(work) == before


def test_the_last_export_come_again_another_day_only_makes_the_book_fresh(
    database_url: str, tmp_path: Path
) -> None:
    path = a_file(tmp_path, ITEMS, line("F1", "100,00"), line("F2", "50,00", customer="C2"))
    with inline(database_url) as work:
        take(work, path)
        before = everything(work)
        again = take(work, path, on=TODAY + timedelta(days=3))
        assert (again.new, again.changed, again.settled, again.unchanged) == (0, 0, 0, 2)
        after = everything(work)
        for name in ("customer", "payment", "settlement"):
            assert after[name] == before[name]
        assert item(work, "F1#1").open_minor == 10_000
        assert stated_on(work, "F1#1") == TODAY + timedelta(days=3)


def test_an_export_with_other_bytes_and_the_same_items_is_unchanged(
    database_url: str, tmp_path: Path
) -> None:
    lines = [line("F1", "100,00"), line("F2", "50,00")]
    with inline(database_url) as work:
        take(work, a_file(tmp_path, ITEMS, *lines), on=YESTERDAY)
        report = take(work, a_file(tmp_path, ITEMS, *reversed(lines)))
        assert (report.new, report.changed, report.unchanged) == (0, 0, 2)
        assert stated_on(work, "F1#1") == TODAY


def test_what_vanishes_from_a_whole_export_is_settled(database_url: str, tmp_path: Path) -> None:
    with inline(database_url) as work:
        take(
            work,
            a_file(tmp_path, ITEMS, line("F1", "100"), line("F2", "50"), line("F3", "7")),
            on=YESTERDAY,
        )
        report = take(work, a_file(tmp_path, ITEMS, line("F2", "50"), line("F3", "7")))
        assert (report.settled, report.unchanged, report.notices) == (1, 2, ())
        assert settlements(work, "F1#1") == [(TODAY, 10000, False)]
        assert item(work, "F1#1").settled_on == TODAY
        assert total(work) == {("C1", "EUR"): "57.00"}
        assert total(work, YESTERDAY) == {("C1", "EUR"): "157.00"}


def test_a_partial_export_leaves_the_others_alone(database_url: str, tmp_path: Path) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, ITEMS, line("F1", "100"), line("F2", "50")), on=YESTERDAY)
        report = take(work, a_file(tmp_path, ITEMS, line("F3", "7")), partial=True)
        assert (report.new, report.settled) == (1, 0)
        assert total(work) == {("C1", "EUR"): "157.00"}


def test_a_report_says_when_more_than_half_vanishes(sqlite_url: str, tmp_path: Path) -> None:
    with inline(sqlite_url) as work:
        take(work, a_file(tmp_path, ITEMS, *(line(f"F{n}", "10") for n in range(5))), on=YESTERDAY)
        report = take(work, a_file(tmp_path, ITEMS, line("F0", "10"), line("F9", "1")))
        assert [(n.code, dict(n.data)) for n in report.notices] == [
            ("many_vanished", {"vanished": 4, "open": 5})
        ]


def test_a_partial_payment_is_dated_by_the_file_and_the_past_stays(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, ITEMS, line("F1", "80", total="100")), on=YESTERDAY)
        assert settlements(work, "F1#1") == [(None, 2000, False)]
        report = take(work, a_file(tmp_path, ITEMS, line("F1", "30", total="100")))
        assert (report.changed, report.settled) == (1, 0)
        balanced(work)
        assert total(work, YESTERDAY) == {("C1", "EUR"): "80.00"}
        assert total(work) == {("C1", "EUR"): "30.00"}


def test_a_settled_item_that_comes_back_is_open_again(database_url: str, tmp_path: Path) -> None:
    with inline(database_url) as work:
        both = [line("F1", "100"), line("F2", "50")]
        take(work, a_file(tmp_path, ITEMS, *both), on=TODAY - timedelta(days=2))
        take(work, a_file(tmp_path, ITEMS, both[1]), on=YESTERDAY)
        report = take(work, a_file(tmp_path, ITEMS, *reversed(both)))
        assert (report.new, report.changed, report.unchanged) == (0, 1, 1)
        assert items(work) == {"F1#1": 10000, "F2#1": 5000}
        assert settlements(work, "F1#1") == [(YESTERDAY, 10000, False), (TODAY, -10000, False)]
        assert item(work, "F1#1").settled_on is None
        assert total(work, YESTERDAY) == {("C1", "EUR"): "50.00"}


def test_a_number_used_again_for_another_invoice_is_another_item(
    sqlite_url: str, tmp_path: Path
) -> None:
    with inline(sqlite_url) as work:
        take(
            work,
            a_file(tmp_path, ITEMS, line("1", "100", issued="01/01/2026", due="01/02/2026")),
            on=date(2026, 2, 3),
        )
        take(work, a_file(tmp_path, ITEMS, line("9", "5")), on=date(2026, 10, 1))
        take(work, a_file(tmp_path, ITEMS, line("9", "5"), line("1", "40")))
        assert items(work) == {"1#1": 0, "1#2": 4000, "9#1": 500}


def test_instalments_are_items_of_their_own(database_url: str, tmp_path: Path) -> None:
    months = ["01/10/2026", "01/11/2026", "01/12/2026"]
    with inline(database_url) as work:
        take(
            work,
            a_file(tmp_path, ITEMS, *(line("F1", "100", due=due) for due in months)),
            on=YESTERDAY,
        )
        [row] = aged(work, YESTERDAY)
        assert (row.not_due.as_text(), row.overdue.as_text()) == ("100.00", "200.00")
        report = take(
            work, a_file(tmp_path, ITEMS, *(line("F1", "100", due=due) for due in months[1:]))
        )
        assert (report.settled, report.unchanged, report.changed) == (1, 2, 0)
        assert item(work, "F1#1").settled_on == TODAY
        assert [item(work, f"F1#{n}").due_on.month for n in (1, 2, 3)] == [10, 11, 12]


def test_a_corrected_due_date_is_a_change_not_another_item(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, ITEMS, line("F1", "100")), on=YESTERDAY)
        report = take(work, a_file(tmp_path, ITEMS, line("F1", "100", due="31/12/2026")))
        assert (report.new, report.changed, report.settled) == (0, 1, 0)
        assert item(work, "F1#1").due_on == date(2026, 12, 31)
        assert settlements(work, "F1#1") == []


def test_items_without_a_number_keep_their_identity(database_url: str, tmp_path: Path) -> None:
    twice = [line("", "100"), line("", "100"), line("", "50")]
    with inline(database_url) as work:
        take(work, a_file(tmp_path, ITEMS, *twice), on=TODAY - timedelta(days=2))
        report = take(work, a_file(tmp_path, ITEMS, *twice[1:]), on=YESTERDAY)
        assert (report.new, report.settled, report.unchanged) == (0, 1, 2)
        report = take(work, a_file(tmp_path, ITEMS, *reversed(twice)))
        assert (report.new, report.changed) == (0, 1)
        assert total(work) == {("C1", "EUR"): "250.00"}


def test_currencies_are_never_added(database_url: str, tmp_path: Path) -> None:
    lines = [line("F1", "100"), line("F2", "70", currency="USD"), line("F3", "900", currency="JPY")]
    with inline(database_url) as work:
        report = take(work, a_file(tmp_path, ITEMS, *lines))
        assert report.as_json()["totals"] == {"EUR": "100.00", "JPY": "900", "USD": "70.00"}
        [eur, jpy, usd] = aged(work, TODAY, By.COMPANY)
        assert [one.total.as_text() for one in (eur, jpy, usd)] == ["100.00", "900", "70.00"]
        assert eur.as_json()["buckets"]["31-60"] == "100.00"
        assert "customer" not in eur.as_json()


def test_credits_and_items_without_a_due_date_have_their_own_place(
    database_url: str, tmp_path: Path
) -> None:
    lines = [line("F1", "100"), line("AV1", "-30,50"), line("F2", "7", due=""), line("F3", "0")]
    with inline(database_url) as work:
        take(work, a_file(tmp_path, ITEMS, *lines))
        [row] = aged(work, TODAY)
        places = (row.credits.as_text(), row.no_due_date.as_text(), row.overdue.as_text())
        assert places == ("-30.50", "7.00", "100.00")
        assert row.total.as_text() == "76.50"


def test_balances_by_rep_name_the_rep(database_url: str, tmp_path: Path) -> None:
    lines = [line("F1", "100"), line("F2", "5", customer="C2", rep="R2"), line("F3", "1", rep="R1")]
    with inline(database_url) as work:
        take(work, a_file(tmp_path, ITEMS, *lines))
        rows = [row.as_json() for row in aged(work, TODAY, By.REP)]
        assert [(row["rep"], row["total"]) for row in rows] == [("R1", "101.00"), ("R2", "5.00")]


def test_an_older_file_does_not_overwrite_newer_data(database_url: str, tmp_path: Path) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, ITEMS, line("F1", "40", total="100"), line("F3", "9")))
        fresh = data_as_of(work)
        older = a_file(tmp_path, ITEMS, line("F1", "100"), line("F2", "60"))
        report = take(work, older, as_of=YESTERDAY)
        assert [n.code for n in report.notices] == ["older_lines"]
        assert items(work) == {"F1#1": 4000, "F3#1": 900, "F2#1": 0}
        assert settlements(work, "F2#1") == [(TODAY, 6000, False)]
        assert total(work) == {("C1", "EUR"): "49.00"}
        assert data_as_of(work) == fresh


def test_a_dry_run_reports_the_same_and_writes_nothing(database_url: str, tmp_path: Path) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, ITEMS, line("F1", "100"), line("F2", "50")), on=YESTERDAY)
    path = a_file(tmp_path, ITEMS, line("F1", "30"), line("F3", "20", customer="C3"))
    notes: list[object] = []
    with inline(database_url, notes) as work:
        before = everything(work)
        dry = take(work, path, dry_run=True)
        assert everything(work) == before
    assert not notes
    with inline(database_url) as work:
        real = take(work, path)
        assert dry.dry_run
        assert {**dry.as_json(), "dry_run": False} == real.as_json()
        assert (real.new, real.changed, real.settled) == (1, 1, 1)


def test_a_file_that_contradicts_its_own_total_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    path = a_file(tmp_path, ITEMS, line("F1", "10"), line("F2", "5"), "Total général;;;;;;16;;")
    with inline(sqlite_url) as work:
        with pytest.raises(FileRefused) as refused:
            take(work, path)
        assert refused.value.code == "total_mismatch"
        assert (refused.value.data["expected_minor"], refused.value.data["found_minor"]) == (
            1600,
            1500,
        )
        assert items(work) == {}


def test_a_file_without_a_readable_line_settles_nothing(sqlite_url: str, tmp_path: Path) -> None:
    with inline(sqlite_url) as work:
        take(work, a_file(tmp_path, ITEMS, line("F1", "10")), on=YESTERDAY)
        with pytest.raises(FileRefused) as refused:
            take(work, a_file(tmp_path, ITEMS, line("F2", "dix", total="10")))
        assert refused.value.code == "no_rows"
        assert items(work) == {"F1#1": 1000}


def test_a_file_of_tomorrow_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    path = a_file(tmp_path, ITEMS, line("F1", "10"))
    with inline(sqlite_url) as work, pytest.raises(FileRefused) as refused:
        take(work, path, as_of=TODAY + timedelta(days=1))
    assert refused.value.code == "as_of_in_future"


def test_a_mapping_once_confirmed_is_remembered(sqlite_url: str, tmp_path: Path) -> None:
    header = "Zone A;Zone B;Facture;Date facture;Échéance;Zone C"
    one = a_file(tmp_path, header, "C1;Un;F1;01/09/2026;01/10/2026;100,00")
    two = a_file(tmp_path, header, "C1;Un;F1;01/09/2026;01/10/2026;70,00")
    with inline(sqlite_url) as work:
        with pytest.raises(MappingUncertain):
            take(work, one, on=YESTERDAY)
        answers = {"customer_code": "Zone A", "customer_name": "Zone B", "amount_open": "Zone C"}
        take(work, one, on=YESTERDAY, kind=Kind.RECEIVABLES, overrides=answers)
        assert take(work, two).changed == 1
        assert items(work) == {"F1#1": 7000}


def test_the_freshness_of_the_book_is_that_of_its_receivables(
    sqlite_url: str, tmp_path: Path
) -> None:
    with inline(sqlite_url) as work:
        take(work, IBM)
        assert data_as_of(work) is None
        take(work, a_file(tmp_path, ITEMS, line("F1", "10")), as_of=YESTERDAY)
        end = data_as_of(work)
        assert end is not None
        assert end.isoformat() == "2026-11-19T22:59:59+00:00"
        take(work, a_file(tmp_path, ITEMS, line("F1", "9")), hour=10)
        now = data_as_of(work)
        assert now is not None
        assert now.isoformat() == "2026-11-20T09:00:00+00:00"


def test_an_import_leaves_its_trace(sqlite_url: str, tmp_path: Path) -> None:
    with inline(sqlite_url) as work:
        path = a_file(tmp_path, BARE, bare("F1", "10"))
        take(work, path)
        [run] = imports.latest(work)
        assert (run.file, run.new, run.channel, run.report["totals"]) == (
            path.name,
            1,
            "cli",
            {"EUR": "10.00"},
        )
        kinds = work.scalars(select(tables.event.c.kind))
        assert "import.done" in kinds
