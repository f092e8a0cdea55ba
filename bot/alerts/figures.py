"""What the payment rules need to know of one customer, and how it is drawn from plain rows.

A scan draws them for a hundred thousand customers: amounts are minor units and days are
numbers until a rule has something to say, and what is made for each of them is a tuple with
names, four times as fast as a frozen dataclass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from bot.alerts.signs import NO_SIGNS, Signs
from credit.behaviour import Delay, Trend
from credit.money import Money
from credit.policy import TrendRule
from credit.receivable import CREDIT_KINDS, ItemKind
from credit.set_offs import Note, Settled, taken

Rest = Sequence[Any]
"""What is open and not late in one currency: customer, currency, balance, all that is owed
before credits, when the first invoice of it was issued."""

Line = Sequence[Any]
"""A late line: customer, item, kind, currency, number, day due, amount, what is open of it,
whether the ledger says that it is contested, day of issue."""

Paid = Sequence[Any]
"""What was paid of an item: customer, item, kind, currency, day due, amount, what is open of
it, day of payment, what was paid, the payment when one is known."""

_PAID = 8
"""Where what was paid stands in it."""

NOTHING_WITHHELD: Mapping[int, int] = MappingProxyType({})


class LateItem(NamedTuple):
    """An overdue item with its undisputed part; the one most days late sorts first."""

    early: int  # the days of lateness, negative
    number: str
    item: int
    minor: int
    amount_minor: int

    @property
    def days(self) -> int:
        """Return the days past due."""
        return -self.early


@dataclass(frozen=True, slots=True)
class LeftAside:
    """The largest late invoice, and how many later smaller ones were paid meanwhile."""

    number: str
    days: int
    amount: Money
    paid_later: int


class CurrencyFigures(NamedTuple):
    """One currency of an account in minor units; `late` starts with the item most days late.

    `owed` is all that is open before credits, `balance` what remains after them (encours),
    `claimable` the overdue part that nobody contests.
    """

    currency: str
    owed: int
    balance: int
    claimable: int
    late: tuple[LateItem, ...]
    trend: Trend | None = None
    left_aside: LeftAside | None = None


class FirstPurchase(NamedTuple):
    """The first invoice that the customer ever had, still open after its due date."""

    number: str
    days: int
    amount: Money


@dataclass(frozen=True, slots=True)
class EventCounts:
    """Events within the windows of the policy: `signals.*.window_days`."""

    broken_promises: int = 0
    extension_requests: int = 0
    odd_payments: int = 0
    late_disputes: int = 0
    unfounded_disputes: int = 0
    unanswered_contacts: int = 0
    unanswered_days: int = 0


NO_EVENTS = EventCounts()


class AccountFigures(NamedTuple):
    """All that family C1 looks at."""

    customer: int
    rep_code: str | None
    as_of: date
    data_as_of: datetime | None
    currencies: tuple[CurrencyFigures, ...]
    events: EventCounts = NO_EVENTS
    limit: Money | None = None
    first_purchase: FirstPurchase | None = None
    signs: Signs = NO_SIGNS

    def exposure(self, currency: str) -> int:
        """Return what is owed in a currency, credits deducted, in minor units (encours)."""
        for one in self.currencies:
            if one.currency == currency:
                return one.balance
        return 0


class DayNumbers(dict[Any, int]):
    """The number of a day, of a date or of its ISO text; each is worked out once."""

    def __missing__(self, day: date | str) -> int:
        """Work out a day not met before."""
        number = (date.fromisoformat(day) if isinstance(day, str) else day).toordinal()
        self[day] = number
        return number


def currency_figures(
    rest: Iterable[Rest],
    lines: Iterable[Line],
    paid: Sequence[Paid],
    as_of: date,
    rule: TrendRule,
    *,
    withheld: Mapping[int, int] = NOTHING_WITHHELD,
    numbers: DayNumbers | None = None,
) -> tuple[CurrencyFigures, ...]:
    """Draw one customer's figures per currency, in currency order.

    `paid` reaches back over both windows of `rule` (C1-02), `withheld` is what disputes take
    from an item; `numbers` saves working out the same days for the next customer.
    """
    days = DayNumbers() if numbers is None else numbers
    today = as_of.toordinal()
    found: dict[str, _Sums] = {}
    for _, currency, left, debt, _ in rest:
        sums = _sums(found, currency)
        sums[_BALANCE] += left
        sums[_OWED] += debt
    before: str | None = None
    for _, item, _, currency, number, due_on, amount, left, contested, _ in lines:
        if currency != before:  # most have one alone
            sums, before = _sums(found, currency), currency
            late = sums[_ITEMS]
        sums[_LATE] += left
        held = left if contested else 0
        if withheld:
            held = max(held, withheld.get(item, 0))
        if left > held:
            values = (days[due_on] - today, number or "", item, left - held, amount)
            late.append(_tuple(LateItem, values))
    return tuple(
        [
            _currency(one, found[one], paid, today, rule, days)
            for one in (sorted(found) if len(found) > 1 else found)
        ]
    )


_tuple = tuple.__new__
"""Makes a named tuple of its values in half the time of calling it."""
_Sums = list[Any]
"""What is summed up in one currency: what is not late, all of it and before credits; what is
open of late lines, and those of which a part is not contested."""
_BALANCE, _OWED, _LATE, _ITEMS = range(4)


def _sums(found: dict[str, _Sums], currency: str) -> _Sums:
    sums = found.get(currency)
    if sums is None:
        sums = found[currency] = [0, 0, 0, []]
    return sums


def _currency(
    currency: str,
    sums: _Sums,
    paid: Sequence[Paid],
    today: int,
    rule: TrendRule,
    days: DayNumbers,
) -> CurrencyFigures:
    balance, owed, open_late, late = sums
    trend = left_aside = None
    claimable = 0
    if late:
        late.sort()
        claimable = sum([one[3] for one in late])
    if paid:
        mine = by_money([one for one in paid if one[3] == currency])
        trend = _trend(mine, late, today, rule, days)
        left_aside = _left_aside(late, mine, currency, today, days)
    values = (currency, owed + open_late, balance + open_late, claimable, tuple(late))
    return _tuple(CurrencyFigures, (*values, trend, left_aside))


def by_money(paid: Sequence[Paid]) -> Sequence[Paid]:
    """Keep what money paid of debts, less what credit notes took of them (`credit.set_offs`).

    `paid` is what one customer paid in one currency, in whatever order.
    """
    if not any(one[2] in CREDIT_KINDS for one in paid):
        return paid
    debts = [one for one in paid if one[2] not in CREDIT_KINDS]
    notes = [Note(one[3], one[7], -one[8]) for one in paid if one[2] == ItemKind.CREDIT_NOTE]
    took = taken(
        [
            Settled(place, int(one[1]), one[3], one[7], one[8], one[9])
            for place, one in enumerate(debts)
        ],
        notes,
    )
    return [
        (*one[:_PAID], one[_PAID] - took.get(place, 0), *one[_PAID + 1 :]) if place in took else one
        for place, one in enumerate(debts)
        if took.get(place) != one[_PAID]
    ]


def first_purchase(item: int, figures: Iterable[CurrencyFigures]) -> FirstPurchase | None:
    """Keep the first invoice ever when an uncontested part of it is overdue."""
    for one in figures:
        for late in one.late:
            if late.item == item:
                amount = Money.from_minor(late.minor, one.currency)
                return FirstPurchase(late.number, late.days, amount)
    return None


def _trend(
    paid: Sequence[Paid],
    late: Sequence[LateItem],
    today: int,
    rule: TrendRule,
    days: DayNumbers,
) -> Trend | None:
    """Compare the last days with the time before, as `credit.behaviour.delay_trend` does."""
    turn = today - rule.recent_days
    origin = turn - rule.past_days
    recent, past = _Weighed(), _Weighed()
    for _, item, _, _, due_on, _, _, paid_on, minor, _ in paid:
        on = days[paid_on]
        if due_on is not None and origin < on <= today:
            (recent if on > turn else past).add(item, minor, on - days[due_on])
    for one in late:
        recent.add(one.item, one.minor, one.days)
    enough = min(len(recent.items), len(past.items)) >= rule.min_invoices
    if not enough or recent.minor <= 0 or past.minor <= 0:
        return None
    return Trend(recent.delay(), past.delay())


class _Weighed:
    """Amounts and their days of lateness, summed as they come."""

    __slots__ = ("items", "minor", "product")

    def __init__(self) -> None:
        self.items: set[int] = set()
        self.minor = 0
        self.product = 0

    def add(self, item: int, minor: int, late: int) -> None:
        self.items.add(item)
        if minor > 0:
            self.minor += minor
            self.product += minor * max(0, late)

    def delay(self) -> Delay:
        return Delay(Decimal(self.product) / self.minor, len(self.items), self.minor)


def _left_aside(
    late: Sequence[LateItem], paid: Sequence[Paid], currency: str, today: int, days: DayNumbers
) -> LeftAside | None:
    """Count the smaller items, due later, wholly paid while the largest late one waited."""
    if not late:
        return None
    largest = max(late, key=lambda one: one.minor)
    due = today - largest.days
    passed_over = {
        item
        for _, item, _, _, due_on, amount, left, paid_on, _, _ in paid
        if due_on is not None
        and not left
        and amount < largest.amount_minor
        and days[due_on] > due
        and days[paid_on] > due
    }
    if not passed_over:
        return None
    amount = Money.from_minor(largest.minor, currency)
    return LeftAside(largest.number, largest.days, amount, len(passed_over))
