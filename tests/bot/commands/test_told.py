"""What the verbs say to a person is in the reader's language: French by default, or English."""

from __future__ import annotations

import ast
import io
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.faults import explain, told
from storage.backup import BackupFault
from storage.migrate import UnknownRevisionError, current, head
from storage.sqlite_path import UnknownDatabaseError
from tests.bot.commands.telegram_here import forget_settings, relance
from tests.house import tree
from tests.storage.older import at_revision

COMMANDS = tree.ROOT / "bot" / "commands"
SAYS = {
    "say",
    "count",
    "dumps",
    "copy_fault",
}  # sentences of the catalogue, and values for machines
WORD = re.compile(r"[A-Za-z]{4,}|: ")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    forget_settings(monkeypatch)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").touch()
    (tmp_path / "people.csv").write_text("telegram_id;role;code;name\nx;rep;R1;Léa\n", "utf-8")


SAID = [
    (
        "init --yes",
        2,
        "relance init : il faut le jeton d’un bot ; @BotFather en donne un",
        "relance init: a bot token is needed; @BotFather gives one",
    ),
    (
        "init --yes --token 1:a --company ${a",
        2,
        "relance init : RELANCE_COMPANY : une seule ligne, sans ${",
        "relance init: RELANCE_COMPANY: one line, without ${",
    ),
    (
        "demo --folder full",
        1,
        "full n’est pas vide et n’est pas le dossier d’une démonstration",
        "full is not empty and not a demo's folder",
    ),
    ("run", 2, "relance run : pas de jeton de bot ;", "relance run: no bot token;"),
    ("check --offline", 0, "Dossier des données : data", "Data folder: data"),
    (
        "import x --map a",
        2,
        "relance import : --map demande champ=titre, non a",
        "relance import: --map takes field=header, not a",
    ),
    (
        "import absent.csv",
        1,
        "relance import : absent.csv : fichier ou dossier introuvable",
        "relance import: absent.csv: no such file or directory",
    ),
    ("sync", 0, "entrée  -\nsortie", "in   -\nout"),
    (
        "scan --as-of 3/4",
        2,
        "relance scan : une date s’écrit AAAA-MM-JJ, non « 3/4 »",
        "relance scan: a date is written YYYY-MM-DD, not “3/4”",
    ),
    (
        "scan --backtest 99m",
        2,
        "relance scan : --backtest demande 1m à 24m, non 99m",
        "relance scan: --backtest takes 1m to 24m, not 99m",
    ),
    ("scan", 0, "0 comptes sur 0 sont allumés.", "0 of 0 accounts are lit."),
    ("balance", 0, "Rien n’est ouvert à cette date.", "Nothing is open on that day."),
    ("balance --as-of x", 2, "relance balance : une date s’écrit", "relance balance: a date is"),
    ("calc dso", 2, "relance calc : ", "relance calc: "),
    (
        "digest --person 99",
        1,
        "relance digest : aucun inscrit n’a le numéro 99",
        "relance digest: nobody enrolled has the number 99",
    ),
    (
        "broadcast --text a --audience all",
        1,
        "Personne pour signer : il n’y a pas encore de credit manager",
        "Nobody signs: there is no credit manager yet",
    ),
    (
        "outbox --drop x 1 y",
        2,
        "relance outbox : un message a un numéro, ou est `all` : x y",
        "relance outbox: a message has a number, or is `all`: x y",
    ),
    ("outbox", 0, "En attente : 0", "Waiting: 0"),
    (
        "invite --role rep",
        2,
        "relance invite : un commercial demande --code REPCODE",
        "relance invite: a rep needs --code REPCODE",
    ),
    (
        "users import people.csv",
        1,
        "people.csv : 0 nouvelle",
        "people.csv: 0 new people, 0 changed",
    ),
    (
        "revoke 99",
        1,
        "relance revoke : personne n’a le numéro 99 ; voyez relance users",
        "relance revoke: nobody has the number 99; see relance users",
    ),
    ("scripts check", 0, "étapes : tout est cohérent", "steps: sound"),
    (
        "scripts graph nonsense",
        2,
        "relance scripts graph : pas de script « nonsense » ; il y a broadcast, call, ",
        "relance scripts graph: no script “nonsense”; there are broadcast, call, ",
    ),
    (
        "backup nowhere/copy",
        1,
        "relance backup : le dossier nowhere n’existe pas",
        "relance backup: there is no folder nowhere",
    ),
    (
        "backup copy",
        1,
        "relance backup : il n’y a pas encore de base de Relance à copier",
        "relance backup: there is no database of Relance to copy yet",
    ),
    (
        "restore people.csv",
        1,
        "relance restore : people.csv : ce n’est pas une sauvegarde de Relance (file is not a",
        "relance restore: people.csv: not a backup of Relance (file is not a database)",
    ),
    (
        "restore absent",
        1,
        "relance restore : absent : ce fichier n’existe pas",
        "relance restore: absent: there is no such file",
    ),
    (
        "restore people.csv --sha256 0",
        1,
        "relance restore : people.csv a un autre SHA-256",
        "relance restore: people.csv has another SHA-256",
    ),
    ("retention", 0, "Rien n’était à supprimer.", "Nothing was due."),
]


