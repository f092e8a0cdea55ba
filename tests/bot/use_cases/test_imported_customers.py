"""Customers come in: from their own file, from what they owe, whatever their names."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.use_cases.balances import aged
from storage import tables
from storage.balance import By
from tests.bot.use_cases.ledger import ITEMS, PEOPLE, TODAY, a_file, line, take
from tests.storage.inline import inline

YESTERDAY = TODAY - timedelta(days=1)


def test_customers_take_their_rep_and_contacts_from_their_own_file(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, ITEMS, line("F1", "100", rep="R9")), on=YESTERDAY)
        people = a_file(
            tmp_path,
            PEOPLE,
            "C1;Établissements Né;R1;5000;Mme Roux;0102030405",
            "C2;Autre;R2;;;",
            "C1;Établissements Né;R1;5000;M. Bel;0607080910",
        )
        report = take(work, people)
        assert (report.kind, report.new, report.changed, report.unchanged) == ("customers", 1, 1, 1)
        take(work, a_file(tmp_path, ITEMS, line("F1", "90", rep="R9")))
        row = work.first(select(tables.customer).where(tables.customer.c.code == "C1"))
        assert row is not None
        assert (row.name, row.rep_code, row.credit_limit_minor) == (
            "Établissements Né",
            "R1",
            500000,
        )
        assert row.search == "c1 etablissements ne"
        names = work.scalars(select(tables.customer_contact.c.name))
        assert sorted(names) == ["M. Bel", "Mme Roux"]
        again = take(work, people, hour=11)
        assert (again.new, again.changed, again.unchanged) == (0, 0, 3)


def test_a_limit_of_zero_is_not_taken_for_none(database_url: str, tmp_path: Path) -> None:
    limit = tables.customer.c.credit_limit_minor
    codes = select(tables.customer.c.code)
    with inline(database_url) as work:
        take(work, a_file(tmp_path, PEOPLE, "C1;Un;R1;0;;", "C2;Deux;R2;0;;"), on=YESTERDAY)
        take(work, a_file(tmp_path, PEOPLE, "C3;Trois;R1;0;;", "C4;Quatre;R2;;;"))
        assert sorted(work.scalars(codes.where(limit == 0))) == ["C1", "C2", "C3"]
        assert work.scalars(codes.where(limit.is_(None))) == ["C4"]


def test_an_assignment_outlives_every_import(sqlite_url: str, tmp_path: Path) -> None:
    with inline(sqlite_url) as work:
        take(work, a_file(tmp_path, ITEMS, line("F1", "100", rep="")), on=YESTERDAY)
        work.execute(tables.customer_row.update().values(assigned_code="R7"))
        take(work, a_file(tmp_path, ITEMS, line("F1", "100", rep="R1")))
        assert aged(work, TODAY, By.REP)[0].code == "R7"


def test_hostile_names_are_kept_as_text(database_url: str, tmp_path: Path) -> None:
    name = "=HYPERLINK(<b>A & B</b>)" + "é" * 400
    path = a_file(tmp_path, ITEMS, f"C1;{name};F1;01/09/2026;01/10/2026;10;10;EUR;R1")
    with inline(database_url) as work:
        assert take(work, path).new == 1
        row = work.first(select(tables.customer))
        assert row is not None
        assert row.name.startswith("=HYPERLINK(<b>A & B</b>)é")
        assert len(row.name) == 300


def test_a_code_too_long_to_keep_is_rejected_with_its_line(
    database_url: str, tmp_path: Path
) -> None:
    path = a_file(tmp_path, ITEMS, line("F1", "10", customer="X" * 62), line("F2", "5"))
    with inline(database_url) as work:
        report = take(work, path)
        assert (report.new, report.rejected) == (1, 1)
        assert (report.rejections[0].line, report.rejections[0].reason) == (2, "code_too_long")
