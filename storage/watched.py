"""What a watcher of the installation asks the database: numbers, never content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text

from storage import migrate, outbox_care
from storage.outbox_care import Depth
from storage.tables import import_run, inbox
from storage.work import Work

_VERSION = text(migrate.VERSION_SQL)
_WAITING = select(
    func.count(inbox.c.update_id).label("updates"), func.min(inbox.c.received_at).label("oldest")
).where(inbox.c.done_at.is_(None), inbox.c.parked.is_(False))
_PARKED = select(func.count(inbox.c.update_id)).where(
    inbox.c.done_at.is_(None), inbox.c.parked.is_(True)
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
    imports: dict[str, int]


def depths(work: Work) -> Depths:
    """Count what waits and what was imported."""
    row = work.first(_WAITING)
    waiting, oldest = (0, None) if row is None else (row.updates, row.oldest)
    return Depths(
        inbox=waiting,
        inbox_oldest=oldest,
        inbox_parked=int(work.scalar(_PARKED)),
        outbox=outbox_care.depths(work),
        imports={row.kind: row.files for row in work.all(_IMPORTS)},
    )


def schema_serves(work: Work) -> bool:
    """Tell whether this release can work on the schema: it is its own, or a newer one.

    Migrations only add while an older release still runs, so a newer schema serves it.
    """
    found: str | None = work.scalar(_VERSION)
    return found is not None and (found == migrate.head() or not migrate.knows(found))
