"""The alert rules in the credit manager's chat: /regles, and trials on the past."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.handlers.news import News
from bot.handlers.registry import CREDIT, on_command, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import rules as screens
from bot.screens.posting import Body
from bot.screens.rules import ShowRules, TryRules
from bot.use_cases import trials

if TYPE_CHECKING:
    from bot.screens.screen import Screen


@on_command("regles", "rules", roles=CREDIT, menu="Alert rules, tried on the past")
def rules(request: Request, _arguments: str) -> Answer:
    """Show the rules with their last trial."""
    return Answer(_page(request, 0))


@on_tap(ShowRules, roles=CREDIT)
def show(request: Request, tap: ShowRules) -> Answer:
    """Turn the pages of the rules."""
    return Answer(_page(request, tap.page))


@on_tap(TryRules, roles=CREDIT)
def try_them(request: Request, tap: TryRules) -> Answer:
    """Order a trial: it is counted apart, and its result is a message of its own."""
    trials.ask(request.work, request.origin, request.person, tap.months)
    return Answer(_page(request, 0), toast=screens.asked(request.speaker))


def _page(request: Request, page: int) -> Screen:
    found = trials.overview(request.work, request.person)
    return screens.rules(request.speaker, found, page)


def rendered(news: News) -> Body | None:
    """Send what a trial found; None to who may not read it any more."""
    if news.person.role not in trials.READERS:
        return None
    if news.facts["failed"]:
        return news.sent(screens.failed(news.speaker))
    return news.sent(screens.rules(news.speaker, trials.overview(news.work, news.person), 0))
