"""The cell of the typology in one line: its name, and what to do with its customers."""

from __future__ import annotations

from typing import Final

from bot.screens.render import N_, Speaker
from credit.typology import Cell

LINES: Final = {
    Cell.DEVELOP: N_("🧭 To develop: large limits, early visits"),
    Cell.SECURE: N_("🧭 To secure: guarantees, close follow-up"),
    Cell.REDUCE: N_("🧭 To reduce: cash or deposit, a way out"),
    Cell.AUTOMATE: N_("🧭 To automate: standard terms, automatic reminders"),
    Cell.FRAME: N_("🧭 To frame: short terms"),
    Cell.AVOID: N_("🧭 To avoid: prepaid only"),
}


def line(speaker: Speaker, cell: Cell) -> str:
    """Say the cell and its advice (handbook 5.1)."""
    return speaker.say(LINES[cell])
