"""What `relance import` says of a file with faults: what, where, and what to do about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands import import_
from storage.sync.reading import read_bytes
from tests.bot.use_cases.ledger import ITEMS, PEOPLE, a_file, line
from tests.bot.use_cases.test_import_verbs import installed as _installed
from tests.bot.use_cases.test_import_verbs import said

installed = _installed


def told(capsys: pytest.CaptureFixture[str]) -> str:
    out = capsys.readouterr()
    return (out.out + out.err).replace("\N{NO-BREAK SPACE}", " ")


def test_a_file_of_which_no_line_can_be_read_names_its_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = [line(f"F{n}", "9", customer="") for n in range(2)]
    path = a_file(tmp_path, ITEMS, line("F9", "10", due="15/10/2206"), *nobody)
    assert said(import_, path) == 1
    words = told(capsys)
    assert "aucune de ses lignes n’est lisible" in words
    assert f"{path.name}:2 : colonne Échéance « 15/10/2206 » : ce n’est pas une date" in words
    assert f"{path.name}:3 : colonne Code client : pas de client" in words


def test_what_was_dropped_of_lines_that_were_taken_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    header = PEOPLE.replace("Commercial", "SIREN")
    lines = [f"C{n};Client {n};12345678{n};1000;;" for n in (1, 3, 4)]
    path = a_file(tmp_path, header, *lines)
    monkeypatch.setattr(import_, "SHOWN", 2)
    assert said(import_, path) == 0
    words = told(capsys)
    assert "Lignes prises en compte, mais une cellule a été ignorée ou modifiée :" in words
    assert f"{path.name}:2 : colonne SIREN « 123456781 » : ce n’est pas un numéro SIREN" in words
    assert f"{path.name}:4" not in words
    assert "… et 1 autre ligne" in words


def test_a_kind_that_there_is_not_imports_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_file(tmp_path, ITEMS, line("F1", "10"))
    assert said(import_, path, "--map", "kind=creances") == 1
    words = told(capsys)
    assert "Que contiennent les lignes de ce fichier ?" in words
    assert "--map kind=receivables" in words
    assert said(import_, path, "--map", "kind=receivables") == 0


def test_a_cell_too_long_is_not_laid_on_the_first_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = line("F1", "10").replace("Client C1", "x" * 300_000)
    path = a_file(tmp_path, ITEMS, long, line("F2", "10"))
    assert said(import_, path) == 0
    assert f"{path.name}:2 : une cellule trop longue" in told(capsys)


def test_a_workbook_with_a_password_is_said_to_have_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    envelope = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1500)
    path = tmp_path / "echeancier.xlsx"
    path.write_bytes(envelope + "EncryptedPackage".encode("utf-16-le") + bytes(500))
    assert said(import_, path) == 1
    assert "protégé par un mot de passe : ouvrez-le, enregistrez-le sans" in told(capsys)
    broken = read_bytes("echeancier.xlsx", envelope)
    assert broken.refused is not None
    assert broken.refused.value == "unreadable"


def test_a_total_that_is_not_right_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    total = "Total général;;;;;;25,00;;"
    path = a_file(tmp_path, ITEMS, line("F1", "10"), line("F2", "10"), total)
    assert said(import_, path) == 1
    words = told(capsys)
    assert "la ligne 4 annonce 25,00 € dans « Reste dû », ses lignes font 20,00 €" in words
    assert "Refaites l’export, ou corrigez les lignes ou ce total." in words


def test_columns_of_a_file_that_is_no_ledger_s_are_named_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_file(tmp_path, ITEMS, line("F1", "10"))
    assert said(import_, path, "--kind", "orders") == 1
    words = told(capsys)
    assert "aucune colonne ne donne le numéro de commande, la date." in words
    assert "Dites laquelle : --map order=TITRE --map on=TITRE" in words


def test_the_likely_columns_of_a_running_balance_come_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = "Code client;Raison sociale;N° facture;Date;Échéance;Débit;Crédit;Solde"
    sums = [("120,00", "120,00"), ("80,00", "200,00"), ("50,00", "250,00"), ("30,00", "280,00")]
    lines = [
        f"C1;Alpha;F{n};15/09/2026;15/10/2026;{debit};;{balance}"
        for n, (debit, balance) in enumerate(sums)
    ]
    assert said(import_, a_file(tmp_path, header, *lines)) == 1
    words = told(capsys)
    assert "Le solde se cumule de ligne en ligne" in words
    assert words.index("amount_open=Débit") < words.index("amount_open=Code client")
