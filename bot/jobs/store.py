"""What the clock does for the credit manager's store, and for the files sent to the bot."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from bot.jobs import importing
from bot.screens import uploads as screens
from bot.screens.render import speaker
from bot.use_cases import sync, uploads
from bot.use_cases.refusals import FileRefused, ImportRunning, MappingUncertain
from storage import uploads as rows
from storage.events import Origin
from storage.outage import is_outage
from storage.sync import journal
from storage.sync.folder import Arrivals, Folder
from storage.sync.outgoing import Outgoing
from storage.sync.spreadsheets import replace_file
from storage.uploads import BUSY, State, Upload

if TYPE_CHECKING:
    from bot.jobs.timetable import Bench
    from bot.use_cases.import_report import ImportReport

log = logging.getLogger(__name__)

IMPORTED, KNOWN, REFUSED, ASKING = "imported", "known", "refused", "asking"
CANCELLED = "cancelled"
LARGE, REST_SECONDS = 1_000_000, 60.0
"""Tables of so many bytes are written once in so long at most: it takes seconds."""


@dataclass(frozen=True, slots=True)
class CameIn:
    """What became of one dropped file."""

    file: str
    outcome: str
    report: ImportReport | None = None
    code: str = ""
    refused: FileRefused | None = None


@dataclass(frozen=True, slots=True)
class WentOut:
    """Which files of `out/` changed, and how many lines the journal grew by."""

    files: tuple[str, ...] = ()
    journal: int = 0


@dataclass(slots=True)
class Entrance:
    """What this process remembers of the folder between two looks."""

    arrivals: Arrivals = field(default_factory=Arrivals)
    swept: date | None = None
    asked: dict[Path, tuple[int, int, int] | None] = field(default_factory=dict)
    # by which it knows what it had begun itself: a name may be that of a process before it
    life: str = field(default_factory=lambda: uuid4().hex)
    # sent files begun here that came to no end: no process died over them
    unspared: set[int] = field(default_factory=set)
    rests_until: float = 0.0  # `out/`, on the clock that never jumps


async def bring_in(bench: Bench) -> list[CameIn]:
    """Import the complete files of `in/`; one at a time, customers first."""
    await importing.resume(bench)
    folder = Folder(bench.folder)
    await asyncio.to_thread(folder.prepare)
    complete = await asyncio.to_thread(_complete, bench, folder)
    ready = [path for path in complete if await _may_be_taken(bench, path)]
    if not ready:
        return []
    owner = _owner(bench, "in")
    if not await _held(bench, owner):
        return []
    try:
        ordered = await bench.database.read(sync.in_order, ready)
        return [await _brought(bench, folder, path) for path in ordered]
    except ImportRunning:
        return []  # it waits where it lies
    finally:
        await bench.database.transact(sync.let_go, owner)


def _complete(bench: Bench, folder: Folder) -> list[Path]:
    return bench.entrance.arrivals.complete(folder.waiting(), time.monotonic())


async def _may_be_taken(bench: Bench, path: Path) -> bool:
    """Leave a file alone while somebody is asked about it."""
    entrance = bench.entrance
    if path not in entrance.asked or entrance.asked[path] != entrance.arrivals.state(path):
        return True
    waiting, _ = await bench.database.read(sync.pending, path)
    return not waiting


async def _brought(bench: Bench, folder: Folder, path: Path) -> CameIn:
    """Bring a file in; three defects or deaths put it aside, the others go on."""
    times = await bench.database.transact(sync.begin, path, bench.entrance.life)
    try:
        if times > uploads.MOST_TRIES:
            came = await _given_up(bench, folder, path)
        else:
            came = await _bring(bench, folder, path)
    except (ImportRunning, asyncio.CancelledError):
        await bench.database.transact(sync.ended, path)
        raise
    except Exception as error:
        if is_outage(error):
            raise
        log.exception("file not brought in", extra={"tries": times})
        if times < uploads.MOST_TRIES:
            await bench.database.transact(sync.met_a_defect, path)
            return CameIn(path.name, REFUSED, code=uploads.DEFECT)
        came = await _given_up(bench, folder, path)
    await bench.database.transact(sync.ended, path)
    return came


async def _given_up(bench: Bench, folder: Folder, path: Path) -> CameIn:
    refused = FileRefused(path.name, uploads.DEFECT)
    await bench.database.transact(sync.refuse, bench.origin("store_in"), path, refused)
    return await _put_aside(bench, folder, path, refused)


async def _bring(bench: Bench, folder: Folder, path: Path) -> CameIn:
    origin, now = bench.origin("store_in"), bench.clock.now()
    _, given_up = await bench.database.read(sync.pending, path)
    if given_up:
        return await _put_aside(bench, folder, path, FileRefused(path.name, CANCELLED))
    try:
        wish = await asyncio.to_thread(sync.wish_of, path)
        known = await bench.database.read(sync.came, wish, now)
        report = None if known else await importing.bring(bench, origin, wish)
    except MappingUncertain as uncertain:
        await bench.database.transact(sync.ask, origin, path, uncertain)
        bench.entrance.asked[path] = bench.entrance.arrivals.state(path)
        return CameIn(path.name, ASKING)
    except FileRefused as refused:
        await bench.database.transact(sync.refuse, origin, path, refused)
        return await _put_aside(bench, folder, path, refused)
    except OSError as error:
        log.warning("file not read", extra={"error": type(error).__name__})
        return CameIn(path.name, REFUSED, code="unreadable")
    await _leave(bench, path)
    await asyncio.to_thread(folder.put_away, path, now.today)
    return CameIn(path.name, IMPORTED if report else KNOWN, report)


async def _put_aside(bench: Bench, folder: Folder, path: Path, refused: FileRefused) -> CameIn:
    """Move a refused file away, with the reason in the company's language beside it."""
    spoken = speaker(bench.rules.locale, bench.rules.zone)
    note = screens.refusal_note(spoken, refused)
    await _leave(bench, path)
    day = bench.clock.now().today
    await asyncio.to_thread(folder.put_aside, path, day, note)
    return CameIn(path.name, REFUSED, code=refused.code, refused=refused)


