"""What can be wrong inside the database, each with what mends it, for `relance check`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.use_cases import accounts
from bot.use_cases.health import FAULT, OK, WARNING, Finding
from storage import backup, completeness, integrity
from storage.integrity import Faulty

if TYPE_CHECKING:
    from credit.moment import Moment
    from storage.work import Work

SLOW_UPDATE = timedelta(minutes=5)
SLOW_MESSAGE = timedelta(hours=1)
SKEW = timedelta(minutes=2)
BACKUP_DAYS = 7

# What is always wrong, whatever the rest: the check's name is that of its words.
FAULTS: tuple[tuple[str, Callable[[Work], Faulty]], ...] = (
    ("sums", integrity.unbalanced_items),
    ("promise_sums", integrity.unbalanced_promises),
    ("promise_items", integrity.strange_promise_items),
    ("orphans", integrity.orphans),
    ("references", integrity.lost_references),
    ("twice", integrity.doubled_rows),
    ("trail", integrity.doubled_events),
)


def inside(work: Work, now: Moment) -> list[Finding]:
    """Look at sums, orphans, queues, the clock and the last backup; all is well in one line."""
    wrong = [_fault(name, found) for name, look in FAULTS if (found := look(work)).count]
    sound = wrong or [Finding("integrity", OK, "integrity")]
    return [*sound, *_queues(work, now), _clock(work, now), _backup(work, now)]


def incomplete(work: Work) -> Finding | None:
    """Tell what of the schema is gone: nothing else can be looked at then."""
    found = completeness.missing(work)
    shown = tuple(found[: completeness.SHOWN])
    return _fault("schema", Faulty(len(found), shown)) if found else None


def _fault(name: str, found: Faulty) -> Finding:
    return Finding(name, FAULT, f"{name}_wrong", _told(found))


def _told(found: Faulty) -> dict[str, object]:
    return {"count": found.count, "first": ", ".join(found.first)}


def _queues(work: Work, now: Moment) -> list[Finding]:
    """Tell what was given up, and what has waited too long for somebody to take it."""
    parked = integrity.given_up(work)
    late = integrity.late_updates(work, now.at - SLOW_UPDATE)
    unsent = integrity.late_messages(work, now.at - SLOW_MESSAGE)
    found = [
        Finding("updates", WARNING, code, _told(one))
        for code, one in (("updates_parked", parked), ("updates_late", late))
        if one.count
    ]
    if integrity.unfinished_import(work):
        found.append(Finding("import", WARNING, "import_unfinished"))
    if unsent.count:
        found.append(Finding("messages", WARNING, "messages_late", _told(unsent)))
    return found or [Finding("queues", OK, "queues")]


def _clock(work: Work, now: Moment) -> Finding:
    """Compare this machine's time with the server's, and with what happened already."""
    server, newest = integrity.server_clock(work), integrity.newest(work)
    if server is not None and abs(server - now.at) > SKEW:
        seconds = int((now.at - server).total_seconds())
        return Finding("clock", WARNING, "clock_skewed", {"seconds": seconds})
    if newest is not None and newest - now.at > SKEW:
        minutes = int((newest - now.at) / timedelta(minutes=1))
        return Finding("clock", WARNING, "clock_behind", {"minutes": minutes})
    return Finding("clock", OK, "clock")


def _backup(work: Work, now: Moment) -> Finding:
    last = backup.last(work)
    if last is not None:
        days = max(0, (now.at - last) // timedelta(days=1))
        late = days > BACKUP_DAYS
        return Finding("backup", WARNING if late else OK, "backup_age", {"days": days})
    if work.dialect == "postgresql":
        return Finding("backup", OK, "backup_elsewhere")
    needed = accounts.data_as_of(work) is not None
    return Finding("backup", WARNING if needed else OK, "backup_never")
