"""Disputes: opened on an invoice or on the account, with their proof; taken back in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.use_cases import accounts, dispute_news
from bot.use_cases.promises import UNDO_MINUTES
from bot.use_cases.refusals import (
    AmountTooHigh,
    NothingToClaim,
    NotYours,
    Outdated,
    TooLateToUndo,
)
from credit.dispute import DisputeReason, DisputeState, is_late
from credit.money import Money
from credit.receivable import OpenItem
from storage import disputes
from storage.events import Origin, record

if TYPE_CHECKING:
    from bot.use_cases.accounts import Account
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from storage.work import Work

TEXT_LIMIT = 200
"""Characters of what is written about a customer (handbook 11.2)."""
PHOTO_LIMIT = 10


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo by the two identifiers that Telegram gives it."""

    file_id: str
    unique_id: str


@dataclass(frozen=True, slots=True)
class DisputeRequest:
    """What is contested: an invoice, or the account when `item_id` is None.

    Without an amount the whole open part of the invoice is meant.
    """

    reason: DisputeReason
    item_id: int | None = None
    amount: Money | None = None
    text: str = ""
    photos: tuple[Photo, ...] = ()


def open_dispute(
    work: Work,
    origin: Origin,
    person: Person,
    customer_id: int,
    request: DisputeRequest,
    rules: Rules,
) -> int:
    """Open a dispute and return its id; only its part stops being claimed, and credit hears of it.

    Raise `AmountTooHigh`, `NothingToClaim` or `NotYours` before anything is written.
    The caller refreshes the account's alert.
    """
    account = accounts.load(work, customer_id, origin.at, rules)
    item = _item(account, request.item_id)
    amount = _amount(account, item, request.amount)
    rule = rules.policy.dispute.rules[request.reason]
    opened_on = origin.at.today
    late = is_late(item, opened_on) if item else bool(account.overdue)
    values = {
        "uid": origin.uid("dispute"),
        "customer_id": customer_id,
        "item_id": item.id if item else None,
        "person_id": person.id,
        "reason": request.reason.value,
        "currency": amount.currency,
        "amount_minor": amount.minor,
        "text": request.text[:TEXT_LIMIT] or None,
        "state": DisputeState.OPEN.value,
        "late": late,
        "opened_at": origin.at.at,
        "opened_on": opened_on,
        "target_on": rules.calendar.add_working(opened_on, rule.target_days),
        "owner": rule.owner.value,
    }
    dispute_id = disputes.add(work, values)
    for photo in request.photos[:PHOTO_LIMIT]:
        disputes.attach(work, dispute_id, photo.file_id, photo.unique_id, origin.at.at)
    record(work, origin, "dispute.opened", _told(values, item, len(request.photos)), customer_id)
    dispute_news.opened(work, origin, person, dispute_id, rules)
    return dispute_id


def withdraw(work: Work, origin: Origin, person: Person, dispute_id: int) -> int:
    """Undo a dispute within ten minutes, by its author; return its customer."""
    row = disputes.by_id(work, dispute_id)
    if row is None or row.person_id != person.id:
        raise NotYours
    if origin.at.at - row.opened_at > timedelta(minutes=UNDO_MINUTES):
        raise TooLateToUndo(UNDO_MINUTES)
    take_back(work, origin, person, dispute_id)
    return int(row.customer_id)


def take_back(work: Work, origin: Origin, person: Person, dispute_id: int) -> None:
    """Withdraw a dispute that nobody has decided yet."""
    row = disputes.by_id(work, dispute_id)
    opened, gone = DisputeState.OPEN.value, DisputeState.WITHDRAWN.value
    if row is None or not disputes.set_state(work, dispute_id, opened, gone, origin.at.at):
        raise Outdated
    record(work, origin, "dispute.withdrawn", {"uid": row.uid}, row.customer_id)
    dispute_news.withdrawn(work, origin, person, dispute_id)


def _item(account: Account, item_id: int | None) -> OpenItem | None:
    if item_id is None:
        return None
    found = next((item for item in account.items if item.id == item_id), None)
    if found is None or found.is_credit:
        raise NothingToClaim
    return found


def _amount(account: Account, item: OpenItem | None, asked: Money | None) -> Money:
    """Return the contested amount, at most what is open and not contested already."""
    currency = item.currency if item else (asked.currency if asked else account.main_currency)
    owed = (item,) if item else [one for one in account.items if one.currency == currency]
    most = sum(one.undisputed_minor for one in owed)
    if most <= 0:
        raise NothingToClaim
    if asked is None:
        return Money.from_minor(most, currency)
    if asked.currency != currency or not 0 < asked.minor <= most:
        raise AmountTooHigh(most, currency)
    return asked


def _told(values: dict[str, Any], item: OpenItem | None, photos: int) -> dict[str, Any]:
    amount = Money.from_minor(values["amount_minor"], values["currency"])
    return {
        "uid": values["uid"],
        "reason": values["reason"],
        "amount": amount.as_text(),
        "currency": amount.currency,
        "invoice": item.number if item else None,
        "text": values["text"],
        "photos": photos,
        "late": values["late"],
        "owner": values["owner"],
        "target_on": values["target_on"].isoformat(),
    }
