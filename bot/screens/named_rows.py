"""Buttons that bear names, so many a row: the fewer there are in a row, the longer the names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.screens import formats
from bot.screens.screen import Button
from bot.screens.tap import Tap

ALONE: Final = 38
"""Characters of a label that has its row to itself."""


@dataclass(frozen=True, slots=True)
class Named:
    """A button to be: what stands before the name, the name, and what a press means."""

    before: str
    name: str
    tap: Tap


def laid(keys: Sequence[Named], room: int, row: int = 2) -> list[tuple[Button, ...]]:
    """Lay them `row` a row, `room` characters each in a full one; who is alone has all of it."""
    parts = [keys[start : start + row] for start in range(0, len(keys), row)]
    return [tuple(_button(one, room if len(part) > 1 else ALONE) for one in part) for part in parts]


def _button(one: Named, room: int) -> Button:
    return Button(f"{one.before}{formats.name(one.name, room - len(one.before))}", one.tap)
