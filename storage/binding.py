"""What is written back once Telegram has given a message its number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update

from storage import alert_volume, alerts, uploads
from storage.outbox import Outgoing
from storage.tables import broadcast, conversation
from storage.work import Work

CARD, CONVERSATION, BROADCAST, UPLOAD = "card", "conversation", "broadcast", "upload"
GATHERED = alert_volume.GATHERED
UNSEEN = "unseen"
"""In an entry: a younger answer stands in the message, this one was never shown."""

_CONVERSATION = (
    update(conversation)
    .where(conversation.c.id == bindparam("c"))
    .values(message_id=bindparam("m"))
)
_REPORT = (
    update(broadcast)
    .where(broadcast.c.id == bindparam("b"))
    .values(report_message_id=bindparam("m"))
)


def bind(work: Work, row: Outgoing, message_id: int, entry: Mapping[str, Any]) -> None:
    """Remember which message shows an alert card, a conversation's step, a delivery report.

    What was never shown moves nothing to its message. A card that is there already is as its
    reader has just made it: else it would be brought up to date over what he looks at now.
    """
    what, subject = entry["what"], int(entry["id"])
    if entry.get(UNSEEN) and not _is_there(work, message_id, entry):
        return
    if what == CARD:
        person, version = int(entry["person_id"]), int(entry["version"])
        why = str(entry.get("because") or "")
        alerts.keep_card(work, subject, person, message_id, version, row.created_at, why)
    elif what == CONVERSATION:
        work.execute(_CONVERSATION, {"c": subject, "m": message_id})
    elif what == BROADCAST:
        work.execute(_REPORT, {"b": subject, "m": message_id})
    elif what == UPLOAD:
        uploads.shown_by(work, subject, message_id)
    elif what == GATHERED:
        until = datetime.fromisoformat(entry["until"])
        alert_volume.told(work, subject, entry["customers"], until)


def _is_there(work: Work, message_id: int, entry: Mapping[str, Any]) -> bool:
    if entry["what"] != CARD:
        return False
    return alerts.card_of(work, int(entry["id"]), int(entry["person_id"])) == message_id
