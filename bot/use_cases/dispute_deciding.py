"""The credit manager's word on a dispute, his questions, the rep's answers, and their undoing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.use_cases import alerts, contacts, dispute_files, dispute_news
from bot.use_cases.contacts import TaskRequest
from bot.use_cases.dispute_news import ANSWER_TASK, CREDITED, DECIDED, DECIDERS, UNDONE
from bot.use_cases.disputes import PHOTO_LIMIT, TEXT_LIMIT
from bot.use_cases.refusals import AmountTooHigh, NothingToDecide, NotYourRole, Outdated
from credit.dispute import GRANTED, REFUSING, RULINGS, WAITING, Awaited, DisputeState
from credit.money import Money
from credit.people import Role, may_see
from storage import contacts as contact_rows
from storage import dispute_steps as steps
from storage import disputes, people
from storage.events import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.use_cases.dispute_files import File
    from bot.use_cases.disputes import Photo
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from storage.events import Origin
    from storage.work import Work

TELL_TASK = "tell_decision"
REPS = frozenset({Role.REP, Role.SALES_MANAGER})


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is decided: a state of `RULINGS`, the part that is accepted, and why."""

    state: DisputeState
    amount: Money | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken, and what the rep has to do of it."""

    step: int
    tasks: tuple[int, ...] = ()


def decide(
    work: Work, origin: Origin, person: Person, dispute_id: int, ruling: Ruling, rules: Rules
) -> Taken:
    """Accept a dispute, in full or in part, or refuse it; the rep hears of it at once.

    Raise `NotYourRole`, `NotYours`, `AmountTooHigh`, or `NothingToDecide` when it was decided
    or closed meanwhile.
    """
    found = _to_decide(work, origin, person, dispute_id)
    state, founded = _weighed(found, ruling)
    minor = None if founded is None else founded.minor
    at = origin.at.at if state is DisputeState.UNFOUNDED else None
    resume_on = None
    if state in REFUSING:
        resume_on = dispute_files.resumption(found.row.reason, origin.at.today, rules)
    was = found.row.state
    if not disputes.rule(work, dispute_id, was, state.value, minor, at=at, resume_on=resume_on):
        raise NothingToDecide
    step = _step(work, origin, person, found, state.value, ruling.note, founded)
    data = {
        "dispute": found.row.uid,
        "state": state.value,
        "invoice": found.row.number,
        "amount": (founded or found.amount).as_text(),
        "currency": found.amount.currency,
        "note": ruling.note[:TEXT_LIMIT] or None,
    }
    record(work, origin, "dispute.decided", data, found.customer.id)
    _close_tasks(work, origin, found, ANSWER_TASK)
    return Taken(step, _tell_reps(work, origin, person, found, step, TELL_TASK, rules))


def _weighed(found: File, ruling: Ruling) -> tuple[DisputeState, Money | None]:
    """Return the state decided and the part accepted: all of it is no part."""
    if ruling.state not in RULINGS:
        raise Outdated
    if ruling.state is DisputeState.UNFOUNDED:
        return ruling.state, None
    if ruling.state is DisputeState.FOUNDED or ruling.amount == found.amount:
        return DisputeState.FOUNDED, found.amount
    part = ruling.amount
    most = found.amount
    if part is None or part.currency != most.currency or not 0 < part.minor < most.minor:
        raise AmountTooHigh(most.minor, most.currency)
    return ruling.state, part


def ask(
    work: Work, origin: Origin, person: Person, dispute_id: int, question: str, rules: Rules
) -> Taken:
    """Ask the rep for what is missing; the dispute goes on being instructed."""
    found = _to_decide(work, origin, person, dispute_id)
    review = DisputeState.UNDER_REVIEW.value
    if not disputes.rule(work, dispute_id, found.row.state, review):
        raise Outdated
    step = _step(work, origin, person, found, steps.QUESTION, question)
    data = {"dispute": found.row.uid, "note": question[:TEXT_LIMIT]}
    record(work, origin, "dispute.asked", data, found.customer.id)
    return Taken(step, _tell_reps(work, origin, person, found, step, ANSWER_TASK, rules))


def answer(
    work: Work,
    origin: Origin,
    person: Person,
    dispute_id: int,
    text: str,
    photos: Sequence[Photo] = (),
) -> Taken:
    """Answer the question that was asked last; those who decide hear of it at once."""
    found = dispute_files.show(work, person, dispute_id, origin.at)
    if found.awaited is not Awaited.ANSWER:
        raise Outdated
    step = _step(work, origin, person, found, steps.ANSWER, text)
    for photo in photos[: max(0, PHOTO_LIMIT - found.photos)]:
        disputes.attach(work, dispute_id, photo.file_id, photo.unique_id, origin.at.at)
    data = {"dispute": found.row.uid, "note": text[:TEXT_LIMIT], "photos": len(photos)}
    record(work, origin, "dispute.answered", data, found.customer.id)
    _close_tasks(work, origin, found, ANSWER_TASK)
    dispute_news.tell_deciders(work, origin, person, dispute_id, step, steps.ANSWER)
    return Taken(step)


def close(work: Work, origin: Origin, person: Person, dispute_id: int, rules: Rules) -> None:
    """Close an accepted dispute whose credit note the book does not show by itself."""
    if person.role not in DECIDERS:
        raise NotYourRole
    found = dispute_files.show(work, person, dispute_id, origin.at)
    if found.state not in GRANTED:
        raise Outdated
    if not disputes.credit(work, dispute_id, found.row.state, None, origin.at.at):
        raise Outdated
    record(work, origin, "dispute.closed", {"dispute": found.row.uid}, found.customer.id)
    alerts.scan(work, origin, [found.customer.id], rules)


def close_credited(work: Work, origin: Origin) -> list[int]:
    """Close the accepted disputes whose credit note is in the book; return whose each was.

    Their reps hear of it: what is left of the invoice can be claimed. A credit note, or a fall
    of the invoice by what was accepted, serves one.
    """
    served: set[tuple[object, ...]] = set()
    customers: list[int] = []
    for row in disputes.credited_meanwhile(work):
        what = (row.id,) if row.item_id is None else (row.item_id, row.founded_minor, "fall")
        reason = (row.customer_id, row.note) if row.note is not None else what
        if reason in served or what in served:
            continue
        if not disputes.credit(work, row.id, row.state, row.note, origin.at.at):
            continue
        served.update((reason, what))
        customers.append(int(row.customer_id))
        data = {"dispute": row.uid, "credit_note": row.note}
        record(work, origin, "dispute.closed", data, row.customer_id)
        _tell_closed(work, origin, row.id)
    return customers


def _tell_closed(work: Work, origin: Origin, dispute_id: int) -> None:
    row = disputes.by_id(work, dispute_id)
    author = people.by_id(work, row.person_id) if row else None
    if author is not None and author.active:
        dispute_news.tell(work, origin, None, author, dispute_id, 0, CREDITED)


def take_back(work: Work, origin: Origin, person: Person, step_id: int) -> None:
    """Undo the last step of a dispute; the former state is back, and the rep hears of it.

    Raise `Outdated` when something happened to the dispute since.
    """
    step = steps.by_id(work, step_id)
    if step is None:
        raise Outdated
    found = dispute_files.show(work, person, step.dispute_id, origin.at)
    if not found.steps or found.steps[-1].id != step_id:
        raise Outdated
    decides = step.kind != steps.ANSWER
    if decides and person.role not in DECIDERS:
        raise NotYourRole
    now = step.kind if step.kind in RULINGS else DisputeState.UNDER_REVIEW.value
    if not disputes.rule(work, found.row.id, now, step.former):
        raise Outdated
    steps.withdraw(work, step_id, origin.at.at)
    record(work, origin, "dispute.undone", {"dispute": found.row.uid}, found.customer.id)
    if step.kind in RULINGS:
        for one in _reps(work, found):
            dispute_news.tell(work, origin, person, one, found.row.id, step_id, UNDONE)


def revise(work: Work, origin: Origin, person: Person, dispute_id: int, rules: Rules) -> None:
    """Take the decision on a dispute back, however old it is; its rep is told, nothing to tell."""
    found = dispute_files.show(work, person, dispute_id, origin.at)
    if found.ruling is None or found.state not in RULINGS:
        raise NothingToDecide
    take_back(work, origin, person, found.ruling.id)
    _close_tasks(work, origin, found, TELL_TASK)
    alerts.scan(work, origin, [found.customer.id], rules)


def _to_decide(work: Work, origin: Origin, person: Person, dispute_id: int) -> File:
    """Read a dispute that this person may decide now."""
    if person.role not in DECIDERS:
        raise NotYourRole
    found = dispute_files.show(work, person, dispute_id, origin.at)
    if found.state not in WAITING:
        raise NothingToDecide
    return found


def _step(
    work: Work,
    origin: Origin,
    person: Person,
    found: File,
    kind: str,
    text: str,
    amount: Money | None = None,
) -> int:
    return steps.add(
        work,
        {
            "uid": origin.uid(f"dispute:{kind}:{found.row.id}"),
            "dispute_id": found.row.id,
            "person_id": person.id,
            "kind": kind,
            "former": found.row.state,
            "amount_minor": None if amount is None else amount.minor,
            "text": text[:TEXT_LIMIT] or None,
            "at": origin.at.at,
        },
    )


def _reps(work: Work, found: File) -> list[Person]:
    """Name who hears of it: the author in front, as long as he sees the account, and its reps."""
    code = found.customer.rep_code
    seeing = [one for one in people.around(work, code) if may_see(one, code)]
    author = [one for one in seeing if one.id == found.row.person_id and one.role in REPS]
    others = [one for one in seeing if one.role is Role.REP and one not in author]
    return [*author, *others]


def _tell_reps(
    work: Work,
    origin: Origin,
    person: Person,
    found: File,
    step: int,
    task: str,
    rules: Rules,
) -> tuple[int, ...]:
    """Send the news to the reps, and plan for the first of them what is to be done."""
    reps = [one for one in _reps(work, found) if one.id != person.id]
    what = steps.QUESTION if task == ANSWER_TASK else DECIDED
    for one in reps:
        dispute_news.tell(work, origin, person, one, found.row.id, step, what)
    if not reps:
        return ()
    request = TaskRequest(task, note=found.row.uid, person_id=reps[0].id)
    return (contacts.plan(work, origin, found.customer.id, request, rules, str(step)),)


def _close_tasks(work: Work, origin: Origin, found: File, kind: str) -> None:
    for task in contact_rows.tasks_of(work, found.customer.id):
        if task.kind == kind and task.note == found.row.uid:
            contact_rows.done(work, task.id, origin.at.at)
