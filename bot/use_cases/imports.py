"""From a file to the book: read, compare, write, judge, warn, and report every line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from bot.use_cases import alerts, judging
from bot.use_cases.accounts import DATA_AS_OF, data_as_of
from bot.use_cases.import_report import ImportReport, Notice, faults, money_totals
from bot.use_cases.refusals import FileRefused, MappingUncertain
from bot.use_cases.taking import Batch, take
from storage import book_versions, disputes, facts, imports
from storage.book_writing import Run
from storage.events import Origin, record
from storage.sync.reading import FileReason, Kind, Reading, Row, read_file

if TYPE_CHECKING:
    from pathlib import Path

    from bot.use_cases.rules import Rules
    from storage.work import Work

END_OF_DAY = time(23, 59, 59)
Watch = Callable[[Iterable[Row], int], Iterable[Row]]


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
    """Bring a file into the book and report what it changed; a dry run undoes all of it.

    `as_of` is the day that the file speaks of, today unless told; `partial` leaves open
    items alone that a file of receivables does not list; `watch` sees the rows go by, with
    the number of lines. Raises `MappingUncertain`, `FileRefused`, or OSError.
    """
    answers = dict(overrides or {})
    reading = recognise(work, path, kind, answers)
    day = as_of or origin.at.today
    if day > origin.at.today:
        raise FileRefused(reading.file, "as_of_in_future", {"as_of": day.isoformat()})
    known = None if answers or partial else _known_day(work, reading, as_of, origin.at.today)
    if known is not None:
        return _repeated(reading, known, dry_run=dry_run)
    rows = _rows(reading, watch)
    wanted = _Import(reading, rows, day, channel, partial, bool(answers))
    if not dry_run:
        return _carry_out(work, origin, wanted, rules)
    with work.rehearsal() as stage:
        return replace(_carry_out(stage, origin, wanted, rules), dry_run=True)


def recognise(work: Work, path: Path, kind: Kind | None, answers: Mapping[str, str]) -> Reading:
    """Look at a file with what people confirmed of its like; raise when it cannot be sure."""
    reading = read_file(path, kind=kind, overrides=answers)
    remembered = imports.recall(work, reading.fingerprint) if reading.fingerprint else None
    if remembered is not None:
        reading = read_file(path, kind=kind, overrides=answers, remembered=remembered)
    if reading.refused is not None:
        raise FileRefused(reading.file, reading.refused.value)
    if not reading.certain:
        raise MappingUncertain(reading.file, reading)
    return reading


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
    return known if as_of in {None, known} else None


def _repeated(reading: Reading, day: date, *, dry_run: bool) -> ImportReport:
    rows = sum(1 for _ in reading.rows())
    return ImportReport(
        file=reading.file,
        kind=Kind.RECEIVABLES.value,
        as_of=day,
        unchanged=rows,
        rejected=reading.counts.rejected,
        rejections=faults(reading.rejections),
        notices=(Notice("repeated", {"as_of": day.isoformat()}),),
        dry_run=dry_run,
    )


def _rows(reading: Reading, watch: Watch | None) -> list[Row]:
    """Read every row; a file that has none, or not what its own total says, is refused."""
    rows = list(watch(reading.rows(), reading.line_count) if watch else reading.rows())
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
    if not rows:
        seen = [fault.as_json() for fault in faults(reading.rejections)]
        raise FileRefused(reading.file, "no_rows", {"rejections": seen})
    return rows


@dataclass(frozen=True, slots=True)
class _Import:
    """A file that may be imported, and how."""

    reading: Reading
    rows: list[Row]
    day: date
    channel: str
    partial: bool
    confirmed: bool

    @property
    def kind(self) -> Kind:
        """Return what the file is: a certain reading knows."""
        return self.reading.kind or Kind.RECEIVABLES

    @property
    def whole(self) -> bool:
        """Tell whether what the file does not list is settled."""
        return self.kind is Kind.RECEIVABLES and not self.partial


def _carry_out(work: Work, origin: Origin, wanted: _Import, rules: Rules) -> ImportReport:
    run = Run(imports.next_id(work), wanted.day, origin.at.at, wanted.whole)
    book_versions.begin(work, run.id)
    batch = take(work, wanted.kind, wanted.rows, run, wanted.reading.unread)
    if wanted.kind is Kind.RECEIVABLES:
        _note_freshness(work, origin, wanted.day)
    closed = _close_paid_disputes(work, origin)
    judged = judging.judge(work, origin, batch.touched | judging.waiting(work, origin), rules)
    affected = sorted({*batch.touched, *(one.customer_id for one in judged), *closed})
    moved = alerts.scan(work, origin, affected, rules)
    report = replace(
        _report(wanted, batch),
        judged=tuple(one.as_json() for one in judged),
        disputes_closed=len(closed),
        alerts={name: getattr(moved, name) for name in ("raised", "worsened", "eased", "cleared")},
    )
    _keep(work, origin, wanted, run, report)
    return report


def _report(wanted: _Import, batch: Batch) -> ImportReport:
    reading = wanted.reading
    rejections = (*faults(reading.rejections), *batch.rejections)
    return ImportReport(
        file=reading.file,
        kind=wanted.kind.value,
        as_of=wanted.day,
        new=batch.new,
        changed=batch.changed,
        settled=batch.settled,
        unchanged=batch.unchanged,
        unread=batch.unread,
        rejected=reading.counts.rejected + len(batch.rejections),
        rejections=rejections,
        remarks=faults(reading.warnings),
        notices=batch.notices(reading.unread.nameless),
        totals=money_totals(wanted.rows),
        touched=tuple(sorted(batch.touched)),
    )


def _note_freshness(work: Work, origin: Origin, day: date) -> None:
    """State how fresh the book is; an old export never makes it look older."""
    if day == origin.at.today:
        fresh = origin.at.at
    else:
        fresh = datetime.combine(day, END_OF_DAY, tzinfo=origin.at.zone).astimezone(UTC)
    before = data_as_of(work)
    if before is None or fresh > before:
        facts.put(work, DATA_AS_OF, fresh.isoformat())


def _close_paid_disputes(work: Work, origin: Origin) -> set[int]:
    """Close the disputes about invoices that are settled; return whose they were."""
    customers = set()
    for row in disputes.paid_meanwhile(work):
        found = disputes.by_id(work, row.id)
        if found and disputes.set_state(work, row.id, found.state, "closed", origin.at.at):
            record(work, origin, "dispute.closed", {"dispute": row.uid}, row.customer_id)
            customers.add(int(row.customer_id))
    return customers


def _keep(work: Work, origin: Origin, wanted: _Import, run: Run, report: ImportReport) -> None:
    """Keep the import itself, the mapping a person confirmed, and its trace in the trail."""
    reading = wanted.reading
    counts = report.counts()
    imports.add(
        work,
        {
            "id": run.id,
            "file": reading.file[:300],
            "sha256": reading.sha256,
            "fingerprint": reading.fingerprint,
            "kind": wanted.kind.value,
            "as_of": run.as_of,
            "at": run.at,
            "person_id": origin.person_id,
            "channel": wanted.channel,
            "report": {**report.as_json(most=100), "partial": wanted.partial},
            "partial": wanted.partial,
            **counts,
        },
    )
    mapping = reading.remember() if wanted.confirmed else None
    if mapping is not None:
        imports.remember(work, mapping, origin.person_id, origin.at.at)
    done = {"import": run.id, "file": reading.file[:300], "kind": report.kind, **counts}
    record(work, origin, "import.done", done)
