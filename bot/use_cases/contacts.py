"""Contacts with customers and what follows from them: recorded, planned, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from storage import contacts
from storage.events import Origin, record

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from storage.work import Work

UNANSWERED = frozenset({"no_answer", "voicemail", "wrong_person"})
CALL, VISIT, MESSAGE = "call", "visit", "message"
CHANNELS = {"phone": CALL, "voicemail": CALL, "visit": VISIT, "sms": MESSAGE, "email": MESSAGE}
CALLING_TASKS = frozenset({"call_again", "call_authority", "tell_decision"})
NOTE_LIMIT = 400


@dataclass(frozen=True, slots=True)
class ContactRequest:
    """What one contact came to; `next_on` is the day the customer asked to be called again."""

    outcome: str
    channel: str = "phone"
    reason: str | None = None  # M01-M26 (handbook 7.3)
    faith: str | None = None
    note: str | None = None
    contact: str | None = None
    reference: str | None = None
    next_on: date | None = None
    conversation_id: int | None = None


@dataclass(frozen=True, slots=True)
class TaskRequest:
    """Something to do: on a day, or so many worked days after it (after today without it)."""

    kind: str
    on: date | None = None
    in_business_days: int | None = None
    note: str | None = None
    person_id: int | None = None  # None: the department's, nobody's in particular


def record_contact(
    work: Work, origin: Origin, person: Person, customer_id: int, request: ContactRequest
) -> tuple[int, list[int]]:
    """Keep one contact (one call, one record: handbook 7.1) and close the call that was planned.

    Return the contact's id and those of the tasks that it closes.
    """
    note = " · ".join(part for part in (request.reference, request.note) if part)
    values = {
        "uid": origin.uid("contact"),
        "customer_id": customer_id,
        "person_id": person.id,
        "conversation_id": request.conversation_id,
        "at": origin.at.at,
        "on": origin.at.today,
        "channel": CHANNELS.get(request.channel, CALL),
        "outcome": request.outcome,
        "answered": request.outcome not in UNANSWERED,
        "reason": request.reason,
        "faith": request.faith,
        "contact": (request.contact or "")[:120] or None,
        "note": note[:NOTE_LIMIT] or None,
    }
    contact_id = contacts.add(work, values)
    shown = ("uid", "channel", "outcome", "answered", "reason", "faith", "contact", "note")
    data = {name: values[name] for name in shown}
    data["next_on"] = request.next_on.isoformat() if request.next_on else None
    record(work, origin, "contact.recorded", data, customer_id)
    return contact_id, _close_planned_calls(work, origin, customer_id)


def _close_planned_calls(work: Work, origin: Origin, customer_id: int) -> list[int]:
    return [
        task.id
        for task in contacts.tasks_of(work, customer_id)
        if task.kind in CALLING_TASKS
        and task.due_on <= origin.at.today
        and contacts.done(work, task.id, origin.at.at)
    ]


def withdraw(work: Work, origin: Origin, contact_id: int) -> bool:
    """Take a contact back; False when it was taken back already."""
    row = contacts.by_id(work, contact_id)
    if row is None or not contacts.withdraw(work, contact_id, origin.at.at):
        return False
    record(work, origin, "contact.withdrawn", {"uid": row.uid}, row.customer_id)
    return True


def plan(
    work: Work,
    origin: Origin,
    customer_id: int,
    request: TaskRequest,
    rules: Rules,
    key: str = "",
) -> int:
    """Plan something to do, always on a worked day; `key` tells two tasks of one tap apart."""
    start = request.on or origin.at.today
    values = {
        "uid": origin.uid(f"task:{request.kind}:{key}"),
        "customer_id": customer_id,
        "person_id": request.person_id,
        "kind": request.kind,
        "due_on": rules.calendar.add_working(start, request.in_business_days or 0),
        "note": (request.note or "")[:NOTE_LIMIT] or None,
        "promise_id": None,
        "created_at": origin.at.at,
    }
    return contacts.add_task(work, values)
