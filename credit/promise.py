"""Promises to pay: what was promised, by which means, and until when it is in time.

`credit.acceptance` says whether to accept one, `credit.judgement` whether it was kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from credit.calendar import WorkingCalendar
from credit.risk_class import RiskClass


class Means(StrEnum):
    """How the customer says that he will pay (handbook 6.1)."""

    TRANSFER = "transfer"
    INSTANT_TRANSFER = "instant_transfer"
    CHEQUE = "cheque"
    BILL = "bill"
    DIRECT_DEBIT = "direct_debit"
    CARD = "card"
    CASH = "cash"


class PromiseState(StrEnum):
    """Where a promise stands; payments decide, never the rep (handbook 12.3).

    ```mermaid
    stateDiagram-v2
        [*] --> open
        open --> kept: 95 % within grace
        open --> kept_late: 95 % after grace
        open --> partly_kept: grace over, some money
        open --> broken: grace over, no money
        partly_kept --> kept_late: the rest arrives
        broken --> partly_kept: some money arrives
        broken --> kept_late: all arrives
        open --> moot: a credit note takes what was promised
        partly_kept --> kept: a credit note takes the rest
        broken --> moot: a credit note takes what was promised
        open --> superseded: a new promise replaces it
        open --> withdrawn: undone by its author
    ```

    A payment file that was late may also turn partly_kept or broken into kept: the money
    had come in time. A credit note is no money: what it takes was never to be paid, so that
    it neither keeps a promise nor lets it be broken, whenever it comes. Kept, kept late, moot,
    superseded and withdrawn are final unless a payment or a credit note is cancelled.
    """

    OPEN = "open"
    KEPT = "kept"
    KEPT_LATE = "kept_late"
    PARTLY_KEPT = "partly_kept"
    BROKEN = "broken"
    MOOT = "moot"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


CLOSED_BY_HAND = frozenset({PromiseState.SUPERSEDED, PromiseState.WITHDRAWN})
FULFILLED = frozenset({PromiseState.KEPT, PromiseState.KEPT_LATE})
DONE = FULFILLED | {PromiseState.MOOT}
"""Nothing is left to claim of such a promise."""


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """One instalment: an amount in minor units on a day."""

    due_on: date
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Promise:
    """A customer's word: instalments, means and person, on the items that it covers.

    No covered item means the account as a whole. `parts` says how much of a covered item was
    promised (minor units), all of the promise where it is silent. `author` is the person who
    took it, `contact` the person who gave it; `made_at` None: only the day is known.
    """

    id: int
    customer: int
    author: int
    made_on: date
    currency: str
    lines: tuple[PromiseLine, ...]
    means: Means
    items: frozenset[int] = frozenset()
    contact: str | None = None
    state: PromiseState = PromiseState.OPEN
    made_at: datetime | None = None
    parts: Mapping[int, int] = field(default_factory=dict)

    @property
    def amount_minor(self) -> int:
        """Return the sum of the instalments in minor units."""
        return sum(line.amount_minor for line in self.lines)

    @property
    def last_due_on(self) -> date:
        """Return the day of the last instalment."""
        return max(line.due_on for line in self.lines)


class Covered(NamedTuple):
    """An item that a promise covers: how much of it was promised, how much is open now."""

    promised_minor: int
    open_minor: int


def still_promised(left_minor: int, covered: Sequence[Covered]) -> tuple[int, ...]:
    """Lay what is neither paid nor taken of a promise on the items that it covers.

    `covered` starts with the item known longest. A promise speaks for what was promised of an
    item as long as that much of it is open: a credit note that lessens an invoice takes first
    what nobody promised, and off the promise only what the invoice then falls short of it
    (handbook, ten rules, 9: it changes what may be dunned). Money meets the oldest debt first
    (art. 1342-10 C. civ.), so that what is left of a word lies on the newest.
    `storage.promises.STILL_PROMISED` says the same to the database.
    """
    found = []
    for one in reversed(covered):
        part = max(0, min(left_minor, one.promised_minor, one.open_minor))
        found.append(part)
        left_minor -= part
    return tuple(reversed(found))


@dataclass(frozen=True, slots=True)
class PromisePolicy:
    """When a promise is accepted and when it is kept (handbook 7.2); percents as 0-100."""

    max_days: Mapping[RiskClass, int]
    max_days_unrated: int
    min_percent_of_overdue: int
    max_broken_on_item: int
    approval_beyond_days: int
    max_lines: int
    cash_limit: Mapping[str, Decimal]
    kept_percent: int
    grace_days: Mapping[Means, int]


def grace_until(
    due_on: date, means: Means, calendar: WorkingCalendar, policy: PromisePolicy
) -> date:
    """Return the last day on which the money is still in time (handbook 7.2).

    A day that is not worked moves to the next worked day before the grace is counted.
    """
    return calendar.add_working(calendar.next_working(due_on), policy.grace_days[means])
