"""Words the card of a file when it is sent: as the file stands at that moment."""

from __future__ import annotations

from bot.handlers.news import News
from bot.screens import uploads as screens
from bot.screens.posting import Body
from storage import uploads


def upload_card(news: News) -> Body | None:
    """Word a file's card, in the place of the one already shown; None when it moved on."""
    one = uploads.by_id(news.work, int(news.facts["upload_id"]))
    if one is None or one.state.value != news.facts["state"]:
        return None
    screen = screens.card(news.speaker, one)
    return news.bound(news.put(screen, one.message_id), "upload", one.id)
