"""From a file to the book: read, compare, write, judge, warn, and report every line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.use_cases import following, narrowing, outside
from bot.use_cases.accounts import DATA_AS_OF, data_as_of
from bot.use_cases.import_report import ImportReport, Notice, Sums, faults
from bot.use_cases.refusals import FileRefused, MappingUncertain
from bot.use_cases.taking import Batch, take
from credit.terms import Count
from storage import book_versions, facts, former_export, imports
from storage.book_follow import Later
from storage.book_writing import Run
from storage.events import Origin, record
from storage.former_export import FormerExport
from storage.sync.reading import (
    ColumnMap,
    FileReason,
    Kind,
    Reading,
    Remembered,
    Rows,
    read_file,
)
from storage.sync.reading.narrowed import is_clean

if TYPE_CHECKING:
    from pathlib import Path

    from bot.use_cases.narrowing import Narrowed
    from bot.use_cases.rules import Rules
    from storage.sync.reading.outside import Outside
    from storage.sync.reading.repeated import Repeated
    from storage.work import Work

END_OF_DAY = time(23, 59, 59)
Watch = Callable[[Iterable[Rows], int], Iterable[Rows]]


@dataclass(frozen=True, slots=True)
class Wish:
    """A file to import, and how.

    `as_of` is the day that the file speaks of, today unless told; `partial` leaves open
    items alone that a file of receivables does not list; `subject` says whom to tell of the
    report (`following.tell`), nobody when empty. `outside` names the kind of a file that is no
    ledger's, when somebody says it. `former` is where the text of a whole export is kept for
    the next one, None when it is not. `month_end` is how "45 days end of month" is counted
    where a due date has to be derived.
    """

    path: Path
    channel: str
    kind: Kind | None = None
    overrides: Mapping[str, str] = field(default_factory=dict)
    as_of: date | None = None
    partial: bool = False
    subject: Mapping[str, Any] = field(default_factory=dict)
    outside: str | None = None
    former: Path | None = None
    month_end: Count = Count.THEN_MONTH_END


@dataclass(frozen=True, slots=True)
class Written:
    """A file whose rows stand in a version of the book; plain values, for any process.

    `base` is the version it was compared with; `later` what it says of customers known before;
    `export` describes it for the next one, when it is to be told from this one.
    """

    run: Run
    base: int
    report: ImportReport
    entry: Mapping[str, Any]
    mapping: Remembered | None
    later: tuple[Later, ...]
    export: FormerExport | None


def import_file(  # noqa: PLR0913 - every side of an import is named by the caller
    work: Work,
    origin: Origin,
    path: Path,
    *,
    rules: Rules,
    channel: str,
    kind: Kind | None = None,
    overrides: Mapping[str, str] | None = None,
    as_of: date | None = None,
    partial: bool = False,
    dry_run: bool = False,
    watch: Watch | None = None,
) -> ImportReport:
    """Bring a file into the book in one transaction and report what it changed.

    A dry run undoes all of it; `watch` sees the rows go by, with the number of lines. Raises
    `MappingUncertain`, `FileRefused`, `BookBusyError`, or OSError.
    """
    count = rules.reference.terms.month_end
    told = dict(overrides or {})
    wish = Wish(path, channel, kind, told, as_of, partial, month_end=count)
    if not dry_run:
        return carry_out(work, origin, wish, rules, watch)
    with work.rehearsal() as stage:
        return rehearse(stage, origin, wish, rules, watch)


def rehearse(
    work: Work, origin: Origin, wish: Wish, rules: Rules, watch: Watch | None = None
) -> ImportReport:
    """Do everything that an import does where it will be undone, and tell nobody."""
    quiet = replace(wish, subject={})
    return replace(carry_out(work, origin, quiet, rules, watch), dry_run=True)


def carry_out(
    work: Work, origin: Origin, wish: Wish, rules: Rules, watch: Watch | None = None
) -> ImportReport:
    """Do everything that an import does, in one transaction."""
    found = read_outside(wish)
    if found is not None:
        brought = outside.take(work, origin, found, channel=wish.channel, subject=wish.subject)
        return following.completed(brought, following.follow_all(work, origin, rules))
    written = write(work, origin, wish, watch)
    if isinstance(written, ImportReport):
        following.tell(work, origin, wish.subject, written.as_json())
        return written
    conclude(work, origin, wish, written)
    return following.completed(written.report, following.follow_all(work, origin, rules))


def write(
    work: Work, origin: Origin, wish: Wish, watch: Watch | None = None
) -> Written | ImportReport:
    """Write a file's rows as a new version of the book; only the report when it is known."""
    today = origin.at.today
    day = wish.as_of or today
    reading, narrow = _recognised(work, wish, day)
    if day > today:
        raise FileRefused(reading.file, "as_of_in_future", {"as_of": day.isoformat()})
    alike = not (wish.overrides or wish.partial)
    known = _known_day(work, reading, wish.as_of, today) if alike else None
    if known is not None:
        return _repeated(reading, known)
    kind = reading.kind or Kind.RECEIVABLES
    whole = kind is Kind.RECEIVABLES and not wish.partial
    base = book_versions.standing(work).version
    run = Run(imports.next_id(work), day, origin.at.at, whole)
    book_versions.begin(work, run.id)
    read = narrow.reading if narrow else reading
    sums, batch = _taken(work, read, run, watch, narrow, wish.month_end)
    report = _report(read, kind, sums, day, batch)
    mapping = reading.remember() if wish.overrides else None
    plain = mapping and replace(mapping, answers=dict(mapping.answers))
    entry = _entry(reading, origin, wish)
    export = None
    if whole and wish.former:
        # due dates that are derived, or missing, are told of each time
        odd = batch.rejections or batch.older or batch.unread or batch.due.derived
        odd = odd or batch.due.undated or not is_clean(read)
        told = None if odd else narrowing.described(reading, run, sums, batch.doubled_codes)
        export = former_export.put_there(wish.former, wish.path, told)
    return Written(run, base, report, entry, plain, tuple(batch.later), export)


