"""News about account files, worded when they leave: who decides, and who filled them in."""

from __future__ import annotations

from bot.handlers.news import News
from bot.handlers.opening import seen_account
from bot.screens import opening as screens
from bot.screens import opening_list
from bot.screens.posting import Body
from bot.use_cases import openings
from bot.use_cases.openings import DECIDERS, SENT
from bot.use_cases.refusals import NotYours
from storage import openings as rows


def rendered(news: News) -> Body | None:
    """Word a file that was sent, decided or completed; None when it is overtaken, or not his."""
    try:
        found = openings.show(
            news.work, news.person, int(news.facts["opening"]), news.now, news.rules
        )
    except NotYours:
        return None
    deciding = news.person.role in DECIDERS
    if news.facts["what"] == SENT and not (deciding and found.state == rows.SENT):
        return None
    account = seen_account(news.work, news.person, found)
    return news.sent(screens.file(news.speaker, found, deciding=deciding, account=account))


def written(news: News) -> Body | None:
    """Write the files that the reader may see when the workbook's turn to leave has come."""
    found = openings.everything(news.work, news.person, news.now, news.rules)
    return news.sent(opening_list.workbook_of(news.speaker, found, news.now.today))
