"""What the early-warning rules need of customers, read for many at once from the database.

One way for all: an import's touched customers, `relance scan`, a tap (a set of one) and a
past day (`bot.use_cases.past`) read `Accounts` for a set of ids in a handful of statements
and draw `AccountFigures` customer by customer. Where a further family of signals joins:

- its rows are read for a set of ids by a statement of `storage.reads.Reads`, or by a
  module of its own with `storage.bulk.Bulk` and `Among`, and kept by customer id;
- `_figures` puts its figures into `AccountFigures`, in a field with an empty default;
- `_stirred` must name and `_is_quiet` say False for a customer on whom one of its rules could
  light, or its reads must name him as those of `sign_figures` do: who is quiet is not
  evaluated. Doing so too often costs time, never a light.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bot.alerts.figures import (
    NO_EVENTS,
    NOTHING_WITHHELD,
    AccountFigures,
    CurrencyFigures,
    DayNumbers,
    EventCounts,
    Line,
    Rest,
    currency_figures,
    first_purchase,
)
from bot.alerts.signs import NO_SIGNS, Signs
from bot.use_cases import sign_figures
from bot.use_cases.accounts import data_as_of
from credit.behaviour import is_odd_payment
from credit.money import Money
from credit.receivable import ItemKind
from storage import figures, first_invoices
from storage.bulk import picked
from storage.figures import Accounts, Windows

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.policy import SignalPolicy
    from storage.work import Work

EXTENSION_REASONS = ("M05",)
INVOICE: Final = ItemKind.INVOICE.value
NOBODY: Final[frozenset[int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the figures of all customers share: the day, the rules, days worked out before."""

    day: date
    fresh: datetime | None
    rules: Rules
    numbers: DayNumbers = field(default_factory=DayNumbers)

    @property
    def signals(self) -> SignalPolicy:
        """Return the thresholds of the rules."""
        return self.rules.policy.signals


@dataclass(frozen=True, slots=True)
class Drawn:
    """Some customers: the figures of those on whom a rule may light, and who is quiet."""

    figures: Sequence[AccountFigures]
    quiet: Sequence[int]


def account_figures(
    work: Work, customer_id: int, now: Moment, rules: Rules
) -> AccountFigures | None:
    """Read a customer's figures as of today; None when there is no such customer."""
    drawing = drawing_of(work, now, rules)
    accounts = figures.read(work, [customer_id], drawing.day, windows(drawing))
    return next(iter(drawn(work, accounts, drawing, {customer_id}).figures), None)


def drawing_of(work: Work, now: Moment, rules: Rules) -> Drawing:
    """Prepare figures as of today."""
    return Drawing(now.today, data_as_of(work), rules)


def draw(
    work: Work, customer_ids: Iterable[int], drawing: Drawing, loud: AbstractSet[int] = NOBODY
) -> Drawn:
    """Read the figures of these customers as of today, in a handful of statements.

    Who is in `loud` is drawn although nothing can light on him.
    """
    accounts = figures.read(work, customer_ids, drawing.day, windows(drawing))
    return drawn(work, accounts, drawing, loud)


def windows(drawing: Drawing) -> Windows:
    """Say how far back each kind of row counts."""

    def since(days: int) -> date:
        return drawing.day - timedelta(days=days)

    policy = drawing.signals
    trend = policy.growing_delay
    return Windows(
        settled=since(trend.recent_days + trend.past_days),
        received=since(policy.odd_payments.window_days),
        contact=since(max(policy.extension_requests.window_days, policy.silence.window_days)),
        promised=since(policy.broken_promise.window_days),
        opened=since(policy.late_dispute.window_days),
    )


