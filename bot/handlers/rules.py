"""The alert rules in the credit manager's chat: /regles, and trials on the past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.handlers import wide
from bot.handlers.news import News
from bot.handlers.registry import CREDIT, on_command, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import rules as screens
from bot.screens.posting import Body
from bot.screens.rules import ShowRules, TryRules
from bot.use_cases import trials

if TYPE_CHECKING:
    from bot.screens.screen import Screen

RULES = "rules"


@on_command("regles", "rules", roles=CREDIT, menu="Alert rules, tried on the past")
def rules(request: Request, _arguments: str) -> Answer:
    """Show the rules with their last trial."""
    return wide.show(request, RULES, page=0)


@on_tap(ShowRules, roles=CREDIT)
def show(request: Request, tap: ShowRules) -> Answer:
    """Turn the pages of the rules."""
    return wide.show(request, RULES, page=tap.page)


@on_tap(TryRules, roles=CREDIT)
def try_them(request: Request, tap: TryRules) -> Answer:
    """Order a trial: it is counted apart, and its result is a message of its own."""
    trials.ask(request.work, request.origin, request.person, tap.months)
    shown = wide.show(request, RULES, page=0)
    return replace(shown, toast=screens.asked(request.speaker))


@wide.page(RULES)
def _page(asked: Request | News, facts: Mapping[str, Any]) -> Screen | None:
    if asked.person.role not in trials.READERS:
        return None
    found = trials.overview(asked.work, asked.person)
    return screens.rules(asked.speaker, found, int(facts["page"]))


def rendered(news: News) -> Body | None:
    """Send what a trial found; None to who may not read it any more."""
    if news.person.role not in trials.READERS:
        return None
    if news.facts["failed"]:
        return news.sent(screens.failed(news.speaker))
    return news.sent(screens.rules(news.speaker, trials.overview(news.work, news.person), 0))
