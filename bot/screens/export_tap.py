"""The key under a list that sends it as a workbook."""

from __future__ import annotations

from dataclasses import dataclass

from bot.screens.render import Speaker
from bot.screens.screen import Button
from bot.screens.tap import Tap, verb
from bot.use_cases.worklist import EVERYTHING

DAY, BALANCE, ALERTS, PROMISES, DISPUTES, ORDERS = "d", "b", "a", "p", "l", "o"
"""The lists, as their keys name them."""


@verb("xp")
@dataclass(frozen=True, slots=True)
class Export(Tap):
    """Send a list of all that the reader sees, or of one portfolio."""

    what: str
    key: int


def key(speaker: Speaker, what: str, portfolio: int = EVERYTHING) -> Button:
    """Offer a list as a workbook."""
    return Button(speaker.say("Export (XLSX)"), Export(what, portfolio))
