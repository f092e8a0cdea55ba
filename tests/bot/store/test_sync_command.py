"""`relance sync`: both ways once, told in JSON or in lines, with an honest exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bot.store.bench import OPEN

ROOT = Path(__file__).resolve().parents[3]
ONE = "C1;Dupont;F1;01/09/2026;01/10/2026;1 200,00;1 200,00;EUR;R1"


def relance(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RELANCE_")}
    own = {"RELANCE_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *words],
        cwd=folder,
        env=kept | own,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def drop(folder: Path, name: str, *lines: str) -> None:
    path = folder / "store" / "in" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_sync_goes_both_ways_and_a_second_one_finds_nothing(tmp_path: Path) -> None:
    drop(tmp_path, "ouvertes.csv", OPEN, ONE)
    first = relance(tmp_path, "sync", "--json")
    assert first.returncode == 0, first.stderr
    told: dict[str, Any] = json.loads(first.stdout)
    assert [(one["file"], one["outcome"]) for one in told["in"]] == [("ouvertes.csv", "imported")]
    assert told["in"][0]["report"]["new"] == 1
    assert told["out"]["files"] == ["contacts.csv", "disputes.csv", "promises.csv"]
    again = relance(tmp_path, "sync")
    assert (again.returncode, again.stdout.split()) == (0, ["entrée", "-", "sortie", "-"])


def test_a_refused_file_makes_the_exit_code_one(tmp_path: Path) -> None:
    drop(tmp_path, "mauvais.csv", OPEN, ONE, "Total général;;;;;5,00;5,00;EUR;")
    said = relance(tmp_path, "sync")
    assert said.returncode == 1
    assert said.stderr.startswith("entrée  mauvais.csv n’a pas été importé")
