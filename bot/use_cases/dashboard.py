"""The dashboard: what a portfolio, a team or the whole book looks like, per currency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from heapq import nsmallest
from typing import TYPE_CHECKING, Any

from bot.use_cases.accounts import data_as_of
from bot.use_cases.collecting import uncollected
from bot.use_cases.dashboard_deeds import (
    JUDGED,
    KEPT,
    YEAR,
    Deeds,
    RepDeeds,
    by_rep,
    count,
)
from bot.use_cases.worklist import RepLine, codes_of, most_overdue_first
from credit import indicators
from credit.ageing import AgedBalance
from credit.cost import Financing
from credit.dso import MonthSales
from credit.forecast import Reliability, reliability
from credit.indicators import WEEKS, Ledger, Speed
from credit.moment import Moment
from credit.money import Money, zero
from credit.people import Role
from credit.terms import add_months, month_end
from storage import habits, people
from storage import indicators as sums

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from storage.indicators import Exposed
    from storage.scope import Codes
    from storage.work import Work

HISTORY = 24  # months of sales that the count-back may go through...
RECENT = 6  # ...and those that are enough for most books
REPS = "reps"
Owners = Mapping[str | None, dict[str, AgedBalance]]
"""Balances per rep code and currency."""
Sold = dict[str, dict[date, tuple[int, int]]]
"""Per currency and month: minor units invoiced, and how many documents are settled."""


@dataclass(frozen=True, slots=True)
class Words:
    """Promises of twelve months that payments have judged: how many, how much, kept in time."""

    count: int
    kept: int
    amount: Money
    kept_amount: Money
    trust: Reliability


@dataclass(frozen=True, slots=True)
class Figures:
    """Every indicator of one currency; percents are 0-100, days are days."""

    balance: AgedBalance
    speed: Speed
    effectiveness: Decimal | None
    over_60: Decimal | None
    over_90: Decimal | None
    concentration: Decimal | None
    debtors: tuple[tuple[str, Money], ...]  # the largest, the largest first
    over_limit: int
    excess: Money
    words: Words
    promised: tuple[Money, ...]  # by week, this one first
    due: Money
    expected: Money
    cost: Money
    disputed: Money
    disputes: Mapping[str, tuple[int, Money]]  # by reason

    @property
    def currency(self) -> str:
        """Return the currency of all the amounts."""
        return self.balance.currency


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What one person sees of his portfolios; `figures` begin with the largest currency."""

    role: Role
    codes: tuple[str, ...]
    today: date
    data_as_of: datetime | None
    since: date
    figures: tuple[Figures, ...]
    lights: Mapping[str, Mapping[str, int]]  # family, then colour
    alerts: Mapping[int, int]  # by level
    open_disputes: int
    overran: int
    closed: int
    closed_in_time: int
    reps: tuple[RepLine, ...]
    rep_deeds: Mapping[str | None, RepDeeds]
    deeds: Deeds
    financing: Financing


def build(work: Work, person: Person, now: Moment, rules: Rules, block: str = "") -> Dashboard:
    """Read and put together every indicator of what a person may see.

    What each rep did is counted for its own `block` only.
    """
    with uncollected():
        return _build(work, person, now, rules, block)


def _build(work: Work, person: Person, now: Moment, rules: Rules, block: str) -> Dashboard:
    codes, today = codes_of(person), now.today
    until = today + timedelta(weeks=WEEKS)
    exposed = sums.exposed(work, codes, today, until=until, before=_before(today))
    disputes = sums.disputes(work, codes, today)
    closed = sums.closed_disputes(work, codes, now.at - YEAR)
    made = sums.promises(work, codes, today - YEAR)
    lit = sums.lights(work, codes)
    of_reps = person.role is not Role.REP
    return Dashboard(
        role=person.role,
        codes=tuple(sorted(codes or ())),
        today=today,
        data_as_of=data_as_of(work),
        since=_period(today),
        figures=_figures(work, codes, today, exposed, disputes, made, rules),
        lights=families(lit),
        alerts=_levels(lit),
        open_disputes=sum(row.n for row in disputes),
        overran=sum(int(row.overran) for row in disputes),
        closed=len(closed),
        closed_in_time=sum(
            Moment(row.closed_at, now.zone).today <= row.target_on for row in closed
        ),
        reps=_by_rep(work, codes, sums.by_owner(exposed), rules) if of_reps else (),
        rep_deeds=by_rep(work, codes, now, made, disputes) if of_reps and block == REPS else {},
        deeds=count(work, codes, now, exposed, rules),
        financing=rules.reference.financing,
    )


