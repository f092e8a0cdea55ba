"""The key under a list that sends it as a workbook."""

from __future__ import annotations

from dataclasses import dataclass

from bot.screens.render import Speaker
from bot.screens.screen import Button
from bot.screens.tap import Tap, verb

DAY, BALANCE = "d", "b"


@verb("xp")
@dataclass(frozen=True, slots=True)
class Export(Tap):
    """Send the day ("d") or the balance ("b") of all that the reader sees."""

    what: str


def key(speaker: Speaker, what: str) -> Button:
    """Offer a list as a workbook."""
    return Button(speaker.say("Export (XLSX)"), Export(what))
