"""Both ways with the credit manager's store: what came in is imported, what was done goes out."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.use_cases import uploads
from bot.use_cases.imports import Wish
from bot.use_cases.refusals import FileRefused, MappingUncertain
from credit.people import Person, Role
from storage import events, facts, imports, people
from storage import uploads as upload_rows
from storage.events import Origin
from storage.sync import outgoing
from storage.sync.outgoing import Outgoing
from storage.sync.reading import Kind, read_file
from storage.uploads import State

if TYPE_CHECKING:
    from credit.moment import Moment
    from storage.work import Work

CARRIED, JOURNAL = "carried_out", "journal_cursor"
COMING_IN = "begun_files"  # the first release kept other values as "coming_in"
LEASE, LEASE_SPAN = "store", timedelta(seconds=60)
TURN, TURN_SPAN = "import", timedelta(seconds=30)
ORDER = (Kind.CUSTOMERS, Kind.HISTORY, Kind.RECEIVABLES, Kind.PAYMENTS)
CHANNEL = "folder"
OPEN = frozenset({State.ASKING, State.FETCHED, State.READY, State.ACCEPTED})


def holder(work: Work) -> str | None:
    """Return who holds the store, or held it last without giving it back."""
    return facts.holder(work, LEASE)


def hold(work: Work, owner: str, now: Moment, dead: str = "") -> bool:
    """Take the store for a minute, at once from a holder known to be dead.

    One process at a time reads and writes it.
    """
    return facts.acquire(work, LEASE, owner, now, LEASE_SPAN, dead)


def let_go(work: Work, owner: str) -> None:
    """Give the store back."""
    facts.release(work, LEASE, owner)


def whose_turn(work: Work) -> str | None:
    """Return who writes the book, or wrote it last without saying that it ended."""
    return facts.holder(work, TURN)


def take_turn(work: Work, owner: str, now: Moment, dead: str = "") -> bool:
    """Take or keep the right to write the book, at once from a holder known to be dead."""
    return facts.acquire(work, TURN, owner, now, TURN_SPAN, dead)


def end_turn(work: Work, owner: str) -> None:
    """Let somebody else write the book."""
    facts.release(work, TURN, owner)


def process_of(owner: str) -> str:
    """Name this process among those that hold something; a database may have no name for it."""
    return owner or f"/{os.getpid()}"


def in_order(work: Work, paths: Iterable[Path]) -> list[Path]:
    """Sort files as they must be imported: customers, history, receivables, payments.

    A file that comes alone is not looked at: a long one would keep this process busy.
    """
    found = list(paths)
    if len(found) < 2:  # noqa: PLR2004 - one needs no order
        return found
    return sorted(found, key=lambda path: (_rank(work, path), path.name))


def _rank(work: Work, path: Path) -> int:
    try:
        reading = read_file(path)
        known = imports.recall(work, reading.fingerprint) if reading.fingerprint else None
        kind = known.kind if known else reading.kind
    except OSError:
        kind = None
    return ORDER.index(kind) if kind in ORDER else len(ORDER)


def wish_of(path: Path) -> Wish:
    """Say how a dropped file is imported: its report is shown to every credit manager."""
    subject = {"path": str(path), "sha256": sha256_of(path)}
    return Wish(path, CHANNEL, subject=subject)


def came(work: Work, wish: Wish, now: Moment) -> bool:
    """Tell whether a file's very bytes were imported from the folder today.

    The process died before it could move the file. The same export dropped on a later day is
    another one: it says that the book has not moved since.
    """
    morning = datetime.combine(now.today, time(0), tzinfo=now.zone)
    return imports.came_by(work, str(wish.subject["sha256"]), CHANNEL, morning)


def imported(
    work: Work, origin: Origin, path: Path, sha256: str, report: Mapping[str, Any]
) -> None:
    """Show the report of a dropped file to every credit manager, once."""
    uploads.show_dropped(work, origin, _managers(work), path, sha256, State.IMPORTED, report)


def refuse(work: Work, origin: Origin, path: Path, refused: FileRefused) -> None:
    """Tell every credit manager, once, that a dropped file was refused."""
    told = uploads.refusal(refused)
    sha = sha256_of(path)
    uploads.show_dropped(work, origin, _managers(work), path, sha, State.REFUSED, told)


def ask(work: Work, origin: Origin, path: Path, uncertain: MappingUncertain) -> None:
    """Ask every credit manager, once, what the columns of a dropped file mean."""
    asked = uploads.question(uncertain.reading)
    sha = sha256_of(path)
    uploads.show_dropped(work, origin, _managers(work), path, sha, State.ASKING, asked)


def pending(work: Work, path: Path) -> tuple[bool, bool]:
    """Tell whether a dropped file waits for somebody's answer, and whether it was given up."""
    states = {one.state for one in upload_rows.dropped(work, sha256_of(path), str(path))}
    if State.IMPORTED in states:
        return False, False
    waiting = bool(states & OPEN)
    return waiting, State.CANCELLED in states and not waiting


