"""Judgement of promises from payments: kept, kept late, partly kept, broken, or moot.

A payment counts when it came on or after the day of the promise and is allocated to a
covered item or to none; of that day itself, what was known when the promise was made does
not: the promise was about the rest. It pays the oldest instalment first. A promise is called broken
only when the payment data covers the whole grace: a late bank file breaks nobody's word,
and later payments are judged again (handbook 7.2, 12.3).

A credit note is not money (handbook 1, 12.2: reliability is euros kept of euros promised).
What it takes of the covered items, so that they owe less than is still promised of them
(`credit.promise.still_promised`), was never to be paid: the promise shrinks by it, to nothing
when it is moot, whether the note is set off before the day or after it. It comes off the oldest
instalment not met yet, as money would (art. 1347-4 C. civ.). A promise about the account as a
whole names no debt and does not shrink.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from credit.calendar import WorkingCalendar
from credit.moment import Moment
from credit.promise import (
    CLOSED_BY_HAND,
    Covered,
    Promise,
    PromiseLine,
    PromisePolicy,
    PromiseState,
    grace_until,
    still_promised,
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
    credited_minor: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a promise; amounts in minor units."""

    state: PromiseState
    lines: tuple[LineJudgement, ...]

    @property
    def paid_minor(self) -> int:
        """Return the money that counts for the promise."""
        return sum(line.paid_minor for line in self.lines)

    @property
    def credited_minor(self) -> int:
        """Return what credit notes took off the promise."""
        return sum(line.credited_minor for line in self.lines)


@dataclass(frozen=True, slots=True)
class SetOffs:
    """What credit notes took of items, each part said like a payment of it.

    `open_minor` is what is open now of the items that promises cover; amounts in minor units.
    """

    taken: tuple[Payment, ...] = ()
    open_minor: Mapping[int, int] = field(default_factory=dict)


NO_SET_OFFS = SetOffs()


class _Receipt(NamedTuple):
    """What came for a promise on a day; sorted, the money of a day comes before its notes."""

    on: date
    credited: bool
    minor: int


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
    set_offs: SetOffs = NO_SET_OFFS,
) -> Judgement:
    """Judge one promise alone; `data_as_of` is the last day that the payments cover wholly."""
    return judge_all(
        (promise,),
        payments,
        today=today,
        calendar=calendar,
        data_as_of=data_as_of,
        policy=policy,
        set_offs=set_offs,
    )[promise.id]


def judge_all(
    promises: Iterable[Promise],
    payments: Iterable[Payment],
    *,
    today: date,
    calendar: WorkingCalendar,
    data_as_of: date | None,
    policy: PromisePolicy,
    set_offs: SetOffs = NO_SET_OFFS,
) -> dict[int, Judgement]:
    """Judge all promises of a customer by id, the oldest first: money counts only once.

    Give the promises already kept too, or their money would count again for younger ones.
    """
    money, notes, owed = _purses(payments), _purses(set_offs.taken), dict(set_offs.open_minor)
    covered = min(today - timedelta(days=1), data_as_of) if data_as_of else date.min
    verdicts = {}
    for promise in sorted(promises, key=lambda promise: (promise.made_on, promise.id)):
        if promise.state in CLOSED_BY_HAND:
            verdicts[promise.id] = Judgement(promise.state, ())
            continue
        paid = _take(promise, money, promise.amount_minor, credited=False)
        gone = _gone(promise, sum(one.minor for one in paid), owed)
        came = sorted(paid + _take(promise, notes, gone, credited=True))
        lines = tuple(
            _judge_line(line, receipts, promise, calendar, covered, policy)
            for line, receipts in _spread(promise, came, policy)
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


def _take(
    promise: Promise, purses: Iterable[_Purse], most: int, *, credited: bool
) -> list[_Receipt]:
    """Take what counts for a promise out of the purses, the oldest first."""
    receipts = []
    for purse in purses:
        taken = min(purse.left, most)
        if taken > 0 and _counts(promise, purse.payment):
            purse.left -= taken
            most -= taken
            receipts.append(_Receipt(purse.payment.received_on, credited, taken))
    return receipts


def _gone(promise: Promise, paid: int, owed: dict[int, int]) -> int:
    """Return what is neither paid nor owed any more of a promise; older ones are served first."""
    if not promise.items:
        return 0
    left, items = promise.amount_minor - paid, sorted(promise.items)
    whole = promise.amount_minor
    covered = [Covered(promise.parts.get(item, whole), owed.get(item, 0)) for item in items]
    standing = still_promised(left, covered)
    for item, part in zip(items, standing, strict=True):
        owed[item] = owed.get(item, 0) - part
    return left - sum(standing)


def _spread(
    promise: Promise, came: Iterable[_Receipt], policy: PromisePolicy
) -> list[tuple[PromiseLine, list[_Receipt]]]:
    """Spread what came over the instalments: those not yet met first, then remainders."""
    receipts: list[tuple[PromiseLine, list[_Receipt]]] = [
        (line, []) for line in sorted(promise.lines, key=lambda line: line.due_on)
    ]
    for on, credited, left in came:
        for remainders in (False, True):
            for line, received in receipts:
                met = sum(one.minor for one in received)
                taken = min(left, line.amount_minor - met)
                if taken > 0 and (remainders or not _enough(line, met, policy)):
                    received.append(_Receipt(on, credited, taken))
                    left -= taken  # noqa: PLW2901 - the rest goes to the next instalment
    return receipts


def _enough(line: PromiseLine, met: int, policy: PromisePolicy) -> bool:
    return met * 100 >= line.amount_minor * policy.kept_percent


def _judge_line(
    line: PromiseLine,
    received: Sequence[_Receipt],
    promise: Promise,
    calendar: WorkingCalendar,
    covered: date,
    policy: PromisePolicy,
) -> LineJudgement:
    grace = grace_until(line.due_on, promise.means, calendar, policy)
    credited = sum(one.minor for one in received if one.credited)
    paid, completed_on = 0, None
    for one in received:
        paid += 0 if one.credited else one.minor
        if completed_on is None and _enough(line, paid + credited, policy):
            completed_on = one.on
    if _enough(line, credited, policy):
        state, completed_on = PromiseState.MOOT, None
    elif completed_on is not None:
        state = PromiseState.KEPT if completed_on <= grace else PromiseState.KEPT_LATE
    elif covered < grace:
        state = PromiseState.OPEN
    else:
        state = PromiseState.PARTLY_KEPT if paid else PromiseState.BROKEN
    return LineJudgement(line, state, paid, grace, completed_on, credited)


def _whole(lines: Sequence[LineJudgement]) -> PromiseState:
    """Sum up: one failed instalment fails the promise, in part when any money came.

    Instalments that a credit note took say nothing, unless it took them all.
    """
    states = {line.state for line in lines}
    if states & {PromiseState.BROKEN, PromiseState.PARTLY_KEPT}:
        paid = any(line.paid_minor for line in lines)
        return PromiseState.PARTLY_KEPT if paid else PromiseState.BROKEN
    if PromiseState.OPEN in states:
        return PromiseState.OPEN
    kept = states - {PromiseState.MOOT}
    if states and not kept:
        return PromiseState.MOOT
    return PromiseState.KEPT_LATE if PromiseState.KEPT_LATE in kept else PromiseState.KEPT
