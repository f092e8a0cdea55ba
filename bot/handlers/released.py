"""News about release requests, worded when they leave: who decides, and who asked."""

from __future__ import annotations

from bot.handlers.news import News
from bot.screens import order as screens
from bot.screens.order import Thresholds
from bot.screens.posting import Body
from bot.use_cases import orders
from bot.use_cases.orders import ASK, DECIDERS
from bot.use_cases.refusals import NotYours


def rendered(news: News) -> Body | None:
    """Word a request or its decision; None when it was decided, or is no longer his to see."""
    try:
        found = orders.show(
            news.work, news.person, int(news.facts["request"]), news.now, news.rules
        )
    except NotYours:
        return None
    days = Thresholds.of(news.rules.policy.orders)
    if news.facts["what"] == ASK:
        if not found.open or news.person.role not in DECIDERS:
            return None
        screen = screens.asked(news.speaker, found, days)
    else:
        screen = screens.told(news.speaker, found, days)
    return news.sent(screen)
