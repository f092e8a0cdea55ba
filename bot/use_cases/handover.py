"""Handing an account over: to who has the authority, to another rep, or out of dunning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.alerts.routing import Because, deliver_at
from bot.use_cases import telling
from bot.use_cases.accounts import RESUMED, STOPPED, frozen_since
from bot.use_cases.alert_posting import post_card
from bot.use_cases.refusals import NotYourRole
from credit.calendar import next_open
from credit.levels import Level
from credit.people import Role, may_invite, may_see
from storage import alerts, customers, freezes, people
from storage.events import Origin, record

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from storage.work import Work

NOTICE = "notice"
DESKS = {"credit_manager": Role.CREDIT_MANAGER, "sales_manager": Role.SALES_MANAGER}


def escalate(
    work: Work,
    origin: Origin,
    person: Person,
    customer_id: int,
    *,
    to: str,
    why: str,
    note: str,
    rules: Rules,
) -> None:
    """Tell those who decide, in working hours, what the rep could not settle (handbook 1)."""
    record(work, origin, "account.escalated", {"to": to, "why": why, "note": note}, customer_id)
    when = next_open(origin.at, rules.calendar, rules.policy.hours.push)
    for one in _deciders(work, customer_id, to):
        if one.id == person.id:
            continue
        telling.tell(
            work,
            origin.at,
            one,
            NOTICE,
            {
                "code": "escalated",
                "customer_id": customer_id,
                "why": why,
                "note": note,
                "by": person.id,
            },
            dedupe=f"escalated:{origin.key}:{customer_id}:{one.id}:{why}",
            not_before=when,
        )


def _deciders(work: Work, customer_id: int, to: str) -> list[Person]:
    """Name the managers of that role who see the account; the credit managers when none does."""
    _, code = customers.owner(work, customer_id)
    seeing = [one for one in people.around(work, code) if may_see(one, code)]
    wanted = [one for one in seeing if one.role is DESKS.get(to, Role.CREDIT_MANAGER)]
    return wanted or [one for one in seeing if one.role is Role.CREDIT_MANAGER]


def holder_of_task(work: Work, person: Person, to: object) -> int | None:
    """Return whose task it is: the rep's, the only credit manager's, or a department's (None)."""
    if to is None:
        return person.id
    role = DESKS.get(str(to))
    holders = [person_id for person_id, _ in people.named(work, role)] if role else []
    return holders[0] if len(holders) == 1 else None


def stop_dunning(
    work: Work, origin: Origin, customer_id: int, why: str, details: Mapping[str, str]
) -> bool:
    """Freeze an account: no reminder, no call, until the credit manager says so (handbook 11.3).

    False when it was frozen already: the word is kept, and undoing it must not unfreeze.
    """
    before = frozen_since(work, customer_id)
    record(work, origin, STOPPED, {"why": why, "frozen": True, **details}, customer_id)
    return before is None


def resume_dunning(work: Work, origin: Origin, customer_id: int) -> None:
    """Take a person's freeze of an account back; what a public record froze stays frozen."""
    if freezes.active(work, customer_id) is not None:
        return
    record(work, origin, RESUMED, {"frozen": False}, customer_id)


def assign(
    work: Work,
    origin: Origin,
    person: Person,
    customer_id: int,
    code: str,
    rules: Rules,
) -> None:
    """Give an account to a rep code and show its alert to whoever holds that portfolio."""
    if not may_invite(person, Role.REP):
        raise NotYourRole
    customers.assign(work, customer_id, code)
    record(work, origin, "customer.assigned", {"rep_code": code}, customer_id)
    known = alerts.of(work, customer_id)
    if known is None or not known.level or known.state != alerts.RAISED:
        return
    when = deliver_at(origin.at, rules.calendar, rules.policy.hours.push, Level(known.level))
    for one in people.around(work, code):
        if one.role is Role.REP:
            post_card(work, origin, known, one, rules, because=Because.OWNER.value, when=when)
