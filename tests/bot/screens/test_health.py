"""What `relance check` says: a line per finding, in both languages, that tells how to mend it."""

from __future__ import annotations

import ast
import inspect as introspect
from zoneinfo import ZoneInfo

import pytest

from bot import inspection
from bot.screens.health import MESSAGES, words
from bot.screens.render import speaker
from bot.use_cases import health, integrity
from bot.use_cases.health import FAULT, Finding

PARIS = ZoneInfo("Europe/Paris")
DATA = {
    "missing": ("form", "iban"),
    "folder": "/srv/{x}",
    "why": "it says {no}",
    "revision": "0042_later",
    "count": 3,
    "hours": 30,
    "semester": "2026-S1",
    "username": "relance_bot",
    "waiting": 4,
    "parked": 2,
    "uncertain": 1,
    "first": "F-1, F-2",
    "seconds": 90,
    "minutes": 12,
    "days": 3,
    "files": 2,
    "free": "1.2",
    "needed": "3.4",
}


def codes_found() -> set[str]:
    """Read the code of every Finding that the two inspectors can make."""
    found = set()
    for module in (health, inspection, integrity):
        for node in ast.walk(ast.parse(introspect.getsource(module))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


@pytest.mark.parametrize("code", MESSAGES)
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_finding_is_one_line_in_both_languages(code: str, locale: str) -> None:
    line = words(speaker(locale, PARIS), Finding("x", FAULT, code, DATA))
    assert line
    assert "\n" not in line


@pytest.mark.parametrize("code", MESSAGES)
def test_french_has_its_own_words(code: str) -> None:
    finding = Finding("x", FAULT, code, DATA)
    assert words(speaker("fr", PARIS), finding) != words(speaker("en", PARIS), finding)


def test_no_message_is_said_nowhere() -> None:
    unfolded = {code.removesuffix("_unwritable").removesuffix("_wrong") for code in MESSAGES}
    assert not unfolded - codes_found()
