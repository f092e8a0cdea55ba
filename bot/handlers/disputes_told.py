"""News about disputes, worded when they leave: the decision, the question, the answer."""

from __future__ import annotations

from bot.handlers.news import News
from bot.screens import dispute_file as screens
from bot.screens.posting import Body
from bot.screens.render import speaker
from bot.use_cases import dispute_files
from bot.use_cases.dispute_deciding import CREDITED, UNDONE
from bot.use_cases.dispute_files import DECIDERS
from bot.use_cases.refusals import NotYours
from storage import dispute_steps as steps


def rendered(news: News) -> Body | None:
    """Word what happened to a dispute; None when it was undone, or is no longer his to see."""
    try:
        found = dispute_files.show(news.work, news.person, int(news.facts["dispute"]), news.now)
    except NotYours:
        return None
    if news.facts["what"] == UNDONE:
        return news.sent(screens.undone(news.speaker, found))
    step = steps.by_id(news.work, int(news.facts["step"]))
    if news.facts["what"] != CREDITED and (step is None or step.withdrawn_at is not None):
        return None
    theirs = speaker(news.rules.locale, news.rules.zone)
    deciding = news.person.role in DECIDERS
    return news.sent(screens.file(news.speaker, theirs, found, deciding=deciding))
