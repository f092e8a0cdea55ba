"""A reading: what a file is, what it asks, and its rows, rejections and totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from storage.sync.reading.fec import CustomersOnly
from storage.sync.reading.fields import DATES, MONEY, Kind
from storage.sync.reading.plan import Plan
from storage.sync.reading.questions import ColumnMap, Question, QuestionKind, Remembered
from storage.sync.reading.reasons import FileReason, Rejection
from storage.sync.reading.requirements import readable
from storage.sync.reading.row_columns import Rows
from storage.sync.reading.rows import Row
from storage.sync.reading.sources import Layout
from storage.sync.reading.tallies import Counts, Unread
from storage.sync.reading.totals import TotalCheck
from storage.sync.reading.values import Reporter
from storage.sync.reading.walking import Walk

_ABOUT = {
    QuestionKind.AMBIGUOUS_DECIMAL: MONEY,
    QuestionKind.AMBIGUOUS_DATES: DATES,
    QuestionKind.CONTRADICTORY_DATES: DATES,
}


@dataclass(slots=True)
class Reading:
    """A file that was looked at; `rows()` reads it, and fills rejections, counts and totals.

    Import only what is `certain` and not `refused`; ask the `questions` otherwise.
    `refused` may still become `TOTAL_MISMATCH` when the last row was read.
    """

    file: str
    sha256: str = ""
    fingerprint: str = ""
    kind: Kind | None = None
    layout: Layout = field(default_factory=Layout)
    columns: ColumnMap = field(default_factory=lambda: ColumnMap({}))
    questions: tuple[Question, ...] = ()
    samples: tuple[tuple[str, ...], ...] = ()
    headers: tuple[str, ...] = ()
    refused: FileReason | None = None
    line_count: int = 0
    counts: Counts = field(default_factory=Counts)
    unread: Unread = field(default_factory=Unread)
    total_check: TotalCheck | None = None
    reporter: Reporter = field(default_factory=lambda: Reporter("", (), ColumnMap({})))
    answers: Mapping[str, str] = field(default_factory=dict)
    plan: Plan | None = None

    @property
    def certain(self) -> bool:
        """Tell whether the file may be imported without asking anybody."""
        return self.kind is not None and not self.questions and self.refused is None

    @property
    def rejections(self) -> list[Rejection]:
        """Return the first thousand lines that were not taken; `counts.rejected` counts all."""
        return self.reporter.rejections.kept

    @property
    def warnings(self) -> list[Rejection]:
        """Return the first thousand cells that were changed or dropped on lines taken."""
        return self.reporter.warnings.kept

    @property
    def aside(self) -> int:
        """Count the lines of a FEC, read so far, that are of no customer's account."""
        source = self.plan.source if self.plan else None
        return source.aside if isinstance(source, CustomersOnly) else 0

    def concerned(self, question: Question) -> tuple[int, ...]:
        """Return the columns to look at for a question that is about none alone."""
        about = _ABOUT.get(question.kind)
        if about is not None:
            return tuple(sorted(c.index for f in about for c in self.columns.columns.get(f, ())))
        every = question.kind is QuestionKind.UNKNOWN_KIND
        return tuple(i for i, name in enumerate(self.headers) if name) if every else ()

    def remember(self) -> Remembered | None:
        """Return the mapping in place, to be stored once a person confirmed it."""
        if self.kind is None:
            return None
        columns = {f.value: f"#{c[0].index + 1}" for f, c in self.columns.columns.items()}
        return Remembered(self.fingerprint, self.kind, columns | dict(self.answers))

    def rows(self) -> Iterator[Row]:
        """Yield the typed rows of the file, from the first, as often as it is asked."""
        return chain.from_iterable(self.stretches())

    def stretches(self) -> Iterator[Rows]:
        """Yield the typed rows some hundred at a time, at least one each time.

        A file that is refused, or has questions open, yields none: nobody imports a running
        balance by mistake.
        """
        if self.plan is None or self.questions or not readable(self.plan.kind, self.columns):
            return
        if self.refused not in {None, FileReason.TOTAL_MISMATCH}:
            return
        self.refused, self.total_check = None, None
        self.counts, self.unread = Counts(), Unread()
        self.reporter = Reporter(self.file, self.headers, self.columns)
        walk = Walk(self.plan, self.columns, self.reporter, self.counts, self.unread)
        for rows in walk.stretches():
            if rows:
                yield rows
        self.total_check = walk.totals.check()
        if self.total_check and self.total_check.mismatches:
            self.refused = FileReason.TOTAL_MISMATCH