async def _leave(bench: Bench, path: Path) -> None:
    bench.entrance.asked.pop(path, None)
    sha = await asyncio.to_thread(sync.sha256_of, path)
    await bench.database.transact(sync.leave, bench.origin("leave"), path, sha)


async def carry_out(bench: Bench) -> WentOut:
    """Write promises, disputes, contacts and the journal, when anything happened.

    Large tables, for they are written whole, are not written again at once.
    """
    out = Folder(bench.folder).out
    if time.monotonic() < bench.entrance.rests_until:
        return WentOut()
    changed = await bench.database.read(sync.to_carry)
    if not changed and await asyncio.to_thread(_all_there, out):
        return WentOut()
    owner = _owner(bench, "out")
    if not await _held(bench, owner):
        return WentOut()
    try:
        return await _carry(bench, out, owner)
    finally:
        await bench.database.transact(sync.let_go, owner)


async def _carry(bench: Bench, out: Path, owner: str) -> WentOut:
    files: set[str] = set()
    lines = 0
    while True:
        until = await bench.database.read(sync.settled)
        # the disk has what this keeps, so it has every piece before it, which we speak of next
        if not await _held(bench, owner):
            return WentOut(tuple(sorted(files)), lines)
        gone = await bench.database.read(sync.gather, bench.rules.zone, until)
        written, added = await asyncio.to_thread(write, out, gone)
        over = await bench.database.transact(sync.carried, gone)
        files |= set(written)
        lines += added
        if over:
            if sum(map(len, gone.files.values())) > LARGE:
                bench.entrance.rests_until = time.monotonic() + REST_SECONDS
            return WentOut(tuple(sorted(files)), lines)


def write(out: Path, gone: Outgoing) -> tuple[Sequence[str], int]:
    """Write what goes out; return the files that changed and the lines the journal grew by."""
    written = [name for name, content in gone.files.items() if replace_file(out / name, content)]
    return written, journal.append(out / "journal.jsonl", gone.journal)


def _all_there(out: Path) -> bool:
    return all((out / name).exists() for name in ("promises.csv", "disputes.csv", "contacts.csv"))


async def fetch_uploads(bench: Bench) -> None:
    """Take every file sent to the bot one step further: downloaded, read, imported."""
    for one in await bench.database.read(rows.in_states, BUSY):
        await _taken_further(bench, one)
    await _clear(bench)


async def _taken_further(bench: Bench, found: Upload) -> None:
    """Take a step, counted before it is taken: a process may die over it as often as a defect."""
    alive = bench.entrance.unspared
    one = replace(found, tries=max(0, found.tries - 1)) if found.id in alive else found
    origin = bench.origin(f"defect:{one.id}")
    if not await bench.database.transact(uploads.begin, origin, one):
        return
    alive.add(one.id)
    try:
        await _STEPS.get(one.state, _import)(bench, one)
    except (ImportRunning, asyncio.CancelledError) as error:
        await bench.database.transact(uploads.spare, one)  # it waits for the next look
        if not isinstance(error, ImportRunning):
            raise
    except Exception as error:
        if is_outage(error):
            raise
        log.exception("file not taken further", extra={"upload": one.id, "state": one.state})
        await bench.database.transact(uploads.met_a_defect, origin, one)
    else:
        await bench.database.transact(uploads.spare, one)  # Telegram may not have given it yet
    alive.discard(one.id)


