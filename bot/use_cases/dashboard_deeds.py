"""The dashboard's counts of what people did: contacts, orders, legal steps, disputes, by rep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bot.use_cases.freezing import OPPOSE, STEPS
from credit.money import Money
from credit.prescription import MONTHS, TimeLeft, prescription
from credit.terms import add_months
from storage import activity, credit_decisions
from storage.formal_notices import in_all_currencies
from storage.releases import ASKED, DEPOSIT, GRANTED, REFUSED

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from storage.indicators import Exposed
    from storage.scope import Codes
    from storage.work import Work

SPAN = timedelta(days=30)
"""What people did is counted over so long."""
YEAR = timedelta(days=365)
KEPT, JUDGED = frozenset({"kept"}), frozenset({"kept", "kept_late", "partly_kept", "broken"})
LEGAL_TASKS = frozenset({*STEPS.values(), OPPOSE})
BETWEEN_TRADERS = "b2b"
_HOUR = Decimal(3600)


@dataclass(frozen=True, slots=True)
class Sum:
    """How many, and how much per currency."""

    n: int
    amounts: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class Activity:
    """What was done to collect in thirty days; ages are days."""

    since: date
    channels: Mapping[str, int]
    contacts: int
    answered: int
    made: Sum
    kept: Sum
    judged: Sum
    first_age: Decimal | None
    silent: int  # overdue customers whom nobody contacted since


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders that credit holds, and how fast requests were answered in thirty days."""

    waiting: Sum
    held: Sum  # by the order desk
    released: int
    refused: int
    hours: Decimal | None
    in_time: int
    target_hours: int


@dataclass(frozen=True, slots=True)
class Legal:
    """Formal notices, frozen accounts and what must be done by a date of the law."""

    notices: Sum
    frozen: int
    frozen_amounts: tuple[Money, ...]
    deadlines: tuple[tuple[str, int, date], ...]  # kind, how many, the first
    ageing: Sum  # claims near the end of their time...
    lapsed: Sum  # ...and past it


@dataclass(frozen=True, slots=True)
class Cause:
    """A reason of the disputes of twelve months."""

    reason: str
    n: int
    founded: int


@dataclass(frozen=True, slots=True)
class Deeds:
    """All that the dashboard counts of deeds, in some portfolios."""

    activity: Activity
    orders: Orders
    legal: Legal
    causes: tuple[Cause, ...]
    dispute_age: Decimal | None
    classes: Mapping[str, int]
    covered: Mapping[str, Money]


@dataclass(frozen=True, slots=True)
class RepDeeds:
    """What one portfolio's rep did: words kept in a year, sightings and late money in a month."""

    kept: int = 0
    judged: int = 0
    disputes: int = 0
    seen: int = 0
    collected: tuple[Money, ...] = ()


def count(work: Work, codes: Codes, now: Moment, exposed: Iterable[Exposed], rules: Rules) -> Deeds:
    """Count what was done in some portfolios."""
    lines, today = list(exposed), now.today
    causes = activity.dispute_causes(work, codes, today - YEAR)
    return Deeds(
        activity=_activity(work, codes, now, lines),
        orders=_orders(work, codes, now, rules),
        legal=_legal(work, codes, now, lines, rules),
        causes=tuple(Cause(row.reason, row.n, int(row.founded)) for row in causes),
        dispute_age=_mean(
            ((today - row.opened_on).days, row.n) for row in activity.dispute_days(work, codes)
        ),
        classes=credit_decisions.by_class(work, codes),
        covered=_covered(activity.guaranteed(work, codes, today), lines),
    )


def _activity(work: Work, codes: Codes, now: Moment, lines: Iterable[Exposed]) -> Activity:
    since = now.today - SPAN
    channels = activity.contacts(work, codes, since)
    decided = activity.judged(work, codes, now.at - SPAN)
    first = activity.first_contacts(work, codes, now.today)
    late = {one.customer for one in lines if one.overdue_minor > 0}
    return Activity(
        since=since,
        channels={row.channel: row.n for row in channels},
        contacts=sum(row.n for row in channels),
        answered=sum(int(row.answered) for row in channels),
        made=_sum(activity.promised(work, codes, since)),
        kept=_sum(row for row in decided if row.state in KEPT),
        judged=_sum(row for row in decided if row.state in JUDGED),
        first_age=_mean(((row.on - row.due_on).days, 1) for row in first),
        silent=len(late - {row.customer_id for row in first}),
    )


def _orders(work: Work, codes: Codes, now: Moment, rules: Rules) -> Orders:
    rows = activity.requests(work, codes, now.at - SPAN)
    decided = [row for row in rows if row.decided_at is not None]
    hours = [Decimal((row.decided_at - row.asked_at).total_seconds()) / _HOUR for row in decided]
    target = rules.policy.orders.decision_hours
    return Orders(
        waiting=_listed(row for row in rows if row.state == ASKED),
        held=_listed(activity.held_orders(work, codes)),
        released=sum(row.state in {GRANTED, DEPOSIT} for row in rows),
        refused=sum(row.state == REFUSED for row in rows),
        hours=sum(hours, Decimal(0)) / len(hours) if hours else None,
        in_time=sum(one <= target for one in hours),
        target_hours=target,
    )