def _recognised(work: Work, wish: Wish, day: date) -> tuple[Reading, Narrowed | None]:
    """Look at a file; at one that repeats the export before it, for some customers alone."""
    if wish.former and not (wish.overrides or wish.partial):
        repeated = narrowing.repeated(work, wish.path, wish.former, day)
        narrow = repeated and _narrowed(work, wish, repeated)
        if narrow:
            return narrow
    return recognise(work, wish.path, wish.kind, wish.overrides), None


def _narrowed(work: Work, wish: Wish, repeated: Repeated) -> tuple[Reading, Narrowed] | None:
    try:
        reading = recognise(work, wish.path, wish.kind, wish.overrides, repeated)
    except (MappingUncertain, FileRefused):
        return None  # a look at the whole file tells better
    narrow = narrowing.narrow(work, reading, repeated)
    return None if narrow is None else (reading, narrow)


def _taken(
    work: Work,
    reading: Reading,
    run: Run,
    watch: Watch | None,
    narrow: Narrowed | None,
    month_end: Count,
) -> tuple[Sums, Batch]:
    """Take the rows of a file into the book; sum up all its lines, those left out too."""
    kind, sums = reading.kind or Kind.RECEIVABLES, Sums()
    rows = _rows(reading, watch, sums, few=narrow is not None)
    codes = narrow.codes if narrow else None
    batch = take(work, kind, rows, run, reading, codes, month_end)
    if narrow is None:
        return sums, batch
    same = narrow.sums.rows - sums.rows
    batch.unchanged, batch.open_before = batch.unchanged + same, batch.open_before + same
    return narrow.sums, batch


def is_outside(wish: Wish) -> bool:
    """Tell whether a file is no ledger's (orders, notices…), unless somebody says what it is."""
    if wish.outside:
        return True
    return wish.kind is None and not wish.overrides and outside.is_outside(wish.path)


def read_outside(wish: Wish) -> Outside | None:
    """Read a file that is no ledger's, None when it is one; raise `FileRefused`, OSError."""
    return outside.read(wish.path, wish.outside, wish.overrides) if is_outside(wish) else None


def recognise(
    work: Work,
    path: Path,
    kind: Kind | None,
    answers: Mapping[str, str],
    repeated: Repeated | None = None,
) -> Reading:
    """Look at a file with what people confirmed of its like; raise when it cannot be sure.

    `repeated`: what it says again of the file before it (`read_file`).
    """
    look = partial(read_file, path, kind=kind, overrides=answers, repeated=repeated)
    reading = look()
    remembered = imports.recall(work, reading.fingerprint) if reading.fingerprint else None
    if remembered is not None:
        reading = look(remembered=remembered)
    if reading.refused is not None:
        raise FileRefused(reading.file, reading.refused.value)
    if not reading.certain:
        raise MappingUncertain(reading.file, to_be_asked(reading))
    return reading


def to_be_asked(reading: Reading) -> Reading:
    """Return what is asked about a file without what its rows are read by.

    It travels between processes.
    """
    return replace(reading, plan=None, columns=ColumnMap(dict(reading.columns.columns)))


def kind_of(work: Work, path: Path, kind: Kind | None, answers: Mapping[str, str]) -> str | None:
    """Tell what a file seems to be, None when it cannot be read without help."""
    try:
        reading = recognise(work, path, kind, answers)
    except (FileRefused, MappingUncertain, OSError):
        return None
    return reading.kind and reading.kind.value


