"""The day and the balance: /aujourdhui, /balance and the buttons under them."""

from __future__ import annotations

from bot.handlers.registry import EVERYONE, MANAGERS, on_command, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import worklist as screens
from bot.screens.screen import Screen
from bot.screens.worklist import OWN, ShowBalance, ShowDay, ShowTeam, TaskDone
from bot.use_cases import worklist
from bot.use_cases.refusals import NotYours
from credit.people import Role


@on_command("aujourdhui", "today", roles=EVERYONE, menu="Whom to call today, and why")
def today(request: Request, _arguments: str) -> Answer:
    """Show the rep his day, a manager his team's."""
    if request.person.role is Role.REP:
        return Answer(_day(request, 0, OWN))
    return Answer(_team(request, 0, "d"))


@on_command("balance", roles=EVERYONE, menu="Aged balance of your portfolio")
def balance(request: Request, _arguments: str) -> Answer:
    """Show the rep his aged balance, a manager one line per rep."""
    if request.person.role is Role.REP:
        return Answer(_balance(request, OWN))
    return Answer(_team(request, 0, "b"))


@on_tap(ShowDay, roles=EVERYONE, own=True)
def show_day(request: Request, tap: ShowDay) -> Answer:
    """Show a page of one's own day, or of a portfolio one may see."""
    return Answer(_day(request, tap.page, tap.key))


def _day(request: Request, page: int, key: int) -> Screen:
    code = None
    if key != OWN:
        code = worklist.portfolio_of(request.work, request.person, key)
        if code is None:
            raise NotYours
    found = worklist.today(request.work, request.person, request.now, request.rules, page, code)
    return screens.day(request.speaker, found)


@on_tap(TaskDone, roles=EVERYONE, customer=lambda work, tap: worklist.task_customer(work, tap.task))
def task_done(request: Request, tap: TaskDone) -> Answer:
    """Mark one's own task done and show what is left."""
    worklist.finish(request.work, request.origin, request.person, tap.task)
    return Answer(_day(request, 0, OWN), toast=screens.done(request.speaker))


@on_tap(ShowBalance, roles=EVERYONE, own=True)
def show_balance(request: Request, tap: ShowBalance) -> Answer:
    """Show an aged balance: all that one sees, or a portfolio one may see."""
    return Answer(_balance(request, tap.key))


def _balance(request: Request, key: int) -> Screen:
    person, speaker = request.person, request.speaker
    if key == OWN:
        found = worklist.balance(request.work, person, request.now)
        back = person.role is not Role.REP
        return screens.balance(speaker, found, back=back)
    code = worklist.portfolio_of(request.work, person, key)
    found = worklist.balance(request.work, person, request.now, code, of_one=True)
    line = worklist.named(request.work, code, found)
    title = screens.rep_name(speaker, line)
    back = person.role is not Role.REP
    return screens.balance(speaker, found, title=title, back=back, key=key)


@on_tap(ShowTeam, roles=MANAGERS, own=True)
def show_team(request: Request, tap: ShowTeam) -> Answer:
    """Show a page of the portfolios one may see."""
    return Answer(_team(request, tap.page, tap.what))


def _team(request: Request, page: int, what: str) -> Screen:
    lines = worklist.team(request.work, request.person, request.now)
    return screens.team(request.speaker, lines, page, "b" if what == "b" else "d")
