"""The words that came under a photo or a voice note: a form does not read them, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.scripts.buttons import takes_files
from bot.scripts.model import Kind

if TYPE_CHECKING:
    from bot.screens.render import Speaker
    from bot.use_cases.conversations import Talk


def left(speaker: Speaker, told: Talk) -> str:
    """Say that these words are not kept, and where the step shown now takes them, if it does."""
    step = told.script.steps.get(told.call.step)
    if step is not None and step.ask is Kind.PROOF:
        return speaker.say("The words under it are not kept: “A word” takes them.")
    if step is not None and step.ask is not None and not takes_files(step):
        return speaker.say("I do not read the words under it: send them as a message.")
    return speaker.say("The words under it are not kept.")
