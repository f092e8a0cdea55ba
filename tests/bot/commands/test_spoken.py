"""The command line speaks the language of the settings, argparse's own messages too."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import cli
from bot.commands import spoken

SOURCE = "\N{NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(spoken.SETTING, raising=False)


def said_by(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit):
        cli.main(words)
    told = capsys.readouterr()
    return (told.out + told.err).replace(SOURCE, " ")


def helps(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:  # argparse has no other way to list them
        yield action.help or ""
        if isinstance(action, argparse._SubParsersAction):
            yield from (str(one.help) for one in action._choices_actions)
            for verb in action.choices.values():
                yield from helps(verb)
    yield parser.description or ""


def test_every_help_and_message_has_its_french() -> None:
    parser, _ = cli._parser(None)
    wanted = {text for text in helps(parser) if text} | set(spoken.MESSAGES) | {"verbs"}
    assert not sorted(wanted - set(spoken._french()))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nosuch"], "choix non valable : 'nosuch'"),
        (["demo", "--port", "x"], "valeur non valable (int attendu) : 'x'"),
        (["invite"], "relance invite : erreur : il manque : --role"),
        (["import"], "utilisation : relance import [-h]"),
        (["revoke", "1", "2"], "arguments inconnus : 2"),
        (["demo", "--port"], "une valeur est attendue"),
        (["--help"], "fait tourner le bot"),
        (["demo", "--help"], "du chat dans le navigateur (8765)"),
    ],
)
def test_a_french_house_reads_french_only(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = said_by(words, capsys)
    assert said in told
    for english in ("usage:", "error:", "show this help", "expected", "required", "invalid"):
        assert english not in told


def test_an_english_house_reads_english_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(spoken.SETTING, "en")
    told = said_by(["nosuch"], capsys)
    assert told.startswith("usage: relance")
    assert "error: argument VERB: invalid choice: 'nosuch'" in told
    assert "show this help message and exit" in said_by(["demo", "--help"], capsys)


@pytest.mark.parametrize(
    "line", ["RELANCE_LOCALE=en", "export RELANCE_LOCALE='en'", 'relance_locale = "en" # ours']
)
def test_the_settings_file_chooses_the_language(tmp_path: Path, line: str) -> None:
    (tmp_path / ".env").write_text(f"# settings\nRELANCE_COMPANY=X\n{line}\n", encoding="utf-8")
    assert spoken.language() == "en"


def test_a_settings_file_that_says_nothing_or_is_no_text_leaves_french(tmp_path: Path) -> None:
    assert spoken.language() == "fr"
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    assert spoken.language() == "fr"
    (tmp_path / ".env").write_text("RELANCE_COMPANY=X\n", encoding="utf-8")
    assert spoken.language() == "fr"
