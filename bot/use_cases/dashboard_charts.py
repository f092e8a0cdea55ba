"""What each chart of the dashboard is drawn from: nothing is read for the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.use_cases.accounts import data_as_of
from bot.use_cases.dashboard import (
    HISTORY,
    Sold,
    families,
    first_of_month,
    promised_by_week,
    proved_months,
    sold,
)
from bot.use_cases.worklist import codes_of
from credit import indicators
from credit.ageing import AgedBalance
from credit.dso import SplitDso
from credit.indicators import WEEKS, Ledger
from credit.terms import month_end
from storage import indicators as sums
from storage import portfolio

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.money import Money
    from credit.people import Person, Role
    from storage.scope import Codes
    from storage.work import Work

CHARTED = 6  # months of a chart
SPEED, RISK = "speed", "risk"


@dataclass(frozen=True, slots=True)
class MonthDso:
    """The DSO at the end of a month, in its two parts."""

    end: date
    dso: SplitDso


@dataclass(frozen=True, slots=True)
class Charted:
    """What one person's chart of a block shows, in the currency that most is owed in."""

    role: Role
    codes: tuple[str, ...]
    data_as_of: datetime | None
    balance: AgedBalance
    lights: Mapping[str, Mapping[str, int]]  # family, then colour
    promised: tuple[Money, ...]  # by week, this one first
    months: tuple[MonthDso, ...]


def charted(work: Work, person: Person, now: Moment, rules: Rules, block: str) -> Charted | None:
    """Read what the chart of a block is drawn from; None where nobody owes anything."""
    codes, today = codes_of(person), now.today
    balances = portfolio.whole(work, codes, today)
    if not balances:
        return None
    weigh = rules.policy.floor.weigh
    balance = min(balances.values(), key=lambda one: (-weigh(one.gross), one.currency))
    return Charted(
        role=person.role,
        codes=tuple(sorted(codes or ())),
        data_as_of=data_as_of(work),
        balance=balance,
        lights=families(sums.lights(work, codes)) if block == RISK else {},
        promised=_promised(work, codes, today, balance.currency),
        months=_monthly(work, codes, today, balance.currency) if block == SPEED else (),
    )


def _promised(work: Work, codes: Codes, today: date, currency: str) -> tuple[Money, ...]:
    coming = sums.coming(work, codes, today, today + timedelta(weeks=WEEKS))
    return promised_by_week(coming, currency, today)


def _monthly(work: Work, codes: Codes, today: date, currency: str) -> tuple[MonthDso, ...]:
    """Read the DSO of the last months in one currency, the oldest first: a statement a month.

    A month whose sales of four months are not known has none.
    """
    known: Sold = {}
    sold(known, work, codes, today, (0, HISTORY))
    months = proved_months(known, today).get(currency, [])
    found = []
    for back in range(CHARTED - 1, -1, -1):
        end = min(today, month_end(first_of_month(today, back)))
        aged = portfolio.whole(work, codes, end, past=True)
        if currency not in aged:
            continue
        ledger = Ledger(aged[currency], None, months[back:])
        speed = indicators.speed(ledger)
        if speed.best is not None and speed.late is not None:
            found.append(MonthDso(end, SplitDso(speed.best, speed.late)))
    return tuple(found)