async def _fetch(bench: Bench, one: Upload) -> None:
    if bench.fetch is None:
        return
    target = _place(bench, one)
    origin = bench.origin(f"fetch:{one.id}")
    try:
        await bench.fetch(one.file_id, target)
    except uploads.FileGone:
        await bench.database.transact(uploads.not_fetched, origin, one.id, for_good=True)
    except (OSError, TimeoutError) as error:
        log.warning("file not fetched", extra={"upload": one.id, "error": type(error).__name__})
        await bench.database.transact(uploads.not_fetched, origin, one.id, for_good=False)
    else:
        await bench.database.transact(uploads.fetched, origin, one.id, target)


def _place(bench: Bench, one: Upload) -> Path:
    return bench.uploads / f"{one.id}{Path(one.name).suffix[:8].lower()}"


async def _here(bench: Bench, one: Upload) -> Upload:
    """Fetch a file once more that another machine has fetched; raise OSError when it is gone."""
    if one.dropped or bench.fetch is None or await asyncio.to_thread(Path(one.path or "").exists):
        return one
    target = _place(bench, one)
    try:
        await bench.fetch(one.file_id, target)
    except uploads.FileGone as error:
        raise FileNotFoundError(one.file_id) from error
    return replace(one, path=str(target))


async def _study(bench: Bench, one: Upload) -> None:
    """Make a dry run of a file, and show what it would change."""
    origin = _of_sender(bench, one)
    try:
        wish = uploads.wish_of(await _here(bench, one))
        report = await importing.bring(bench, origin, wish, dry_run=True)
    except MappingUncertain as uncertain:
        await bench.database.transact(uploads.ask, origin, one, uncertain)
    except FileRefused as refused:
        await bench.database.transact(uploads.refuse, origin, one, refused)
    except OSError:
        gone = FileRefused(one.name, "not_downloaded")
        await bench.database.transact(uploads.refuse, origin, one, gone)
    else:
        await bench.database.transact(uploads.studied, origin, one, report)


async def _import(bench: Bench, one: Upload) -> None:
    """Import an accepted file; the report goes to its card."""
    origin = _of_sender(bench, one)
    try:
        await importing.bring(bench, origin, uploads.wish_of(await _here(bench, one)))
    except MappingUncertain as uncertain:
        gone = FileRefused(one.name, "mapping_changed", {"file": uncertain.file})
        await bench.database.transact(uploads.refuse, origin, one, gone)
    except FileRefused as refused:
        await bench.database.transact(uploads.refuse, origin, one, refused)
    except OSError:
        gone = FileRefused(one.name, "not_downloaded")
        await bench.database.transact(uploads.refuse, origin, one, gone)


_STEPS = {State.WAITING: _fetch, State.FETCHED: _study}


def _of_sender(bench: Bench, one: Upload) -> Origin:
    """Sign with the name of who sent the file: the import is his."""
    now = bench.clock.now()
    return Origin(one.person_id, None, now, f"upload:{one.id}:{one.state}:{len(one.overrides)}")


async def _clear(bench: Bench) -> None:
    """Delete the sent files that are over for a month."""
    before = bench.clock.now().at - uploads.KEEP
    if bench.entrance.swept != before.date():
        bench.entrance.swept = before.date()
        await asyncio.to_thread(_sweep, bench.uploads, before)
    for one in await bench.database.read(rows.over, before):
        await asyncio.to_thread(Path(one.path or "").unlink, missing_ok=True)
        await bench.database.transact(rows.forget, one.id)


def _sweep(folder: Path, before: datetime) -> None:
    """Delete what was fetched here and noted elsewhere: another machine has taken it further."""
    for path in folder.glob("*"):
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)


async def _held(bench: Bench, owner: str) -> bool:
    """Take the store; what a killed process of this machine held is free at once."""
    holder = await bench.database.read(sync.holder)
    ours = f"{_process(bench)}/"
    dead = holder if holder and not holder.startswith(ours) and bench.is_gone(holder) else ""
    return await bench.database.transact(sync.hold, owner, bench.clock.now(), dead)


def _owner(bench: Bench, what: str) -> str:
    return f"{_process(bench)}/{what}"


def _process(bench: Bench) -> str:
    return sync.process_of(bench.database.owner)
