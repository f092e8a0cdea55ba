"""The dashboard: /tableau and the buttons under it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.handlers import later, wide
from bot.handlers.news import News
from bot.handlers.registry import EVERYONE, on_command, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import dashboard as screens
from bot.screens import dashboard_charts as drawings
from bot.screens.dashboard import ShowChart, ShowDashboard
from bot.screens.posting import Body
from bot.screens.screen import Screen
from bot.use_cases import dashboard, dashboard_charts
from bot.use_cases.worklist import is_vast

BOARD, CHART = "board", "chart"


@on_command("tableau", "dashboard", roles=EVERYONE, menu="Dashboard: figures and formulas")
def board(request: Request, _arguments: str) -> Answer:
    """Show the indicators of what the person may see."""
    return wide.show(request, BOARD, block="")


@on_tap(ShowDashboard, roles=EVERYONE, own=True)
def show(request: Request, tap: ShowDashboard) -> Answer:
    """Show one block with its formulas, or all blocks."""
    return wide.show(request, BOARD, block=tap.block)


@wide.page(BOARD, heavy=True)
def _drawn(asked: Request | News, facts: Mapping[str, Any]) -> Screen:
    block = str(facts["block"])
    found = dashboard.build(asked.work, asked.person, asked.now, asked.rules, block)
    return screens.block(asked.speaker, found, block)


@on_tap(ShowChart, roles=EVERYONE, own=True)
def show_chart(request: Request, tap: ShowChart) -> Answer:
    """Order the chart of a block: it is drawn when its turn to leave has come, not here."""
    apart = is_vast(request.work, request.person)
    later.order(request, {"block": tap.block}, kind=CHART, aside=apart)
    return Answer(toast=drawings.coming(request.speaker))


def rendered(news: News) -> Body | None:
    """Draw a chart that was asked for; a line says so where there is nothing to draw."""
    block = str(news.facts["block"])
    found = dashboard_charts.charted(news.work, news.person, news.now, news.rules, block)
    screen = found and drawings.chart(news.speaker, found, block)
    return news.sent(screen or drawings.nothing(news.speaker))
