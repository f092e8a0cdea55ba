"""Lists that leave as a workbook: who owes, whom to call, alerts, promises, disputes, orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.use_cases import discretion
from bot.use_cases.accounts import data_as_of
from bot.use_cases.worklist import EVERYTHING, Call, codes_of, portfolio_of, ranked
from credit.people import Role
from storage import activity, indicators, lists

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.people import Person
    from storage.indicators import Exposed
    from storage.scope import Codes
    from storage.work import Work

YEAR = timedelta(days=365)
"""Closed promises, disputes and requests are listed for so long."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose list it is, and how fresh; `portfolio` is the one asked for, "" that of nobody."""

    role: Role
    codes: Codes
    portfolio: str | None
    data_as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Alarm:
    """A lit alert: its row, what may be told of it, and what its customer owes late."""

    row: Any
    signals: Sequence[Mapping[str, Any]]
    late: Exposed | None


def scope(work: Work, person: Person, key: int) -> Scope:
    """Read whose list a person asks for: all he may see, or one portfolio; else `NotYours`."""
    if key == EVERYTHING:
        return Scope(person.role, codes_of(person), None, data_as_of(work))
    code = portfolio_of(work, person, key) or ""
    return Scope(person.role, frozenset({code}), code, data_as_of(work))


def balances(work: Work, codes: Codes, now: Moment) -> list[Exposed]:
    """Read what every customer of some portfolios owes, the most overdue first."""
    found = indicators.exposed(work, codes, now.today)
    return sorted(found, key=lambda one: (one.currency, -one.overdue_minor, one.code))


def calls(work: Work, codes: Codes, now: Moment, rules: Rules) -> list[Call]:
    """Read everybody whom to call, the first to call first: the day without its pages."""
    return ranked(work, codes, now, rules)[0]


def alarms(work: Work, person: Person, codes: Codes, now: Moment, rules: Rules) -> list[Alarm]:
    """Read the lit alerts as this person may see them, the gravest first."""
    late: dict[int, Exposed] = {}
    weigh = rules.policy.floor.weigh
    for one in indicators.exposed(work, codes, now.today):
        known = late.get(one.customer)
        if known is None or weigh(one.balance.overdue) > weigh(known.balance.overdue):
            late[one.customer] = one
    return [
        Alarm(row, discretion.told_to(person, row.signals, rules.policy), late.get(row.customer_id))
        for row in lists.alerts(work, codes)
    ]


def promises(work: Work, codes: Codes, now: Moment) -> list[Any]:
    """Read the promised instalments of a year and those still awaited."""
    return lists.promises(work, codes, now.today - YEAR)


def disputes(work: Work, codes: Codes, now: Moment) -> list[Any]:
    """Read the disputes of a year and those still open."""
    return lists.disputes(work, codes, now.today - YEAR)


def requests(work: Work, codes: Codes, now: Moment) -> list[Any]:
    """Read the requests about orders of a year and those without an answer."""
    return lists.requests(work, codes, now.at - YEAR)


def held(work: Work, codes: Codes) -> list[Any]:
    """Read the orders that the order desk holds."""
    return activity.held_orders(work, codes)
