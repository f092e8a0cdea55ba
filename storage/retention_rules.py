"""The rules of retention (handbook 11.2): deeds of persons go, what the ledger says stays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    String,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy import update as change

from storage.alerts import CLEARED
from storage.disputes import WAITING
from storage.observations import forget
from storage.outbox import OVER
from storage.retention import Rule, blanking, deleting
from storage.retention_openings import OPENING_RULES
from storage.retention_risk import RISK_RULES
from storage.tables import (
    alert,
    alert_volume,
    attachment,
    broadcast,
    broadcast_recipient,
    broadcast_wave,
    card,
    contact_record,
    conversation,
    customer,
    customer_contact,
    dispute,
    dispute_step,
    event,
    freeze,
    gathered_alert,
    import_run,
    inbox,
    inbox_queue,
    invitation,
    item,
    observation,
    outbox,
    payment,
    person,
    portfolio,
    promise,
    promise_item,
    promise_line,
    release_request,
    rule_feedback,
    task,
    upload,
)
from storage.types import EPOCH
from storage.uploads import State
from storage.work import Work

TEXTS: Final = ("contact", "name", "note", "reference", "text")
"""Keys under which the audit trail holds what a person typed or somebody's name."""
UNFINISHED: Final = ("waiting", "fetched", "asking", "ready", "accepted")

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_EVENTS = select(event.c.id, event.c.data).where(event.c.id.in_(_IDS))
_REWRITE = change(event).where(event.c.id == bindparam("e")).values(data=bindparam("d"))


def silence(work: Work, ids: Sequence[int], names: Collection[str] = TEXTS) -> int:
    """Take the texts out of events; what happened, when and by whom stays."""
    spoken = []
    for row in work.all(_EVENTS, {"ids": list(ids)}):
        if any(row.data.get(name) is not None for name in names):
            data = {key: None if key in names else value for key, value in row.data.items()}
            spoken.append({"e": row.id, "d": data})
    return work.execute_many(_REWRITE, spoken)


def unsee(work: Work, ids: Sequence[int]) -> int:
    """Take out of events what was seen; that somebody saw something then stays."""
    return silence(work, ids, ("code",))