def _known_day(work: Work, reading: Reading, as_of: date | None, today: date) -> date | None:
    """Return the day this very export was imported for, unless it is stated for another.

    The last export of all, come again on a later day, says that the book has not moved: it
    is taken for that day, so that a quiet book does not look like an old one.
    """
    if reading.kind is not Kind.RECEIVABLES:
        return None
    known = imports.last_as_of(work, reading.sha256, reading.kind.value)
    last = imports.last_of_kind(work, reading.kind.value)
    if as_of is None and known is not None and known < today and last == reading.sha256:
        return None
    if last == reading.sha256 and imports.terms_came(work):
        return None  # due dates can be derived now
    return known if as_of in {None, known} else None


def _repeated(reading: Reading, day: date) -> ImportReport:
    rows = sum(1 for _ in reading.rows())
    return ImportReport(
        file=reading.file,
        kind=Kind.RECEIVABLES.value,
        as_of=day,
        unchanged=rows,
        rejected=reading.counts.rejected,
        rejections=faults(reading.rejections),
        notices=(Notice("repeated", {"as_of": day.isoformat()}),),
    )


def _rows(
    reading: Reading, watch: Watch | None, sums: Sums, *, few: bool = False
) -> Iterator[Rows]:
    """Yield every row, some at a time; refuse a file of none, or not of its own total.

    `few`: the file has others too.
    """
    read = reading.stretches()
    for some in watch(read, reading.line_count) if watch else read:
        sums.add(some)
        yield some
    if reading.refused is FileReason.TOTAL_MISMATCH and reading.total_check:
        wrong = reading.total_check.mismatches[0]
        data = {
            "line": wrong.line,
            "column": wrong.header,
            "currency": wrong.currency,
            "expected_minor": wrong.expected,
            "found_minor": wrong.found,
        }
        raise FileRefused(reading.file, reading.refused.value, data)
    if not sums.rows and not few:
        seen = [fault.as_json() for fault in faults(reading.rejections)]
        raise FileRefused(reading.file, "no_rows", {"rejections": seen})


def _report(reading: Reading, kind: Kind, sums: Sums, day: date, batch: Batch) -> ImportReport:
    rejections = (*faults(reading.rejections), *batch.rejections)
    return ImportReport(
        file=reading.file,
        kind=kind.value,
        as_of=day,
        new=batch.new,
        changed=batch.changed,
        settled=batch.settled,
        unchanged=batch.unchanged,
        unread=batch.unread,
        rejected=reading.counts.rejected + len(batch.rejections),
        rejections=rejections,
        remarks=faults(reading.warnings),
        notices=(*_sheets(reading), *_accounts(reading), *batch.notices(reading.unread.nameless)),
        totals=sums.minor,
        touched=tuple(sorted(batch.touched)),
    )


def _sheets(reading: Reading) -> Iterator[Notice]:
    """Tell of the tables that stand on other sheets of the workbook: they were not read."""
    layout = reading.layout
    if layout.unread_sheets:
        figures = {"sheet": layout.sheet or "", "others": ", ".join(layout.unread_sheets)}
        yield Notice("other_sheets", figures)


def _accounts(reading: Reading) -> Iterator[Notice]:
    """Tell of the entries of a FEC that are of other accounts than the customers'."""
    if reading.aside:
        yield Notice("other_accounts", {"n": reading.aside})


def _entry(reading: Reading, origin: Origin, wish: Wish) -> dict[str, Any]:
    """Describe the file for the list of imports."""
    return {
        "file": reading.file[:300],
        "sha256": reading.sha256,
        "fingerprint": reading.fingerprint,
        "person_id": origin.person_id,
        "channel": wish.channel,
        "partial": wish.partial,
    }


def conclude(
    work: Work, origin: Origin, wish: Wish, written: Written, *, listed: bool = False
) -> None:
    """Keep an import that is seen now, its mapping and its trace; list what is to follow.

    `listed`: whom it touched is on the list already.
    """
    run, report = written.run, written.report
    if report.kind == Kind.RECEIVABLES.value:
        _note_freshness(work, origin, report.as_of)
    touched = () if listed else report.touched
    closed = following.begin(work, origin, run.id, wish.subject, report, touched)
    counts = report.counts()
    told = replace(report, disputes_closed=closed).as_json(most=following.KEPT)
    moment = {"id": run.id, "as_of": run.as_of, "at": run.at, "kind": report.kind}
    if run.whole:
        former_export.keep(work, written.export)
    imports.add(
        work, {**written.entry, **moment, **counts, "report": {**told, "partial": wish.partial}}
    )
    if written.mapping is not None:
        imports.remember(work, written.mapping, origin.person_id, origin.at.at)
    done = {"import": run.id, "file": written.entry["file"], "kind": report.kind, **counts}
    record(work, origin, "import.done", done)


def _note_freshness(work: Work, origin: Origin, day: date) -> None:
    """State how fresh the book is; an old export never makes it look older."""
    if day == origin.at.today:
        fresh = origin.at.at
    else:
        fresh = datetime.combine(day, END_OF_DAY, tzinfo=origin.at.zone).astimezone(UTC)
    before = data_as_of(work)
    if before is None or fresh > before:
        facts.put(work, DATA_AS_OF, fresh.isoformat())
