"""`relance init`: a private file, a checked token that shows nowhere, a first invitation."""

from __future__ import annotations

import io
import logging
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.commands.init import write_private
from bot.simulator.server import Simulator
from config.settings import Settings
from tests.bot.commands.telegram_here import forget_settings, relance, with_telegram


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    forget_settings(monkeypatch)


def initialised(simulator: Simulator, *words: str) -> int:
    return relance("init", "--token", simulator.token, "--yes", *words)


def test_from_a_token_to_the_first_invitation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    token = ""

    def told(simulator: Simulator) -> int:
        nonlocal token
        token = simulator.token
        words = ("--company", "Négoce d'Ici & Fils", "--store", "folder:///srv/a b", "--zone")
        return initialised(simulator, *words, "Europe/Brussels", "--language", "en")

    with caplog.at_level(logging.DEBUG):
        assert with_telegram(told) == 0
    said = capsys.readouterr()
    assert "https://t.me/relance_bot?start=" in said.out
    assert "▄" in said.out or "█" in said.out
    assert token not in said.out + said.err + caplog.text
    env = tmp_path / ".env"
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    assert not env.with_name(".env.partial").exists()
    one = Settings()
    assert one.token == token
    assert (one.company, one.timezone, one.locale) == (
        "Négoce d'Ici & Fils",
        "Europe/Brussels",
        "en",
    )
    assert one.store_folder == Path("/srv/a b")


def test_the_invitation_of_init_names_the_bot_for_the_next_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def told(simulator: Simulator) -> int:
        initialised(simulator)
        return relance("invite", "--role", "rep", "--code", "R1, R2")

    assert with_telegram(told) == 0
    link, payload = capsys.readouterr().out.splitlines()[-2:]
    assert link == f"https://t.me/relance_bot?start={payload}"


@pytest.mark.parametrize("way", ["file", "environment", "pipe"])
def test_the_token_need_not_be_typed_on_the_command_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str
) -> None:
    def told(simulator: Simulator) -> int:
        words: tuple[str, ...] = ()
        if way == "file":
            (tmp_path / "token").write_text(f" {simulator.token}\n")
            words = ("--token-file", str(tmp_path / "token"))
        elif way == "environment":
            monkeypatch.setenv("RELANCE_BOT_TOKEN", simulator.token)
        else:
            monkeypatch.setattr("sys.stdin", io.StringIO(f"{simulator.token}\n"))
        return relance("init", "--yes", *words)

    assert with_telegram(told) == 0
    assert (tmp_path / ".env").exists()


def test_a_token_that_telegram_refuses_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    assert with_telegram(lambda _: relance("init", "--token", wrong, "--yes")) == 1
    said = capsys.readouterr()
    assert "n’accepte pas ce jeton" in said.err
    assert wrong not in said.out + said.err
    assert not (tmp_path / ".env").exists()


def test_no_network_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RELANCE_BOT_API_URL", "http://127.0.0.1:9/bot")
    assert relance("init", "--token", "1:secret-token", "--yes") == 1
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "secret-token" not in said
    assert "ne répond pas\xa0: vérifiez le réseau" in said  # the token may well be right
    assert not (tmp_path / ".env").exists()


def test_without_a_token_there_is_nothing_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert relance("init", "--yes") == 2
    assert "@BotFather" in capsys.readouterr().err


def test_an_existing_file_is_replaced_only_by_force(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".env").write_text("RELANCE_STORE_URL=folder:///old\nRELANCE_LOCALE=en\n")

    def told(simulator: Simulator) -> int:
        assert initialised(simulator) == 1
        assert "--force" in capsys.readouterr().err
        return initialised(simulator, "--force")

    assert with_telegram(told) == 0
    one = Settings()
    assert (one.store_url, one.locale) == ("", "fr")


def test_a_wrong_answer_is_one_line_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert with_telegram(lambda s: initialised(s, "--zone", "Europe/Pari")) == 1
    assert "RELANCE_TIMEZONE" in capsys.readouterr().err
    assert with_telegram(lambda s: initialised(s, "--company", "a\nb")) == 2
    assert with_telegram(lambda s: initialised(s, "--company", "${HOME}")) == 2
    assert not (tmp_path / ".env").exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1))
@example('O\'Brien & Söhne "SA" #1')
@example("a\\'b\\\\c\\n")
@example("$HOME `x` = 'y'")
@example("trailing \\")
@example(" ")
def test_every_company_comes_back_from_the_file(tmp_path: Path, company: str) -> None:
    if "${" in company:
        return
    file = tmp_path / "round.env"
    write_private(file, {"RELANCE_COMPANY": company, "RELANCE_LOCALE": "en"})
    one = Settings(_env_file=file)
    assert (one.company, one.locale) == (company, "en")


class Typed(io.StringIO):
    """What somebody types at a terminal."""

    def isatty(self) -> bool:
        return True


def test_the_questions_are_asked_in_french_and_may_be_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Typed("Europe/Brussels\n\nChez nous\n\n\n"))
    assert with_telegram(lambda s: relance("init", "--token", s.token)) == 0
    asked = capsys.readouterr().out.partition("@")[0]
    assert asked == (
        "Fuseau horaire [Europe/Paris] Langue (fr/en) [fr] Société [Relance] "
        "Dépôt, folder:///… (rien\xa0: dans le dossier des données) "
        "Dossier des données [data] "
    )
    assert (Settings().timezone, Settings().company) == ("Europe/Brussels", "Chez nous")
    monkeypatch.setattr("sys.stdin", Typed("Europe/Paris\n"))
    assert relance("init", "--token", "1:a", "--env-file", "other") == 130
    assert not (tmp_path / "other").exists()
