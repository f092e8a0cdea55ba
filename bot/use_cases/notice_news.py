"""News of a letter: the customer's rep hears of it before the customer speaks of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.use_cases import formal_notices, telling
from bot.use_cases.outbox import NOTICE
from credit.calendar import next_open
from credit.people import Role
from storage import customers, people

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from storage.events import Origin
    from storage.work import Work

LETTER: Final = "letter"
"""The code of these notices."""
DRAWN, SENT, ENDED = "drawn", "sent", "ended"


def tell(
    work: Work, origin: Origin, person: Person, notice_id: int, what: str, rules: Rules
) -> None:
    """Tell the reps of the account, within their hours, what becomes of a letter to it."""
    row = formal_notices.read(work, notice_id)
    _, code = customers.owner(work, int(row.customer_id))
    opens = next_open(origin.at, rules.calendar, rules.policy.hours.push)
    for one in people.around(work, code):
        if one.role is not Role.REP or one.id == person.id:
            continue
        telling.tell(
            work,
            origin.at,
            one,
            NOTICE,
            {"code": LETTER, "notice": notice_id, "what": what},
            dedupe=f"{LETTER}:{notice_id}:{what}:{one.id}",
            not_before=opens,
        )