def leave(work: Work, origin: Origin, path: Path, sha: str) -> None:
    """Close every card of a file that leaves the folder's entrance, as it ended."""
    cards = upload_rows.dropped(work, sha, str(path))
    done = next((one for one in cards if one.state is State.IMPORTED), None)
    for one in cards:
        if one.state in OPEN:
            end = State.IMPORTED if done else State.CANCELLED
            upload_rows.move(work, one, end, report=done.report if done else None)
            uploads.post(work, origin, uploads.must(upload_rows.by_id(work, one.id)))
        upload_rows.forget(work, one.id)


def sha256_of(path: Path) -> str:
    """Return the digest of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _managers(work: Work) -> list[Person]:
    wanted = {Role.CREDIT_MANAGER, Role.ADMIN}
    found = [one for one in people.desk(work) if one.role in wanted]
    return [one for one in found if one.role is Role.CREDIT_MANAGER] or found


def begin(work: Work, path: Path, life: str) -> int:
    """Count, before a dropped file is brought in, that a process may die over it.

    Return how many times it was begun without coming to an end, this one counted. Who tries
    again within the same `life` of a process met an outage: nobody died, it counts once.
    """
    begun: dict[str, list[Any]] = facts.get(work, COMING_IN) or {}
    times, by = begun.get(path.name, (0, ""))
    if by != life:
        times += 1
        facts.put(work, COMING_IN, {**begun, path.name: [times, life]})
    return int(times)


def met_a_defect(work: Work, path: Path) -> None:
    """Leave a file counted that met a defect: the next time counts anew."""
    begun: dict[str, list[Any]] = facts.get(work, COMING_IN) or {}
    times, _ = begun.get(path.name, (1, ""))
    facts.put(work, COMING_IN, {**begun, path.name: [times, ""]})


def ended(work: Work, path: Path) -> None:
    """Note that a dropped file came in, waits for its turn, or is put aside."""
    begun: dict[str, list[Any]] = facts.get(work, COMING_IN) or {}
    if path.name in begun:
        kept = {name: one for name, one in begun.items() if name != path.name}
        facts.put(work, COMING_IN, kept)


def to_carry(work: Work) -> bool:
    """Tell whether anything happened since `out/` was last written."""
    return events.latest(work) != (facts.get(work, CARRIED) or 0)


def settled(work: Work) -> int:
    """Return the event up to which the journal may be written by who reads after this."""
    known = (int(facts.get(work, one) or 0) for one in (JOURNAL, CARRIED))
    return events.settled(work, max(known))


def gather(work: Work, zone: ZoneInfo, until: int) -> Outgoing:
    """Read everything that goes out, the journal up to an event that was settled before."""
    return outgoing.gather(work, zone, int(facts.get(work, JOURNAL) or 0), until)


def carried(work: Work, gone: Outgoing) -> bool:
    """Note what is safely written; a crash before this writes the same once more.

    False: the journal has more that is settled. What is not yet waits for the next time.
    """
    facts.put(work, JOURNAL, gone.journal_mark)
    over = len(gone.journal) < outgoing.BATCH
    if over:
        facts.put(work, CARRIED, gone.mark)
    return over