def families(lit: Iterable[Any]) -> dict[str, Counter[str]]:
    """Count lit alerts by the family and the colour of their lights."""
    found: dict[str, Counter[str]] = {}
    for row in lit:
        for family, colour in row.lights.items():
            found.setdefault(family, Counter())[colour] += row.n
    return found


def _levels(lit: Iterable[Any]) -> Counter[int]:
    found: Counter[int] = Counter()
    for row in lit:
        found[row.level] += row.n
    return found


def _figures(
    work: Work,
    codes: Codes,
    today: date,
    exposed: Sequence[Exposed],
    disputes: Sequence[Any],
    made: Sequence[Any],
    rules: Rules,
) -> tuple[Figures, ...]:
    opening = _opening(work, codes, today, exposed)
    coming = sums.coming(work, codes, today, today + timedelta(weeks=WEEKS))
    falling = _falling(work, codes, today, exposed)
    rate = rules.reference.financing.percent
    by_currency = _by_currency(exposed)
    balances = {
        code: sums.aged((one.sums for one in lines), code) for code, lines in by_currency.items()
    }
    speeds, months = pace(work, codes, today, balances)
    found = []
    for currency, lines in by_currency.items():
        balance = balances[currency]
        ledger = Ledger(balance, opening.get(currency), months.get(currency, ()))
        words = _words(made, currency)
        promised = promised_by_week(coming, currency, today)
        due = falling.get(currency, {})
        debtors = _largest(lines)
        excesses = [one.excess_minor for one in lines if one.excess_minor]
        found.append(
            Figures(
                balance=balance,
                speed=speeds[currency],
                effectiveness=indicators.effectiveness(ledger),
                over_60=indicators.older_percent(balance, 60),
                over_90=indicators.older_percent(balance, 90),
                concentration=indicators.concentration((owed for _, owed in debtors), balance),
                debtors=debtors,
                over_limit=len(excesses),
                excess=Money.from_minor(sum(excesses), currency),
                words=words,
                promised=promised,
                due=Money.from_minor(sum(due.values()), currency),
                expected=_expected(promised, words.trust, due, currency),
                cost=indicators.monthly_cost(balance, rate),
                **_disputed(disputes, currency),
            )
        )
    weigh = rules.policy.floor.weigh
    return tuple(sorted(found, key=lambda one: (-weigh(one.balance.gross), one.currency)))


def pace(
    work: Work, codes: Codes, today: date, balances: Mapping[str, AgedBalance]
) -> tuple[dict[str, Speed], dict[str, list[MonthSales]]]:
    """Tell the speeds from the sales of the last months, from all of them where these are few.

    The count-back of most books ends within half a year: older sales are read for the others.
    """
    known: Sold = {}
    read = 0
    for history in (RECENT, HISTORY):
        sold(known, work, codes, today, (read, history))
        months = proved_months(known, today, history)
        read = history
        ledgers = {code: Ledger(one, None, months.get(code, ())) for code, one in balances.items()}
        speeds = {code: indicators.speed(ledger) for code, ledger in ledgers.items()}
        if all(one.back is not None and one.back.complete for one in speeds.values()):
            break
    return speeds, months


def _by_currency(exposed: Iterable[Exposed]) -> dict[str, list[Exposed]]:
    found: dict[str, list[Exposed]] = {}
    for one in exposed:
        found.setdefault(one.currency, []).append(one)
    return found


def _largest(lines: Iterable[Exposed]) -> tuple[tuple[str, Money], ...]:
    owing = ((one.gross_minor, one) for one in lines)
    first = nsmallest(indicators.TOP, owing, key=lambda pair: (-pair[0], pair[1].code))
    return tuple((one.name, Money.from_minor(minor, one.currency)) for minor, one in first if minor)


def _sum(moneys: Iterable[Money], currency: str) -> Money:
    return sum(moneys, zero(currency))


def first_of_month(today: date, back: int) -> date:
    """Return the first day of the month so many months before."""
    return add_months(today.replace(day=1), -back)


def _period(today: date) -> date:
    return first_of_month(today, indicators.PERIOD - 1)


def _before(today: date) -> date:
    """Return the last day before the period that the figures of speed look at."""
    return _period(today) - timedelta(days=1)


def sold(known: Sold, work: Work, codes: Codes, today: date, months: tuple[int, int]) -> None:
    """Add to what is known the sales of the months from so many back until so many back."""
    first, last = months
    until = today if not first else first_of_month(today, first - 1) - timedelta(days=1)
    for row in sums.sales(work, codes, first_of_month(today, last - 1), until):
        month = date.fromisoformat(f"{row.month}-01")
        known.setdefault(row.currency, {})[month] = (int(row.minor), int(row.settled))


