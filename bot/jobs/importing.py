"""Imports beside the taps: a short file at once; a long one unseen, in pieces, then whole."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeVar

from bot.jobs import import_child
from bot.jobs.child import in_child
from bot.use_cases import following, imports, outside, sign_figures, sync
from bot.use_cases.import_report import ImportReport
from bot.use_cases.imports import Wish, Written
from bot.use_cases.refusals import ImportRunning
from storage import book_follow, book_stage, book_tidy, book_versions, former_export, workers
from storage.sqlite_path import path_of
from storage.sync.reading import Kind
from storage.work import Work

if TYPE_CHECKING:
    from bot.jobs.timetable import Bench
    from bot.use_cases.imports import Watch
    from bot.use_cases.rules import Rules
    from storage.events import Origin
    from storage.sync.reading.outside import Outside

P = ParamSpec("P")
T = TypeVar("T")
SHORT_FILE: Final = 40_000
"""Bytes of a file that is compared and written in one transaction, some tenths of a second,"""
SHORT_BOOK: Final = 2_000
"""when the book has no more items and customers than this."""
BRIEF_FILE: Final = 10_000
"""Bytes of a file that is written at once into any book: it speaks of a few customers alone."""

LOOKS_AHEAD: Final = 2
"""A statement goes the short way from its second time on (`storage.direct`)."""
LONG_PIECE: Final = 0.006
"""Seconds after which the next piece looks at fewer customers."""


_SALES: Final = {Kind.RECEIVABLES.value, Kind.HISTORY.value}
"""What tells of sales: who weighs much in them is found anew."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to write the book: who has it, and who is kept waiting by it.

    `aside`: this process serves people too; `alone`: no process does.
    """

    bench: Bench
    owner: str
    aside: bool
    alone: bool

    async def piece(
        self, function: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do a piece when nobody waits.

        Another process's taps cannot say that they wait: they get as long as the piece took.
        """
        loop = asyncio.get_running_loop()
        begun = loop.time()
        result = await self.bench.database.background(function, *args, **kwargs)
        if not (self.aside or self.alone):
            await asyncio.sleep(loop.time() - begun)
        return result


async def bring(
    bench: Bench,
    origin: Origin,
    wish: Wish,
    *,
    dry_run: bool = False,
    watch: Watch | None = None,
    aside: bool = True,
) -> ImportReport:
    """Bring a file into the book; taps are answered meanwhile, and see all of it at once.

    `aside`: reading and comparing happen in another process, for this one serves people.
    Raises `ImportRunning`, `MappingUncertain`, `FileRefused`, OSError.
    """
    wish = replace(wish, month_end=bench.rules.reference.terms.month_end)
    async with _turn(bench, aside=aside) as turn:
        await _tidy(turn, origin)
        report = await _brought(turn, origin, wish, dry_run=dry_run, watch=watch)
        if not dry_run and report.kind in _SALES:
            await _weigh(bench, origin)
        return report


async def _brought(
    turn: Turn, origin: Origin, wish: Wish, *, dry_run: bool, watch: Watch | None
) -> ImportReport:
    bench = turn.bench
    if await _is_short(bench, wish):
        return await bench.database.transact(_at_once, origin, wish, bench.rules, dry_run)
    if await asyncio.to_thread(imports.is_outside, wish):
        found = await _apart(turn, imports.read_outside, wish)
        if found is not None:
            return await _outside(turn, origin, wish, found, dry_run=dry_run)
    if await _is_brief(bench, wish):
        return await _briefly(turn, origin, wish, dry_run=dry_run)
    if not dry_run:
        wish = replace(wish, former=_former(bench))
    if bench.database.dialect == "sqlite" and not await _is_first(turn):
        return await _beside(turn, origin, wish, dry_run=dry_run, watch=watch)
    return await _as_one(turn, origin, wish, dry_run=dry_run, watch=watch)


def _former(bench: Bench) -> Path:
    """Return where the last export's text is kept: by a file's database, or each machine's own."""
    if bench.database.dialect == "sqlite":
        return former_export.beside(path_of(bench.database.url))
    return former_export.beside(bench.uploads.with_name("relance"))


async def _weigh(bench: Bench, origin: Origin) -> None:
    """Find anew who weighs much in our sales (C2-10), on a reader: no tap waits for it."""
    day = origin.at.today
    large = await bench.database.read(sign_figures.large_customers, day, bench.rules)
    await bench.database.transact(sign_figures.keep_large_customers, large)


async def resume(bench: Bench) -> None:
    """Take away or finish what a killed import left, when nobody else imports."""
    if await bench.database.read(_is_unfinished):
        try:
            async with _turn(bench, aside=True) as turn:
                await _tidy(turn, bench.origin("import"))
        except ImportRunning:
            return


