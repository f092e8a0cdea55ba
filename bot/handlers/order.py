"""Orders: /commande, the answer, a release request and its decision."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.handlers import conversation, searching, wide
from bot.handlers.news import News
from bot.handlers.registry import COLLECTORS, CREDIT, on_command, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import order as screens
from bot.screens.order import (
    AskRelease,
    CheckOrder,
    GrantRelease,
    RefuseRelease,
    ShowRelease,
    Thresholds,
)
from bot.screens.screen import Screen
from bot.scripts.typed_amounts import currency_named, parse_amount
from bot.use_cases import accounts, orders, search
from bot.use_cases import order_effects as _effects  # noqa: F401 - the forms' effects register
from bot.use_cases.conversations import Opening
from bot.use_cases.orders import DECIDERS, MOST_MINOR
from bot.use_cases.refusals import Outdated
from bot.use_cases.search import ManyNames
from credit.money import Currency, Money, UnknownCurrency
from storage import releases

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from bot.use_cases.search import Found
    from storage.work import Work

Typed = tuple[str, str, str]
"""A name, the figures after it and the currency that they name."""
NAMED = "ordered"
LONGEST = 60
ANY_DECIMALS = ("EUR", "KWD")
"""Currencies of two decimals and of three: what is an amount in neither is none."""


@on_command("commande", "order", roles=COLLECTORS, menu="May this order leave?")
def order(request: Request, arguments: str) -> Answer:
    """Answer green, amber or red for a customer and an amount typed on one line.

    An amount that names no currency is in the customer's own.
    """
    typed = name, figures, currency = _split(arguments)
    if not name:
        return Answer(_usage(request, arguments))
    then = partial(_answered, request, typed)
    return searching.named(request, name, then, NAMED, figures=figures, currency=currency)


def _usage(request: Request, arguments: str) -> Screen:
    """Say how an order is asked about, and what of this line was not understood."""
    words = arguments.split()
    if not words:
        return screens.usage(request.speaker)
    text = " ".join(words)[:LONGEST]
    if len(words) == 1 or _is_name(request, text):
        return screens.usage(request.speaker, lacking=text)
    return screens.usage(request.speaker, fault=_not_read(words))


def _is_name(request: Request, text: str) -> bool:
    try:
        found = search.find(request.work, request.person, text, search.MANY)
    except ManyNames:
        return False
    return any(search.holds(one.name, text) for one in found.hits)


def _not_read(words: list[str]) -> str:
    """Return what stands where the amount should: the figures at the end, else the last word."""
    place = len(words) - 1
    while place > 1 and words[place - 1].lstrip("-+")[:1].isdigit():
        place -= 1
    return " ".join(words[place:])


def _answered(request: Request, typed: Typed, found: Found) -> Answer:
    _, figures, currency = typed
    if found.sure and (tap := _tap(request, found.hits[0].customer, figures, currency)):
        return _checked(request, tap)
    return Answer(_offered(request, typed, found))


def _offered(asked: Request | News, typed: Typed, found: Found) -> Screen:
    """Ask which account is meant; nobody found says so."""
    name, figures, currency = typed
    taps = [(one, _tap(asked, one.customer, figures, currency)) for one in found.hits]
    known = [(one, tap) for one, tap in taps if tap is not None]
    if found.hits and not known:  # « 3200,50 » in a currency without decimals
        return screens.usage(asked.speaker, fault=figures)
    return screens.choices(asked.speaker, known, name)


@wide.page(NAMED)
def _read(asked: Request | News, facts: Mapping[str, Any]) -> Screen:
    typed = (str(facts["text"]), str(facts["figures"]), str(facts["currency"]))
    return _offered(asked, typed, search.find(asked.work, asked.person, typed[0]))


def _tap(asked: Request | News, customer_id: int, figures: str, named: str) -> CheckOrder | None:
    """Read the figures in the currency that was named, else in the customer's."""
    account = accounts.load(asked.work, customer_id, asked.now, asked.rules)
    amount = _typed(figures, named or account.main_currency)
    if amount is None:
        return None
    return CheckOrder(customer_id, amount.minor, amount.currency)


