"""Disputes to read: the list of those that hold money back, and one with all that was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.use_cases.dispute_news import DECIDERS
from bot.use_cases.refusals import NotYours
from bot.use_cases.worklist import codes_of
from credit.dispute import (
    GRANTED,
    RULINGS,
    SUSPENDING,
    Awaited,
    DisputeEffect,
    DisputeReason,
    DisputeState,
    Remedy,
    awaited,
    is_resting,
    remedy,
)
from credit.money import Money
from credit.people import may_see
from storage import customers, disputes
from storage import dispute_steps as steps

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.people import Person
    from storage.customers import Customer
    from storage.work import Work

PAGE = 8


@dataclass(frozen=True, slots=True)
class Held:
    """A dispute in the list: whose, how much, since when, and what is awaited from whom."""

    row: Any
    amount: Money
    days: int
    awaited: Awaited
    late: bool
    own: bool  # the reader opened it: what is awaited of its author is awaited of him

    @property
    def remedy(self) -> Remedy:
        """Return what puts it right if it is founded."""
        return remedy(DisputeReason(self.row.reason))


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the disputes that a person may see, with sums over all the pages."""

    held: tuple[Held, ...]
    page: int
    pages: int
    count: int
    sums: tuple[Money, ...]
    to_decide: int
    to_answer: int
    late: int

    @property
    def first(self) -> int:
        """Return the rank of the first dispute of the page."""
        return self.page * PAGE + 1


@dataclass(frozen=True, slots=True)
class File:
    """One dispute: its row, its account, what was said, and what is awaited until when."""

    row: Any
    customer: Customer
    author: str
    steps: tuple[Any, ...]
    photos: int
    amount: Money
    granted: Money | None
    still_open: Money | None  # what its invoice still owes
    days: int
    awaited: Awaited
    late: bool
    overdue: bool  # its invoice is past due
    own: bool  # the reader opened it
    held_elsewhere: Money  # what other disputes of its invoice hold back
    resumes_on: date | None  # when dunning resumes after a refusal, as long as it is ahead

    @property
    def state(self) -> DisputeState:
        """Return where the dispute stands."""
        return DisputeState(self.row.state)

    @property
    def remedy(self) -> Remedy:
        """Return what puts it right if it is founded."""
        return remedy(DisputeReason(self.row.reason))

    @property
    def ruling(self) -> Any | None:  # noqa: ANN401 - a row of the database
        """Return the step that decided it; None while nobody has."""
        return next((one for one in reversed(self.steps) if one.kind in RULINGS), None)

    @property
    def refused(self) -> Money:
        """Return the part that can be claimed again."""
        return self.amount - self.granted if self.granted else self.amount

    @property
    def returned(self) -> Money | None:
        """Return what of the refused part is still owed; None when nothing is."""
        if self.still_open is None:
            return self.refused
        waits = self.state in GRANTED and self.granted
        owed = self.still_open.minor - (self.granted.minor if waits and self.granted else 0)
        minor = min(self.refused.minor, owed)
        return Money.from_minor(minor, self.amount.currency) if minor > 0 else None

    @property
    def settled(self) -> bool:
        """Tell whether its invoice owes nothing any more."""
        return self.still_open is not None and not self.still_open.minor


def listing(work: Work, person: Person, now: Moment, page: int) -> Listing:
    """Read the disputes of the person's portfolios that hold money back, oldest first."""
    found = [_held(row, person, now.today) for row in steps.holding(work, codes_of(person))]
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 0), pages - 1)
    return Listing(
        held=tuple(found[page * PAGE : (page + 1) * PAGE]),
        page=page,
        pages=pages,
        count=len(found),
        sums=_sums(found),
        to_decide=sum(one.awaited is Awaited.DECISION for one in found),
        to_answer=sum(one.awaited is Awaited.ANSWER for one in found),
        late=sum(one.late for one in found),
    )


def _held(row: Any, person: Person, today: date) -> Held:  # noqa: ANN401 - a row of the database
    state = DisputeState(row.state)
    granted = state in GRANTED and row.founded_minor is not None
    minor = row.founded_minor if granted else row.amount_minor
    return Held(
        row=row,
        amount=Money.from_minor(minor, row.currency),
        days=(today - row.opened_on).days,
        awaited=awaited(state, asked=row.last == steps.QUESTION),
        late=_late(row, state, today),
        own=row.person_id == person.id,
    )


