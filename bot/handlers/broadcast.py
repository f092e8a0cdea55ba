"""Writing to many: /diffuser, the button of those who read, the report of the author."""

from __future__ import annotations

from bot.handlers import conversation, later
from bot.handlers.exports import EXPORT
from bot.handlers.news import News
from bot.handlers.registry import CREDIT, EVERYONE, on_command, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import broadcast as screens
from bot.screens.broadcast import ExportReaders, Remind, Seen
from bot.screens.exports import coming
from bot.screens.posting import Body
from bot.use_cases import broadcasts
from bot.use_cases.conversations import Opening
from bot.use_cases.refusals import NotYours


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


@on_tap(ExportReaders, roles=CREDIT, own=True)
def export(request: Request, tap: ExportReaders) -> Answer:
    """Order the list of its recipients as a workbook."""
    broadcasts.own(request.work, request.person, tap.broadcast)
    later.order(request, {"broadcast_id": tap.broadcast}, kind=EXPORT)
    return Answer(toast=coming(request.speaker))


def rendered(news: News) -> Body | None:
    """Word a broadcast for one reader; None when he has seen it already."""
    broadcast_id = int(news.facts["broadcast_id"])
    if not broadcasts.unread(news.work, broadcast_id, news.person):
        return None
    found = broadcasts.of(news.work, broadcast_id)
    again = bool(news.facts.get("again"))
    return news.sent(screens.message(news.speaker, found, again=again))


def report(news: News) -> Body | None:
    """Word the delivery report: sent the first time, then put in the place of itself."""
    try:
        found = broadcasts.reported(news.work, news.person, int(news.facts["broadcast_id"]))
    except NotYours:
        return None
    screen = screens.report(news.speaker, found)
    body = news.put(screen, found.broadcast.report_message_id)
    return news.bound(body, "broadcast", found.broadcast.id)
