"""The dashboard: /tableau and the buttons under it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.handlers import later
from bot.handlers.registry import EVERYONE, on_command, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import dashboard as screens
from bot.screens import dashboard_charts as drawings
from bot.screens.dashboard import ShowChart, ShowDashboard
from bot.screens.posting import Body, sending
from bot.screens.screen import Screen
from bot.use_cases import dashboard

if TYPE_CHECKING:
    from bot.screens.render import Speaker
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.people import Person
    from storage.work import Work

CHART = "chart"


@on_command("tableau", "dashboard", roles=EVERYONE, menu="Dashboard: figures and formulas")
def board(request: Request, _arguments: str) -> Answer:
    """Show the indicators of what the person may see."""
    return Answer(_shown(request, ""))


@on_tap(ShowDashboard, roles=EVERYONE, own=True)
def show(request: Request, tap: ShowDashboard) -> Answer:
    """Show one block with its formulas, or all blocks."""
    return Answer(_shown(request, tap.block))


def _shown(request: Request, block: str) -> Screen:
    found = dashboard.build(request.work, request.person, request.now, request.rules, block)
    return screens.block(request.speaker, found, block)


@on_tap(ShowChart, roles=EVERYONE, own=True)
def show_chart(request: Request, tap: ShowChart) -> Answer:
    """Order the chart of a block: it is drawn when its turn to leave has come, not here."""
    later.order(request, {"block": tap.block}, kind=CHART)
    return Answer(toast=drawings.coming(request.speaker))


def rendered(
    work: Work,
    speaker: Speaker,
    rules: Rules,
    person: Person,
    facts: Mapping[str, Any],
    now: Moment,
) -> Body | None:
    """Draw a chart that was asked for; a line says so where there is nothing to draw."""
    if person.telegram_id is None:
        return None
    found = dashboard.build(work, person, now, rules)
    months: tuple[dashboard.MonthDso, ...] = ()
    if facts["block"] == "speed" and found.figures:
        months = dashboard.monthly(work, person, now, found.figures[0].currency)
    screen = drawings.chart(speaker, found, months, str(facts["block"]))
    return sending(screen or drawings.nothing(speaker), person.telegram_id)
