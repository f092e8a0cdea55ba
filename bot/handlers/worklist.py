"""The day and the balance: /aujourdhui, /balance and the buttons under them."""

from __future__ import annotations

from bot.handlers.registry import EVERYONE, MANAGERS, on_command, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import balance as balance_screens
from bot.screens import worklist as screens
from bot.screens.balance import ShowOwing
from bot.screens.screen import Screen
from bot.screens.worklist import OWN, ShowBalance, ShowDay, ShowTeam, TaskDone
from bot.use_cases import balances, dispute_files, worklist
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
        return Answer(_balance(request, OWN, 0))
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
    return Answer(_balance(request, tap.key, 0))


@on_tap(ShowOwing, roles=EVERYONE, own=True)
def show_owing(request: Request, tap: ShowOwing) -> Answer:
    """Turn the pages of who owes a balance."""
    return Answer(_balance(request, tap.key, tap.page))


def _balance(request: Request, key: int, page: int) -> Screen:
    work, person, speaker = request.work, request.person, request.speaker
    back = person.role is not Role.REP
    if key == OWN:
        found = worklist.balance(work, person, request.now)
        owing = balances.owing(work, worklist.codes_of(person), request.now.today, page)
        return balance_screens.balance(speaker, found, owing, back=back)
    code = worklist.portfolio_of(work, person, key)
    found = worklist.balance(work, person, request.now, code, of_one=True)
    owing = balances.owing(work, frozenset({code or ""}), request.now.today, page)
    title = screens.rep_name(speaker, worklist.named(work, code, found))
    return balance_screens.balance(speaker, found, owing, title=title, back=back, key=key)


@on_tap(ShowTeam, roles=MANAGERS, own=True)
def show_team(request: Request, tap: ShowTeam) -> Answer:
    """Show a page of the portfolios one may see."""
    return Answer(_team(request, tap.page, tap.what))


def _team(request: Request, page: int, what: str) -> Screen:
    lines = worklist.team(request.work, request.person, request.now)
    waiting = dispute_files.to_decide(request.work, request.person)
    return screens.team(
        request.speaker, lines, page, "b" if what == "b" else "d", to_decide=waiting
    )
