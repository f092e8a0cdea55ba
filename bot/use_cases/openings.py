"""Accounts to be opened: the file that a rep fills in, its sending, the credit manager's word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.use_cases import opening_answers, telling
from bot.use_cases.opening_answers import NOTHING, Answers, Given, money_of, text_of
from bot.use_cases.opening_checks import Check, look
from bot.use_cases.refusals import NotYours, OpeningRefused, Outdated
from credit.account_opening import (
    LIMIT,
    NAME,
    SIREN,
    Checklist,
    Point,
)
from credit.people import Role, may_see, sees_everything
from storage import customers, openings, people
from storage.events import record

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.money import Money
    from credit.people import Person
    from storage.customers import Customer
    from storage.events import Origin
    from storage.work import Work

NEWS = "opening"
"""The kind of the news about account files."""
SENT, DECIDED, COMPLETED = "sent", "decided", "completed"
DECIDERS = frozenset({Role.CREDIT_MANAGER, Role.ADMIN})
LISTED = 8
MOST = 500
"""Files in one workbook."""
NOTE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Opening:
    """A file as both sides see it; `waited` is what the clock says since it was sent."""

    row: Any  # as storage.openings reads it
    answers: Answers
    checklist: Checklist
    checks: tuple[Check, ...]
    waited: timedelta | None
    account: Any  # the customer of the ledger that it became; None while there is none

    @property
    def id(self) -> int:
        """Return the file's id."""
        return int(self.row.id)

    @property
    def state(self) -> str:
        """Return where it stands, as storage.openings names it."""
        return str(self.row.state)

    @property
    def lacking(self) -> tuple[Point, ...]:
        """Return what terms wait for."""
        return self.checklist.lacking(self.answers)

    @property
    def wanted(self) -> Money | None:
        """Return the credit that the customer asks for."""
        return money_of(self.answers, LIMIT)

    @property
    def editable(self) -> bool:
        """Tell whether something may still be written."""
        return self.state in openings.OPEN or (
            self.state == openings.ACCEPTED and bool(self.lacking)
        )

    def may_answer(self, point: Point) -> bool:
        """Tell whether this point may be written: what was accepted is not changed any more."""
        if self.state == openings.ACCEPTED:
            return point.code not in self.answers
        return self.editable


def begin(work: Work, origin: Origin, person: Person) -> int:
    """Open an empty file, or return the one that the person left empty."""
    left = openings.empty_of(work, person.id)
    if left is not None:
        return left
    values = {
        "uid": origin.uid("opening"),
        "person_id": person.id,
        "rep_code": min(person.codes, default=None),
        "created_at": origin.at.at,
        "changed_at": origin.at.at,
    }
    return openings.add(work, values)


def show(work: Work, person: Person, opening_id: int, now: Moment, rules: Rules) -> Opening:
    """Read a file that the person may see: his own or of his portfolios; else `NotYours`."""
    row = openings.by_id(work, opening_id)
    if row is None or not _may_read(person, row):
        raise NotYours
    return _built(work, row, now, rules)


def _may_read(person: Person, row: Any) -> bool:  # noqa: ANN401 - a row
    if row.rep_code is None:
        return person.active and (row.person_id == person.id or sees_everything(person))
    return person.active and (row.person_id == person.id or may_see(person, row.rep_code))


def _built(work: Work, row: Any, now: Moment, rules: Rules) -> Opening:  # noqa: ANN401 - a row
    checklist = rules.reference.opening
    answers = openings.answers(work, row.id)
    ended: datetime = row.decided_at or now.at
    return Opening(
        row=row,
        answers=answers,
        checklist=checklist,
        checks=tuple(look(checklist, answers, now.today)),
        waited=None if row.sent_at is None else ended - row.sent_at,
        account=openings.account_of(work, row.siren, row.code),
    )


def listing(work: Work, person: Person, now: Moment, rules: Rules) -> list[Opening]:
    """Read the files that the person may see: those that wait for his decision first."""
    codes = None if sees_everything(person) else person.codes
    rows = list(openings.seen(work, person.id, codes, LISTED))
    if person.role in DECIDERS:
        first = openings.waiting(work, LISTED)
        known = {row.id for row in first}
        rows = [*first, *(row for row in rows if row.id not in known)][:LISTED]
    return [_built(work, row, now, rules) for row in rows]


def everything(work: Work, person: Person, now: Moment, rules: Rules) -> list[Opening]:
    """Read the files that the person may see, the latest first, for a workbook."""
    codes = None if sees_everything(person) else person.codes
    rows = openings.seen(work, person.id, codes, MOST)
    return [_built(work, row, now, rules) for row in rows]


def of_account(
    work: Work, person: Person, customer: Customer, now: Moment, rules: Rules
) -> Opening | None:
    """Read the file from which an account of the ledger was opened, when the person may see it."""
    row = openings.of_customer(work, customer.siren, customer.code)
    if row is None or not _may_read(person, row):
        return None
    return _built(work, row, now, rules)


