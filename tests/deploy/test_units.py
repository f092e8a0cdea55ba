"""The systemd units are what systemd accepts, and what they start is there."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.commands import run as verb
from config.settings import Settings
from tests.bot.commands.telegram_here import forget_settings, relance
from tests.house.tree import ROOT

DEPLOY = ROOT / "docs" / "deploy"
INSTALLED = "/opt/relance/bin/relance"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
BOTS = [unit for unit in UNITS if "relance run" in unit.read_text()]


def commands(unit: Path) -> list[str]:
    lines = unit.read_text().splitlines()
    return [line.partition("=")[2] for line in lines if line.startswith("ExecStart=")]


def settings(unit: Path) -> dict[str, str]:
    """The settings that a unit gives, for its instance 01."""
    given = [line for line in unit.read_text().splitlines() if line.startswith("Environment=")]
    pairs = (line.removeprefix("Environment=").replace("%i", "01").split("=", 1) for line in given)
    return dict(pairs)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here")
def test_systemd_accepts_every_unit_without_a_word(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("relance")
    if not program.exists():
        pytest.skip("relance is not installed beside this Python")
    names = []
    for unit in UNITS:
        file = tmp_path / unit.name.replace("@.", "@01.")
        file.write_text(unit.read_text().replace(INSTALLED, str(program)))
        names.append(str(file))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here")
@pytest.mark.parametrize("unit", BOTS, ids=lambda unit: unit.name)
def test_a_unit_is_hardened(unit: Path, tmp_path: Path) -> None:
    file = tmp_path / unit.name.replace("@.", "@01.")
    shutil.copyfile(unit, file)
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=20", "--no-pager", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-400:]


@pytest.mark.parametrize("unit", BOTS, ids=lambda unit: unit.name)
def test_what_a_unit_starts_is_a_command_of_this_release(
    unit: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    [command] = commands(unit)
    program, *words = shlex.split(command)
    assert program == INSTALLED
    assert words.pop(0) == "run"
    parser = argparse.ArgumentParser()
    verb.add_arguments(parser)
    parser.parse_args(words)
    monkeypatch.chdir(tmp_path)
    forget_settings(monkeypatch)
    for name, value in settings(unit).items():
        monkeypatch.setenv(name, value)
    read = Settings()
    assert str(read.data_dir) == "/var/lib/relance/data"
    for name, value in settings(unit).items():
        assert str(getattr(read, name.removeprefix("RELANCE_").lower())) == value


@pytest.mark.parametrize("unit", BOTS, ids=lambda unit: unit.name)
def test_a_unit_comes_back_for_ever_and_is_given_time_to_stop(unit: Path) -> None:
    lines = set(unit.read_text().splitlines())
    assert {"Restart=always", "StartLimitIntervalSec=0", "TimeoutStopSec=60"} <= lines
    assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "User=relance"} <= lines


def test_the_nightly_copy_is_made_by_the_line_of_its_unit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    forget_settings(monkeypatch)
    assert relance("users") == 0
    (tmp_path / "backups").mkdir()
    start = "import sys; from bot.cli import main; sys.exit(main())"
    program = f"{sys.executable} -c {shlex.quote(start)}"
    old = tmp_path / "backups" / "relance-2020.copy"
    old.write_text("")
    os.utime(old, (0, 0))
    for command in commands(DEPLOY / "relance-backup.service"):
        first = shlex.split(command.replace("$$", "$").replace("%%", "%"))
        words = [word.replace(INSTALLED, program) for word in first]
        subprocess.run(words, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    [copy] = (tmp_path / "backups").iterdir()
    assert copy.name != old.name
    assert relance("restore", str(copy)) == 0
