"""The command line answers --help at once: nothing heavy is imported before it is needed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.house import tree

VERBS = (
    *("init", "demo", "run", "check", "import", "sync", "scan", "balance", "calc", "digest"),
    *(
        "invite",
        "users",
        "revoke",
        "scripts",
        "backup",
        "restore",
        "retention",
        "broadcast",
        "outbox",
    ),
)
HEAVY = {"aiohttp", "alembic", "apscheduler", "babel", "holidays", "jinja2", "pydantic"}
HEAVY |= {"python_calamine", "sqlalchemy", "telegram"}
HEAVY |= {"asyncio", "dataclasses", "email", "logging"}  # of Python itself: half of the time
SELDOM = {"alembic", "matplotlib", "numpy", "openpyxl", "psycopg", "python_calamine", "segno"}
SELDOM |= {"tqdm", "xlsxwriter"}  # what the bot has no use for until somebody asks
AT_REST = """
import sys
import bot.running.worker
from bot.handlers import surface
surface.load()
print(*{name.split(".")[0] for name in sys.modules})
"""
RELANCE = "import sys; sys.argv[0] = 'relance'; from bot.cli import main; sys.exit(main())"


def help_of(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "importtime", "-c", RELANCE, *words, "--help"],
        cwd=tree.ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
    )


def imported(trace: str) -> set[str]:
    names = (line.rsplit("|", 1)[-1].strip() for line in trace.splitlines() if "|" in line)
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("words", [(), *((verb,) for verb in VERBS)], ids=" ".join)
def test_help_answers_without_heavy_imports(words: tuple[str, ...]) -> None:
    if not tree.built("bot/cli.py"):
        return
    answer = help_of(*words)
    assert answer.returncode == 0, answer.stderr[-2000:]
    assert "relance" in answer.stdout
    assert not imported(answer.stderr) & HEAVY


def test_a_bot_at_rest_has_not_loaded_what_is_seldom_asked_for() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", AT_REST], cwd=tree.ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr[-2000:]
    assert {"telegram", "babel"} <= set(answer.stdout.split())
    assert not SELDOM & set(answer.stdout.split())


def test_help_names_every_verb_of_the_contract() -> None:
    if not tree.built("bot/cli.py"):
        return
    text = help_of().stdout
    assert not [verb for verb in VERBS if verb not in text]


def test_an_unknown_verb_is_a_fault_of_usage() -> None:
    if not tree.built("bot/cli.py"):
        return
    answer = subprocess.run(
        [sys.executable, "-c", RELANCE, "no-such-verb"],
        cwd=tree.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr


def test_heavy_imports_would_be_seen() -> None:
    trace = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import jinja2"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    assert "jinja2" in imported(trace)
