"""What is put off ends as put off, in every script."""

from __future__ import annotations

import pytest

from bot.scripts.library import load
from bot.scripts.model import Outcome

NAMES = sorted(load())


@pytest.mark.parametrize("name", NAMES)
def test_what_is_put_off_ends_as_put_off(name: str) -> None:
    script = load()[name]
    later = ("plus tard", "encore")
    put_off = {
        choice.then[-1].to
        for step in script.steps.values()
        for choice in step.choices
        if choice.key == "keep" and any(word in choice.label.words["fr"] for word in later)
    }
    outcomes = {script.steps[str(step)].outcome for step in put_off}
    assert outcomes <= {Outcome.POSTPONED}
