"""The calculator: /calcul, a figure typed in one line, and a customer's own figures."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.handlers import searching, wide
from bot.handlers.news import News
from bot.handlers.registry import EVERYONE, on_command, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import calculation_account, calculation_chat
from bot.screens.calculation_taps import (
    PickDebtor,
    ShowCalculation,
    ShowCalculations,
    ShowFigure,
    ShowFigures,
    ShowPlan,
)
from bot.screens.screen import Screen
from bot.use_cases import account_calculations, accounts, search
from bot.use_cases.account_calculations import LateAccount
from bot.use_cases.calculations import typed as typing
from bot.use_cases.calculations.given import Calculation, Sources
from bot.use_cases.calculations.registry import CALCULATIONS
from bot.use_cases.calculations.typed import Typed
from bot.use_cases.refusals import CalculationRefused
from bot.use_cases.worklist import codes_of

if TYPE_CHECKING:
    from bot.use_cases.search import Found

NAMED, DEBTORS = "reckoned", "debtors"


@on_command("calcul", "calc", roles=EVERYONE, menu="Penalties, DSO, plans… computed at once")
def calculator(request: Request, arguments: str) -> Answer:
    """Show the themes; compute a figure that was typed; or open a customer's figures."""
    if not arguments.strip():
        return Answer(calculation_chat.home(request.speaker))
    titles = calculation_chat.titles(request.speaker)
    names, typed = typing.recognised(typing.parted(arguments), titles)
    if len(names) > 1:
        return Answer(calculation_chat.which(request.speaker, typed.words, names))
    if names:
        return Answer(_computed(request, CALCULATIONS[names[0]], typed))
    text = arguments.strip()
    return searching.named(request, text, partial(_answered, request, text), NAMED)


def _computed(request: Request, one: Calculation, typed: Typed) -> Screen:
    """Compute a figure; without values, or with wrong ones, show how it is typed."""
    sources = _sources(request)
    if not typed.values:
        return calculation_chat.how(request.speaker, one, sources)
    try:
        values = typing.given(one, typed.values)
        answer = one.run(values, sources)
    except CalculationRefused as fault:
        return calculation_chat.refused(request.speaker, fault, sources)
    return calculation_chat.result(request.speaker, one, values, answer, sources)


def _answered(request: Request, text: str, found: Found) -> Answer:
    if not found.hits:  # « pénalités douze » is no customer: its amount is in words
        titles = calculation_chat.titles(request.speaker)
        names, typed = typing.recognised(typing.parted(text), titles, worded=True)
        if len(names) == 1:
            return Answer(_computed(request, CALCULATIONS[names[0]], typed))
    return Answer(_meant(request, text, found))


def _meant(asked: Request | News, text: str, found: Found) -> Screen:
    """Show the figures of the account that was meant, or the accounts that may be."""
    if found.sure:
        return calculation_account.figures(asked.speaker, _figures(asked, found.hits[0].customer))
    hits = [(one.customer, one.code, one.name) for one in found.hits]
    return calculation_chat.found(asked.speaker, text, hits)


@wide.page(NAMED)
def _read(asked: Request | News, facts: Mapping[str, Any]) -> Screen:
    text = str(facts["text"])
    return _meant(asked, text, search.find(asked.work, asked.person, text))


def _sources(request: Request) -> Sources:
    return Sources(request.rules.reference, request.rules.policy, request.now.today)


def _figures(request: Request | News, customer_id: int) -> LateAccount:
    account = accounts.load(request.work, customer_id, request.now, request.rules)
    return account_calculations.figures(request.work, account, request.rules)


@on_tap(ShowCalculations, roles=EVERYONE)
def show_calculations(request: Request, tap: ShowCalculations) -> Answer:
    """Show a theme's calculations, or every theme."""
    return Answer(calculation_chat.theme(request.speaker, tap.theme))


@on_tap(ShowCalculation, roles=EVERYONE)
def show_calculation(request: Request, tap: ShowCalculation) -> Answer:
    """Show what a calculation takes, and how to type it."""
    one = CALCULATIONS.get(tap.figure)
    if one is None:
        return Answer(calculation_chat.home(request.speaker))
    return Answer(calculation_chat.how(request.speaker, one, _sources(request)))


@on_tap(PickDebtor, roles=EVERYONE)
def pick_debtor(request: Request, tap: PickDebtor) -> Answer:
    """Show a page of the late customers of one's own portfolios."""
    facts = {"page": tap.page}
    if codes_of(request.person) is None:  # nothing is read: he has no portfolio of his own
        return Answer(_debtors(request, facts))
    return wide.show(request, DEBTORS, **facts)


@wide.page(DEBTORS)
def _debtors(asked: Request | News, facts: Mapping[str, Any]) -> Screen:
    found = account_calculations.late_debtors(asked.work, asked.person, asked.now, asked.rules)
    return calculation_chat.debtors(asked.speaker, found, int(facts["page"]))


@on_tap(ShowFigures, roles=EVERYONE, customer=lambda _work, tap: tap.customer)
def show_figures(request: Request, tap: ShowFigures) -> Answer:
    """Show what a customer's lateness comes to."""
    return Answer(calculation_account.figures(request.speaker, _figures(request, tap.customer)))


@on_tap(ShowFigure, roles=EVERYONE, customer=lambda _work, tap: tap.customer)
def show_figure(request: Request, tap: ShowFigure) -> Answer:
    """Show how one of a customer's figures was reached."""
    late = _figures(request, tap.customer)
    return Answer(calculation_account.figure(request.speaker, late, tap.figure, tap.page))


@on_tap(ShowPlan, roles=EVERYONE, customer=lambda _work, tap: tap.customer)
def show_plan(request: Request, tap: ShowPlan) -> Answer:
    """Split what a customer owes over so many months."""
    late = _figures(request, tap.customer)
    return Answer(calculation_account.plan(request.speaker, late, tap.parts))
