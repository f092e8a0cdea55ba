"""Disputes: why a customer withholds, who resolves it by when, and what stays claimable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from credit.receivable import OpenItem


class DisputeReason(StrEnum):
    """The twelve types of dispute (handbook 8.2)."""

    PRICE = "L01"
    QUANTITY = "L02"
    QUALITY = "L03"
    DELIVERY = "L04"
    ADMINISTRATIVE = "L05"
    INVOICING_ERROR = "L06"
    VAT = "L07"
    PAYMENT_NOT_POSTED = "L08"
    CREDIT_NOTE_MISSING = "L09"
    INCOMPLETE_SERVICE = "L10"
    CONTRACT = "L11"
    CLAIM_DENIED = "L12"


class DisputeOwner(StrEnum):
    """The department that resolves a type of dispute."""

    REP = "rep"
    LOGISTICS = "logistics"
    QUALITY = "quality"
    ORDER_DESK = "order_desk"
    ACCOUNTING = "accounting"
    PRODUCTION = "production"
    MANAGEMENT = "management"
    CREDIT_MANAGER = "credit_manager"


class DisputeEffect(StrEnum):
    """What a type of dispute takes out of the claim while it lasts."""

    SUSPEND_AMOUNT = "suspend_amount"
    SUSPEND_INVOICE = "suspend_invoice"
    NONE = "none"


class Remedy(StrEnum):
    """What puts right a dispute that is founded (handbook 8.1, 8.2)."""

    CREDIT_NOTE = "credit_note"
    CORRECTED_INVOICE = "corrected_invoice"
    POSTING = "posting"
    BY_CONTRACT = "by_contract"


_REMEDIES = {
    DisputeReason.ADMINISTRATIVE: Remedy.CORRECTED_INVOICE,
    DisputeReason.PAYMENT_NOT_POSTED: Remedy.POSTING,
    DisputeReason.CONTRACT: Remedy.BY_CONTRACT,
}


def remedy(reason: DisputeReason) -> Remedy:
    """Tell what puts a founded dispute right: a credit note, but for three reasons.

    An invoice without its order number is issued anew (L05) and still owed; a payment that
    was not posted is posted (L08). What a contract lets the customer retain is set apart until
    it falls due (L11, handbook 7.3: M25 splits the line); only penalties that he may claim are
    deducted. A credit note for any of them would give money away.
    """
    return _REMEDIES.get(reason, Remedy.CREDIT_NOTE)


class DisputeState(StrEnum):
    """Where a dispute stands (handbook 8.2).

    ```mermaid
    stateDiagram-v2
        [*] --> open
        open --> under_review: a question to the rep
        open --> founded
        open --> partly_founded
        open --> unfounded
        under_review --> founded
        under_review --> partly_founded
        under_review --> unfounded
        founded --> closed: put right (credit note posted), or paid
        partly_founded --> closed: put right (credit note posted), or paid
        unfounded --> [*]
        open --> withdrawn: undone by its author
    ```
    A question and a decision can be undone for ten minutes: the former state is back.
    Dunning rests for some worked days on what was refused: the customer hears of it first.
    A credit note that comes meanwhile closes the dispute and leaves that rest as it was.
    """

    OPEN = "open"
    UNDER_REVIEW = "under_review"
    FOUNDED = "founded"
    PARTLY_FOUNDED = "partly_founded"
    UNFOUNDED = "unfounded"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


WAITING = frozenset({DisputeState.OPEN, DisputeState.UNDER_REVIEW})
GRANTED = frozenset({DisputeState.FOUNDED, DisputeState.PARTLY_FOUNDED})
RULINGS = GRANTED | {DisputeState.UNFOUNDED}
SUSPENDING = WAITING | GRANTED
REFUSING = frozenset({DisputeState.PARTLY_FOUNDED, DisputeState.UNFOUNDED})
MAY_REST = REFUSING | {DisputeState.CLOSED}
"""Where a dispute may stand while dunning rests on what was refused of it."""


class Awaited(StrEnum):
    """What a dispute waits for."""

    DECISION = "decision"
    ANSWER = "answer"
    CREDIT_NOTE = "credit_note"
    NOTHING = "nothing"


def awaited(state: DisputeState, *, asked: bool) -> Awaited:
    """Tell what a dispute waits for; `asked`: the last word on it is a question to the rep."""
    if state in WAITING:
        return Awaited.ANSWER if asked else Awaited.DECISION
    return Awaited.CREDIT_NOTE if state in GRANTED else Awaited.NOTHING


@dataclass(frozen=True, slots=True)
class DisputeRule:
    """Owner, target in worked days and effect of one type of dispute (policy, handbook 8.2)."""

    owner: DisputeOwner
    target_days: int
    effect: DisputeEffect


DisputeRules = Mapping[DisputeReason, DisputeRule]


@dataclass(frozen=True, slots=True)
class Dispute:
    """A contested amount (minor units) of one item; `founded_minor` once decided in part.

    `resting`: it was refused, in part or in whole, and dunning has not resumed yet.
    """

    id: int
    item_id: int
    reason: DisputeReason
    amount_minor: int
    opened_on: date
    state: DisputeState = DisputeState.OPEN
    founded_minor: int | None = None
    resting: bool = False

    @property
    def waiting(self) -> bool:
        """Tell whether its owner still has to decide."""
        return self.state in WAITING

    @property
    def withheld_minor(self) -> int:
        """Return the contested part that still stands, in minor units."""
        if self.state is DisputeState.CLOSED:  # what was accepted is credited
            return self.amount_minor - (self.founded_minor or 0) if self.resting else 0
        partly = self.state is DisputeState.PARTLY_FOUNDED and not self.resting
        if partly and self.founded_minor is not None:
            return self.founded_minor
        return self.amount_minor if self.state in SUSPENDING or self.resting else 0


def is_resting(state: str, resume_on: date | None, day: date) -> bool:
    """Tell whether dunning has not resumed yet on that day after a refusal (handbook 8.2)."""
    return state in MAY_REST and resume_on is not None and resume_on > day


def suspends(state: DisputeState, effect: DisputeEffect) -> bool:
    """Tell whether a dispute takes anything out of the claim.

    A type that suspends nothing (L12) does once it is accepted: only what is certain and due
    is collected (handbook 8.2), and a credit note is to come.
    """
    return effect is not DisputeEffect.NONE or state in GRANTED


def suspended_minor(item: OpenItem, disputes: Iterable[Dispute], rules: DisputeRules) -> int:
    """Return the part of the item that its disputes suspend, at most what is open."""
    if item.is_credit:
        return 0
    suspended = sum(
        _suspended_by(dispute, item.open_minor, rules[dispute.reason].effect)
        for dispute in disputes
        if dispute.item_id == item.id
    )
    return min(item.open_minor, suspended)


def undisputed_minor(item: OpenItem, disputes: Iterable[Dispute], rules: DisputeRules) -> int:
    """Return the part of the item that may still be claimed; nothing for a credit.

    A dispute changes what may be claimed, never what is overdue (handbook, ten rules, 9).
    """
    return 0 if item.is_credit else item.open_minor - suspended_minor(item, disputes, rules)


def is_late(item: OpenItem, opened_on: date, first_reminder_on: date | None = None) -> bool:
    """Tell whether a dispute arises after the due date or the first reminder (C1-09)."""
    after_due = item.due_on is not None and opened_on > item.due_on
    return after_due or (first_reminder_on is not None and opened_on > first_reminder_on)


def _suspended_by(dispute: Dispute, open_minor: int, effect: DisputeEffect) -> int:
    if dispute.withheld_minor == 0 or not suspends(dispute.state, effect):
        return 0
    # Once partly decided, only the founded part waits, even for a type that stops the invoice.
    whole = dispute.resting or dispute.state is not DisputeState.PARTLY_FOUNDED
    if effect is DisputeEffect.SUSPEND_INVOICE and whole:
        return open_minor
    return dispute.withheld_minor