def proved_months(known: Sold, today: date, history: int = HISTORY) -> dict[str, list[MonthSales]]:
    """Tell the sales by month, the running one first, as far back as settled ones prove them."""
    return {
        currency: _proved(months, currency, today, history) for currency, months in known.items()
    }


def _proved(
    months: Mapping[date, tuple[int, int]], currency: str, today: date, history: int
) -> list[MonthSales]:
    first = min((month for month, (_, settled) in months.items() if settled), default=None)
    if first is None:
        return []
    found = []
    for back in range(history):
        month = first_of_month(today, back)
        if month < first:
            break
        end = min(today, month_end(month))
        minor = months.get(month, (0, 0))[0]
        found.append(MonthSales(Money.from_minor(minor, currency).amount, end.day))
    return found


def _words(made: Iterable[Any], currency: str) -> Words:
    judged = [row for row in made if row.currency == currency and row.state in JUDGED]
    kept = [row for row in judged if row.state in KEPT]
    count = sum(row.n for row in judged)
    amount = Money.from_minor(sum(int(row.minor) for row in judged), currency)
    came = Money.from_minor(sum(int(row.minor) for row in kept), currency)
    trust = reliability(came.amount, amount.amount, count)
    return Words(count, sum(row.n for row in kept), amount, came, trust)


def promised_by_week(coming: Iterable[Any], currency: str, today: date) -> tuple[Money, ...]:
    """Add the instalments of a currency by week, this one first."""
    weeks = [0] * WEEKS
    for row in coming:
        if row.currency == currency:
            weeks[(row.due_on - today).days // 7] += int(row.minor)
    return tuple(Money.from_minor(minor, currency) for minor in weeks)


def _opening(work: Work, codes: Codes, today: date, exposed: Iterable[Exposed]) -> dict[str, Money]:
    """Sum what was open before the period began: what is so still, and what was settled since."""
    minor = Counter(sums.settled_since(work, codes, _before(today)))
    for one in exposed:
        if one.stood_minor is not None:
            minor[one.currency] += one.stood_minor
    return {currency: Money.from_minor(one, currency) for currency, one in minor.items()}


def _falling(
    work: Work, codes: Codes, today: date, exposed: Iterable[Exposed]
) -> dict[str, dict[Decimal, int]]:
    """Sum what falls due by the share of it that its customer pays in time, per currency.

    What is promised is left out: it is told by its own days.

    Who paid nothing within the year is taken for the mean of the others in that currency.
    """
    until = today + timedelta(weeks=WEEKS)
    own: dict[tuple[int, str], tuple[int, int]] = {}
    means: dict[str, tuple[int, int]] = {}
    for customer, currency, minor, in_time in habits.habits(work, codes, today - YEAR):
        own[customer, currency] = minor, in_time
        whole, part = means.get(currency, (0, 0))
        means[currency] = (whole + minor, part + in_time)
    promised = {
        (customer, currency): int(minor)
        for customer, currency, minor in map(tuple, sums.spoken_for(work, codes, today, until))
    }
    found: dict[str, dict[Decimal, int]] = {}
    for one in exposed:
        key = one.customer, one.currency
        minor = one.falling_minor - promised.get(key, 0)
        if minor > 0:
            whole, part = own.get(key) or means.get(one.currency, (0, 0))
            share = Decimal(part) / whole if whole else Decimal(0)
            shares = found.setdefault(one.currency, {})
            shares[share] = shares.get(share, 0) + minor
    return found


def _expected(
    promised: Sequence[Money], trust: Reliability, due: Mapping[Decimal, int], currency: str
) -> Money:
    weighed = [(Money.from_minor(minor, currency), share) for share, minor in due.items()]
    return indicators.forecast(promised, trust.ratio, weighed, currency)


def _disputed(disputes: Iterable[Any], currency: str) -> dict[str, Any]:
    reasons: dict[str, tuple[int, Money]] = {}
    for row in disputes:
        if row.currency == currency:
            n, money = reasons.get(row.reason, (0, zero(currency)))
            reasons[row.reason] = (n + row.n, money + Money.from_minor(int(row.minor), currency))
    ordered = dict(sorted(reasons.items(), key=lambda one: -one[1][1].minor))
    return {"disputes": ordered, "disputed": _sum((one for _, one in reasons.values()), currency)}


def _by_rep(work: Work, codes: Codes, of_owners: Owners, rules: Rules) -> tuple[RepLine, ...]:
    names = people.rep_names(work, codes)
    lines = [
        RepLine(code, tuple(names.get(code or "", ())), balances, 0)
        for code, balances in of_owners.items()
    ]
    return tuple(most_overdue_first(lines, rules.policy.floor))
