"""The dashboard: /tableau and the buttons under it."""

from __future__ import annotations

from bot.handlers.registry import EVERYONE, on_command, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import dashboard as screens
from bot.screens.dashboard import ShowDashboard
from bot.screens.screen import Screen
from bot.use_cases import dashboard


@on_command("tableau", "dashboard", roles=EVERYONE, menu="Dashboard: figures and formulas")
def board(request: Request, _arguments: str) -> Answer:
    """Show the indicators of what the person may see."""
    return Answer(_shown(request, ""))


@on_tap(ShowDashboard, roles=EVERYONE, own=True)
def show(request: Request, tap: ShowDashboard) -> Answer:
    """Show one block with its formulas, or all blocks."""
    return Answer(_shown(request, tap.block))


def _shown(request: Request, block: str) -> Screen:
    found = dashboard.build(request.work, request.person, request.now, request.rules)
    return screens.block(request.speaker, found, block)
