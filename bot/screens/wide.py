"""What is said while a page over the whole book is being read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.screens.render import Speaker


def coming(speaker: Speaker) -> str:
    """Say that the page is being read."""
    return speaker.say("One moment: many accounts are being read.")
