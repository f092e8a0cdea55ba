"""The day and the balance: /aujourdhui, /balance and the buttons under them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.handlers import wide
from bot.handlers.news import News
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

DAY, BALANCE, TEAM = "day", "balance", "team"


@on_command("aujourdhui", "today", roles=EVERYONE, menu="Whom to call today, and why")
def today(request: Request, _arguments: str) -> Answer:
    """Show the rep his day, a manager his team's."""
    if request.person.role is Role.REP:
        return wide.show(request, DAY, page=0, key=OWN)
    return wide.show(request, TEAM, page=0, what="d")


@on_command("balance", roles=EVERYONE, menu="Aged balance, customer by customer")
def balance(request: Request, _arguments: str) -> Answer:
    """Show the rep his aged balance, a manager one line per rep."""
    if request.person.role is Role.REP:
        return wide.show(request, BALANCE, page=0, key=OWN)
    return wide.show(request, TEAM, page=0, what="b")


@on_tap(ShowDay, roles=EVERYONE, own=True)
def show_day(request: Request, tap: ShowDay) -> Answer:
    """Show a page of one's own day, or of a portfolio one may see."""
    wide.check(request, tap.key)
    return wide.show(request, DAY, page=tap.page, key=tap.key)


@wide.page(DAY)
def _day(asked: Request | News, facts: Mapping[str, Any]) -> Screen:
    code, page = None, int(facts["page"])
    if facts["key"] != OWN:
        code = worklist.portfolio_of(asked.work, asked.person, int(facts["key"]))
        if code is None:
            raise NotYours
    found = worklist.today(asked.work, asked.person, asked.now, asked.rules, page, code)
    return screens.day(asked.speaker, found)


@on_tap(TaskDone, roles=EVERYONE, customer=lambda work, tap: worklist.task_customer(work, tap.task))
def task_done(request: Request, tap: TaskDone) -> Answer:
    """Mark one's own task done and show what is left."""
    worklist.finish(request.work, request.origin, request.person, tap.task)
    shown = wide.show(request, DAY, page=0, key=OWN)
    return replace(shown, toast=screens.done(request.speaker))


@on_tap(ShowBalance, roles=EVERYONE, own=True)
def show_balance(request: Request, tap: ShowBalance) -> Answer:
    """Show an aged balance: all that one sees, or a portfolio one may see."""
    wide.check(request, tap.key)
    return wide.show(request, BALANCE, page=0, key=tap.key)


@on_tap(ShowOwing, roles=EVERYONE, own=True)
def show_owing(request: Request, tap: ShowOwing) -> Answer:
    """Turn the pages of who owes a balance."""
    wide.check(request, tap.key)
    return wide.show(request, BALANCE, page=tap.page, key=tap.key)


@wide.page(BALANCE)
def _balance(asked: Request | News, facts: Mapping[str, Any]) -> Screen:
    work, person, speaker = asked.work, asked.person, asked.speaker
    floor = asked.rules.policy.floor
    key, page = int(facts["key"]), int(facts["page"])
    back = person.role is not Role.REP
    if key == OWN:
        found = worklist.balance(work, person, asked.now)
        owing = balances.owing(work, worklist.codes_of(person), asked.now.today, page, floor)
        return balance_screens.balance(speaker, found, owing, floor, back=back)
    code = worklist.portfolio_of(work, person, key)
    found = worklist.balance(work, person, asked.now, code, of_one=True)
    owing = balances.owing(work, frozenset({code or ""}), asked.now.today, page, floor)
    title = screens.rep_name(speaker, worklist.named(work, code, found))
    return balance_screens.balance(speaker, found, owing, floor, title=title, back=back, key=key)


@on_tap(ShowTeam, roles=MANAGERS, own=True)
def show_team(request: Request, tap: ShowTeam) -> Answer:
    """Show a page of the portfolios one may see."""
    return wide.show(request, TEAM, page=tap.page, what=tap.what)


@wide.page(TEAM)
def _team(asked: Request | News, facts: Mapping[str, Any]) -> Screen:
    lines = worklist.team(asked.work, asked.person, asked.now, asked.rules)
    waiting = dispute_files.to_decide(asked.work, asked.person)
    what = "b" if facts["what"] == "b" else "d"
    return screens.team(asked.speaker, lines, int(facts["page"]), what, to_decide=waiting)
