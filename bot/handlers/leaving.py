"""Leaving a form for another customer: the form is kept, and what was typed is asked about."""

from __future__ import annotations

from bot.handlers import account, conversation
from bot.handlers.registry import EVERYONE, on_tap
from bot.handlers.request import Answer, Request
from bot.screens.conversation import KeepTyped, LeaveFor
from bot.scripts.inputs import Leave, Typed
from bot.use_cases import conversations


@on_tap(LeaveFor, roles=EVERYONE, customer=lambda _work, tap: tap.customer, own=True)
def leave_for(request: Request, tap: LeaveFor) -> Answer:
    """Put the form aside where it stands, and open the account below it."""
    held = conversations.own(request.work, request.person, tap.conversation)
    left = conversations.say(
        request.work,
        request.origin,
        request.person,
        held,
        Leave(int(held.call["version"])),
        request.rules,
    )
    answer = conversation.shown(request, left)
    return Answer(answer.screen, more=(account.card(request, tap.customer),), bind=answer.bind)


@on_tap(KeepTyped, roles=EVERYONE, own=True)
def keep_typed(request: Request, tap: KeepTyped) -> Answer:
    """Take as the answer what was asked about; an old button shows the present step."""
    held = conversations.own(request.work, request.person, tap.conversation)
    text = conversations.asked_about(held, tap.version)
    if text is None:
        return conversation.present(request, held)
    given = Typed(text, request.now.today)
    talk = conversations.say(
        request.work, request.origin, request.person, held, given, request.rules
    )
    return conversation.shown(request, talk)
