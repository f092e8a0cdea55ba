"""The words that came under a photo or a voice note: a form does not read them, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.screens import conversation
from bot.scripts.buttons import takes_files
from bot.scripts.call import Notice
from bot.scripts.model import Kind

if TYPE_CHECKING:
    from bot.screens.render import Speaker
    from bot.use_cases.conversations import Talk


def notice(speaker: Speaker, told: Talk) -> str:
    """Say that the caption is not kept, and where its words go if the step shown takes any."""
    step = told.script.steps.get(told.call.step)
    ask = step.ask if step else None
    missed = told.turn is not None and told.turn.notice is Notice.NOT_UNDERSTOOD
    if missed and step is not None and ask is not None and not takes_files(step):
        return speaker.say("This step waits for a written answer: send the caption as a message.")
    left = speaker.say("The caption is not kept.")
    if ask is Kind.PROOF:
        left = speaker.say("The caption is not kept: “A word” takes it.")
    heard = conversation.notice(speaker, told)
    return f"{heard} {left}" if heard else left
