"""The cards offered in the middle of a conversation, right after the answer they help with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.screens import knowledge as screens
from bot.use_cases import knowledge

if TYPE_CHECKING:
    from bot.handlers.request import Request
    from bot.screens.screen import Button
    from bot.scripts.call import Call


def offered(request: Request, call: Call) -> list[Button]:
    """Return a button for each card that helps after a conversation's last answer."""
    if not call.history:
        return []
    last = call.history[-1]
    found = knowledge.at_moment(call.answers, {*last.changed, *last.added})
    if not found:
        return []
    return screens.offers(request.speaker, found, knowledge.figures(request.rules, request.now))