# Nothing is owed, nothing was said or paid since: the person is of no use any more.
_ASLEEP = and_(
    ~exists().where(item.c.customer_id == customer.c.id, item.c.open_minor != 0),
    ~exists().where(
        event.c.customer_id == customer.c.id,
        event.c.at >= bindparam("before", type_=event.c.at.type),
    ),
    ~exists().where(
        payment.c.customer_id == customer.c.id,
        payment.c.received_on >= bindparam("day", type_=payment.c.received_on.type),
    ),
)
_SPOKEN = or_(*(cast(event.c.data, Text).like(f'%"{name}":"%') for name in TEXTS))
_SEEN = and_(
    event.c.kind.in_(("observation.recorded", "observation.withdrawn")),
    cast(event.c.data, Text).like('%"code":"%'),
)
_PHOTOGRAPHED = exists().where(attachment.c.dispute_id == dispute.c.id)
_DISCUSSED = exists().where(dispute_step.c.dispute_id == dispute.c.id)
_DECIDED = dispute.c.state.not_in(WAITING)
_JUDGED = promise.c.state != "open"
_JUDGED_AT = func.coalesce(promise.c.closed_at, promise.c.judged_at, type_=promise.c.closed_at.type)
_USED_AT = func.coalesce(
    invitation.c.used_at, invitation.c.expires_at, type_=invitation.c.used_at.type
)
_NAMELESS = literal("#") + cast(person.c.id, String)
# Nobody holds the place in the queue of somebody who wrote nothing that is kept.
_IDLE_SINCE = func.coalesce(
    inbox_queue.c.until, literal(EPOCH, inbox_queue.c.until.type), type_=inbox_queue.c.until.type
)
_SILENT = ~exists().where(inbox.c.sender == inbox_queue.c.sender)
# What the rules before take of what he wrote is no reason to keep it.
_WRITES = exists().where(
    inbox.c.sender == inbox_queue.c.sender,
    or_(
        inbox.c.done_at >= bindparam("before", type_=inbox.c.done_at.type),
        and_(
            inbox.c.done_at.is_(None),
            or_(
                inbox.c.parked.is_(False),
                inbox.c.received_at >= bindparam("long_before", type_=inbox.c.received_at.type),
            ),
        ),
    ),
)
_FREE = and_(inbox_queue.c.head.is_(None), inbox_queue.c.owner.is_(None))
_LIES_NOWHERE = or_(upload.c.path.is_(None), upload.c.file_id == "")

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "updates",
        "updates",
        inbox.c.update_id,
        inbox.c.done_at,
        deleting(inbox.c.update_id),
        indexed=True,
    ),
    Rule(
        "parked",
        "technical",
        inbox.c.update_id,
        inbox.c.received_at,
        deleting(inbox.c.update_id),
        relevant=and_(inbox.c.done_at.is_(None), inbox.c.parked.is_(True)),
        indexed=True,
    ),
    Rule(
        "senders",
        "updates",
        inbox_queue.c.sender,
        _IDLE_SINCE,
        deleting(inbox_queue.c.sender),
        relevant=and_(_FREE, _SILENT),
        foreseen=and_(_FREE, ~_WRITES),
    ),
    Rule(
        "messages",
        "messages",
        outbox.c.id,
        outbox.c.not_before,
        deleting(outbox.c.id),
        relevant=outbox.c.state.in_([state.value for state in OVER]),
        indexed=True,
    ),
    Rule(
        "conversations",
        "conversations",
        conversation.c.id,
        conversation.c.changed_at,
        deleting(conversation.c.id),
        keep_last=True,
    ),
    Rule(
        "contact_notes",
        "notes",
        contact_record.c.id,
        contact_record.c.at,
        blanking(contact_record.c.id, note=None, contact=None),
        relevant=or_(contact_record.c.note.is_not(None), contact_record.c.contact.is_not(None)),
        ordered=True,
    ),
    Rule(
        "task_notes",
        "notes",
        task.c.id,
        task.c.done_at,
        blanking(task.c.id, note=None),
        relevant=task.c.note.is_not(None),
    ),
    Rule(
        "trail_texts",
        "notes",
        event.c.id,
        event.c.at,
        silence,
        relevant=_SPOKEN,
        ordered=True,
    ),
    Rule(
        "observations",
        "notes",
        observation.c.id,
        observation.c.at,
        blanking(observation.c.id, note=None, source=None, files=[]),
        relevant=or_(
            observation.c.note.is_not(None),
            observation.c.source.is_not(None),
            observation.c.files != [],
        ),
        ordered=True,
    ),
    Rule(
        "sightings",
        "observations",
        observation.c.id,
        observation.c.at,
        forget,
        ordered=True,
        keep_last=True,
    ),
    Rule(
        "trail_sightings",
        "observations",
        event.c.id,
        event.c.at,
        unsee,
        relevant=_SEEN,
        ordered=True,
    ),
    Rule(
        "freezes",
        "case_texts",
        freeze.c.id,
        freeze.c.lifted_at,
        blanking(freeze.c.id, reason=None),
        relevant=freeze.c.reason.is_not(None),
    ),
    Rule(
        "release_texts",
        "case_texts",
        release_request.c.id,
        release_request.c.decided_at,
        blanking(release_request.c.id, reason="", note=None),
        relevant=or_(release_request.c.reason != "", release_request.c.note.is_not(None)),
    ),
    *RISK_RULES,
    *OPENING_RULES,
    Rule(
        "dispute_texts",
        "case_texts",
        dispute.c.id,
        dispute.c.closed_at,
        blanking(dispute.c.id, attachment.c.dispute_id, dispute_step.c.dispute_id, text=None),
        relevant=and_(_DECIDED, or_(dispute.c.text.is_not(None), _PHOTOGRAPHED, _DISCUSSED)),
    ),
    Rule(
        "promise_contacts",
        "case_texts",
        promise.c.id,
        _JUDGED_AT,
        blanking(promise.c.id, contact=None),
        relevant=and_(_JUDGED, promise.c.contact.is_not(None)),
    ),
    Rule(
        "promises",
        "cases",
        promise.c.id,
        _JUDGED_AT,
        deleting(
            promise.c.id,
            promise_line.c.promise_id,
            promise_item.c.promise_id,
            loose=(task.c.promise_id, promise.c.superseded_by),
        ),
        relevant=_JUDGED,
        keep_last=True,
    ),
    Rule(
        "disputes",
        "cases",
        dispute.c.id,
        dispute.c.closed_at,
        deleting(dispute.c.id, attachment.c.dispute_id, dispute_step.c.dispute_id),
        relevant=_DECIDED,
        keep_last=True,
    ),
    Rule(
        "contacts",
        "cases",
        contact_record.c.id,
        contact_record.c.at,
        deleting(contact_record.c.id),
        ordered=True,
        keep_last=True,
    ),
    Rule(
        "alerts",
        "alerts",
        alert.c.customer_id,
        alert.c.changed_at,
        deleting(alert.c.customer_id, card.c.customer_id, gathered_alert.c.customer_id),
        relevant=alert.c.state == CLEARED,
    ),
    Rule(
        "feedback",
        "alerts",
        rule_feedback.c.id,
        rule_feedback.c.at,
        deleting(rule_feedback.c.id),
    ),
    Rule(
        "customer_contacts",
        "customer_contacts",
        customer_contact.c.id,
        customer.c.changed_at,
        deleting(customer_contact.c.id),
        relevant=_ASLEEP,
        source=customer_contact.join(customer),
    ),
    Rule(
        "departed",
        "departed",
        person.c.id,
        person.c.revoked_at,
        blanking(
            person.c.id,
            portfolio.c.person_id,
            card.c.person_id,
            gathered_alert.c.person_id,
            alert_volume.c.person_id,
            telegram_id=None,
            phone=None,
            name=_NAMELESS,
        ),
        relevant=and_(person.c.active.is_(False), person.c.name != _NAMELESS),
    ),
    Rule(
        "invitations",
        "invitations",
        invitation.c.id,
        _USED_AT,
        deleting(invitation.c.id),
    ),
    Rule(
        "import_reports",
        "technical",
        import_run.c.id,
        import_run.c.at,
        blanking(import_run.c.id, report={}),
        relevant=import_run.c.report != {},
        ordered=True,
    ),
    Rule(
        "files_left",
        "conversations",
        upload.c.id,
        upload.c.at,
        blanking(upload.c.id, state=State.CANCELLED.value, report={}),
        relevant=upload.c.state.in_(UNFINISHED),
    ),
    Rule(
        "files",
        "technical",
        upload.c.id,
        upload.c.at,
        deleting(upload.c.id),
        relevant=and_(upload.c.state.not_in(UNFINISHED), _LIES_NOWHERE),
        keep_last=True,
    ),
    Rule(
        "broadcasts",
        "technical",
        broadcast.c.id,
        broadcast.c.at,
        deleting(broadcast.c.id, broadcast_recipient.c.broadcast_id, broadcast_wave.c.broadcast_id),
        keep_last=True,
    ),
)
"""In the order in which they run: texts before the rows that held them."""
