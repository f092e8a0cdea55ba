"""News about disputes, worded when they leave: opened, decided, asked, answered, taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from bot.handlers.news import News
from bot.screens import dispute_file as screens
from bot.screens.posting import Body
from bot.screens.render import speaker
from bot.use_cases import dispute_files, dispute_news
from bot.use_cases.dispute_news import CREDITED, DECIDERS, OPENED, UNDONE, WITHDRAWN
from bot.use_cases.refusals import NotYours
from credit.dispute import DisputeState
from storage import dispute_steps as steps

if TYPE_CHECKING:
    from bot.screens.screen import Screen
    from bot.use_cases.dispute_files import File


def rendered(news: News) -> Body | None:
    """Word what happened to a dispute; None when it was undone, or is no longer his to see."""
    try:
        found = dispute_files.show(news.work, news.person, int(news.facts["dispute"]), news.now)
    except NotYours:
        return None
    what = news.facts["what"]
    if what in WORDED:
        return WORDED[what](news, found)
    return news.sent(_file(news, found)) if what == CREDITED or _stands(news) else None


def _stands(news: News) -> bool:
    step = steps.by_id(news.work, int(news.facts["step"]))
    return step is not None and step.withdrawn_at is None


def _opened(news: News, found: File) -> Body | None:
    """Show a new dispute to who decides; None once a digest counts it, or it moved."""
    if found.state is not DisputeState.OPEN or found.days:
        return None
    return news.sent(_file(news, found, new=True))


def _withdrawn(news: News, found: File) -> Body | None:
    """Put what became of it where the new dispute was shown; None when it never was."""
    message = dispute_news.message_of(news.work, news.person, found.row.id)
    return None if message is None else news.put(_file(news, found), message)


def _undone(news: News, found: File) -> Body:
    return news.sent(screens.undone(news.speaker, found))


def _file(news: News, found: File, *, new: bool = False) -> Screen:
    theirs = speaker(news.rules.locale, news.rules.zone)
    deciding = news.person.role in DECIDERS
    whole = dispute_files.holds_whole(found, news.rules)
    return screens.file(news.speaker, theirs, found, deciding=deciding, new=new, whole=whole)


WORDED: Final[Mapping[str, Callable[[News, File], Body | None]]] = {
    OPENED: _opened,
    WITHDRAWN: _withdrawn,
    UNDONE: _undone,
}
