"""Tell somebody something: kept as facts, and worded when it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from storage import outbox

if TYPE_CHECKING:
    from datetime import datetime

    from credit.moment import Moment
    from credit.people import Person
    from storage.work import Work


def tell(
    work: Work,
    at: Moment,
    person: Person,
    kind: str,
    facts: Mapping[str, Any],
    *,
    dedupe: str,
    priority: outbox.Priority = outbox.Priority.ALERT,
    not_before: datetime | None = None,
) -> int | None:
    """Post news for a person; return its id, or None when it was posted before.

    None as well when the person has no chat yet: there is nobody to tell.
    """
    if person.telegram_id is None:
        return None
    return outbox.post(
        work,
        kind=kind,
        person_id=person.id,
        chat_id=person.telegram_id,
        body=facts,
        priority=priority,
        at=at,
        not_before=not_before,
        dedupe=dedupe,
        ready=False,
    )
