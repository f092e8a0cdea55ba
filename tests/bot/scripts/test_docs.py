"""The guide for writers tells the truth: its example loads, its lists are complete."""

from __future__ import annotations

import re
from pathlib import Path

from bot.scripts.library import build
from bot.scripts.model import Comparison, Kind

GUIDE = (Path(__file__).parents[3] / "docs" / "writing-a-script.md").read_text(encoding="utf-8")


def test_the_example_of_the_guide_is_a_sound_script() -> None:
    [example] = re.findall(r"```toml\n(id = .*?)```", GUIDE, re.DOTALL)
    scripts, faults = build({"snooze.toml": example.encode()})
    assert faults == ()
    assert set(scripts["snooze"].steps) == {"until", "end", "kept"}


def test_the_guide_names_every_kind_of_question_and_test() -> None:
    assert all(f"`{kind}`" in GUIDE for kind in Kind)
    assert all(f"`{test}`" in GUIDE or f" {test} = " in GUIDE for test in Comparison)