def drawn(
    work: Work, accounts: Accounts, drawing: Drawing, loud: AbstractSet[int] = NOBODY
) -> Drawn:
    """Draw the figures of accounts that were read, of those in `loud` at all events."""
    stirred = _stirred(accounts)
    accounts = accounts.summing(work, stirred)
    seen = {
        row[0]: _sketch(row, accounts, drawing) for row in accounts.customers if row[0] in stirred
    }
    trending = {one for one in accounts.paid if any(each.trend for each in seen[one].currencies)}
    everybody = picked([row[0] for row in accounts.customers])
    signs = sign_figures.read(
        work, everybody, drawing.day, drawing.rules, accounts.present, trending
    )
    wanted = signs.keys() | loud
    accounts = accounts.summing(work, wanted)
    sketches, quiet = [], []
    for row in accounts.customers:
        customer = row[0]
        asked = customer in wanted
        sketch = seen.get(customer) or (_sketch(row, accounts, drawing) if asked else None)
        if sketch is not None and (asked or not _is_quiet(sketch)):
            sketches.append(sketch)
        else:
            quiet.append(customer)
    firsts = _firsts(work, sketches, accounts)
    return Drawn([_figures(one, firsts, signs, drawing) for one in sketches], quiet)


def _stirred(accounts: Accounts) -> set[int]:
    """Tell from what was read who is not quiet at once: nothing but what is due later."""
    found = {*accounts.late, *accounts.paid, *accounts.contacts, *accounts.disputes}
    found.update(accounts.payments, accounts.broken)
    for customer, _, limit, currency, _ in accounts.customers:
        if limit is not None and customer not in found:
            rest = accounts.rest.get(customer, ())
            if rest and sum(one[2] for one in rest if one[1] == (currency or "EUR")) > limit:
                found.add(customer)
    return found


class _Sketch(NamedTuple):
    """A customer's figures before anything is made of them that only a signal needs."""

    customer: int
    rep_code: str | None
    limit_minor: int | None
    limit_currency: str
    currencies: tuple[CurrencyFigures, ...]
    events: EventCounts
    first: Line | None  # the first of his late invoices


def _sketch(row: Sequence[Any], accounts: Accounts, drawing: Drawing) -> _Sketch:
    customer, rep_code, limit_minor, limit_currency, _ = row
    late = accounts.late.get(customer, ())
    withheld = NOTHING_WITHHELD
    if late and customer in accounts.disputes:
        withheld = accounts.withheld(customer, drawing.rules.policy.dispute.rules)
    currencies = currency_figures(
        accounts.rest.get(customer, ()),
        late,
        accounts.paid.get(customer, ()),
        drawing.day,
        drawing.signals.growing_delay,
        withheld=withheld,
        numbers=drawing.numbers,
    )
    return _Sketch(
        customer,
        rep_code,
        limit_minor,
        limit_currency or "EUR",
        currencies,
        _events(customer, accounts, drawing),
        _first_late(late, currencies) if late else None,
    )


def _is_quiet(one: _Sketch) -> bool:
    """Tell that no rule can light: nothing late, no trend, no event, within the limit."""
    if one.events is not NO_EVENTS:
        return False
    for each in one.currencies:
        if each.late or each.trend:
            return False
        over = one.limit_minor is not None and each.balance > one.limit_minor
        if over and each.currency == one.limit_currency:
            return False
    return True


def _figures(
    one: _Sketch, firsts: Container[int], signs: Mapping[int, Signs], drawing: Drawing
) -> AccountFigures:
    limit = None
    if one.limit_minor is not None:
        limit = _limit(one.limit_minor, one.limit_currency)
    first, bought = one.first, None
    if first is not None and first[1] in firsts:
        bought = first_purchase(first[1], one.currencies)
    return AccountFigures(
        one.customer,
        one.rep_code,
        drawing.day,
        drawing.fresh,
        one.currencies,
        one.events,
        limit,
        bought,
        signs.get(one.customer, NO_SIGNS),
    )


@lru_cache(maxsize=1024)  # limits are round figures, the same for many
def _limit(minor: int, currency: str) -> Money:
    return Money.from_minor(minor, currency)


