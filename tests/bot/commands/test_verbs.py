"""Invitations, people, backups and the bot itself from the command line, with their exit codes."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from telegram.error import InvalidToken, NetworkError

from bot.application import build_rules, load_settings
from bot.cli import main
from bot.commands.faults import explain
from bot.scripts.library import BrokenScripts, load, sources
from bot.use_cases import access
from config.settings import Settings
from credit.people import Role
from storage import backup, facts, migrate, people
from storage.database import connect
from tests.bot.commands.telegram_here import forget_settings, relance
from tests.day.company import MORNING, signed
from tests.storage.inline import inline


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    forget_settings(monkeypatch)
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers  # `relance run` writes to a standard error that is closed by now
    root.setLevel(level)


def an_invited_person(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert relance("invite", *words, "--json") == 0
    offer: dict[str, Any] = json.loads(capsys.readouterr().out)
    with inline(Settings().database) as work:
        access.enrol(
            work,
            signed(),
            telegram_id=7,
            payload=offer["payload"],
            name="Léa",
            locale="fr",
        )
    return offer


def test_an_invitation_is_a_link_and_its_payload(capsys: pytest.CaptureFixture[str]) -> None:
    assert relance("invite", "--role", "sales-manager", "--name", "Magali") == 0
    link, payload = capsys.readouterr().out.splitlines()
    assert link.endswith(f"?start={payload}")
    assert len(payload) >= 20
    assert set(payload) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


def test_a_rep_needs_a_portfolio(capsys: pytest.CaptureFixture[str]) -> None:
    assert relance("invite", "--role", "rep") == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "--code" in said.err


def test_it_is_said_who_has_the_portfolio_already(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = an_invited_person(capsys, "--role", "rep", "--code", "R1", "--name", "Léa\x1b[31m P.")
    assert offer["held_by"] == {}
    assert relance("invite", "--role", "rep", "--code", "R1,R2") == 0
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 2  # the link and its payload, for a script to read
    assert "R1 est déjà suivi par Léa" in told.err
    assert "R2 est déjà suivi" not in told.err
    assert "\x1b" not in told.err  # what a name holds must not steer the terminal
    monkeypatch.setenv("RELANCE_LOCALE", "en")
    assert relance("invite", "--role", "rep", "--code", "R1") == 0
    assert "R1 is looked after by Léa" in capsys.readouterr().err
    assert relance("invite", "--role", "rep", "--code", "R2") == 0
    assert "R2 is looked after by Léa" not in capsys.readouterr().err
    assert relance("invite", "--role", "sales-manager", "--code", "R1") == 0
    assert not capsys.readouterr().err


def test_people_are_listed_and_their_access_closed(capsys: pytest.CaptureFixture[str]) -> None:
    an_invited_person(capsys, "--role", "rep", "--code", "R2,R1", "--name", "Léa P.")
    assert relance("users", "--json") == 0
    [one] = json.loads(capsys.readouterr().out)
    assert (one["name"], one["role"], one["codes"], one["active"]) == (
        "Léa P.",
        "rep",
        ["R1", "R2"],
        True,
    )
    assert relance("revoke", str(one["id"])) == 0
    assert capsys.readouterr().out == f"{one['id']}  Léa P.\xa0: accès fermé\n"
    assert relance("users") == 0
    assert "(accès fermé)" in capsys.readouterr().out
    assert relance("revoke", "99") == 1
    assert "relance users" in capsys.readouterr().err


def test_a_payload_is_kept_only_hashed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    offer = an_invited_person(capsys, "--role", "admin")
    held = b"".join(file.read_bytes() for file in (tmp_path / "data").iterdir() if file.is_file())
    assert offer["payload"].encode() not in held


def test_a_backup_and_its_way_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    an_invited_person(capsys, "--role", "admin")
    copy = tmp_path / "copy.db"
    assert relance("backup", str(copy), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["bytes"] == copy.stat().st_size
    assert told["sha256"] == hashlib.sha256(copy.read_bytes()).hexdigest()
    assert told["rows"]["person"] == 1
    assert relance("backup", str(copy)) == 1
    assert "existe déjà" in capsys.readouterr().err
    with inline(Settings().database) as work:
        assert backup.last(work) is not None
        facts.put(work, "word", "later")
    assert relance("restore", str(copy), "--sha256", "0" * 64) == 1
    assert relance("restore", str(copy), "--sha256", told["sha256"]) == 0
    said = capsys.readouterr().out
    assert "before-restore-1" in said
    assert told["sha256"] in said
    with inline(Settings().database) as work:
        assert facts.get(work, "word") is None
        assert people.by_telegram(work, 7) is not None


def test_a_copy_that_cannot_be_noted_is_whole_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    an_invited_person(capsys, "--role", "admin")

    def refuse(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(backup, "note", refuse)
    assert relance("backup", str(tmp_path / "copy.db")) == 0
    said = capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("relance backup : la copie est entière, mais n’a pas pu être notée : le")
    assert (tmp_path / "copy.db").is_file()


def test_a_copy_of_an_older_release_s_database_leaves_its_schema_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    an_invited_person(capsys, "--role", "admin")
    url = Settings().database
    with inline(url) as work:
        work.execute(text("update alembic_version set version_num = '0001'"))
    assert relance("backup", str(tmp_path / "copy.db")) == 0
    assert migrate.current(url) == "0001"


def test_a_running_bot_s_database_is_not_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    an_invited_person(capsys, "--role", "admin")
    copy = tmp_path / "copy.db"
    assert relance("backup", str(copy)) == 0

    async def story() -> int:
        database = connect(Settings().database)
        await database.open()
        try:
            await database.transact(facts.put, "word", "later")
            return await asyncio.to_thread(main, ["restore", str(copy)])
        finally:
            await database.close()

    assert asyncio.run(story()) == 1
    assert "arrêtez d’abord le bot" in capsys.readouterr().err


def test_what_is_not_there_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert relance("backup", str(tmp_path / "copy.db")) == 1
    assert relance("restore", str(tmp_path / "none.db")) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_a_path_that_cannot_be_opened_is_named_without_an_error_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "nowhere"
    assert relance("import", str(nowhere)) == 1
    assert relance("import", str(tmp_path)) == 1
    assert relance("users", "import", str(nowhere)) == 1
    assert relance("users", "import", str(tmp_path)) == 1
    assert relance("backup", str(nowhere / "copy.db")) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"relance import\xa0: {nowhere}\xa0: fichier ou dossier introuvable",
        f"relance import\xa0: {tmp_path}\xa0: c’est un dossier",
        f"relance\xa0: {nowhere}\xa0: fichier ou dossier introuvable",
        f"relance\xa0: {tmp_path}\xa0: c’est un dossier",
        f"relance backup\xa0: le dossier {nowhere} n’existe pas",
    ]
    monkeypatch.setenv("RELANCE_POLICY_FILE", str(nowhere))
    assert relance("check") == 1
    assert f"{nowhere}\xa0: fichier ou dossier introuvable" in capsys.readouterr().out


def test_a_folder_of_reference_data_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RELANCE_REFERENCE_DIR", str(tmp_path / "nowhere"))
    assert relance("scan") == 1
    assert "RELANCE_REFERENCE_DIR" in capsys.readouterr().err
    assert relance("check") == 1
    assert "nowhere" in capsys.readouterr().out


def test_without_postgres_s_own_tools_the_command_to_run_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RELANCE_DATABASE_URL", "postgresql://ann:hunter2@127.0.0.1:9/none")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert relance("backup", str(tmp_path / "copy.dump")) == 1
    (tmp_path / "copy.dump").write_bytes(b"")
    assert relance("restore", str(tmp_path / "copy.dump")) == 1
    said = capsys.readouterr().err
    assert "pg_dump --format=custom" in said
    assert "pg_restore" in said
    assert "hunter2" not in said


def test_a_database_that_is_away_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RELANCE_DATABASE_URL", "postgresql://ann:hunter2@127.0.0.1:9/none")
    assert relance("users") == 1
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "RELANCE_DATABASE_URL" in said
    assert "hunter2" not in said


def test_the_bot_does_not_run_without_a_token(capsys: pytest.CaptureFixture[str]) -> None:
    assert relance("run") == 2
    assert "relance init" in capsys.readouterr().err


def test_the_bot_says_in_a_line_that_telegram_is_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RELANCE_BOT_TOKEN", "1:secret-token")
    monkeypatch.setenv("RELANCE_BOT_API_URL", "http://127.0.0.1:9/bot")
    assert relance("run") == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("relance\xa0: Telegram ne répond pas")
    assert "secret-token" not in last


@pytest.mark.parametrize("error", [InvalidToken("1:secret"), NetworkError("http://h/bot1:secret")])
def test_what_telegram_s_errors_say_is_not_repeated(error: Exception) -> None:
    said = explain(error) or ""
    assert "secret" not in said
    assert said


def test_a_defect_keeps_its_traceback() -> None:
    assert explain(ZeroDivisionError()) is None
    assert explain(KeyError("x")) is None


def test_scripts_are_checked_and_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert relance("scripts", "check") == 0
    assert "tout est cohérent" in capsys.readouterr().out
    assert relance("scripts", "graph") == 0
    assert "-->" in capsys.readouterr().out
    assert relance("scripts", "graph", "nonsense") == 2
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "call.toml").write_text("id = 'call'\n")
    assert relance("scripts", "check", str(tmp_path / "own")) == 1
    assert "call.toml" in capsys.readouterr().err


def test_scripts_of_ones_own_are_used_and_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    monkeypatch.setenv("RELANCE_SCRIPTS_DIR", str(own))
    packaged = sources()["call.toml"].decode()
    later = "Peu d'échéances, en quelques mois au plus, la première aujourd'hui."
    (own / "call.toml").write_text(packaged.replace(later, "Trois échéances au plus."), "utf-8")
    scripts = build_rules(load_settings()).scripts
    assert "Trois échéances au plus." in str(scripts["call"].steps["m05_note"])
    assert scripts["promise"] == load()["promise"]
    assert relance("scripts", "check") == 0
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "call.toml").write_text("id = 'call'\n")
    monkeypatch.setenv("RELANCE_SCRIPTS_DIR", str(broken))
    assert relance("scripts", "check") == 1
    with pytest.raises(BrokenScripts):
        build_rules(load_settings())
    capsys.readouterr()
    assert relance("check") == 1
    assert "call.toml" in capsys.readouterr().out


def test_a_folder_of_scripts_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RELANCE_SCRIPTS_DIR", str(tmp_path / "nowhere"))
    assert relance("scripts", "check") == 1
    assert "nowhere" in capsys.readouterr().err
    assert relance("check") == 1
    assert "nowhere" in capsys.readouterr().out


def test_revocation_closes_access_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    an_invited_person(capsys, "--role", "credit-manager")
    with inline(Settings().database) as work:
        person = people.by_telegram(work, 7)
        assert person is not None
        assert person.role is Role.CREDIT_MANAGER
        access.revoke(work, signed(MORNING), None, person.id)
        after = people.by_telegram(work, 7)
        assert after is not None
        assert after.active is False