@asynccontextmanager
async def _turn(bench: Bench, *, aside: bool) -> AsyncIterator[Turn]:
    """Hold the right to write the book; raise `ImportRunning` when another has it."""
    owner = f"{sync.process_of(bench.database.owner)}/{secrets.token_hex(3)}"
    if not await _held(bench, owner):
        raise ImportRunning
    renewing = asyncio.create_task(_renew(bench, owner))
    try:
        serving = aside or bool(await bench.database.read(workers.alive, bench.clock.now()))
        yield Turn(bench, owner, aside, alone=not serving)
    finally:
        renewing.cancel()
        await bench.database.transact(sync.end_turn, owner)


async def _held(bench: Bench, owner: str) -> bool:
    holder = await bench.database.read(sync.whose_turn)
    ours = sync.process_of(bench.database.owner)
    gone = holder is not None and not holder.startswith(f"{ours}/") and bench.is_gone(holder)
    dead = holder if holder and gone else ""
    return await bench.database.transact(sync.take_turn, owner, bench.clock.now(), dead)


async def _renew(bench: Bench, owner: str) -> None:
    while True:
        await asyncio.sleep(sync.TURN_SPAN.total_seconds() / 3)
        await bench.database.transact(sync.take_turn, owner, bench.clock.now())


def _is_unfinished(work: Work) -> bool:
    pending = book_versions.standing(work).pending
    return pending is not None or book_follow.first(work) is not None or book_tidy.has_former(work)


async def _tidy(turn: Turn, origin: Origin) -> None:
    """Take away what a killed import wrote, and finish one that was seen."""
    database = turn.bench.database
    if database.dialect == "sqlite":
        await asyncio.to_thread(book_stage.sweep, path_of(database.url))
    if await database.transact(book_versions.take_over, turn.owner):
        place: book_tidy.Place | None = book_tidy.Place()
        while place is not None:
            place = await turn.piece(book_tidy.clean, place)
    await _follow(turn, origin)


async def _is_short(bench: Bench, wish: Wish) -> bool:
    """Tell whether an import is done in one go, with all that follows."""
    size = (await asyncio.to_thread(wish.path.stat)).st_size
    return size <= SHORT_FILE and await bench.database.read(book_versions.is_small, SHORT_BOOK)


async def _is_brief(bench: Bench, wish: Wish) -> bool:
    """Tell whether a file is short and says nothing of customers whom it does not name."""
    if (await asyncio.to_thread(wish.path.stat)).st_size > BRIEF_FILE:
        return False
    kind = await bench.database.read(imports.kind_of, wish.path, wish.kind, wish.overrides)
    return kind is not None and (wish.partial or kind != Kind.RECEIVABLES.value)


