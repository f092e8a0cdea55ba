"""Writing to many: /diffuser, the button of those who read, the report of the author."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.handlers import conversation
from bot.handlers.registry import CREDIT, EVERYONE, on_command, on_tap
from bot.handlers.request import Answer, Bind, Request
from bot.screens import broadcast as screens
from bot.screens.broadcast import Remind, Seen
from bot.screens.posting import Body, editing, sending
from bot.use_cases import broadcasts
from bot.use_cases.conversations import Opening
from bot.use_cases.refusals import NotYours

if TYPE_CHECKING:
    from bot.screens.render import Speaker
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.people import Person
    from storage.work import Work


@on_command("diffuser", "broadcast", roles=CREDIT, menu="Write to many colleagues")
def start(request: Request, _arguments: str) -> Answer:
    """Ask for the message, then for the audience."""
    return conversation.begin(request, Opening(broadcasts.BROADCAST), below=True)


@on_tap(Seen, roles=EVERYONE, own=True)
def seen(request: Request, tap: Seen) -> Answer:
    """Note that the reader has seen the message."""
    found = broadcasts.see(request.work, request.origin, request.person, tap.broadcast)
    screen = screens.message(request.speaker, found, seen=True)
    return Answer(screen, toast=screens.thanks(request.speaker))


@on_tap(Remind, roles=CREDIT, own=True)
def remind(request: Request, tap: Remind) -> Answer:
    """Send the message again to those who have not seen it."""
    n = broadcasts.remind(
        request.work, request.origin, request.person, tap.broadcast, request.rules
    )
    return Answer(toast=screens.reminded(request.speaker, n))


def rendered(
    work: Work,
    speaker: Speaker,
    rules: Rules,
    person: Person,
    facts: Mapping[str, Any],
    now: Moment,
) -> Body | None:
    """Word a broadcast for one reader; None when he has seen it already."""
    del rules, now
    broadcast_id = int(facts["broadcast_id"])
    if person.telegram_id is None or not broadcasts.unread(work, broadcast_id, person):
        return None
    found = broadcasts.of(work, broadcast_id)
    again = bool(facts.get("again"))
    return sending(screens.message(speaker, found, again=again), person.telegram_id)


def report(
    work: Work,
    speaker: Speaker,
    rules: Rules,
    person: Person,
    facts: Mapping[str, Any],
    now: Moment,
) -> Body | None:
    """Word the delivery report: sent the first time, then put in the place of itself."""
    del rules, now
    try:
        found = broadcasts.own(work, person, int(facts["broadcast_id"]))
    except NotYours:
        return None
    if person.telegram_id is None:
        return None
    screen = screens.report(speaker, found)
    message = found.broadcast.report_message_id
    if message is None:
        body = sending(screen, person.telegram_id)
    else:
        body = editing(screen, person.telegram_id, message)
    bind = Bind("broadcast", found.broadcast.id)
    body["bind"] = [{"what": bind.what, "id": bind.id, "person_id": person.id, "version": 0}]
    return body