def aim(work: Work, found: Opening, scope: str, code: str = "") -> Point:
    """Point a file at what is asked for next; raise `Outdated` when nothing is left to ask."""
    if code:
        point = found.checklist.point(code)
        if point is not None and not found.may_answer(point):
            raise Outdated
    else:
        point = found.checklist.following(scope, "", found.answers)
    if point is None or not found.editable:
        raise Outdated
    openings.aim(work, found.id, scope, point.code)
    return point


def asked(found: Opening) -> tuple[Point | None, Point | None]:
    """Return the point that is asked for, and the one that follows it."""
    here = found.checklist.point(found.row.point)
    after = found.checklist.following(found.row.scope, found.row.point, found.answers)
    return here, after if here is not None else None


def answer(
    work: Work,
    origin: Origin,
    person: Person,
    opening_id: int,
    rules: Rules,
    *,
    text: str = "",
    photos: Sequence[Mapping[str, str]] = (),
    none: bool = False,
) -> None:
    """Keep the answer to the point that is asked for, and go on to the next.

    Raise `OpeningRefused` for a wrong value or a company known already, `Outdated` when the
    file is decided.
    """
    found = show(work, person, opening_id, origin.at, rules)
    point, following = asked(found)
    if point is None or not found.may_answer(point):
        raise Outdated
    if none:
        values = {point.code: NOTHING}
    else:
        given = Given(
            found.checklist, point, text, photos, found.answers, origin.at.today, person.locale
        )
        values = opening_answers.read(given)
    if SIREN in values:
        _refuse_twins(work, person, found, text_of(values, SIREN))
    for code, value in values.items():
        openings.answer(work, found.id, code, value, person.id, origin.at.at)
    _kept(work, origin, found, {**found.answers, **values})
    openings.aim(work, found.id, found.row.scope, following.code if following else "")


def _refuse_twins(work: Work, person: Person, found: Opening, siren: str) -> None:
    """Refuse a company that is a customer, or has a file, already; its name to who may see it."""
    account = openings.account_of(work, siren, None)
    if account is not None:
        _, owner = customers.owner(work, account.id)
        seen = account.name if may_see(person, owner) else ""
        raise OpeningRefused("customer", {"name": seen})
    other = openings.same_siren(work, siren, found.id)
    if other is not None:
        raise OpeningRefused("twin", {"name": other.name if _may_read(person, other) else ""})


def _kept(work: Work, origin: Origin, found: Opening, answers: Answers) -> None:
    """Keep what the file is found by; tell the deciders when an accepted file becomes complete."""
    siren = text_of(answers, SIREN) or None
    openings.touch(work, found.id, text_of(answers, NAME), siren, origin.at.at)
    whole = not found.checklist.lacking(answers)
    if found.state == openings.ACCEPTED and found.lacking and whole:
        record(work, origin, "opening.completed", {"opening": found.id})
        _tell_deciders(work, origin, found.id, COMPLETED)


def skip(work: Work, person: Person, opening_id: int, now: Moment, rules: Rules) -> None:
    """Leave the point that is asked for without an answer, and go on to the next."""
    found = show(work, person, opening_id, now, rules)
    _, following = asked(found)
    openings.aim(work, found.id, found.row.scope, following.code if following else "")


def send(work: Work, origin: Origin, person: Person, opening_id: int, rules: Rules) -> Opening:
    """Send a file, complete or not, to who decides; a file without a name is not sent."""
    found = show(work, person, opening_id, origin.at, rules)
    if not found.row.name:
        raise OpeningRefused("nameless")
    if not openings.send(work, opening_id, origin.at.at):
        raise Outdated
    data = {"opening": opening_id, "lacking": len(found.lacking)}
    record(work, origin, "opening.sent", data)
    _tell_deciders(work, origin, opening_id, SENT)
    return show(work, person, opening_id, origin.at, rules)


def drop(work: Work, origin: Origin, person: Person, opening_id: int, rules: Rules) -> None:
    """Give a draft up; raise `Outdated` for a file that is no draft."""
    show(work, person, opening_id, origin.at, rules)
    moved = openings.move(work, opening_id, openings.DRAFT, openings.DROPPED, origin.at.at)
    if not moved:
        raise Outdated
    record(work, origin, "opening.dropped", {"opening": opening_id})


def _tell_deciders(work: Work, origin: Origin, opening_id: int, what: str) -> None:
    for one in people.desk(work):
        if one.role in DECIDERS and one.id != origin.person_id:
            tell(work, origin, one, opening_id, what)


def tell(work: Work, origin: Origin, person: Person, opening_id: int, what: str) -> None:
    """Post the news of a file to a person; worded when it leaves."""
    telling.tell(
        work,
        origin.at,
        person,
        NEWS,
        {"opening": opening_id, "what": what},
        dedupe=f"opening:{opening_id}:{what}:{person.id}:{origin.key}",
    )