def _split(arguments: str) -> tuple[str, str, str]:
    """Split « Dupont 3 200,50 € »: the longest end that reads as an amount, and its currency."""
    words = arguments.split()
    for place in range(1, len(words)):
        figures = " ".join(words[place:])
        named = currency_named(figures)
        if any(_typed(figures, code) for code in ((named,) if named else ANY_DECIMALS)):
            return " ".join(words[:place]), figures, named
    return "", "", ""


def _typed(figures: str, currency: str) -> Money | None:
    amount = parse_amount(figures, currency)
    return amount if amount is not None and 0 < amount.minor <= MOST_MINOR else None


@on_tap(CheckOrder, roles=COLLECTORS, customer=lambda _work, tap: tap.customer)
def check(request: Request, tap: CheckOrder) -> Answer:
    """Hold the order against the rules as they stand now."""
    return _checked(request, tap)


def _checked(request: Request, tap: CheckOrder) -> Answer:
    amount = _amount(tap)
    found = orders.check(request.work, tap.customer, amount, request.now, request.rules)
    orders.looked_up(request.work, request.origin, found)
    may_write = request.person.role in DECIDERS
    days = thresholds(request.rules)
    return Answer(screens.verdict(request.speaker, found, days, may_write=may_write))


def _amount(tap: CheckOrder | AskRelease) -> Money:
    """Read the tap's amount; raise `Outdated` for one that no button of ours carries."""
    try:
        code = Currency(tap.currency).code
    except UnknownCurrency:
        raise Outdated from None
    if not 0 < tap.amount <= MOST_MINOR:
        raise Outdated
    return Money.from_minor(tap.amount, code)


@on_tap(AskRelease, roles=COLLECTORS, customer=lambda _work, tap: tap.customer)
def ask(request: Request, tap: AskRelease) -> Answer:
    """Ask why; the form's end sends the request."""
    work, rules = request.work, request.rules
    found = orders.check(work, tap.customer, _amount(tap), request.now, rules)
    request_id = orders.draft(work, request.origin, request.person, found)
    return conversation.begin(request, Opening("release", tap.customer, request_id))


def customer_of(work: Work, tap: GrantRelease | RefuseRelease | ShowRelease) -> int:
    """Find whose order the request is about; 0 when there is no such request."""
    row = releases.by_id(work, tap.request)
    return int(row.customer_id) if row is not None else 0


@on_tap(GrantRelease, roles=CREDIT, customer=customer_of)
def grant(request: Request, tap: GrantRelease) -> Answer:
    """Let the order go, or only against a deposit; the rep hears of it at once."""
    decision = releases.DEPOSIT if tap.deposit else releases.GRANTED
    found = orders.decide(
        request.work, request.origin, request.person, tap.request, decision, request.rules
    )
    return Answer(_shown(request, found))


@on_tap(RefuseRelease, roles=CREDIT, customer=customer_of)
def refuse(request: Request, tap: RefuseRelease) -> Answer:
    """Ask what is possible instead; the form's end refuses."""
    found = orders.show(request.work, request.person, tap.request, request.now, request.rules)
    if not found.open:
        return Answer(_shown(request, found))
    customer_id = int(found.row.customer_id)
    return conversation.begin(request, Opening("release_refusal", customer_id, tap.request))


@on_tap(ShowRelease, roles=COLLECTORS, customer=customer_of)
def show(request: Request, tap: ShowRelease) -> Answer:
    """Show a request with its clock."""
    found = orders.show(request.work, request.person, tap.request, request.now, request.rules)
    return Answer(_shown(request, found))


def _shown(request: Request, found: orders.Request) -> Screen:
    paint = screens.asked if request.person.role in DECIDERS else screens.told
    return paint(request.speaker, found, thresholds(request.rules))


def thresholds(rules: Rules) -> Thresholds:
    """Return what screens name of the policy."""
    return Thresholds.of(rules.policy.orders)
