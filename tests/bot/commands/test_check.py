"""`relance check`: every fault is one line that says how to mend it, and the exit code tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.commands.demo import write_policy
from bot.simulator.server import Simulator
from config.settings import Settings
from storage import completeness, facts
from tests.bot.commands.telegram_here import forget_settings, relance, with_telegram
from tests.storage.inline import inline


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    forget_settings(monkeypatch)
    monkeypatch.setenv("RELANCE_LOCALE", "en")


def checked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    code = relance("check", "--json", *words)
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is (code == 0)
    assert all("\n" not in one["message"] for one in answer["findings"])
    return code, {one["check"]: one for one in answer["findings"]}


def test_a_fresh_installation_has_warnings_but_no_fault(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, found = checked(capsys)
    assert code == 0
    assert found["database"]["state"] == "ok"
    assert {found[name]["state"] for name in ("people", "data", "telegram")} == {"warning"}
    assert "relance invite --role credit-manager" in found["people"]["message"]
    assert "relance import" in found["data"]["message"]


def test_in_plain_words_each_finding_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert relance("check") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 18
    assert {line[0] for line in lines} == {"✓", "!"}


@pytest.mark.parametrize(
    ("deed", "gone"),
    [
        ("drop table lease", "lease"),
        ("drop view customer", "customer"),
        ("drop index ix_event_customer", "ix_event_customer"),
        ("alter table outbox drop column deaths", "outbox.deaths"),
    ],
)
def test_what_is_gone_of_the_schema_is_named(
    capsys: pytest.CaptureFixture[str], deed: str, gone: str
) -> None:
    checked(capsys)
    with inline(Settings().database) as work:
        work.execute(text(deed))
    code, found = checked(capsys)
    assert code == 1
    assert "database" not in found
    assert (found["schema"]["count"], found["schema"]["first"]) == (1, gone)
    assert "relance restore" in found["schema"]["message"]


def test_a_whole_schema_lacks_nothing_on_either_database(database_url: str) -> None:
    with inline(database_url) as work:
        assert completeness.missing(work) == []


def test_the_age_of_the_book_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    checked(capsys)
    with inline(Settings().database) as work:
        facts.put(work, "data_as_of", "2020-01-01T06:00:00+00:00")
    _, found = checked(capsys)
    assert found["data"]["state"] == "warning"
    assert found["data"]["hours"] > 24


def test_a_folder_that_cannot_be_written_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RELANCE_STORE_URL", f"folder://{tmp_path}/file/store")
    code, found = checked(capsys)
    assert (code, found["store"]["state"]) == (1, "fault")
    assert "RELANCE_STORE_URL" in found["store"]["message"]


def test_a_broken_policy_does_not_blame_the_database(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "policy.toml").write_text("[floor]\nother = 'much'\n")
    monkeypatch.setenv("RELANCE_POLICY_FILE", str(tmp_path / "policy.toml"))
    code, found = checked(capsys)
    assert (code, found["policy"]["state"]) == (1, "fault")
    assert "policy.toml: signals" in found["policy"]["message"]
    assert found["database"]["state"] == "ok"


def test_what_letters_cannot_say_of_the_company_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, found = checked(capsys)
    assert found["letters"]["state"] == "warning"
    assert found["letters"]["missing"][:3] == ["name", "form", "siren"]
    assert "your company: legal name, legal form, SIREN" in found["letters"]["message"]
    monkeypatch.setenv("RELANCE_POLICY_FILE", str(write_policy(tmp_path)))
    _, found = checked(capsys)
    assert found["letters"]["state"] == "ok"


def test_a_wrong_siren_says_where_it_stands_and_what_to_put(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_policy(tmp_path)
    path.write_text(path.read_text("utf-8").replace("009 999 715", "009 999 716", 1), "utf-8")
    monkeypatch.setenv("RELANCE_POLICY_FILE", str(path))
    monkeypatch.setenv("RELANCE_LOCALE", "fr")
    code, found = checked(capsys)
    assert code == 1
    assert "letters" not in found
    wanted = "les neuf chiffres d’un SIREN, comme sur votre Kbis, ou rien"
    assert f"policy.toml : company.siren : attendu : {wanted} ; trouvé" in found["policy"][
        "message"
    ].replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("content", ["absent", "[floor", "binary"])
def test_an_unreadable_policy_is_a_fault(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: str,
) -> None:
    file = tmp_path / "policy.toml"
    if content == "binary":
        file.write_bytes(b"\xff\xfe\x00")
    elif content != "absent":
        file.write_text(content)
    monkeypatch.setenv("RELANCE_POLICY_FILE", str(file))
    code, found = checked(capsys)
    assert (code, found["policy"]["state"]) == (1, "fault")


def test_a_database_of_a_newer_release_is_not_said_to_be_silent(
    capsys: pytest.CaptureFixture[str],
) -> None:
    checked(capsys)
    with inline(Settings().database) as work:
        work.execute(text("update alembic_version set version_num = '9999'"))
    code, found = checked(capsys)
    assert code == 1
    assert "newer release" in found["database"]["message"]
    assert "9999" in found["database"]["message"]
    assert "RELANCE_DATABASE_URL" not in found["database"]["message"]


def test_a_damaged_database_says_what_to_restore(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "relance.db").write_bytes(b"garbage" * 1_000)
    code, found = checked(capsys)
    assert (code, found["database"]["state"]) == (1, "fault")
    assert "relance restore" in found["database"]["message"]


def test_a_database_that_does_not_answer_says_its_variable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RELANCE_DATABASE_URL", "postgresql://ann:hunter2@127.0.0.1:9/none")
    code, found = checked(capsys)
    assert code == 1
    assert "RELANCE_DATABASE_URL" in found["database"]["message"]
    assert "hunter2" not in json.dumps(found)


def test_content_changed_by_hand_is_not_a_database_that_is_away(
    capsys: pytest.CaptureFixture[str],
) -> None:
    checked(capsys)
    with inline(Settings().database) as work:
        facts.put(work, "data_as_of", "last Monday")
    code, found = checked(capsys)
    assert (code, found["database"]["state"]) == (1, "fault")
    assert "last Monday" in found["database"]["message"]
    assert "RELANCE_DATABASE_URL" not in found["database"]["message"]
    assert found["disk"]


WEBHOOKS = (
    ("", "", "ok"),
    ("https://example.org/x", "https://example.org/x", "ok"),
    ("https://example.org/y", "https://example.org/x", "warning"),
    ("", "https://example.org/x", "warning"),
    ("https://example.org/x", "", "warning"),
)


def test_telegram_is_asked_for_the_bot_s_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(simulator: Simulator) -> int:
        monkeypatch.setenv("RELANCE_BOT_TOKEN", simulator.token)
        code, found = checked(capsys)
        assert "@relance_bot" in found["telegram"]["message"]
        monkeypatch.setenv("RELANCE_BOT_TOKEN", "1:wrong-token")
        bad, refused = checked(capsys)
        assert (bad, refused["telegram"]["state"]) == (1, "fault")
        assert "wrong-token" not in json.dumps(refused)
        assert "webhook" not in refused
        monkeypatch.setenv("RELANCE_BOT_TOKEN", simulator.token)
        for set_at, wanted, said in WEBHOOKS:
            simulator.world.webhook.url = set_at
            monkeypatch.setenv("RELANCE_WEBHOOK_URL", wanted)
            monkeypatch.setenv("RELANCE_WEBHOOK_SECRET", "s")
            assert checked(capsys)[1]["webhook"]["state"] == said
        monkeypatch.delenv("RELANCE_WEBHOOK_URL")
        quiet, unasked = checked(capsys, "--offline")
        assert (quiet, unasked["telegram"]["state"]) == (0, "ok")
        return code

    assert with_telegram(told) == 0


def test_files_that_others_can_read_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, found = checked(capsys)
    assert found["privacy"]["state"] == "ok"
    (tmp_path / ".env").write_text("RELANCE_COMPANY=A\n")
    (tmp_path / ".env").chmod(0o644)
    _, found = checked(capsys)
    assert (found["privacy"]["state"], found["privacy"]["files"]) == ("warning", ".env")
    (tmp_path / ".env").chmod(0o600)
    (tmp_path / "data" / "relance.db").chmod(0o640)
    _, found = checked(capsys)
    assert "relance.db" in found["privacy"]["files"]
    (tmp_path / "data").chmod(0o700)
    _, found = checked(capsys)
    assert found["privacy"]["state"] == "ok"


def test_a_shifted_clock_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RELANCE_CLOCK_OFFSET", "-90")
    _, found = checked(capsys)
    assert (found["clock_offset"]["state"], found["clock_offset"]["seconds"]) == ("warning", -90)


def test_settings_that_cannot_be_read_are_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RELANCE_TIMEZONE", "Nowhere")
    assert relance("check") == 1
    assert capsys.readouterr().err.startswith("RELANCE_TIMEZONE: ")