def _legal(work: Work, codes: Codes, now: Moment, lines: Iterable[Exposed], rules: Rules) -> Legal:
    frozen = activity.frozen(work, codes)
    old = old_claims(work, codes, now.today, rules)
    return Legal(
        notices=_noticed(activity.formal_notices(work, codes, now.today - YEAR)),
        frozen=len(frozen),
        frozen_amounts=_added(
            (one.currency, one.gross_minor) for one in lines if one.customer in frozen
        ),
        deadlines=_deadlines(legal_days(work, codes)),
        ageing=_claims(old, {TimeLeft.ORANGE, TimeLeft.RED}),
        lapsed=_claims(old, {TimeLeft.EXPIRED}),
    )


def old_claims(
    work: Work, codes: Codes, today: date, rules: Rules
) -> list[tuple[Any, TimeLeft, date]]:
    """Read the open debts near the end of the time to sue, the oldest first (handbook 3.7).

    Counted from the due date alone: what makes the time run anew is known to people only.
    """
    limits = rules.reference.limits
    years = limits.kinds[BETWEEN_TRADERS].years
    last = add_months(today, limits.orange_months_left - MONTHS * years)
    found = []
    for row in activity.due_by(work, codes, last):
        left = prescription(row.due_on, today, limits, BETWEEN_TRADERS)
        found.append((row, left.state, left.until))
    return found


def _claims(old: Iterable[tuple[Any, TimeLeft, date]], states: set[TimeLeft]) -> Sum:
    rows = [row for row, state, _ in old if state in states]
    return Sum(len(rows), _added((row.currency, row.open_minor) for row in rows))


def legal_days(work: Work, codes: Codes) -> list[tuple[Any, date]]:
    """Read the legal steps still to be taken with their last days, the earliest first.

    A step that a call asked for has no day before the notice is published: its note is a name.
    """
    rows = activity.deadlines(work, codes, LEGAL_TASKS)
    return [(row, until) for row in rows if (until := _day(row.note)) is not None]


def _day(note: str) -> date | None:
    try:
        return date.fromisoformat(note)
    except ValueError:
        return None


def _deadlines(rows: Iterable[tuple[Any, date]]) -> tuple[tuple[str, int, date], ...]:
    counts: Counter[str] = Counter()
    first: dict[str, date] = {}
    for row, until in rows:
        counts[row.kind] += 1
        first.setdefault(row.kind, until)
    return tuple((kind, counts[kind], day) for kind, day in first.items())


def _covered(
    guaranteed: Mapping[tuple[int, str], int], lines: Iterable[Exposed]
) -> dict[str, Money]:
    """Add what guarantees cover of each debt: never more than the debt itself."""
    parts = (
        (one.currency, min(guaranteed[one.customer, one.currency], one.gross_minor))
        for one in lines
        if (one.customer, one.currency) in guaranteed
    )
    return {money.currency: money for money in _added(parts)}


def by_rep(
    work: Work, codes: Codes, now: Moment, made: Iterable[Any], disputes: Iterable[Any]
) -> dict[str | None, RepDeeds]:
    """Count per rep code; `made` and `disputes` are the dashboard's own rows."""
    since = now.today - SPAN
    kept: Counter[str | None] = Counter()
    judged: Counter[str | None] = Counter()
    open_now: Counter[str | None] = Counter()
    for row in made:
        judged[row.owner or None] += row.n if row.state in JUDGED else 0
        kept[row.owner or None] += row.n if row.state in KEPT else 0
    for row in disputes:
        open_now[row.owner or None] += row.n
    seen = activity.observations(work, codes, since)
    money: dict[str | None, list[tuple[str, int]]] = {}
    for row in activity.late_money(work, codes, since):
        money.setdefault(row.owner or None, []).append((row.currency, int(row.minor)))
    return {
        code: RepDeeds(
            kept[code], judged[code], open_now[code], seen.get(code, 0), _added(money.get(code, ()))
        )
        for code in {*judged, *open_now, *seen, *money}
    }


def _sum(rows: Iterable[Any]) -> Sum:
    found = list(rows)
    amounts = _added((row.currency, int(row.minor)) for row in found)
    return Sum(sum(row.n for row in found), amounts)


def _listed(rows: Iterable[Any]) -> Sum:
    found = list(rows)
    return Sum(len(found), _added((row.currency, row.amount_minor) for row in found))


def _noticed(rows: Iterable[Any]) -> Sum:
    """Count a notice once, whatever the number of currencies that it claims."""
    claimed = [in_all_currencies(row) for row in rows]
    return Sum(len(claimed), _added((one.currency, one.minor) for each in claimed for one in each))


def _added(parts: Iterable[tuple[str, int]]) -> tuple[Money, ...]:
    sums: Counter[str] = Counter()
    for currency, minor in parts:
        sums[currency] += minor
    return tuple(Money.from_minor(minor, code) for code, minor in sorted(sums.items()) if minor)


def _mean(values: Iterable[tuple[int, int]]) -> Decimal | None:
    weighed = list(values)
    n = sum(weight for _, weight in weighed)
    return Decimal(sum(value * weight for value, weight in weighed)) / n if n else None
