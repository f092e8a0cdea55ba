"""The two ways that a file comes in: a short one at once, a long one unseen and in pieces."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.jobs import importing
from bot.use_cases import following
from storage import book_stage, migrate
from storage.sqlite_path import path_of


@pytest.fixture(params=["at once", "in pieces"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every file take one of the ways, whatever its length."""
    if request.param == "in pieces":
        monkeypatch.setattr(importing, "SHORT_FILE", -1)
        monkeypatch.setattr(importing, "BRIEF_FILE", -1)


@pytest.fixture
def long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every file be a long one, written two rows at a time."""
    monkeypatch.setattr(importing, "SHORT_FILE", -1)
    monkeypatch.setattr(importing, "BRIEF_FILE", -1)
    monkeypatch.setattr(book_stage, "PIECE", 2)
    monkeypatch.setattr(book_stage, "ALONE_PIECE", 2)
    monkeypatch.setattr(following, "ALONE", 2)


@pytest.fixture
def two_urls(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> tuple[str, str]:
    """Two databases of one kind, as of today nothing in them."""
    if database_url.startswith("sqlite"):
        other = tmp_path / "other.db"
        shutil.copyfile(path_of(database_url), other)
        return database_url, f"sqlite:///{other}"
    other_url: str = request.getfixturevalue("blank_postgres_url")
    migrate.upgrade(other_url)
    return database_url, other_url
