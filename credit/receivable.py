"""Receivables: what a customer owes, line by line, and the money that came in against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ItemKind(StrEnum):
    """What an open line of a customer's account is; a payment is unapplied cash."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    BILL = "bill"
    OTHER = "other"


CREDIT_KINDS = frozenset({ItemKind.CREDIT_NOTE, ItemKind.PAYMENT})


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One open line, amounts in minor units: positive is owed to us, negative is a credit.

    `promised_minor` is the part that a running promise covers until `promised_until`;
    None means the whole undisputed part.
    """

    id: int
    customer: int
    kind: ItemKind
    number: str
    issued_on: date | None
    due_on: date | None
    currency: str
    amount_minor: int
    open_minor: int
    disputed_minor: int = 0
    promised_until: date | None = None
    promised_minor: int | None = None

    @property
    def invoice(self) -> tuple[str, date | None] | int:
        """Name the invoice that the line is of: instalments share its number and its day."""
        return (self.number, self.issued_on) if self.number else self.id

    @property
    def is_credit(self) -> bool:
        """Tell whether the line lowers the balance: credit note, unapplied cash, or negative."""
        return self.kind in CREDIT_KINDS or self.open_minor < 0

    @property
    def undisputed_minor(self) -> int:
        """Return the part that may be claimed (handbook 8.2); nothing for a credit."""
        return 0 if self.is_credit else max(0, self.open_minor - max(0, self.disputed_minor))

    def promised_on(self, today: date) -> int:
        """Return the undisputed part that a promise still running today covers."""
        if self.promised_until is None or self.promised_until < today:
            return 0
        if self.promised_minor is None:
            return self.undisputed_minor
        return min(self.undisputed_minor, self.promised_minor)

    def days_past_due(self, today: date) -> int:
        """Return the calendar days of lateness; 0 without a due date, when not due, or a credit."""
        return 0 if self.is_credit else days_past_due(self.due_on, today)

    def is_overdue(self, today: date) -> bool:
        """Tell whether money is still owed after the due date."""
        owed = self.open_minor > 0 and self.kind not in CREDIT_KINDS
        return owed and self.due_on is not None and self.due_on < today


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received on a day, allocated to one item, or to none (`item_id` None).

    `known_at` is when the ledger's file told of it; None: nobody remembers.
    """

    id: int
    customer: int
    received_on: date
    currency: str
    amount_minor: int
    item_id: int | None = None
    known_at: datetime | None = None

    @property
    def unallocated(self) -> bool:
        """Tell whether accounting has not matched this money yet."""
        return self.item_id is None


@dataclass(frozen=True, slots=True)
class Settlement:
    """An item, or a part of it, paid on a day; the amount is in minor units."""

    item: OpenItem
    on: date
    amount_minor: int

    @property
    def days_late(self) -> int | None:
        """Return payment day minus due day (negative when early); None without a due date."""
        return None if self.item.due_on is None else (self.on - self.item.due_on).days


def days_past_due(due_on: date | None, today: date) -> int:
    """Return today minus due date, at least 0: due today is not late (handbook 2.6)."""
    return 0 if due_on is None else max(0, (today - due_on).days)
