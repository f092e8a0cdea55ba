"""What a watcher of the installation asks the database: numbers, never content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, text

from storage import migrate, outbox_care
from storage.outbox import State
from storage.outbox_care import Depth
from storage.tables import import_run, inbox, outbox
from storage.work import Work

_VERSION = text(migrate.VERSION_SQL)
_WAITING = select(
    func.count(inbox.c.update_id).label("updates"), func.min(inbox.c.received_at).label("oldest")
).where(inbox.c.done_at.is_(None), inbox.c.parked.is_(False))
_PARKED = select(func.count(inbox.c.update_id)).where(
    inbox.c.done_at.is_(None), inbox.c.parked.is_(True)
)
# one kept for working hours, or for the pace of its chat, is not late before
_DUE = select(func.min(outbox.c.not_before)).where(
    outbox.c.state == State.WAITING.value, outbox.c.not_before <= bindparam("now")
)
_IMPORTS = select(import_run.c.kind, func.count(import_run.c.id).label("files")).group_by(
    import_run.c.kind
)


@dataclass(frozen=True, slots=True)
class Depths:
    """How much waits, and since when the oldest."""

    inbox: int
    inbox_oldest: datetime | None
    inbox_parked: int
    outbox: Sequence[Depth]
    outbox_due: datetime | None
    imports: dict[str, int]


def depths(work: Work, now: datetime) -> Depths:
    """Count what waits and what was imported; since when the oldest message might have left."""
    row = work.first(_WAITING)
    waiting, oldest = (0, None) if row is None else (row.updates, row.oldest)
    return Depths(
        inbox=waiting,
        inbox_oldest=oldest,
        inbox_parked=int(work.scalar(_PARKED)),
        outbox=outbox_care.depths(work),
        outbox_due=work.scalar(_DUE, {"now": now}),
        imports={row.kind: row.files for row in work.all(_IMPORTS)},
    )


def schema_serves(work: Work) -> bool:
    """Tell whether this release can work on the schema: it is its own, or a newer one.

    Migrations only add while an older release still runs, so a newer schema serves it.
    """
    found: str | None = work.scalar(_VERSION)
    return found is not None and (found == migrate.head() or not migrate.knows(found))