async def _apart(turn: Turn, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call what keeps a processor busy away from those who are served."""
    apart = in_child if turn.aside else asyncio.to_thread
    return await apart(function, *args, **kwargs)


async def _briefly(turn: Turn, origin: Origin, wish: Wish, *, dry_run: bool) -> ImportReport:
    """Write a few lines in one transaction, whatever the size of the book; look by pieces."""
    database, rules = turn.bench.database, turn.bench.rules
    if dry_run:
        return await database.transact(_at_once, origin, wish, rules, dry_run)
    written = await database.transact(import_child.write_and_show, origin, wish)
    return await _told(turn, origin, wish, written)


async def _outside(
    turn: Turn, origin: Origin, wish: Wish, found: Outside, *, dry_run: bool
) -> ImportReport:
    """Take in what was read of a file that is no ledger's; look by pieces at whom it touches."""
    database, rules = turn.bench.database, turn.bench.rules
    if not dry_run:
        report = await database.transact(
            outside.take, origin, found, channel=wish.channel, subject=wish.subject
        )
        return following.completed(report, await _follow(turn, origin))
    if database.dialect != "sqlite":
        return await database.transact(_at_once, origin, wish, rules, dry_run)
    file = path_of(database.url)
    target = book_stage.beside(file, turn.owner.rpartition("/")[2])
    try:
        return await _apart(turn, import_child.rehearse, file, target, origin, wish, rules)
    finally:
        await asyncio.to_thread(target.unlink, missing_ok=True)


def _at_once(
    work: Work,
    origin: Origin,
    wish: Wish,
    rules: Rules,
    dry_run: bool,  # noqa: FBT001
) -> ImportReport:
    if not dry_run:
        return imports.carry_out(work, origin, wish, rules)
    with work.rehearsal() as stage:
        return imports.rehearse(stage, origin, wish, rules)


def _rehearsed(
    work: Work, origin: Origin, wish: Wish, written: Written | ImportReport, rules: Rules
) -> ImportReport:
    """Do what follows where it will be undone, and tell nobody."""
    if isinstance(written, ImportReport):
        return replace(written, dry_run=True)
    imports.conclude(work, origin, replace(wish, subject={}), written)
    found = following.follow_all(work, origin, rules)
    return replace(following.completed(written.report, found), dry_run=True)


async def _beside(
    turn: Turn, origin: Origin, wish: Wish, *, dry_run: bool, watch: Watch | None
) -> ImportReport:
    """Import on SQLite: compare in a copy, write unseen by the hundred rows, then show."""
    file = path_of(turn.bench.database.url)
    target = book_stage.beside(file, turn.owner.rpartition("/")[2])
    try:
        if turn.aside:
            written = await in_child(import_child.stage, file, target, origin, wish)
        else:
            written = await asyncio.to_thread(import_child.stage, file, target, origin, wish, watch)
        if dry_run:
            rules = turn.bench.rules
            return await asyncio.to_thread(_rehearsed_in, target, origin, wish, written, rules)
        if isinstance(written, Written):
            await _write(turn, target, written)
            await turn.bench.database.transact(_show, origin, wish, written, turn.owner)
    finally:
        await asyncio.to_thread(target.unlink, missing_ok=True)
    return await _told(turn, origin, wish, written)


def _rehearsed_in(
    target: Path, origin: Origin, wish: Wish, written: Written | ImportReport, rules: Rules
) -> ImportReport:
    with book_stage.at_work(target) as work:
        return _rehearsed(work, origin, wish, written, rules)


async def _write(turn: Turn, target: Path, written: Written) -> None:
    """Write the rows of a version that nobody sees, and the list of what is to follow."""
    run, owner, database = written.run.id, turn.owner, turn.bench.database
    await database.transact(book_versions.claim, run, written.base, owner)
    size = book_stage.ALONE_PIECE if turn.alone else book_stage.PIECE
    pieces = book_stage.pieces(target, run, size)
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        await turn.piece(book_stage.apply, piece, run, owner)
    for start in range(0, len(written.later), size):
        some = written.later[start : start + size]
        await turn.piece(book_follow.put_off, run, start, some)
    touched = written.report.touched
    for start in range(0, len(touched), size):
        await turn.piece(book_follow.touch, run, touched[start : start + size], scan=True)


def _show(work: Work, origin: Origin, wish: Wish, written: Written, owner: str) -> None:
    """Show a version that is written, all at once."""
    book_versions.flip(work, written.run.id, owner)
    imports.conclude(work, origin, wish, written, listed=True)


async def _is_first(turn: Turn) -> bool:
    """Tell whether the book is begun while no bot runs: in pieces it would spare nobody."""
    return turn.alone and await turn.bench.database.read(book_versions.is_empty)


async def _as_one(
    turn: Turn, origin: Origin, wish: Wish, *, dry_run: bool, watch: Watch | None
) -> ImportReport:
    """Import in one transaction that keeps nobody waiting: a server's, or the very first."""
    database = turn.bench.database
    if dry_run:
        return await database.transact(_at_once, origin, wish, turn.bench.rules, dry_run=True)
    if turn.aside:
        written = await in_child(import_child.on_server, database.url, origin, wish)
    else:
        written = await database.transact(import_child.write_and_show, origin, wish, watch)
    await database.transact(book_tidy.measure)
    return await _told(turn, origin, wish, written)


async def _told(
    turn: Turn, origin: Origin, wish: Wish, written: Written | ImportReport
) -> ImportReport:
    """Do what follows an import that is seen, and complete its report."""
    if isinstance(written, ImportReport):
        await turn.bench.database.transact(following.tell, origin, wish.subject, written.as_json())
        return written
    found = await _follow(turn, origin)
    return following.completed(written.report, found)


async def _follow(turn: Turn, origin: Origin) -> Mapping[str, Any]:
    """Judge, look and tell by pieces; then take away versions that nobody sees any more."""
    found: Mapping[str, Any] = {}
    loop, rules = asyncio.get_running_loop(), turn.bench.rules
    for _ in range(LOOKS_AHEAD if turn.aside else 0):
        await turn.bench.database.read(following.look_ahead, origin, rules)
    few, begun = following.ALONE if turn.alone else following.FEW, loop.time()
    while (piece := await turn.piece(following.follow, origin, rules, few)) is not None:
        found = piece.found
        few, begun = _sized(few, loop.time() - begun, turn), loop.time()
    while await turn.piece(book_tidy.purge):
        pass
    return found


def _sized(few: int, seconds: float, turn: Turn) -> int:
    """Choose how many customers come next: one has two invoices, another two thousand."""
    if turn.alone:
        return few
    if seconds > LONG_PIECE:
        return max(few // 2, 1)
    return min(few * 2, following.ALONE) if seconds < LONG_PIECE / 2 else few
