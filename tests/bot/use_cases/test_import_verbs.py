"""`relance import` and `relance balance`, as scripts and people call them."""

from __future__ import annotations

import argparse
import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.commands import balance, import_
from tests.bot.use_cases.ledger import BARE, ITEMS, PAID, TODAY, a_file, bare, line, signed
from tests.bot.use_cases.test_imports import IBM, open_invoices


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELANCE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("RELANCE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("RELANCE_LOCALE", "fr")
    ahead = signed(TODAY).at.at - datetime.now(UTC)  # the company's today is the ledger's
    monkeypatch.setenv("RELANCE_CLOCK_OFFSET", str(ahead.total_seconds()))


def said(verb: Any, *words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    verb.add_arguments(parser)
    return int(verb.run(parser.parse_args([str(word) for word in words])))


def test_the_balance_of_a_past_day_is_the_history_s(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(import_, IBM, "--json") == 0
    [report] = json.loads(capsys.readouterr().out)["files"]
    with IBM.open(encoding="utf-8") as file:
        assert report["new"] == sum(1 for _ in csv.DictReader(file))
    assert said(balance, "--as-of", "2013-06-30", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    theirs = open_invoices(date(2013, 6, 30))
    assert {row["customer"]: row["total"] for row in rows} == {
        code: f"{sum(minor for minor, _ in found) / 100:.2f}" for code, found in theirs.items()
    }
    assert set(rows[0]) == {
        *("customer", "name", "currency", "not_due", "buckets"),
        *("credits", "no_due_date", "overdue", "total"),
    }
    assert list(rows[0]["buckets"]) == ["1-30", "31-60", "61-90", "91-120", "121+"]


def test_payments_wait_for_what_they_pay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paid = a_file(tmp_path, PAID, "C1;02/10/2026;40;EUR;F1;")
    items = a_file(tmp_path, BARE, bare("F1", "100"))
    assert said(import_, paid, items, "--json", "--as-of", "2026-10-01") == 0
    kinds = [one["kind"] for one in json.loads(capsys.readouterr().out)["files"]]
    assert kinds == ["receivables", "payments"]
    assert said(balance, "--by", "company", "--json") == 0
    [row] = json.loads(capsys.readouterr().out)
    assert row["total"] == "60.00"


def test_options_may_stand_between_the_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (a_file(tmp_path, BARE, bare(n, "100")) for n in ("F1", "F2"))
    words = ["import", str(first), "--as-of", "2026-10-01", str(second), "--json", "--partial"]
    assert main(words) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert [one["file"] for one in files] == [first.name, second.name]
    assert {one["as_of"] for one in files} == {"2026-10-01"}


def test_an_import_without_a_file_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["import", "--as-of", "2026-10-01"])
    assert left.value.code == 2
    assert "PATH" in capsys.readouterr().err


def test_the_report_and_the_rejected_lines_are_in_the_reader_s_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_file(tmp_path, ITEMS, line("F1", "100"), line("F2", "dix", total="10"))
    assert said(import_, path, "--dry-run") == 0
    out, err = capsys.readouterr()
    assert "nouvelles\u00a0: 1" in out
    assert "rien n’a été enregistré" in out
    assert f"{path.name}:3\u00a0: colonne Reste dû" in err
    assert "ce n’est pas un montant" in err
    monkeypatch.setenv("RELANCE_LOCALE", "en")
    assert said(import_, path) == 0
    out, err = capsys.readouterr()
    assert "new: 1" in out
    assert f"{path.name}:3: column Reste dû “dix”: not an amount" in err


def test_an_uncertain_mapping_shows_samples_and_how_to_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = "Zone A;Zone B;Facture;Date facture;Échéance;Zone C"
    path = a_file(tmp_path, header, *(f"C1;Un;F{n};01/09/2026;01/10/2026;1" for n in range(9)))
    assert said(import_, path) == 1
    err = capsys.readouterr().err
    assert err.count("01/09/2026") == 5
    assert "--map " in err
    assert said(import_, path, "--json") == 1
    [one] = json.loads(capsys.readouterr().out)["files"]
    assert one["error"] == "mapping_uncertain"
    assert one["questions"]
    answers = ["--map", "customer_code=Zone A", "--map", "amount_open=Zone C"]
    assert said(import_, path, "--kind", "receivables", *answers) == 0


def test_refusals_say_why_and_end_in_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = a_file(tmp_path, ITEMS, line("F1", "10"), line("F2", "5"), "Total général;;;;;;16;;")
    assert said(import_, wrong) == 1
    assert "la ligne 4 annonce 16,00" in capsys.readouterr().err
    assert said(import_, tmp_path / "nowhere.csv") == 1
    assert said(import_, wrong, "--as-of", "2099-01-01", "--json") == 1
    [one] = json.loads(capsys.readouterr().out)["files"]
    assert one["error"] == "as_of_in_future"


@pytest.mark.parametrize("words", [("--as-of", "hier"), ("--map", "due_date")])
def test_wrong_use_ends_in_two(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(import_, a_file(tmp_path, ITEMS, line("F1", "10")), *words) == 2
    assert capsys.readouterr().err
    if words[0] == "--as-of":
        assert said(balance, *words) == 2


def test_the_table_adds_up_per_currency(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        line("F1", "1234,50"),
        line("F2", "900", currency="JPY", customer="C2"),
        line("F3", "1", customer="C2"),
    ]
    assert said(balance) == 0
    assert "Rien n’est ouvert" in capsys.readouterr().out
    assert said(import_, a_file(tmp_path, ITEMS, *lines), "--partial") == 0
    capsys.readouterr()
    assert said(balance, "--by", "rep") == 0
    assert said(balance) == 0
    rows = capsys.readouterr().out.splitlines()
    sums = [row.split(" ")[-1] for row in rows if row.startswith("Total")]
    assert sums == ["1\u202f235,50", "900"]
    assert len({len(row) for row in rows[-5:]}) == 1
