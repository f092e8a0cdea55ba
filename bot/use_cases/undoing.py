"""Undoing a conversation: everything that it recorded is taken back, for ten minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.use_cases import (
    alert_answers,
    contacts,
    conversations,
    dispute_deciding,
    disputes,
    effects,
    handover,
    observations,
    promises,
)
from bot.use_cases.alerts import scan
from bot.use_cases.refusals import Outdated, TooLateToUndo
from credit.dispute import DisputeState
from credit.promise import PromiseState
from storage import contacts as contact_rows
from storage import conversations as rows
from storage import disputes as dispute_rows
from storage import promises as promise_rows

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.people import Person
    from storage.conversations import Held
    from storage.events import Origin
    from storage.work import Work

DOUBLED = timedelta(seconds=2)
UNDOABLE = frozenset(
    {
        *(effects.PROMISE, effects.DISPUTE, effects.CONTACT, effects.TASK, effects.STOPPED),
        *(effects.OBSERVATION, effects.DISPUTE_STEP),
    }
)


def may_undo(held: Held, now: Moment) -> bool:
    """Tell whether the conversation has ended, recorded something, and is not too old."""
    young = now.at - held.changed_at <= timedelta(minutes=promises.UNDO_MINUTES)
    recorded = any(what in UNDOABLE for what, _, _ in held.made)
    return held.state == rows.DONE and recorded and young


def is_doubled(held: Held, now: Moment) -> bool:
    """Tell whether what ended the conversation was pressed this very moment.

    The button that takes it back may have come under the finger of who presses twice.
    """
    return held.state == rows.DONE and now.at - held.changed_at < DOUBLED


def last(work: Work, person: Person, now: Moment) -> Held | None:
    """Find the conversation that the person has just ended, as long as he may undo it."""
    held = rows.ended_of(work, person.id)
    if held is None or not may_undo(held, now):
        return None
    return held if conversations.is_reachable(work, person, held.customer_id) else None


def undo(work: Work, origin: Origin, person: Person, conversation_id: int, rules: Rules) -> Held:
    """Take back what an ended conversation recorded, the last first; return it emptied.

    Raise `TooLateToUndo` after ten minutes, `Outdated` when there is nothing (left) to undo.
    """
    held = conversations.own(work, person, conversation_id)
    if held.state != rows.DONE or not held.made:
        raise Outdated
    if not may_undo(held, origin.at):
        raise TooLateToUndo(promises.UNDO_MINUTES)
    for what, key, detail in reversed(held.made):
        if what == effects.DISPUTE_STEP:
            dispute_deciding.take_back(work, origin, person, key)
        elif what == effects.CHARGE:
            answer_by = datetime.fromisoformat(detail) if detail else None
            alert_answers.give_back(work, origin, person, key, answer_by)
        else:
            _take_back(work, origin, person, what, key, rules)
    rows.save(work, held.id, held.call, (), held.changed_at)
    if held.customer_id is not None:
        scan(work, origin, [held.customer_id], rules)
    return held


def _take_back(
    work: Work, origin: Origin, person: Person, what: str, key: int, rules: Rules
) -> None:
    """Take one record back; what payments or a colleague have decided since stays."""
    match what:
        case effects.PROMISE:
            kept = promise_rows.by_id(work, key)
            if kept is not None and kept.promise.state is PromiseState.OPEN:
                promises.take_back(work, origin, kept, rules)
        case effects.DISPUTE:
            row = dispute_rows.by_id(work, key)
            if row is not None and row.state == DisputeState.OPEN.value:
                disputes.take_back(work, origin, person, key)
        case effects.CONTACT:
            contacts.withdraw(work, origin, key)
        case effects.TASK:
            contact_rows.done(work, key, origin.at.at)
        case effects.TASK_DONE:
            contact_rows.undone(work, key)
        case effects.OBSERVATION:
            observations.take_back(work, origin, key)
        case effects.STOPPED:
            handover.resume_dunning(work, origin, key)
