"""`relance retention` from the command line: a dry run changes nothing, a run leaves its trace."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from config.settings import Settings
from storage import tables
from tests.bot.commands.telegram_here import forget_settings, relance
from tests.storage.contents import contents
from tests.storage.inline import inline
from tests.storage.lives import a_life

LONG_AGO = datetime(2010, 1, 15, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def an_old_book(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    forget_settings(monkeypatch)
    assert relance("users") == 0  # makes the database
    with inline(Settings().database) as work:
        a_life(work, LONG_AGO, 1)
        a_life(work, LONG_AGO, 2)


def test_a_dry_run_counts_and_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(Settings().database)
    assert relance("retention", "--dry-run", "--json") == 0
    rules = {one["name"]: one for one in json.loads(capsys.readouterr().out)["rules"]}
    assert (rules["updates"]["count"], rules["updates"]["days"]) == (2, 30)
    assert rules["updates"]["table"] == "inbox"
    assert rules["messages"]["oldest_kept"] is None
    assert relance("retention", "--dry-run") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(rules)
    assert "mises à jour traitées, après 30 jours" in lines[0]
    assert contents(Settings().database) == before


def test_a_run_tells_what_went_and_leaves_its_trace(capsys: pytest.CaptureFixture[str]) -> None:
    assert relance("retention", "--json") == 0
    taken = json.loads(capsys.readouterr().out)["taken"]
    assert taken["updates"] == 2
    with inline(Settings().database) as work:
        [trace] = work.scalars(
            select(tables.event.c.data).where(tables.event.c.kind == "retention.done")
        )
    assert trace == {name: count for name, count in taken.items() if count}
    assert relance("retention") == 0
    assert "Rien" in capsys.readouterr().out
