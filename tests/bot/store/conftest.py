"""The two ways that a file comes in: a short one at once, a long one unseen and in pieces."""

from __future__ import annotations

import pytest

from bot.jobs import importing


@pytest.fixture(params=["at once", "in pieces"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every file take one of the ways, whatever its length."""
    if request.param == "in pieces":
        monkeypatch.setattr(importing, "SHORT_FILE", -1)
