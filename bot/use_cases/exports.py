"""Lists that leave as a workbook: the balance of every customer, the whole worklist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.use_cases.accounts import data_as_of
from bot.use_cases.worklist import Call, codes_of, ranked
from credit.people import Role
from storage import indicators

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.people import Person
    from storage.indicators import Exposed
    from storage.work import Work


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose list it is, and how fresh."""

    role: Role
    codes: tuple[str, ...]
    data_as_of: datetime | None


def scope(work: Work, person: Person) -> Scope:
    """Read what stands over a list of what this person sees."""
    return Scope(person.role, tuple(sorted(codes_of(person) or ())), data_as_of(work))


def balances(work: Work, person: Person, now: Moment) -> list[Exposed]:
    """Read what every customer that the person may see owes, the most overdue first."""
    found = indicators.exposed(work, codes_of(person), now.today)
    return sorted(
        found,
        key=lambda one: (one.currency, -one.overdue_minor, one.code),
    )


def calls(work: Work, person: Person, now: Moment, rules: Rules) -> list[Call]:
    """Read everybody whom to call, the first to call first: the day without its pages."""
    return ranked(work, codes_of(person), now, rules)[0]