def _late(row: Any, state: DisputeState, today: date) -> bool:  # noqa: ANN401 - same
    waits = awaited(state, asked=False) is Awaited.DECISION
    return waits and row.target_on is not None and row.target_on < today


def _sums(found: Sequence[Held]) -> tuple[Money, ...]:
    sums: dict[str, Money] = {}
    for one in found:
        code = one.amount.currency
        sums[code] = sums[code] + one.amount if code in sums else one.amount
    return tuple(sums[code] for code in sorted(sums))


def show(work: Work, person: Person, dispute_id: int, now: Moment) -> File:
    """Read a dispute that the person may see; raise `NotYours` for any other."""
    row = disputes.by_id(work, dispute_id)
    customer = customers.by_id(work, row.customer_id) if row else None
    if row is None or customer is None or not may_see(person, customer.rep_code):
        raise NotYours
    said = tuple(steps.of_dispute(work, dispute_id))
    state = DisputeState(row.state)
    asked = bool(said) and said[-1].kind == steps.QUESTION
    return File(
        row=row,
        customer=customer,
        author=row.author,
        steps=said,
        photos=len(disputes.photos(work, dispute_id)),
        amount=Money.from_minor(row.amount_minor, row.currency),
        granted=_granted(row),
        still_open=Money.from_minor(row.open_minor, row.currency) if row.item_id else None,
        days=(now.today - row.opened_on).days,
        awaited=awaited(state, asked=asked),
        late=_late(row, state, now.today),
        overdue=row.due_on is not None and row.due_on < now.today,
        own=row.person_id == person.id,
        held_elsewhere=_held_elsewhere(work, row, now.today),
        resumes_on=row.resume_on if is_resting(row.state, row.resume_on, now.today) else None,
    )


def _held_elsewhere(work: Work, row: Any, today: date) -> Money:  # noqa: ANN401 - same
    """Sum what other disputes of the same invoice hold back until they are decided or credited."""
    others = disputes.of_customer(work, row.customer_id, today) if row.item_id else []
    minor = sum(
        one.amount_minor if one.founded_minor is None else one.founded_minor
        for one in others
        if one.item_id == row.item_id and one.id != row.id and DisputeState(one.state) in SUSPENDING
    )
    return Money.from_minor(minor, row.currency)


def pause(reason: str, rules: Rules, *, invoice: bool) -> str:
    """Name what a dispute takes out of the claim (handbook 8.2): whole invoice, part or none.

    Without an invoice in particular there is no whole to take.
    """
    effect = rules.policy.dispute.rules[DisputeReason(reason)].effect
    if effect is DisputeEffect.NONE:
        return "none"
    return "whole" if effect is DisputeEffect.SUSPEND_INVOICE and invoice else "part"


def holds_whole(found: File, rules: Rules) -> bool:
    """Tell whether a dispute holds its whole invoice back, however little is contested."""
    return pause(found.row.reason, rules, invoice=found.row.item_id is not None) == "whole"


def at_stake(found: File, rules: Rules) -> Money:
    """Return what can be claimed again once a dispute is refused: its part or its invoice."""
    if holds_whole(found, rules) and found.still_open:
        return found.still_open
    return found.amount


def resumption(reason: str, today: date, rules: Rules) -> date | None:
    """Say when dunning resumes after a refusal today (handbook 8.2); None: it never stopped."""
    policy = rules.policy.dispute
    if policy.rules[DisputeReason(reason)].effect is DisputeEffect.NONE:
        return None
    return rules.calendar.add_working(today, policy.resume_working_days)


def _granted(row: Any) -> Money | None:  # noqa: ANN401 - same
    if row.founded_minor is None:
        return None
    return Money.from_minor(row.founded_minor, row.currency)


def to_decide(work: Work, person: Person) -> int:
    """Count the disputes that wait for this person's decision."""
    return steps.to_decide(work) if person.role in DECIDERS else 0
