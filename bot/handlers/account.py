"""An account on the phone: its card, invoices and history, and finding it by typing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from bot.handlers import opening, searching, wide
from bot.handlers.news import News
from bot.handlers.registry import EVERYONE, on_command, on_tap, on_text
from bot.handlers.request import Answer, Request
from bot.screens import account as screens
from bot.screens import alert as alert_screens
from bot.screens import history
from bot.screens import typology as typology_screens
from bot.screens.account import OpenAccount, ShowHistory, ShowInvoices, Undoable
from bot.screens.screen import Screen
from bot.use_cases import accounts, discretion, search, typology
from bot.use_cases.accounts import Account
from bot.use_cases.promises import UNDO_MINUTES
from bot.use_cases.search import Found
from storage import alerts, contacts, events

NAMED = "named"
HISTORY_PAGE = 8
LONGEST = 60  # what is longer than a name is no search


@on_tap(OpenAccount, roles=EVERYONE, customer=lambda _work, tap: tap.customer)
def open_account(request: Request, tap: OpenAccount) -> Answer:
    """Show the card as it stands now."""
    return Answer(card(request, tap.customer))


def card(request: Request | News, customer_id: int) -> Screen:
    """Read an account and show its card, with its alert's line and the last contact."""
    account = accounts.load(request.work, customer_id, request.now, request.rules)
    known = alerts.of(request.work, customer_id)
    seen = known and discretion.seen_by(request.person, known, request.rules.policy)
    lit = alert_screens.headline(request.speaker, seen)
    file = opening.beside(request, account.customer)
    return screens.card(
        request.speaker,
        account,
        lit=lit,
        last=_last(request, customer_id),
        undoable=_undoable(request, account),
        notes=[*_typology(request, account), *file.notes],
        more=file.buttons,
    )


def _typology(request: Request | News, account: Account) -> list[str]:
    found = typology.place(request.work, account, request.rules)
    return [typology_screens.line(request.speaker, found)] if found else []


def _undoable(request: Request | News, account: Account) -> Undoable:
    """Name what this person recorded on the account and may still take back."""
    since = request.now.at - timedelta(minutes=UNDO_MINUTES)
    me = request.person.id
    mine = [one for one in account.promises if one.promise.author == me and one.made_at >= since]
    contested = [one for one in account.disputes if one.person_id == me and one.opened_at >= since]
    return Undoable(
        promises=tuple(one.promise.id for one in mine),
        disputes=tuple(int(one.id) for one in contested),
    )


def _last(request: Request | News, customer_id: int) -> str:
    rows = contacts.last(request.work, customer_id, 1)
    if not rows:
        return ""
    return history.last_contact(request.speaker, rows[0].on, rows[0].author, rows[0].outcome)


@on_tap(ShowInvoices, roles=EVERYONE, customer=lambda _work, tap: tap.customer)
def show_invoices(request: Request, tap: ShowInvoices) -> Answer:
    """Show a page of the open lines."""
    account = accounts.load(request.work, tap.customer, request.now, request.rules)
    return Answer(screens.invoices(request.speaker, account, tap.page))


@on_tap(ShowHistory, roles=EVERYONE, customer=lambda _work, tap: tap.customer)
def show_history(request: Request, tap: ShowHistory) -> Answer:
    """Show a page of what was said and done, newest first."""
    account = accounts.load(request.work, tap.customer, request.now, request.rules)
    page = max(0, tap.page)
    skip = page * HISTORY_PAGE
    rows = events.of_customer(request.work, tap.customer, skip, HISTORY_PAGE + 1)
    said = [
        (row.at, row.author or "", history.sentence(request.speaker, row.kind, row.data))
        for row in rows[:HISTORY_PAGE]
    ]
    more = len(rows) > HISTORY_PAGE
    return Answer(screens.history(request.speaker, account, said, page, more=more))


@on_text
def find(request: Request) -> Answer | None:
    """Look for the account that a typed text names; a long text is no search."""
    text = request.incoming.text.strip() if request.incoming else ""
    if not text or len(text) > LONGEST or "\n" in text:
        return None
    return searching.named(request, text, partial(_answered, request, text), NAMED)


@on_command("client", "customer", roles=EVERYONE)
def find_named(request: Request, arguments: str) -> Answer:
    """Look for an account as a typed name does; without a name, ask for it."""
    text = arguments.strip()[:LONGEST]
    if not text:
        return Answer(screens.whom(request.speaker))
    return searching.named(request, text, partial(_answered, request, text), NAMED)


def _answered(request: Request, text: str, found: Found) -> Answer:
    return Answer(_meant(request, text, found), edit=False)


def _meant(asked: Request | News, text: str, found: Found) -> Screen:
    """Show the account that was meant, or those that may be."""
    if found.sure:
        return card(asked, found.hits[0].customer)
    hits = [(one.customer, one.code, one.name) for one in found.hits]
    return screens.found(asked.speaker, hits, text)


@wide.page(NAMED)
def _read(asked: Request | News, facts: Mapping[str, Any]) -> Screen:
    text = str(facts["text"])
    return _meant(asked, text, search.find(asked.work, asked.person, text))
