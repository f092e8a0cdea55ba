"""The digest, asked for or sent in the morning, and the reminder of a promise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.handlers import wide
from bot.handlers.news import News
from bot.handlers.registry import EVERYONE, on_command
from bot.handlers.request import Answer, Request
from bot.screens import digest as screens
from bot.screens.posting import Body
from bot.screens.screen import Screen
from bot.use_cases import digests, reminders
from credit.people import may_see
from storage import customers

NOW = "digest_now"


@on_command("resume_du_jour", "digest", roles=EVERYONE, menu="Today's summary")
def now(request: Request, _arguments: str) -> Answer:
    """Show the digest as it would be now, said or not this morning."""
    return wide.show(request, NOW)


@wide.page(NOW, heavy=True)
def _drawn(asked: Request | News, _facts: Mapping[str, Any]) -> Screen:
    found = digests.build(asked.work, asked.person, asked.now, asked.rules)
    return screens.digest(asked.speaker, found)


def rendered(news: News) -> Body | None:
    """Word a digest that was posted; None when there is nothing to say, or its day is over."""
    if not digests.still_timely(news.facts, news.now, news.rules):
        return None
    found = digests.build(news.work, news.person, news.now, news.rules)
    if not digests.worth_sending(found, news.rules):
        return None
    return news.sent(screens.digest(news.speaker, found))


def promise_due(news: News) -> Body | None:
    """Word the reminder of an instalment; None when it was paid, withdrawn, or is not his."""
    found = reminders.waiting(
        news.work, int(news.facts["promise_id"]), int(news.facts["n"]), news.now.today
    )
    if found is None:
        return None
    _, rep_code = customers.owner(news.work, found.customer)
    if not may_see(news.person, rep_code):
        return None
    screen = screens.promise_due(
        news.speaker, found.customer, found.name, found.amount, found.due_on
    )
    return news.sent(screen)
