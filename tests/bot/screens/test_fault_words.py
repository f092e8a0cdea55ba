"""Every fault that the lower rooms name by a code or a wish has its words."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.screens.fault_words import COPIES, EXPECTED, SETTINGS
from config.company import NUMBERS
from config.typed_toml import NAMES
from tests.house import tree

COPY_FAULTS = {"BackupFault", "Broken", "InUse", "ToolMissing"}


def calls(room: str, names: set[str]) -> Iterator[ast.Call]:
    for path in (tree.ROOT / room).glob("*.py"):
        for node in ast.walk(tree.parsed(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
                yield node


def said(room: str, names: set[str], place: int) -> set[str]:
    found = set()
    for call in calls(room, names):
        given = call.args[place]
        if isinstance(given, ast.Constant):
            found.add(str(given.value))
    return found


def test_every_mistake_in_the_settings_has_its_words() -> None:
    kinds = said("config", {"SettingFault"}, 0)
    assert len(kinds) > 10
    assert kinds <= set(SETTINGS)


def test_every_wish_of_a_configuration_file_has_its_words() -> None:
    wanted = said("config", {"ConfigFault"}, 2) | set(NAMES.values())
    wanted |= {expected for _, expected in NUMBERS.values()}
    assert len(wanted) > 15
    assert wanted <= set(EXPECTED)
    # what is not written in the call: one that a variable holds for the length of its line
    assert EXPECTED.keys() - wanted == {"a sound value ({why})"}


def test_every_reason_why_a_copy_fails_has_its_words() -> None:
    codes = said("storage", COPY_FAULTS, 0)
    assert len(codes) > 10
    assert codes <= set(COPIES)
    assert COPIES.keys() - codes == {"exists", "no_folder", "other_sha256"}  # of the verbs
