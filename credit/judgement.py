"""Judgement of promises from payments: kept, kept late, partly kept or broken.

A payment counts when it came on or after the day of the promise and is allocated to a
covered item or to none; of that day itself, what was known when the promise was made does
not: the promise was about the rest. It pays the oldest instalment first. A promise is called broken
only when the payment data covers the whole grace: a late bank file breaks nobody's word,
and later payments are judged again (handbook 7.2, 12.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from credit.calendar import WorkingCalendar
from credit.moment import Moment
from credit.promise import (
    CLOSED_BY_HAND,
    Promise,
    PromiseLine,
    PromisePolicy,
    PromiseState,
    grace_until,
)
from credit.receivable import Payment


@dataclass(frozen=True, slots=True)
class LineJudgement:
    """What became of one instalment; amounts in minor units."""

    line: PromiseLine
    state: PromiseState
    paid_minor: int
    grace_until: date
    completed_on: date | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a promise; amounts in minor units."""

    state: PromiseState
    lines: tuple[LineJudgement, ...]

    @property
    def paid_minor(self) -> int:
        """Return the money that counts for the promise."""
        return sum(line.paid_minor for line in self.lines)


@dataclass(slots=True)
class _Purse:
    """A payment and what no promise has used of it yet."""

    payment: Payment
    left: int


def judge(
    promise: Promise,
    payments: Iterable[Payment],
    *,
    today: date,
    calendar: WorkingCalendar,
    data_as_of: date | None,
    policy: PromisePolicy,
) -> Judgement:
    """Judge one promise alone; `data_as_of` is the last day that the payments cover wholly."""
    return judge_all(
        (promise,),
        payments,
        today=today,
        calendar=calendar,
        data_as_of=data_as_of,
        policy=policy,
    )[promise.id]


def judge_all(
    promises: Iterable[Promise],
    payments: Iterable[Payment],
    *,
    today: date,
    calendar: WorkingCalendar,
    data_as_of: date | None,
    policy: PromisePolicy,
) -> dict[int, Judgement]:
    """Judge all promises of a customer by id, the oldest first: money counts only once.

    Give the promises already kept too, or their money would count again for younger ones.
    """
    purses = _purses(payments)
    covered = min(today - timedelta(days=1), data_as_of) if data_as_of else date.min
    verdicts = {}
    for promise in sorted(promises, key=lambda promise: (promise.made_on, promise.id)):
        if promise.state in CLOSED_BY_HAND:
            verdicts[promise.id] = Judgement(promise.state, ())
            continue
        lines = tuple(
            _judge_line(line, receipts, promise, calendar, covered, policy)
            for line, receipts in _receipts(promise, purses, policy)
        )
        verdicts[promise.id] = Judgement(_whole(lines), lines)
    return verdicts


def covered_until(exported_at: Moment) -> date:
    """Return the last day that an export made at that moment covers wholly: the day before."""
    return exported_at.today - timedelta(days=1)


def _purses(payments: Iterable[Payment]) -> list[_Purse]:
    """Sort the money by day; a returned payment (negative) takes back what came before it.

    The latest of its item goes first; what came after it is other money.
    """
    ordered = sorted(payments, key=lambda payment: (payment.received_on, payment.id))
    purses = [_Purse(payment, payment.amount_minor) for payment in ordered]
    for returned in (purse for purse in purses if purse.left < 0):
        for purse in reversed(purses):
            if purse.left > 0 and _may_be(purse.payment, returned.payment):
                taken = min(purse.left, -returned.left)
                purse.left -= taken
                returned.left += taken
    return [purse for purse in purses if purse.left > 0]


def _may_be(paid: Payment, returned: Payment) -> bool:
    """Tell whether a payment may be the one that went back."""
    about = (returned.customer, returned.currency, returned.item_id)
    same = (paid.customer, paid.currency, paid.item_id) == about
    return same and paid.received_on <= returned.received_on


def _counts(promise: Promise, payment: Payment) -> bool:
    if (payment.customer, payment.currency) != (promise.customer, promise.currency):
        return False
    if payment.received_on < promise.made_on or _known_then(promise, payment):
        return False
    return payment.unallocated or not promise.items or payment.item_id in promise.items


def _known_then(promise: Promise, payment: Payment) -> bool:
    """Tell whether money of the day of the promise was told of before it was made."""
    if payment.received_on != promise.made_on or not promise.made_at or not payment.known_at:
        return False
    return payment.known_at <= promise.made_at


def _receipts(
    promise: Promise, purses: Sequence[_Purse], policy: PromisePolicy
) -> list[tuple[PromiseLine, list[tuple[date, int]]]]:
    """Spread the money over the instalments: those not yet fulfilled first, then remainders."""
    receipts: list[tuple[PromiseLine, list[tuple[date, int]]]] = [
        (line, []) for line in sorted(promise.lines, key=lambda line: line.due_on)
    ]
    for purse in (purse for purse in purses if _counts(promise, purse.payment)):
        for remainders in (False, True):
            for line, received in receipts:
                paid = sum(amount for _, amount in received)
                taken = min(purse.left, line.amount_minor - paid)
                if taken > 0 and (remainders or not _enough(line, paid, policy)):
                    received.append((purse.payment.received_on, taken))
                    purse.left -= taken
    return receipts


def _enough(line: PromiseLine, paid: int, policy: PromisePolicy) -> bool:
    return paid * 100 >= line.amount_minor * policy.kept_percent


def _judge_line(
    line: PromiseLine,
    received: Sequence[tuple[date, int]],
    promise: Promise,
    calendar: WorkingCalendar,
    covered: date,
    policy: PromisePolicy,
) -> LineJudgement:
    grace = grace_until(line.due_on, promise.means, calendar, policy)
    paid, completed_on = 0, None
    for on, amount in received:
        paid += amount
        if completed_on is None and _enough(line, paid, policy):
            completed_on = on
    if completed_on is not None:
        state = PromiseState.KEPT if completed_on <= grace else PromiseState.KEPT_LATE
    elif covered < grace:
        state = PromiseState.OPEN
    else:
        state = PromiseState.PARTLY_KEPT if paid else PromiseState.BROKEN
    return LineJudgement(line, state, paid, grace, completed_on)


def _whole(lines: Sequence[LineJudgement]) -> PromiseState:
    """Sum up: one failed instalment fails the promise, in part when any money came."""
    states = {line.state for line in lines}
    if states & {PromiseState.BROKEN, PromiseState.PARTLY_KEPT}:
        paid = any(line.paid_minor for line in lines)
        return PromiseState.PARTLY_KEPT if paid else PromiseState.BROKEN
    if PromiseState.OPEN in states:
        return PromiseState.OPEN
    return PromiseState.KEPT_LATE if PromiseState.KEPT_LATE in states else PromiseState.KEPT
