"""The demo's folder and its bot: nothing of the visitor's is touched, nothing survives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.demo import MARKER, clear, write_policy
from bot.commands.demo_bot import environment
from config.policy import load_policy
from config.settings import Settings


def test_a_folder_that_is_not_a_demos_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("ten years of work")
    assert not clear(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "ten years of work"


def test_a_demos_folder_is_emptied_but_what_its_links_point_to_stays(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "keep.txt").touch()
    folder = tmp_path / "demo"
    assert clear(folder)
    (folder / "data").mkdir()
    (folder / "data" / "relance.db").touch()
    (folder / "link").symlink_to(elsewhere)
    assert clear(folder)
    assert [path.name for path in folder.iterdir()] == [MARKER]
    assert (elsewhere / "keep.txt").exists()


def test_the_visitors_own_settings_never_reach_the_demos_bot(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RELANCE_POLICY_FILE", "/somewhere/policy.toml")
    monkeypatch.setenv("RELANCE_DATABASE_URL", "postgresql://production")
    settings = Settings(
        _env_file=None,
        policy_file=None,
        database_url=f"sqlite:///{tmp_path}/relance.db",
        clock_offset=12.5,
    )
    said = environment(settings)
    assert "RELANCE_POLICY_FILE" not in said
    assert said["RELANCE_DATABASE_URL"].startswith("sqlite:///")
    assert said["RELANCE_CLOCK_OFFSET"] == "12.5"


def test_the_demos_policy_is_the_packaged_one_with_a_company_whose_letters_are_complete(
    tmp_path: Path,
) -> None:
    path = write_policy(tmp_path)
    policy, packaged = load_policy(path), load_policy()
    assert policy.creditor.missing == ()
    assert policy.notices.phone
    assert policy.notices.email
    assert replace(packaged, notices=policy.notices, company=policy.company) == policy
    assert policy.notices.days == packaged.notices.days
    settings = Settings(_env_file=None, policy_file=path)
    assert environment(settings)["RELANCE_POLICY_FILE"] == str(path)
