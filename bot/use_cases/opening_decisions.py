"""The credit manager's word on an account file, and what it lets the account order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.use_cases import openings
from bot.use_cases.opening_answers import CURRENCY
from bot.use_cases.refusals import NotYourRole, Outdated
from credit.account_opening import ESTABLISHED, Checklist, Standing, standing
from credit.money import Money, zero
from credit.terms import add_months
from storage import openings as rows
from storage import people
from storage.events import record

if TYPE_CHECKING:
    from bot.use_cases.openings import Opening
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from storage.customers import Customer
    from storage.events import Origin
    from storage.work import Work

NOTE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Grant:
    """What the credit manager accepts an account with; `months` is how long it holds."""

    risk_class: str
    limit: Money | None
    months: int
    terms: str | None
    guarantees: tuple[str, ...]
    first_order: str | None


def accept(
    work: Work, origin: Origin, person: Person, opening_id: int, grant: Grant, rules: Rules
) -> None:
    """Open the account with a class, a limit, terms and guarantees; the rep hears of it."""
    found = _to_decide(work, origin, person, opening_id, rules)
    _known(found.checklist, grant)
    until = add_months(origin.at.today, grant.months)
    limit = grant.limit or zero(CURRENCY)
    done = rows.decide(
        work,
        opening_id,
        rows.ACCEPTED,
        person.id,
        origin.at.at,
        risk_class=grant.risk_class,
        limit_minor=limit.minor,
        currency=limit.currency,
        valid_until=until,
        terms=grant.terms,
        guarantees=grant.guarantees,
        first_order=grant.first_order,
    )
    data = {
        "risk_class": grant.risk_class,
        "limit": limit.as_text(),
        "until": until.isoformat(),
    }
    _decided(work, origin, found, rows.ACCEPTED, data, done=done)


def _known(checklist: Checklist, grant: Grant) -> None:
    """Refuse what the checklist does not offer (any more)."""
    terms = {one.code for one in checklist.terms}
    firsts = {one.code for one in checklist.first_orders}
    wanted = {one.code for one in checklist.guarantees}
    sound = (
        grant.months in checklist.validity_months,
        grant.terms is None or grant.terms in terms,
        grant.first_order is None or grant.first_order in firsts,
        wanted.issuperset(grant.guarantees),
    )
    if not all(sound):
        raise Outdated


def send_back(
    work: Work,
    origin: Origin,
    person: Person,
    opening_id: int,
    note: str,
    rules: Rules,
    *,
    refused: bool,
) -> None:
    """Refuse the account, or ask for more, with the reason; the rep hears of it."""
    found = _to_decide(work, origin, person, opening_id, rules)
    to = rows.REFUSED if refused else rows.DRAFT
    done = rows.decide(work, opening_id, to, person.id, origin.at.at, note=note[:NOTE_LIMIT])
    _decided(work, origin, found, to, {"note": note[:NOTE_LIMIT]}, done=done)


def _to_decide(
    work: Work, origin: Origin, person: Person, opening_id: int, rules: Rules
) -> Opening:
    if person.role not in openings.DECIDERS:
        raise NotYourRole
    return openings.show(work, person, opening_id, origin.at, rules)


def _decided(
    work: Work,
    origin: Origin,
    found: Opening,
    to: str,
    data: Mapping[str, Any],
    *,
    done: bool,
) -> None:
    if not done:
        raise Outdated
    record(work, origin, "opening.decided", {"opening": found.id, "decision": to, **data})
    author = people.by_id(work, found.row.person_id)
    if author is not None:
        openings.tell(work, origin, author, found.id, openings.DECIDED)


def name_account(
    work: Work, origin: Origin, person: Person, opening_id: int, code: str, rules: Rules
) -> None:
    """Say under which code the account stands in the ledger, when its SIREN does not say it."""
    found = _to_decide(work, origin, person, opening_id, rules)
    if found.state != rows.ACCEPTED:
        raise Outdated
    rows.name_account(work, opening_id, code, origin.at.at)
    record(work, origin, "opening.named", {"opening": opening_id, "code": code})


def standing_of(work: Work, customer: Customer, rules: Rules) -> tuple[Standing, Any]:
    """Say what an account may order by its file, and the accepted file's row (None: no such)."""
    row = rows.of_customer(work, customer.siren, customer.code)
    if row is None:
        return ESTABLISHED, None
    checklist = rules.reference.opening
    accepted = row.state == rows.ACCEPTED
    found = standing(
        checklist,
        accepted=accepted,
        complete=not checklist.lacking(rows.answers(work, row.id)),
        first_order=row.first_order,
        payments=rows.payments(work, customer.id),
        invoices=rows.invoices(work, customer.id),
    )
    return found, row if accepted else None