def _first_late(lines: Sequence[Line], currencies: Iterable[CurrencyFigures]) -> Line | None:
    """Find the first issued of the late invoices, if a part of it is uncontested."""
    first = least = None
    for line in lines:
        if line[2] == INVOICE:
            issue = (line[9] is None, line[9], line[1])
            if least is None or issue < least:
                first, least = line, issue
    if first is None:
        return None
    for each in currencies:
        for one in each.late:
            if one.item == first[1]:
                return first
    return None


def _firsts(work: Work, sketches: Iterable[_Sketch], accounts: Accounts) -> set[int]:
    """Find which of the first late invoices are the first ever, paid ones counted."""
    certain, doubtful, undecided = set(), [], {}
    for one in sketches:
        if one.first is None:
            continue
        item, issued = one.first[1], one.first[9]
        other = _first_open(accounts.rest.get(one.customer, ()))
        if issued is None or other == issued:
            doubtful.append(one.customer)
        elif other is None or issued < other:
            undecided[one.customer] = (item, issued)
    settled = accounts.settled(work, undecided) if undecided else {}
    for customer, (item, issued) in undecided.items():
        other = settled.get(customer)
        if other == issued:
            doubtful.append(customer)
        elif other is None or issued < other:
            certain.add(item)
    if doubtful:
        certain.update(first_invoices.first_invoices(work, doubtful).values())
    return certain


def _first_open(rest: Iterable[Rest]) -> Any:  # noqa: ANN401 - a day as the driver tells it
    """Tell when the first of the open invoices that are not late was issued."""
    first = None
    for row in rest:
        issued = row[4]
        if issued is not None and (first is None or issued < first):
            first = issued
    return first


def _events(customer: int, accounts: Accounts, drawing: Drawing) -> EventCounts:
    tried = accounts.contacts.get(customer, ())
    disputes = accounts.disputes.get(customer, ())
    payments = accounts.payments.get(customer, ())
    broken = accounts.broken.get(customer, 0)
    if not (tried or disputes or payments or broken):
        return NO_EVENTS
    policy, day = drawing.signals, drawing.day
    silence = day - timedelta(days=policy.silence.window_days)
    asked = day - timedelta(days=policy.extension_requests.window_days)
    opened = day - timedelta(days=policy.late_dispute.window_days)
    silent = unanswered_in_a_row([one for one in tried if one.on >= silence])
    recent = [one for one in disputes if one.opened_on > opened]
    counts = EventCounts(
        broken_promises=broken,
        extension_requests=sum(one.reason in EXTENSION_REASONS and one.on > asked for one in tried),
        odd_payments=_odd_payments(customer, accounts, drawing),
        late_disputes=sum(bool(one.late) for one in recent),
        unfounded_disputes=sum(one.state == "unfounded" for one in recent),
        unanswered_contacts=len(silent),
        unanswered_days=len({one.on for one in silent}),
    )
    return NO_EVENTS if counts == NO_EVENTS else counts


def unanswered_in_a_row(newest_first: Sequence[Any]) -> list[Any]:
    """Keep the tries since somebody last answered: an answer ends the silence."""
    return list(takewhile(lambda one: not one.answered, newest_first))


def _odd_payments(customer: int, accounts: Accounts, drawing: Drawing) -> int:
    """Count the recent payments that match no invoice known of the customer (C1-06)."""
    payments = accounts.payments.get(customer, ())
    if not payments:
        return 0
    numbers = drawing.numbers
    today = drawing.day.toordinal()
    paid = [one for one in accounts.paid.get(customer, ()) if one[2] == INVOICE]
    known = {one[1]: (one[3], one[4], one[5]) for one in paid}
    known.update((one[1], (one[2], one[3], one[4])) for one in accounts.invoices.get(customer, ()))
    invoices = sorted(
        (today if due is None else numbers[due], item, currency, amount)
        for item, (currency, due, amount) in known.items()
    )
    tolerance = drawing.signals.odd_payments.tolerance
    return sum(
        is_odd_payment(
            minor,
            [amount for _, _, its, amount in invoices if its == currency],
            replace(Money.from_minor(0, currency), amount=tolerance).minor,
        )
        for _, currency, minor in payments
    )
