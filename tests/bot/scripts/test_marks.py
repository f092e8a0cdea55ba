"""The marks of spoken lines, warnings and clues stand where they are understood."""

from __future__ import annotations

import re

import pytest

from bot.scripts.library import load


@pytest.mark.parametrize("name", sorted(load()))
def test_a_mark_begins_its_line_or_is_punctuation(name: str) -> None:
    lines = [
        line
        for step in load()[name].steps.values()
        for text in step.say
        for words in text.words.values()
        for line in words.split("\n")
    ]
    assert [line for line in lines if re.search(r"[.…?!)] [!?>] ", line)] == []
