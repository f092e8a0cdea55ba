"""`relance import --kind` for files that are no ledger, when their titles do not tell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.commands import import_
from storage.sync.reading.outside import kinds
from tests.bot.use_cases.ledger import a_file
from tests.bot.use_cases.test_import_verbs import installed, said

__all__ = ["installed"]  # a fixture that every test here runs in

pytestmark = pytest.mark.usefixtures("book")

CUSTOMERS = "Code client;Raison sociale;SIREN"
OURS = "552100554"


@pytest.fixture
def book(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(import_, a_file(tmp_path, CUSTOMERS, f"C1;DUPONT;{OURS}"))
    capsys.readouterr()


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    [answer] = json.loads(capsys.readouterr().out)["files"]
    assert isinstance(answer, dict)
    return answer


def test_every_kind_that_can_be_read_can_be_told() -> None:
    assert set(import_.OUTSIDE) == set(kinds())


def test_orders_with_a_due_date_are_orders_when_somebody_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = "Code client;N° commande;Date commande;Montant TTC;Échéance"
    file = a_file(tmp_path, header, "C1;B1;02/11/2026;1 000,00;02/12/2026")
    assert said(import_, file, "--kind", "orders", "--json") == 0
    answer = told(capsys)
    assert (answer["kind"], answer["new"], answer["rejected"]) == ("orders", 1, 0)


def test_a_title_that_nobody_knows_is_named_and_the_file_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = a_file(tmp_path, "Nos assurés au 02/11", "SIREN;Avis;Plafond", f"{OURS};Refusée;0")
    assert said(import_, file, "--kind", "cover") == 1
    words = capsys.readouterr().err
    for one in ("decision", "SIREN, Avis, Plafond", "--map decision=TITRE"):
        assert one in words
    wish = ("--kind", "cover", "--map", "decision=Avis", "--map", "amount=Plafond")
    assert said(import_, file, *wish, "--json") == 0
    answer = told(capsys)
    assert (answer["kind"], answer["new"], answer["rejected"]) == ("cover", 1, 0)


def test_a_file_that_is_not_what_is_said_is_refused_with_what_it_lacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = a_file(tmp_path, CUSTOMERS, f"C1;DUPONT;{OURS}")
    assert said(import_, file, "--kind", "notices", "--json") == 1
    answer = told(capsys)
    assert answer["error"] == "columns_missing"
    assert answer["missing"] == ["familleavis", "dateparution", "registre"]
    assert answer["headers"] == ["Code client", "Raison sociale", "SIREN"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("bodacc.json", b"[]", "empty"),
        ("bodacc.json", b'{"id": ', "unreadable"),
        ("bodacc.csv", b"", "empty"),
        ("bodacc.xlsx", b"PK\x03\x04 not a workbook", "unreadable"),
    ],
)
def test_what_cannot_be_read_at_all_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, code: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert said(import_, file, "--kind", "notices", "--json") == 1
    assert told(capsys)["error"] == code