@pytest.mark.parametrize("locale", ["", "en"])
@pytest.mark.parametrize(
    ("words", "code", "french", "english"), SAID, ids=lambda one: str(one)[:30]
)
def test_every_verb_speaks_the_reader_s_language(
    words: str,
    code: int,
    french: str,
    english: str,
    locale: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RELANCE_LOCALE", locale)
    assert relance(*words.split()) == code
    said = capsys.readouterr()
    told = (said.out + said.err).replace("\N{NO-BREAK SPACE}", " ")
    assert (english if locale else french) in told
    assert (french if locale else english) not in told


def test_every_verb_is_in_the_table() -> None:
    from bot.commands import VERBS

    assert {words.split()[0] for words, *_ in SAID} == set(VERBS)


def test_what_is_wrong_with_a_script_is_told_in_french(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own").mkdir()
    step = "[steps.one]\nsay = { fr = 'Oui {jour}' }\nthen = 'two'\n"
    (tmp_path / "own" / "call.toml").write_text(f"id = 'cal'\nstart = 'one'\n{step}", "utf-8")
    monkeypatch.setenv("RELANCE_SCRIPTS_DIR", "own")
    assert relance("scripts", "check") == 1
    said = capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ").splitlines()
    assert "call.toml : id « cal » n’est pas le nom du fichier" in said
    assert "call.toml : title doit être une table" in said
    assert "call.toml, one : say : pas de traduction en" in said
    assert "call.toml, one : fait inconnu {jour} dans un texte" in said
    assert "call.toml, one : étape inconnue : « two »" in said
    assert relance("scan") == 1
    assert capsys.readouterr().err.count("call.toml\xa0: ") == 3
    monkeypatch.setenv("RELANCE_LOCALE", "en")
    assert relance("scripts", "check") == 1
    assert "call.toml, one: unknown step 'two'" in capsys.readouterr().err.splitlines()


def test_a_copy_and_its_way_back_are_told_in_french(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert relance("users") == 0
    assert relance("backup", "copy") == 0
    assert relance("restore", "copy") == 0
    said = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ").splitlines()
    assert re.fullmatch(r"copy : [\d\u202f]+ octets, vérifiés, schéma \d{4}", said[0])
    assert said[2] == said[5]
    assert said[2].startswith("clients 0, pièces 0, promesses 0, litiges 0, contacts 0, événements")
    before = tmp_path / "data" / "relance.db.before-restore-1"
    assert said[6:] == [f"base remise en place ; l’ancienne est {before}"]


def test_a_copy_of_an_older_schema_is_said_to_be_brought_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old.db").touch()
    at_revision(f"sqlite:///{tmp_path / 'old.db'}", "0012")
    assert relance("restore", "old.db") == 0
    said = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ").splitlines()
    assert said[0].endswith("schéma 0012")
    assert said[-1] == f"mise au niveau de cette version : schéma {head()}"
    assert current(f"sqlite:///{tmp_path / 'data' / 'relance.db'}") == head()


def test_the_cause_of_a_finding_is_told_in_french_and_kept_as_it_was_for_machines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "policy.toml").write_text("[levels]\n")
    monkeypatch.setenv("RELANCE_POLICY_FILE", "policy.toml")
    monkeypatch.setenv("RELANCE_STORE_URL", f"folder://{tmp_path}/people.csv/store")
    assert relance("check", "--offline") == 1
    said = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")
    assert "policy.toml : signals : attendu : une table ; trouvé : rien" in said
    assert "store n’est pas accessible en écriture (ce n’est pas un dossier)" in said
    assert relance("check", "--offline", "--json") == 1
    assert "policy.toml: signals: expected a table, found nothing" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (UnknownRevisionError("b2"), "relance : la base est d’une version plus récente (celle-ci"),
        (
            sqlite3.OperationalError("database or disk is full"),
            "relance : le disque de la base est plein : faites de la place",
        ),
        (UnknownDatabaseError("sqlite:///"), "relance : aucune base ne peut être ouverte à cette"),
        (BackupFault("in_use", owner="h/7"), "relance : la base sert à h/7 : arrêtez d’abord tous"),
        (BackupFault("cut_restore"), "relance : une sauvegarde est en cours de restauration, ou"),
        (PermissionError(13, "Permission denied", "/a"), "relance : /a : accès refusé"),
        (OSError(5, "Input/output error", "/a"), "relance : /a : input/output error"),
    ],
)
def test_an_expected_fault_is_told_in_french(error: Exception, said: str) -> None:
    assert (explain(error) or "").replace("\N{NO-BREAK SPACE}", " ").startswith(said)


def test_a_defect_is_not_told() -> None:
    assert told(KeyError("x")) is None


@pytest.mark.parametrize("path", sorted(COMMANDS.glob("*.py")), ids=lambda path: str(path.stem))
def test_no_sentence_is_printed_past_the_catalogue(path: Path) -> None:
    prints = (
        node
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"print", "complain"}
    )
    bare = {
        text
        for node in prints
        for argument in (node.args[1:] if node.func.id == "complain" else node.args)  # type: ignore[attr-defined]
        for text in texts(argument)
        if WORD.search(text)
    }
    assert not bare


def texts(node: ast.AST) -> Iterator[str]:
    """Yield the texts in an expression but those that go through the catalogue or into JSON."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in SAYS:
            return
    if isinstance(node, ast.Subscript):  # what is looked up is no word of a sentence
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from texts(child)


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [
        ("fr", "donnez à cet utilisateur le droit d’écrire son fichier et son dossier"),
        ("en", "give this user the right to write its file and its folder"),
    ],
)
@pytest.mark.parametrize(
    "why", ["unable to open database file", "attempt to write a readonly database"]
)
def test_a_database_that_may_not_be_written_says_whose_rights_are_wanted(
    monkeypatch: pytest.MonkeyPatch, locale: str, sentence: str, why: str
) -> None:
    monkeypatch.setenv("RELANCE_LOCALE", locale)
    assert sentence in str(explain(sqlite3.OperationalError(why)))
    assert sentence not in str(explain(sqlite3.OperationalError("database is locked")))
